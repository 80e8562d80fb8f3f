"""工作台上的数：逾期与将到期、本年进度、未签收单位、最近一件。每个数点开就是同一个条件的列表。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from handlers.models import ActivityCase, Assignment, Evaluation
from handlers.models.unit import GOVERNMENT_KINDS
from lianluo.accounts.roles import Role
from suggestions.models import Suggestion
from suggestions.querysets import FILED

from ..models import SETTLED_WITHIN, LedgerEntry, LedgerKind
from ..querysets import RUNNING, of_light


@dataclass(frozen=True)
class Card:
    """一张数字卡：数、名称、点开去哪里（空的不连）、颜色、补一句。"""

    value: int
    label: str
    url: str = ""
    tone: str = ""
    note: str = ""


def only_government(user) -> bool:
    """政府办公厅只看政府系统的。"""
    return user.has_role(Role.GOV_OFFICE) and not user.has_role(Role.NPC_OFFICE)


def of_system(user, rows):
    """政府办公厅只看政府系统单位的条目。"""
    return rows.filter(unit__kind__in=GOVERNMENT_KINDS) if only_government(user) else rows


def _entries(user):
    return of_system(user, LedgerEntry.objects.visible_to(user))


def pressing_cards(user, today: date) -> list[Card]:
    """逾期的、五个工作日内到期的承办与承诺，各多少条。"""
    red, soon, promise = of_light("red", today), of_light("soon", today), Q(kind=LedgerKind.PROMISE)
    within = Q(kind__in=SETTLED_WITHIN)
    found = _entries(user).filter(red | soon).order_by().aggregate(
        overdue=Count("pk", filter=red), promises=Count("pk", filter=red & promise), soon=Count("pk", filter=soon),
        soon_promises=Count("pk", filter=soon & promise),
        overdue_within=Count("pk", filter=red & within), soon_within=Count("pk", filter=soon & within),
    )
    page = reverse("supervision:ledger") + "?light={}" + ("&system=government" if only_government(user) else "")
    return [
        Card(found["overdue"], "■ 逾期", page.format("red"), "red",
             _parts(found["overdue"], found["promises"], found["overdue_within"])),
        Card(found["soon"], "◆ 5 个工作日内到期", page.format("soon"), "orange",
             _parts(found["soon"], found["soon_promises"], found["soon_within"])),
    ]


def _parts(total: int, promises: int, within: int) -> str:
    """其中答复多少、承诺多少；单位内部的困难、整改另说。"""
    inside = f"，困难整改 {within}" if within else ""
    return f"答复 {total - promises - within}，承诺 {promises}{inside}" if total else ""


def nearest_due(user, today: date) -> str:
    """最近一件到期的：7月9日 到期（0486 省水利厅）；没有为空。"""
    rows = _entries(user).filter(RUNNING, due_on__gte=today).select_related("suggestion", "unit")
    entry = rows.order_by("due_on", "id").first()
    if entry is None:
        return ""
    day = entry.due_on
    return f"最近一件 {day.month}月{day.day}日 到期（{entry.suggestion.shown_number} {entry.unit.short}）"


@dataclass(frozen=True)
class Stage:
    """进度的一段：到过这一步的件数、应到的件数。"""

    label: str
    reached: int
    total: int


OFF_ROAD = Q(status__in=("declined", "withdrawn", "merged"))
ACCEPTED = ("handling", "rehandling", "replied", "escalated", "concluded")
REPLIED = ("rehandling", "replied", "escalated", "concluded")


def progress(session) -> list[Stage]:
    """本次会议的进度，都数件；登记以后并案、撤回的不再走，不计入应办。"""
    talked = Exists(ActivityCase.objects.filter(assignment__suggestion=OuterRef("pk")))
    rated = Exists(Evaluation.objects.filter(delivery__suggestion=OuterRef("pk"), is_lead=True))
    on_road = Q(number__isnull=False) & ~OFF_ROAD
    found = Suggestion.objects.filter(session=session, status__in=FILED).order_by().aggregate(
        filed=Count("pk"), registered=Count("pk", filter=Q(number__isnull=False)),
        owed=Count("pk", filter=on_road), assigned=Count("pk", filter=on_road & ~Q(status="registered")),
        accepted=Count("pk", filter=Q(status__in=ACCEPTED)), talked=Count("pk", filter=on_road & Q(talked)),
        replied=Count("pk", filter=Q(status__in=REPLIED)), rated=Count("pk", filter=on_road & Q(rated)),
        struck=Count("pk", filter=Q(status="concluded")),
    )
    steps = (("assigned", "交办"), ("accepted", "签收"), ("talked", "沟通"), ("replied", "答复"), ("rated", "测评"),
             ("struck", "销号"))
    head = [Stage("收件", found["filed"], found["filed"]), Stage("登记", found["registered"], found["filed"])]
    return head + [Stage(label, found[name], found["owed"]) for name, label in steps]


def unaccepted(user, limit: int = 5) -> list[dict]:
    """未签收件次最多的单位、最早哪天交的、电话。"""
    rows = Assignment.objects.visible_to(user).pending().filter(suggestion__status__in=("assigned", "handling"))
    if only_government(user):
        rows = rows.filter(unit__kind__in=GOVERNMENT_KINDS)
    counted = rows.order_by().values("unit_id", "unit__short", "unit__phone").annotate(
        n=Count("pk"), since=Min("assigned_on")
    )
    return list(counted.order_by("since", "-n", "unit_id")[:limit])
