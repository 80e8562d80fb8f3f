"""延期：到期前申请，告知代表，经同意；最晚不超过交办之日起六个月（代表法第五十一条）。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, Stale
from lianluo.workdays import rules
from suggestions.locking import lock_case

from .. import deadlines
from ..models import Assignment, AssignmentDue, AssignmentStatus, Extension
from ..models.assignment import EXTENSION

#: 可以申请延期的状态：已签收、还没有答复
EXTENDABLE = (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)


def latest_allowed(assignment: Assignment, due: AssignmentDue) -> date:
    """最晚可延到哪天：原期限加三个月与交办之日起六个月，取较早的。"""
    return rules.extension_limit(due.due_on, deadlines.counted_from(assignment), profile=assignment.profile_code)


def extendable_due(assignment: Assignment, today: date) -> AssignmentDue:
    """可以延的那条时限；不能延的说明为什么。"""
    if not assignment.answers_deputy:
        raise NotAllowed("会办意见不延期；按期提不出的，与主办单位联系")
    if assignment.status not in EXTENDABLE:
        raise NotAllowed(f"现在是“{assignment.get_status_display()}”，不能申请延期")
    due = deadlines.governing_due(assignment)
    if due is None:
        raise NotAllowed("没有在走的答复期限，不必延期")
    if today > due.due_on:
        raise DomainError(f"期限已于 {due.due_on} 届满，延期须在到期前申请")
    if latest_allowed(assignment, due) <= due.due_on:
        raise DomainError("已到法定最长期限（自交办之日起六个月），不能再延（代表法第五十一条）")
    return due


@transaction.atomic
def request_extension(
    assignment: Assignment, *, reason: str, asked_until: date, deputy_told_on: date, deputy_told_how: str,
    actor, today: date,
) -> Extension:
    """申请延期：理由、延至哪天、何时怎样告知代表。"""
    lock_case(assignment.suggestion_id)
    row = Assignment.objects.select_related("unit").get(pk=assignment.pk)
    due = extendable_due(row, today)
    _check_request(row, due, reason, asked_until, deputy_told_on, deputy_told_how, today)
    extension = Extension.objects.create(
        assignment=row, reason=reason.strip(), old_due_on=due.due_on, asked_until=asked_until,
        deputy_told_on=deputy_told_on, deputy_told_how=deputy_told_how.strip(), requested_on=today, requested_by=actor,
    )
    record("extension.requested", actor=actor, target=extension, reason=extension.reason,
           old_due_on=due.due_on, asked_until=asked_until)
    return extension


def _check_request(row, due, reason, asked_until, told_on, told_how, today: date) -> None:
    if row.extensions.filter(granted__isnull=True).exists():
        raise NotAllowed("已有一份延期申请等待批复")
    if not reason.strip():
        raise DomainError("写明延期的理由", field="reason")
    check_until(row, due, asked_until, field="asked_until")
    if told_on > today:
        raise DomainError("先告知代表，再申请延期；填告知的日期", field="deputy_told_on")
    if told_on < row.assigned_on:
        raise DomainError(f"告知日期不能早于交办之日（{row.assigned_on}）", field="deputy_told_on")
    if not told_how.strip():
        raise DomainError("写明怎样告知代表，例如电话、信函", field="deputy_told_how")


def check_until(assignment: Assignment, due: AssignmentDue, until: date, *, field: str) -> None:
    """延至的日期晚于原期限，不超过上限。"""
    if until <= due.due_on:
        raise DomainError(f"延至的日期须晚于现在的期限 {due.due_on}", field=field)
    limit = latest_allowed(assignment, due)
    if until > limit:
        raise DomainError(f"最晚可延至 {limit}（延长不超过三个月，自交办之日起不超过六个月）", field=field)


@transaction.atomic
def decide_extension(
    extension: Extension, *, granted: bool, note: str = "", granted_until: date | None = None, actor, today: date
) -> Extension:
    """批复延期：同意的，原时限关闭、另起一行，记下批准的快照；不同意的写明理由。"""
    lock_case(extension.assignment.suggestion_id)
    row = Extension.objects.select_related("assignment__unit").get(pk=extension.pk)
    if row.granted is not None:
        raise Stale(f"这份延期申请已于 {row.decided_on} 批复")
    if not granted and not note.strip():
        raise DomainError("写明不同意延期的理由", field="note")
    until = (granted_until or row.asked_until) if granted else None
    if granted:
        _extend(row, until, today)
    row.granted, row.granted_until, row.decision_note = granted, until, note.strip()
    row.decided_on, row.decided_by = today, actor
    row.save(update_fields=["granted", "granted_until", "decision_note", "decided_on", "decided_by"])
    event = "extension.granted" if granted else "extension.refused"
    record(event, actor=actor, target=row, reason=row.decision_note, old_due_on=row.old_due_on, granted_until=until)
    return row


def _extend(extension: Extension, until: date, today: date) -> None:
    """关旧行，开新行：起算与规则沿用原行，批准经过记在快照里，此后日历重算不动它。"""
    assignment = extension.assignment
    if assignment.status not in EXTENDABLE:
        raise NotAllowed(f"现在是“{assignment.get_status_display()}”，不必再延期")
    due = deadlines.governing_due(assignment)
    if due is None:
        raise NotAllowed("没有在走的答复期限，不必再延期")
    check_until(assignment, due, until, field="granted_until")
    snapshot = rules.extended_snapshot(
        due.snapshot, old_due=due.due_on, new_due=until, limit=latest_allowed(assignment, due), decided_on=today,
        reason=extension.reason,
    )
    AssignmentDue.objects.filter(pk=due.pk).update(closed_on=today, snapshot={**due.snapshot, "closed": "批准延期"})
    AssignmentDue.objects.create(
        assignment=assignment, rule_code=EXTENSION, start_on=due.start_on, due_on=until, snapshot=snapshot,
        provisional=False, round=due.round,
    )
    deadlines.refresh_due_on(assignment)
