"""办理中的困难：上报、协调、解决（科技厅 KJ-06）。单位内部了结，超期的到厅领导面前。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from handlers.access import duties_in, may_in_unit
from handlers.models import Assignment, AssignmentStatus, Duty, Post
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, move, require
from suggestions.locking import lock_case

from .. import lifecycle
from ..models import LedgerEntry, LedgerKind, LedgerProgress
from .signing_off import locked

IN_HAND = (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)
LEADERS = (Duty.HEAD, Duty.DEPUTY_HEAD)


@transaction.atomic
def raise_difficulty(
    assignment: Assignment, *, what: str, owner: Post, due_on: date, actor, today: date
) -> LedgerEntry:
    """报一个困难：什么困难、谁来解决、哪天前解决；挂在这一件的账上。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion", "unit").get(pk=assignment.pk)
    if not may_in_unit(actor, assignment.unit_id, "progress"):
        raise Forbidden("困难由承办单位的人上报")
    if assignment.status not in IN_HAND:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收以后、答复以前才报困难")
    _check(assignment, what, owner, due_on, today)
    entry = LedgerEntry.objects.create(
        congress_id=assignment.suggestion.congress_id, kind=LedgerKind.DIFFICULTY, suggestion=assignment.suggestion,
        assignment=assignment, unit=assignment.unit, owner=owner, raised_by=actor, what=what.strip(),
        opened_on=today, due_on=due_on,
    )
    record("difficulty.raised", actor=actor, target=entry, what=entry.what, owner=owner.name, due_on=due_on)
    return entry


def _check(assignment: Assignment, what: str, owner: Post, due_on: date, today: date) -> None:
    if not what.strip():
        raise DomainError("写明是什么困难", field="what")
    if owner is None or owner.unit_id != assignment.unit_id:
        raise DomainError("责任人从本单位里选", field="owner")
    if owner.valid_from > today or (owner.valid_to and owner.valid_to <= today):
        raise DomainError(f"{owner.name}已离岗，换一个人", field="owner")
    if due_on < today:
        raise DomainError("解决期限不能早于今天", field="due_on")


def _open(entry: LedgerEntry) -> LedgerEntry:
    entry = locked(entry)
    if entry.kind != LedgerKind.DIFFICULTY:
        raise NotAllowed("这一条不是困难")
    require(entry, lifecycle.SETTLE)
    return entry


@transaction.atomic
def coordinate(entry: LedgerEntry, *, text: str, happened_on: date, actor, today: date) -> LedgerProgress:
    """记一次协调：找了谁、定了什么。"""
    entry = _open(entry)
    if not may_in_unit(actor, entry.unit_id, "progress"):
        raise Forbidden("协调情况由承办单位的人登记")
    if not text.strip():
        raise DomainError("写明怎样协调的", field="text")
    if not entry.opened_on <= happened_on <= today:
        raise DomainError(f"协调日期在上报之日 {entry.opened_on} 到今天之间", field="happened_on")
    progress = LedgerProgress.objects.create(entry=entry, text=text.strip(), happened_on=happened_on, added_by=actor)
    record("difficulty.coordinated", actor=actor, target=entry, text=progress.text, happened_on=happened_on)
    return progress


@transaction.atomic
def settle(entry: LedgerEntry, *, result: str, actor, today: date) -> LedgerEntry:
    """写明解决的结果，了结；由责任人或厅领导办，提出的人不能自己了结。"""
    entry = _open(entry)
    if not may_settle(actor, entry):
        raise Forbidden("困难由责任人或厅领导了结，提出的人不能自己了结")
    if not result.strip():
        raise DomainError("写明怎样解决的", field="result")
    move(
        entry, lifecycle.SETTLE, actor=actor, reason=result.strip(),
        fields={"result": result.strip(), "signed_off_on": today, "signed_off_by": actor},
    )
    return entry


def may_settle(user, entry: LedgerEntry) -> bool:
    """责任人本人、主要负责人或分管领导，且不是提出的人。"""
    if entry.raised_by_id == user.pk or entry.unit_id is None:
        return False
    if entry.owner and entry.owner.account_id == user.pk:
        return True
    return bool(duties_in(user, entry.unit_id) & set(LEADERS))
