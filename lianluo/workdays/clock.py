"""此刻与今天：一律北京时间。动作不自己看表，由视图、命令与任务传入。"""
from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """北京时间的此刻（带时区）。"""
    return timezone.now().astimezone(BEIJING)


def today() -> date:
    """北京时间的今天。"""
    return now().date()


def midnight(day: date) -> datetime:
    """北京时间这一天零时。"""
    return datetime.combine(day, time.min, tzinfo=BEIJING)
