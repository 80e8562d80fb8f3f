"""照表运行：到点的行各做一次，停机期间错过的只补一次，一行出错不影响别的行。

Celery 与 ``manage.py tick`` 走的是同一个 :func:`run_row`：先认领（条件更新，只有一人成功），
再调用任务函数，最后记下结果。
"""
from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.module_loading import import_string

from lianluo.celery import BEAT, Row
from lianluo.workdays.clock import BEIJING

from .models import BeatRun

logger = logging.getLogger(__name__)

#: 开始这么久没有结束，视为进程已死（任务自己的上限是 25 分钟）。
DEAD_AFTER = timedelta(minutes=30)
#: 出错的行隔多久再试，不等下一个钟点。
RETRY_AFTER = timedelta(minutes=10)
#: 该开始而这么久没有开始，工作台就要说出来。
STALLED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Result:
    """一行的结果：处理条数，或出错原因。"""

    row: Row
    count: int
    error: str = ""


def previous(row: Row, now: datetime) -> datetime:
    """这一行最近一个应当运行的时刻（不晚于此刻，北京时间）。"""
    local = now.astimezone(BEIJING)
    schedule = row.schedule
    clock = (local.hour, local.minute)
    times = ((hour, minute) for hour in sorted(schedule.hour, reverse=True)
             for minute in sorted(schedule.minute, reverse=True))
    today = next((at for at in times if at <= clock), None)
    day = local if today else local - timedelta(days=1)
    hour, minute = today or (max(schedule.hour), max(schedule.minute))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _claimable(row: Row, now: datetime) -> Q:
    """可以做的四种情形：从未做过、做完且又到点、做到一半死了、出错后隔够了。"""
    finished = Q(last_finished_at__gte=F("last_started_at"))
    return (
        Q(last_started_at=None)
        | (finished & Q(last_started_at__lt=previous(row, now)))
        | (Q(last_started_at__lt=now - DEAD_AFTER) & (Q(last_finished_at=None) | ~finished))
        | (finished & ~Q(error="") & Q(last_finished_at__lte=now - RETRY_AFTER))
    )


def claim(row: Row, now: datetime) -> bool:
    """认领一行：多个进程同时来，只有一个得到。"""
    runs = BeatRun.objects.filter(_claimable(row, now), name=row.name)
    if not BeatRun.objects.filter(name=row.name).exists():
        BeatRun.objects.bulk_create([BeatRun(name=row.name)], ignore_conflicts=True)
    elif not runs.exists():
        return False
    return bool(runs.update(last_started_at=now))


def run_row(row: Row, now: datetime, *, function: Callable[[], int] | None = None) -> Result | None:
    """认领并运行一行；没有轮到则 None。"""
    if not claim(row, now):
        return None
    return run_claimed(row, now, function=function)


def run_now(row: Row, now: datetime) -> Result:
    """不看钟点，立即运行一行（人工补做）。"""
    BeatRun.objects.update_or_create(name=row.name, defaults={"last_started_at": now})
    return run_claimed(row, now)


def run_claimed(row: Row, now: datetime, *, function: Callable[[], int] | None = None) -> Result:
    """运行已认领的一行并记下结果；任何异常都收在这一行里。"""
    started = time.monotonic()
    try:
        result = Result(row, int((function or import_string(row.task))() or 0))
    except Exception as error:
        logger.exception("定时任务 %s 出错", row.name)
        result = Result(row, 0, f"{row.title}没有做完：{type(error).__name__}")
    finished_at = now + timedelta(seconds=time.monotonic() - started)
    BeatRun.objects.filter(name=row.name, last_started_at=now).update(
        last_finished_at=finished_at, last_count=result.count, error=result.error
    )
    return result


def run_due(now: datetime, rows: Iterable[Row] = BEAT) -> list[Result]:
    """把此刻该做的行各做一次。"""
    return [result for row in rows if (result := run_row(row, now))]


def row_named(name: str) -> Row | None:
    """按名称取定时表的一行。"""
    return next((row for row in BEAT if row.name == name), None)


def errors() -> list[str]:
    """上一次没有做完的任务，各一句话。"""
    return list(BeatRun.objects.exclude(error="").values_list("error", flat=True))


def stalled(now: datetime, rows: Iterable[Row] = BEAT) -> list[tuple[Row, datetime | None]]:
    """停了的行和它最近一次开始的时间；一次查询。"""
    started = dict(BeatRun.objects.values_list("name", "last_started_at"))
    found = []
    for row in rows:
        last = started.get(row.name)
        if last is None or last < previous(row, now - STALLED_AFTER):
            found.append((row, last))
    return found


def stalled_sentence(now: datetime, rows: Iterable[Row] = BEAT) -> str:
    """工作台灰条上的话；都在运行则为空串。取停得最久的一项。"""
    found = stalled(now, rows)
    if not found:
        return ""
    never = next((row for row, last in found if last is None), None)
    if never:
        return f"{never.title}还没有运行过，日期仍按实时计算"
    row, last = min(found, key=lambda pair: pair[1])
    local, today = last.astimezone(BEIJING), now.astimezone(BEIJING).date()
    at = f"{local:%H:%M}" if local.date() == today else f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{row.title}自 {at} 起未运行，日期仍按实时计算"
