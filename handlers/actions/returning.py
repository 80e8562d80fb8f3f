"""退回（改办）：单位向交办机构申请，由交办机构裁决；单位之间不能直接转办。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, Stale, move, require
from lianluo.workdays import rules
from lianluo.workdays.models import RuleCode
from lianluo.workdays.profiles import KEEP
from suggestions.locking import lock_case

from .. import choosing, deadlines, lifecycle
from ..models import Assignment, AssignmentDue, AssignmentRole, ReturnGround, ReturnRequest, Unit
from ..models.assignment import LIVE

#: 来回退几次须开协调会
TOO_MANY = 2


@dataclass(frozen=True)
class ReturnWindow:
    """退回的期限：到哪天为止（还没有起算则空）、今天还开不开。"""

    until: date | None
    is_open: bool


def return_window(assignment: Assignment, today: date) -> ReturnWindow:
    """退回期限：以收到为起算日的，签收之前不限。"""
    until = (
        assignment.dues.filter(rule_code=RuleCode.RETURN, closed_on__isnull=True)
        .order_by("-due_on").values_list("due_on", flat=True).first()
    )
    return ReturnWindow(until, until is None or today <= until)


def earlier_requests(assignment: Assignment) -> int:
    """这一件此前申请退回的次数（各单位合计）。"""
    return ReturnRequest.objects.filter(assignment__suggestion=assignment.suggestion_id).count()


def reply_under_way(row: Assignment) -> bool:
    """答复送过审：之后不能再申请退回。"""
    return row.replies.exclude(status__in=("draft", "void")).exists()


def is_disputed(request: ReturnRequest) -> bool:
    """有争议：同一件第二次及以后的退回，或建议改交政府系统以外的单位。由联工委裁决。"""
    before = ReturnRequest.objects.filter(assignment__suggestion=request.assignment.suggestion_id, pk__lt=request.pk)
    return before.exists() or (request.assignment.unit.is_government and not request.proposed_unit.is_government)


@transaction.atomic
def request_return(
    assignment: Assignment, *, ground: str, reason: str, proposed_unit: Unit, head_signed: bool = False,
    actor, today: date,
) -> ReturnRequest:
    """申请退回：期限内，写明理由和建议承办单位；第二次起须主要负责人审签。逾期不受理，什么也不存。"""
    case = lock_case(assignment.suggestion_id)
    row = Assignment.objects.select_related("unit").get(pk=assignment.pk)
    _check_request(case, row, ground, reason, proposed_unit, head_signed, today)
    due = deadlines.open_due(row, RuleCode.REASSIGN, today, round=earlier_requests(row) + 1)
    request = ReturnRequest.objects.create(
        assignment=row, ground=ground, reason=reason.strip(), proposed_unit=proposed_unit, head_signed=head_signed,
        requested_on=today, requested_by=actor, decide_by_on=due.due_on,
    )
    deadlines.meet_due(row, RuleCode.RETURN, today)
    move(
        row, lifecycle.ASK_RETURN, actor=actor, reason=request.reason, request=request.pk, ground=ground,
        proposed_unit=str(proposed_unit), head_signed=head_signed, contacted=row.activity_cases.exists(),
    )
    return request


def _check_request(case, row, ground, reason, proposed_unit, head_signed, today: date) -> None:
    require(row, lifecycle.ASK_RETURN)
    window = return_window(row, today)
    if not window.is_open:
        raise DomainError(f"退回的期限已于 {window.until} 届满，不再受理；确有特殊情况的，电话联系交办机构")
    if reply_under_way(row):
        raise NotAllowed("答复已经送审，不能再申请退回")
    if ground not in ReturnGround.values:
        raise DomainError("选退回的理由类别", field="ground")
    if not reason.strip():
        raise DomainError("写明退回的理由", field="reason")
    if proposed_unit.pk == row.unit_id:
        raise DomainError("建议承办单位不能是本单位", field="proposed_unit")
    choosing.check_unit(proposed_unit, today, case.congress_id, field="proposed_unit")
    if earlier_requests(row) and not head_signed:
        raise DomainError("这一件已有过退回，再次申请须经本单位主要负责人审签", field="head_signed")


@transaction.atomic
def decide_return(
    request: ReturnRequest, *, granted: bool, note: str = "", new_unit: Unit | None = None,
    keep_deadline: bool | None = None, actor, today: date,
) -> ReturnRequest:
    """裁决退回：同意的改交新单位（会办可以不再交），不同意的继续办理。"""
    case = lock_case(request.assignment.suggestion_id)
    row = ReturnRequest.objects.select_related("assignment__unit", "proposed_unit", "decided_by").get(pk=request.pk)
    if row.granted is not None:
        raise Stale(f"{row.decided_by.name if row.decided_by else '他人'}已于 {row.decided_on} 裁决")
    if not granted and not note.strip():
        raise DomainError("写明不同意退回的理由", field="note")
    row.granted, row.decision_note, row.decided_on, row.decided_by = granted, note.strip(), today, actor
    row.save(update_fields=["granted", "decision_note", "decided_on", "decided_by"])
    deadlines.meet_due(row.assignment, RuleCode.REASSIGN, today)
    if granted:
        _reassign(case, row, new_unit, keep_deadline, actor, today)
    else:
        _refuse(case, row, actor, today)
    return row


def _refuse(case, request: ReturnRequest, actor, today: date) -> None:
    """不同意退回：视为已签收，继续办理；原已分派的恢复到办理中。"""
    from .receiving import start_handling

    assignment = request.assignment
    fields = {}
    if assignment.accepted_on is None:
        fields = {"accepted_on": request.requested_on, "accepted_by": request.requested_by}
    move(assignment, lifecycle.REFUSE_RETURN, actor=actor, reason=request.decision_note, fields=fields,
         request=request.pk)
    deadlines.open_on_acceptance(assignment, assignment.accepted_on)
    if assignment.allotments.exists():
        move(assignment, lifecycle.RESUME, actor=actor)
    start_handling(case, actor)


def _reassign(case, request: ReturnRequest, new_unit: Unit | None, keep: bool | None, actor, today: date) -> None:
    """同意改办：原承办关系终了，新单位从今天起接手；期限按规则组保持或重算。"""
    old = request.assignment
    if new_unit is None:
        _drop_assist(old, request, actor, today)
        return
    choosing.check_unit(new_unit, today, case.congress_id, field="new_unit")
    if new_unit.pk == old.unit_id:
        raise DomainError("改交的单位就是申请退回的单位；不改的选“不同意退回”", field="new_unit")
    _free(case, old, new_unit, actor, today)
    new = _successor(case, old, new_unit, keep, actor, today)
    record("assignment.made", actor=actor, target=new, role=new.role, part=new.part, due_on=new.due_on,
           replaces=old.pk, meeting=None)


def _drop_assist(old: Assignment, request: ReturnRequest, actor, today: date) -> None:
    if old.role != AssignmentRole.ASSIST:
        raise DomainError("选改由哪个单位承办", field="new_unit")
    deadlines.close_dues(old, "不再会办", today)
    move(old, lifecycle.REASSIGN, actor=actor, reason=request.decision_note, request=request.pk, new_unit="")


def _free(case, old: Assignment, new_unit: Unit, actor, today: date) -> None:
    """新单位已在这件上会办、现要它牵头的：先结束它的会办关系；其他重复一律不行。"""
    there = case.assignments.filter(unit=new_unit, status__in=LIVE).first()
    if there is None:
        return
    if there.role != AssignmentRole.ASSIST or old.role == AssignmentRole.ASSIST:
        raise DomainError(f"“{new_unit}”已是这件的承办单位，换一个", field="new_unit")
    if there.status not in lifecycle.REASSIGN.sources:
        raise DomainError(f"“{new_unit}”已送会办意见，不能再改为牵头，换一个", field="new_unit")
    deadlines.close_dues(there, "改为牵头", today)
    move(there, lifecycle.REASSIGN, actor=actor, reason="由会办改为牵头", new_unit=str(new_unit))


def _successor(case, old: Assignment, new_unit: Unit, keep: bool | None, actor, today: date) -> Assignment:
    """新的承办关系：角色、内容、规则组不变，退回窗口与首次沟通另起。先终了旧的，再立新的（主办只有一个）。"""
    from .assigning import take_notice_number

    reckoner = deadlines.Reckoner()
    if keep is None:
        keep = reckoner.profile(old.profile_code).setting("deadline_after_reassign") == KEEP
    carried = deadlines.carried_due(old, today) if keep else None
    deadlines.close_dues(old, "改办", today)
    move(old, lifecycle.REASSIGN, actor=actor, new_unit=str(new_unit), kept_deadline=carried is not None)
    new = Assignment.objects.create(
        suggestion=case, unit=new_unit, unit_name=new_unit.name, role=old.role, part=old.part, replaces=old,
        round=old.round, notice_number=take_notice_number(case), assigned_on=today, assigned_by=actor,
        profile_code=old.profile_code,
    )
    _open_dues(new, reckoner, carried, today)
    return new


def _open_dues(new: Assignment, reckoner: deadlines.Reckoner, carried: AssignmentDue | None, today: date) -> None:
    """开新单位的时限；保持原期限的，主要时限用移来的那一条。"""
    skipped = deadlines.governing_codes(new.role) if carried else ()
    rows = deadlines.rows_to_open(new, deadlines.AT_ASSIGNMENT, today, reckoner)
    AssignmentDue.objects.bulk_create(row for row in rows if row.rule_code not in skipped)
    if carried:
        deadlines.carry_over(carried, new)
    deadlines.refresh_due_on(new)


@transaction.atomic
def permit_late_return(assignment: Assignment, *, until: date, reason: str, actor, today: date) -> AssignmentDue:
    """特批逾期退回：联工委写明理由，准许在某日之前补提。"""
    lock_case(assignment.suggestion_id)
    row = Assignment.objects.get(pk=assignment.pk)
    require(row, lifecycle.ASK_RETURN)
    if return_window(row, today).is_open:
        raise NotAllowed("退回的期限还没有届满，单位可以直接申请")
    if until < today:
        raise DomainError("准许补提的日期不能早于今天", field="until")
    if not reason.strip():
        raise DomainError("写明特批的理由", field="reason")
    last = row.dues.filter(rule_code=RuleCode.RETURN, closed_on__isnull=True).order_by("-due_on").first()
    snapshot = rules.extended_snapshot(
        last.snapshot, old_due=last.due_on, new_due=until, limit=until, decided_on=today, reason=reason.strip()
    )
    deadlines.close_dues(row, "特批另定", today, codes=[RuleCode.RETURN])
    permitted = AssignmentDue.objects.create(
        assignment=row, rule_code=RuleCode.RETURN, start_on=last.start_on, due_on=until, snapshot=snapshot,
        round=row.round,
    )
    record("assignment.late_return_permitted", actor=actor, target=row, reason=reason.strip(), until=until)
    return permitted
