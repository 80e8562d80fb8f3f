"""厅领导的工作台：待部署、待协调、待把关三列（科技厅 KJ-04）；超期没有解决的困难在待协调最上面（KJ-06）。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from handlers.access import posts_of
from handlers.models import (
    Assignment,
    AssignmentStatus,
    Duty,
    Extension,
    Plan,
    PlanKind,
    PlanStatus,
    Reply,
    ReturnRequest,
    Unit,
)
from handlers.reply_lists import mine_to_decide
from lianluo.workdays.lights import Light, light

from ..ledger_rows import lamp_of
from ..models import LedgerEntry, LedgerKind
from .watching import Line

LEADERS = (Duty.HEAD, Duty.DEPUTY_HEAD)
#: 每列直接列出几件
SHOWN = 6


@dataclass(frozen=True)
class Column:
    """一列：名称、总数、各类的数与去处、最急的几行。"""

    label: str
    parts: list[tuple[str, int, str]]
    lines: list[Line]
    none: str

    @property
    def total(self) -> int:
        return sum(number for _, number, _ in self.parts)


def units(user) -> list[Unit]:
    """此人当领导的单位。"""
    return list({post.unit_id: post.unit for post in posts_of(user) if post.duty in LEADERS}.values())


def columns(user, today: date) -> list[Column]:
    """三列。"""
    mine = [unit.pk for unit in units(user)]
    return [_to_deploy(mine, today), _to_coordinate(user, mine, today), _to_sign(user, today)]


def _case_line(one: Assignment, url: str, today: date, note: str, due_on: date | None = None) -> Line:
    return Line(
        one.suggestion.shown_number, one.suggestion.title, note, url, light(due_on or one.due_on, today)
    )


def _first(rows: QuerySet, *order: str, path: str = "") -> Iterable:
    """最先到期的几行，连同件。"""
    return rows.select_related(f"{path}suggestion__session").order_by(*order)[:SHOWN]


def _to_deploy(mine: list[int], today: date) -> Column:
    """交来了还没有分派的，等着审定的现场办理方案。"""
    rows = Assignment.objects.live().filter(unit__in=mine)
    fresh = rows.filter(status__in=(AssignmentStatus.PENDING, AssignmentStatus.ACCEPTED))
    plans = Plan.objects.filter(unit__in=mine, kind=PlanKind.FIELD, status=PlanStatus.SUBMITTED).order_by("id")
    inbox = reverse("handlers:inbox")
    by_status = {code: fresh.filter(status=code).count() for code in ("pending", "accepted")}
    lines = [
        Line("", plan.title, "等审定", reverse("handlers:field_plan", args=[plan.pk]), Light("yellow", "待审定"))
        for plan in plans
    ]
    for one in _first(fresh, "due_on", "id"):
        url = reverse("handlers:allot", args=[one.pk]) if one.status == "accepted" else f"{inbox}?tab=pending"
        lines.append(_case_line(one, url, today, one.get_status_display()))
    parts = [
        ("待签收", by_status["pending"], f"{inbox}?tab=pending"),
        ("待分派", by_status["accepted"], f"{inbox}?tab=allot"),
        ("方案待审定", len(plans), reverse("handlers:field_plans")),
    ]
    return Column("待部署", parts, lines[:SHOWN], "交来的件都分派了")


def _to_coordinate(user, mine: list[int], today: date) -> Column:
    """没有解决的困难（超期的在上），等着裁决的退回、等着批复的延期。"""
    entries = LedgerEntry.objects.on_account().filter(unit__in=mine, kind=LedgerKind.DIFFICULTY)
    returns = ReturnRequest.objects.filter(assignment__unit__in=mine, granted__isnull=True)
    extensions = Extension.objects.filter(assignment__unit__in=mine, granted__isnull=True)
    found = entries.select_related("suggestion__session", "assignment", "owner").order_by("due_on", "id")
    lines = [
        Line(
            entry.suggestion.shown_number, entry.what, f"责任人 {entry.owner.name}" if entry.owner else "",
            reverse("supervision:ledger_entry", args=[entry.pk]), lamp_of(entry, today),
        )
        for entry in found[:SHOWN]
    ]
    for rows, due, word in ((returns, "decide_by_on", "申请退回"), (extensions, "old_due_on", "申请延期")):
        found = rows.select_related("assignment__suggestion__session").order_by(due, "id")[:SHOWN]
        lines += [
            _case_line(row.assignment, f"{row.assignment.suggestion.get_absolute_url()}handling/", today, word,
                       getattr(row, due))
            for row in found
        ]
    ledger = reverse("supervision:ledger")
    overdue = entries.filter(due_on__lt=today).count()
    parts = [
        ("困难超期", overdue, f"{ledger}?light=red&kind=difficulty"),
        ("困难未到期", entries.count() - overdue, f"{ledger}?state=owed&kind=difficulty"),
        ("退回等裁决", returns.count(), ""),
        ("延期等批复", extensions.count(), ""),
    ]
    return Column("待协调", parts, lines[:SHOWN], "没有要协调的")


def _to_sign(user, today: date) -> Column:
    """轮到此人审签的答复。"""
    rows = mine_to_decide(Reply.objects.all(), user).distinct()
    found = rows.select_related("assignment__suggestion__session").order_by("assignment__due_on", "id")[:SHOWN]
    lines = [
        _case_line(reply.assignment, reverse("handlers:reply_approve", args=[reply.pk]), today,
                   reply.get_status_display())
        for reply in found
    ]
    parts = [("等我审签", rows.count(), f"{reverse('handlers:replies')}?tab=mine")]
    return Column("待把关", parts, lines, "没有等着审签的答复")
