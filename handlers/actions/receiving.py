"""签收。退回与裁决在 ``returning``，这里一并给出。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from lianluo.statemachine import DomainError, move, require
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion, SuggestionStatus

from .. import deadlines, lifecycle
from ..models import Assignment
from .returning import ReturnWindow, decide_return, permit_late_return, request_return, return_window

__all__ = [
    "ReturnWindow", "accept_assignment", "accept_many", "decide_return", "permit_late_return", "request_return",
    "return_window", "start_handling",
]


@transaction.atomic
def accept_assignment(assignment: Assignment, *, actor, today: date) -> Assignment:
    """签收：记签收日期与签收人，开以签收为起算日的时限；第一个签收的单位使件转为办理中。"""
    case = lock_case(assignment.suggestion_id)
    row = Assignment.objects.select_related("unit").get(pk=assignment.pk)
    require(row, lifecycle.ACCEPT)
    row.accepted_on, row.accepted_by = today, actor
    row.save(update_fields=["accepted_on", "accepted_by"])
    deadlines.open_on_acceptance(row, today)
    move(row, lifecycle.ACCEPT, actor=actor, accepted_on=today)
    start_handling(case, actor)
    return row


@transaction.atomic
def accept_many(assignments: Iterable[Assignment], *, actor, today: date) -> list[Assignment]:
    """成批签收：有一件不能签收，全部不签，并指出是哪一件。"""
    rows = sorted(assignments, key=lambda row: (row.suggestion_id, row.pk))
    if not rows:
        raise DomainError("勾选要签收的件")
    return [_accept_one(row, actor, today) for row in rows]


def _accept_one(assignment: Assignment, actor, today: date) -> Assignment:
    try:
        return accept_assignment(assignment, actor=actor, today=today)
    except DomainError as error:
        raise type(error)(f"{assignment.suggestion.shown_number}：{error.sentence}") from error


def start_handling(case: Suggestion, actor) -> None:
    """件由已交办转为办理中；已在办理的不动。"""
    if case.status == SuggestionStatus.ASSIGNED:
        move(case, case_lifecycle.START_HANDLING, actor=actor)
