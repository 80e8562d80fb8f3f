"""何时可以打扰人：静默时段 20:00–08:00 与非工作日都不发。

两条约定：汇总邮件 07:30 进邮箱，不响铃，是唯一早于 08:00 的；紧急事项可以不等汇总、单独发，
但同样守静默时段，夜里和休息日产生的到下一个工作日 08:00 发。本人正等着的验证码不经这里。
"""
from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

DIGEST_FROM = time(7, 30)
RING_FROM = time(8, 0)
QUIET_FROM = time(20, 0)


def _on_workday_between(now: datetime, opens: time) -> bool:
    from lianluo.workdays import arithmetic, calendar

    local = timezone.localtime(now)
    return opens <= local.time() < QUIET_FROM and arithmetic.is_workday(local.date(), calendar.current())


def may_mail_digest(now: datetime) -> bool:
    """汇总邮件：工作日 07:30–20:00。"""
    return _on_workday_between(now, DIGEST_FROM)


def may_ring(now: datetime) -> bool:
    """单独的紧急邮件与短信：工作日 08:00–20:00。"""
    return _on_workday_between(now, RING_FROM)
