"""拟交办与异议：会前拟定单位，单位可提异议，由办公室裁定维持或改办。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import DomainError, NotAllowed, Stale, require
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion

from .. import choosing
from ..choosing import Choice
from ..models import Deferral, MeetingStatus, ProposedAssignment, Unit


def open_objections(suggestion_id: int):
    """还没有裁定的异议。"""
    rows = ProposedAssignment.objects.filter(suggestion=suggestion_id, objected_at__isnull=False, upheld__isnull=True)
    return rows.select_related("unit")


@transaction.atomic
def propose_assignment(
    suggestion: Suggestion, *, choices: Sequence[Choice], meeting=None, actor, today: date
) -> list[ProposedAssignment]:
    """拟交办：写下或改写拟定的单位；没有变的行保留，连同它的异议。"""
    case = lock_case(suggestion.pk)
    require(case, case_lifecycle.ASSIGN)
    choosing.check_choices(choices, today, case.congress_id)
    _check_meeting(meeting, case)
    _replace(case, choices, meeting, actor)
    Deferral.objects.filter(suggestion=case).delete()
    record(
        "suggestion.proposed", actor=actor, target=case, units=choosing.in_words(choices),
        mode=choosing.mode_name(choice.role for choice in choices), meeting=meeting.pk if meeting else None,
    )
    return list(case.proposals.select_related("unit"))


def _check_meeting(meeting, case: Suggestion) -> None:
    if meeting is None:
        return
    if meeting.session_id != case.session_id:
        raise DomainError(f"“{meeting}”不是这次会议的交办会", field="meeting")
    if meeting.status != MeetingStatus.PREPARING:
        raise NotAllowed(f"“{meeting}”已经交办，选别的交办会")


def _replace(case: Suggestion, choices: Sequence[Choice], meeting, actor) -> None:
    """去掉不再拟的，补上新拟的；没变的行只改所属交办会。"""
    wanted = {(choice.unit.pk, choice.role, choice.part.strip()): choice for choice in choices}
    kept = set()
    for row in case.proposals.all():
        key = (row.unit_id, row.role, row.part)
        if key in wanted:
            kept.add(key)
        else:
            row.delete()
    case.proposals.update(meeting=meeting)
    ProposedAssignment.objects.bulk_create(
        ProposedAssignment(
            suggestion=case, unit=choice.unit, role=choice.role, part=choice.part.strip(), meeting=meeting,
            made_by=actor,
        )
        for key, choice in wanted.items() if key not in kept
    )


@transaction.atomic
def object_to_proposal(
    proposal: ProposedAssignment, *, reason: str, unit: Unit, actor, today: date
) -> ProposedAssignment:
    """单位对拟交办提异议：写明理由和建议改交的单位；交办之后改走退回。"""
    case = lock_case(proposal.suggestion_id)
    row = _fresh(proposal)
    require(case, case_lifecycle.ASSIGN)
    if row.objected_at is not None:
        raise NotAllowed("已经提过异议，同一件只提一次")
    if not reason.strip():
        raise DomainError("写明异议的理由", field="reason")
    if unit.pk == row.unit_id:
        raise DomainError("建议改交的单位不能是本单位", field="unit")
    choosing.check_unit(unit, today, case.congress_id, field="unit")
    row.objection, row.objection_unit, row.objected_by = reason.strip(), unit, actor
    row.objected_at = moment()
    row.save(update_fields=["objection", "objection_unit", "objected_by", "objected_at"])
    record("proposal.objected", actor=actor, target=row, reason=row.objection, proposed_unit=str(unit))
    return row


@transaction.atomic
def decide_objection(
    proposal: ProposedAssignment, *, upheld: bool, note: str = "", new_unit: Unit | None = None, actor, today: date
) -> ProposedAssignment:
    """裁定异议：维持原拟，或改交另一单位（角色与内容不变）。"""
    case = lock_case(proposal.suggestion_id)
    row = _fresh(proposal)
    require(case, case_lifecycle.ASSIGN)
    if row.objected_at is None:
        raise NotAllowed("这一条没有异议")
    if row.upheld is not None:
        raise Stale("这条异议已经裁定")
    if upheld:
        return _uphold(row, note, actor)
    return _change(case, row, note, new_unit or row.objection_unit, actor, today)


def _uphold(row: ProposedAssignment, note: str, actor) -> ProposedAssignment:
    if not note.strip():
        raise DomainError("写明维持原拟的理由", field="note")
    row.upheld, row.upheld_note = True, note.strip()
    row.save(update_fields=["upheld", "upheld_note"])
    record("proposal.upheld", actor=actor, target=row, reason=row.upheld_note)
    return row


def _change(case: Suggestion, row: ProposedAssignment, note: str, unit: Unit, actor, today: date):
    """改交：原行去掉，异议与裁定留在留痕里；新单位已在拟交办里的，须在交办板上重拟。"""
    choosing.check_unit(unit, today, case.congress_id, field="new_unit")
    if unit.pk == row.unit_id:
        raise DomainError("改交的单位与原拟相同；不改的选“维持原拟”", field="new_unit")
    if case.proposals.filter(unit=unit).exists():
        raise DomainError(f"“{unit}”已在这件的拟交办单位里，到交办页重新拟定", field="new_unit")
    record("proposal.changed", actor=actor, target=row, reason=note.strip(), new_unit=str(unit), old_unit=str(row.unit))
    row.delete()
    return ProposedAssignment.objects.create(
        suggestion=case, unit=unit, role=row.role, part=row.part, meeting=row.meeting, made_by=actor
    )


def _fresh(proposal: ProposedAssignment) -> ProposedAssignment:
    """锁件之后重读；已被改拟的说清楚。"""
    row = ProposedAssignment.objects.select_related("unit", "objection_unit", "meeting").filter(pk=proposal.pk).first()
    if row is None:
        raise Stale("拟交办已经改过，刷新后再看")
    return row


@transaction.atomic
def defer_suggestion(suggestion: Suggestion, *, reason: str, actor, today: date) -> Deferral:
    """缓议：暂不交办，写明理由。"""
    case = lock_case(suggestion.pk)
    require(case, case_lifecycle.ASSIGN)
    if not reason.strip():
        raise DomainError("写明缓议的理由", field="defer_reason")
    row, _ = Deferral.objects.update_or_create(
        suggestion=case, defaults={"reason": reason.strip(), "deferred_on": today, "deferred_by": actor}
    )
    record("suggestion.deferred", actor=actor, target=case, reason=row.reason)
    return row


@transaction.atomic
def resume_suggestion(suggestion: Suggestion, *, actor, today: date) -> Suggestion:
    """恢复交办：取消缓议。"""
    case = lock_case(suggestion.pk)
    if not Deferral.objects.filter(suggestion=case).delete()[0]:
        raise NotAllowed("这件没有缓议")
    record("suggestion.resumed", actor=actor, target=case)
    return case
