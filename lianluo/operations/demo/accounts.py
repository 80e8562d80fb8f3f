"""演示账号：登录页与启动时列出的几个人，各代表一种角色。"""

from __future__ import annotations

from django.db.models import Count

from handlers.models import Assignment, Delivery, Duty
from suggestions.models import Deputy

from .people import OFFICE, PASSWORD, Province


def listed(province: Province) -> list[dict[str, str]]:
    """每项含 label、username、password、what。"""
    found = [_row(label, username, what) for username, _, _, label, what in OFFICE]
    busy = province.of_unit(_busiest_unit(province))
    for duty, label, what in (
        (Duty.LIAISON, "联络员", "签收、分派、送达、申请销号"),
        (Duty.OFFICER, "具体承办人", "沟通、起草答复"),
        (Duty.DIVISION_HEAD, "处长", "审稿"),
        (Duty.DEPUTY_HEAD, "分管领导", "审核"),
        (Duty.HEAD, "主要负责人", "签发"),
    ):
        found.append(_row(f"{busy.unit.short}{label}", busy.account(duty).username, what))
    found.insert(3, _row("省人大代表", shown_deputy().account.username, "提建议、看进度、测评（手机）"))
    return found


def _row(label: str, username: str, what: str) -> dict[str, str]:
    return {"label": label, "username": username, "password": PASSWORD, "what": what}


def _busiest_unit(province: Province) -> int:
    row = Assignment.objects.values("unit_id").annotate(n=Count("pk")).order_by("-n", "unit_id").first()
    return row["unit_id"] if row else next(iter(province.units.values())).unit.pk


def shown_deputy() -> Deputy:
    """有答复等着评价的代表，打开就有事可做。"""
    waiting = Delivery.objects.filter(
        is_lead=True, delivered_on__isnull=False, evaluation__isnull=True, reply__assignment__status="answered"
    ).order_by("-delivered_on", "pk").select_related("deputy__account").first()
    return waiting.deputy if waiting else Deputy.objects.select_related("account").order_by("pk").first()
