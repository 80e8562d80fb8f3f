"""代表称“未联系过我”：记在参加人那一行，每件各留一条痕，告诉办事机构。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import Forbidden, NotAllowed
from suggestions.locking import lock_case

from ..models import ActivityCase, ActivityDeputy


@transaction.atomic
def deny_activity(row: ActivityDeputy, *, note: str = "", actor, today: date) -> ActivityDeputy:
    """代表本人标明没有这次联系；单位记的沟通随之不算数（reply_checks 只数没有被否认的）。"""
    row, cases = _own_row(row, actor)
    if row.denied_at:
        raise NotAllowed("这次联系已经标过“未联系过我”")
    _mark(row, moment())
    _tell("activity.denied", row, cases, actor, note.strip())
    return row


@transaction.atomic
def take_back_denial(row: ActivityDeputy, *, actor, today: date) -> ActivityDeputy:
    """标错了，改回来。"""
    row, cases = _own_row(row, actor)
    if row.denied_at is None:
        raise NotAllowed("这次联系没有标过“未联系过我”")
    _mark(row, None)
    _tell("activity.denial_taken_back", row, cases, actor, "")
    return row


def _own_row(row: ActivityDeputy, actor) -> tuple[ActivityDeputy, list[ActivityCase]]:
    cases = list(
        ActivityCase.objects.filter(activity=row.activity_id).select_related("assignment__suggestion__congress")
        .order_by("assignment__suggestion_id")
    )
    for case in cases:
        lock_case(case.assignment.suggestion_id)
    row = ActivityDeputy.objects.select_related("deputy", "activity__unit").get(pk=row.pk)
    if actor is None or row.deputy.account_id != actor.pk:
        raise Forbidden("只有代表本人能标“未联系过我”")
    return row, cases


def _mark(row: ActivityDeputy, at) -> None:
    row.denied_at = at
    row.save(update_fields=["denied_at"])


def _tell(event: str, row: ActivityDeputy, cases: list[ActivityCase], actor, note: str) -> None:
    for case in cases:
        record(event, actor=actor, target=case, reason=note, activity=row.activity_id, deputy=row.deputy.name)
