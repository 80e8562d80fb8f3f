"""专门委员会、主任会议的工作台：办得怎样、哪里卡住。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from lianluo.workdays.lights import Light
from suggestions.models import Suggestion

from ..ledger_rows import lamp_of
from ..models import LedgerEntry, LedgerKind
from ..querysets import OWED, SIGNED_OFF, of_light
from .figures import Card, of_system, pressing_cards
from .teams import suggestion_list

SHOWN = 6


@dataclass(frozen=True)
class Line:
    """一行：灯、编号、标题、单位、地址。"""

    number: str
    title: str
    unit: str
    url: str
    light: Light | None = None
    note: str = ""


def cards(user, today: date) -> list[Card]:
    """在账、逾期、五个工作日内到期、承诺在账、已销号。"""
    found = LedgerEntry.objects.visible_to(user).order_by().aggregate(
        promises=Count("pk", filter=OWED & Q(kind=LedgerKind.PROMISE)),
        signed=Count("pk", filter=SIGNED_OFF & Q(kind=LedgerKind.MAIN)),
    )
    page = reverse("supervision:ledger")
    return [
        *pressing_cards(user, today),
        Card(found["promises"], "承诺在账", f"{page}?state=owed&kind=promise"),
        Card(found["signed"], "已销号（件）", f"{page}?state=signed_off&kind=main", "green"),
    ]


def lists(user, today: date) -> list[tuple[str, str, list[Line], str]]:
    """三张短表：（名称，全部在哪里，行，没有时怎么说）。"""
    page = reverse("supervision:ledger")
    overdue = LedgerEntry.objects.visible_to(user).filter(of_light("red", today))
    promises = LedgerEntry.objects.visible_to(user).on_account().of_kind(LedgerKind.PROMISE)
    return [
        ("逾期最久的", f"{page}?light=red", _entries(overdue, today), "没有逾期的"),
        ("代表不满意，正在再办理或协调评估", suggestion_list("rehandling", "escalated"), _displeased(user),
         "没有正在再办理的件"),
        ("最先到期的承诺", f"{page}?state=owed&kind=promise", _entries(promises, today), "没有在账的承诺"),
    ]


def pressing(user, today: date) -> list[Line]:
    """逾期的与五个工作日内到期的，先到期的在前。"""
    rows = LedgerEntry.objects.visible_to(user).filter(of_light("red", today) | of_light("soon", today))
    return _entries(of_system(user, rows), today)


def _entries(rows, today: date) -> list[Line]:
    found = rows.select_related("suggestion__session", "unit", "assignment").order_by("due_on", "id")[:SHOWN]
    return [
        Line(
            entry.suggestion.shown_number, entry.what, entry.unit.short if entry.unit else "",
            reverse("supervision:ledger_entry", args=[entry.pk]), lamp_of(entry, today), entry.unit.phone,
        )
        for entry in found
    ]


def _displeased(user) -> list[Line]:
    rows = Suggestion.objects.visible_to(user).filter(status__in=("rehandling", "escalated"))
    found = rows.select_related("session", "lead_deputy").order_by("due_on", "id")[:SHOWN]
    return [
        Line(case.shown_number, case.title, case.lead_deputy.name, case.get_absolute_url(),
             note=case.get_status_display())
        for case in found
    ]
