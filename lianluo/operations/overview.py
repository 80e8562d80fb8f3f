"""三员的工作台：系统运行得怎样。只有系统的数，没有业务内容。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.audit.models import AuditEvent, AuditHead
from lianluo.celery import BEAT
from lianluo.checks import missing_years
from lianluo.notices.models import Digest, NoticeDelivery
from supervision.workbench.figures import Card

from .beat import stalled
from .models import BeatRun


def cards(user, now: datetime) -> list[Card]:
    """各员各看自己管的。"""
    found = []
    if user.has_role(Role.SYSADMIN):
        found += _system(now)
    if user.has_role(Role.SECADMIN):
        found += _accounts(now)
    if user.has_role(Role.AUDITOR):
        found += _audit(now)
    return found


def _system(now: datetime) -> list[Card]:
    failed = NoticeDelivery.objects.failures().count() + Digest.objects.failures().count()
    years = missing_years(now.date())
    return [
        Card(len(stalled(now)), "停了的定时任务", "#beat", "red"),
        Card(failed, "没有发成的消息", f"{reverse('notices:sendings')}?state=failures", "yellow"),
        Card(len(years), "没有录入放假安排的年份", reverse("workdays:index"), "yellow",
             "、".join(str(year) for year in years)),
    ]


def _accounts(now: datetime) -> list[Card]:
    """账号归系统管理员管，安全管理员只看数，不连过去。"""
    active = User.objects.filter(is_active=True)
    return [
        Card(active.count(), "可登录的账号"),
        Card(active.filter(last_seen_at__lt=now - timedelta(days=180)).count(), "半年没有登录的账号",
             tone="yellow"),
        Card(RoleGrant.objects.active(now.date()).count(), "有效的授权"),
    ]


def _audit(now: datetime) -> list[Card]:
    viewer = reverse("audit:index")
    last = AuditHead.objects.order_by("-day").values_list("day", flat=True).first()
    late = last is None or (now.date() - last).days > 1
    note = f"最近一次 {last}" if last else "还没有锚定过"
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Card(AuditEvent.objects.filter(at__gte=day).count(), "今天的留痕", viewer),
        Card(AuditEvent.objects.filter(at__gte=day, event="account.refused").count(), "今天被拒绝的越权访问", viewer,
             "red"),
        Card(AuditHead.objects.count(), "锚定了几天", reverse("audit:heads"), "red" if late else "", note),
    ]


@dataclass(frozen=True)
class BeatLine:
    """定时任务的一行。"""

    title: str
    started_at: datetime | None
    count: int
    error: str
    is_stalled: bool


def beat_rows(user, now: datetime) -> list[BeatLine]:
    """各项定时任务最近一次做得怎样，给系统管理员。"""
    if not user.has_role(Role.SYSADMIN):
        return []
    runs, late = {run.name: run for run in BeatRun.objects.all()}, {row.name for row, _ in stalled(now)}
    lines = []
    for row in BEAT:
        run = runs.get(row.name)
        lines.append(BeatLine(
            row.title, run.last_started_at if run else None, run.last_count if run else 0, run.error if run else "",
            row.name in late,
        ))
    return lines
