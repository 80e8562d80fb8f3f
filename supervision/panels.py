"""件页上归督办层的两栏：概要（从提交到销号走到哪一步）、督办（台账条目与还缺的条件）。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.access import may_in_unit
from lianluo.workdays import clock
from suggestions import panels as suggestion_panels
from suggestions.models import Suggestion

from . import timeline
from .actions.difficulties import IN_HAND
from .conditions import Grounds, conditions
from .ledger_rows import is_done, to_row
from .models import LedgerEntry, LedgerKind

LATEST_EVENTS = 6


@dataclass(frozen=True)
class Milestone:
    """全程的一步：名称、办到的日子、是不是现在这一步。"""

    label: str
    on: date | None
    is_now: bool = False


def overview(request, suggestion: Suggestion) -> dict:
    """「概要」栏：要素、相关的件、可办的事、最近动态。"""
    found = suggestion_panels.overview(request, suggestion)
    return {**found, "events": timeline.latest(suggestion, request.user, LATEST_EVENTS)}


def milestones(case: Suggestion, assignments) -> list[Milestone]:
    """从提交到销号，办到的写日子，第一个没有办到的就是现在。撤回、不作为建议的没有以后。"""
    main, live = case.main, [one for one in assignments if one.status != "reassigned"]
    answering = [one for one in live if one.answers_deputy]
    accepted = [one.accepted_on for one in live if one.accepted_on]
    replied = main.status in ("replied", "escalated", "concluded") and [one.answered_on for one in answering]
    rated = bool(answering) and all(one.status == "concluded" for one in answering)
    days = (
        ("提交", case.submitted_on), ("登记", case.registered_on), ("交办", main.assigned_on),
        ("签收", min(accepted, default=None)), ("答复", max(filter(None, replied or []), default=None)),
        ("测评", max((one.concluded_on for one in answering if one.concluded_on), default=None) if rated else None),
        ("销号", main.concluded_on),
    )
    if main.status in ("withdrawn", "declined", "returned", "draft", "cosigning"):
        return [Milestone(label, day) for label, day in days if day]
    now = next((label for label, day in days if day is None), "")
    return [Milestone(label, day, label == now) for label, day in days]


def ledger(request, suggestion: Suggestion) -> dict:
    """「督办」栏：看得到的台账条目，各条还缺的条件一次核完；已并案的看主件的。"""
    found = LedgerEntry.objects.visible_to(request.user).filter(suggestion=suggestion.main).with_case()
    entries = list(found.with_latest_progress().order_by("id"))
    today = clock.today()
    owed = Grounds(entry for entry in entries if not is_done(entry))
    rows = [
        {"row": to_row(entry, today), "entry": entry, "missing": [] if is_done(entry) else conditions(entry, owed)}
        for entry in entries
    ]
    return {"ledger_rows": rows, "raisable": _raisable(entries, request.user)}


def _raisable(entries: list[LedgerEntry], user) -> list:
    """此人能报困难的承办关系：自己单位手里、还没有答复的。"""
    return [
        entry.assignment for entry in entries
        if entry.kind == LedgerKind.HANDLING and entry.assignment.status in IN_HAND
        and may_in_unit(user, entry.assignment.unit_id, "progress")
    ]
