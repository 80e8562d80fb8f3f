"""现行工作日历：从库中读一次，放在进程里；凭版本行知道是否过时。

版本行（``CalendarVersion``）的标记随每次改动更换，与改动同一事务提交。一次请求里第一次用到
日历时查一次标记（一条按主键的小查询），其余不再查；请求之外（任务、命令、测试）每次都查。
标记从不重复，所以别的进程改了、或本进程的事务回滚了，都不会把旧内容当成新的。
"""
from __future__ import annotations

import threading
from datetime import date

from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from .arithmetic import Calendar, fingerprint
from .models import CalendarVersion, CalendarYear, Holiday, new_token

NOTICE_MONTH = 11  # 次年的放假通知通常在十月下旬至十一月印发


class _Trust(threading.local):
    """本线程这次请求里，缓存是否已经核对过。"""

    in_request = False
    checked = False
    touched = False


_trust = _Trust()
_kept: tuple[str, Calendar] | None = None


def current() -> Calendar:
    """现行日历。"""
    global _kept
    kept = _kept
    if kept and _trust.in_request and _trust.checked and not _trust.touched:
        return kept[1]
    token = CalendarVersion.objects.order_by("pk").values_list("token", flat=True).first()
    if kept is None or token is None or kept[0] != token:
        kept = _kept = (token or "", load())
    _trust.checked = True
    return kept[1]


def load() -> Calendar:
    """从库中读出全部例外的日子。"""
    rows = list(Holiday.objects.values_list("day", "is_workday", "name"))
    covered = frozenset(CalendarYear.objects.values_list("year", flat=True))
    days = {day: works for day, works, _ in rows}
    names = {day: name for day, _, name in rows if name}
    return Calendar(days, covered, names, fingerprint(days, covered))


def changed(using: str = "default") -> None:
    """日历改了：换一个标记。先改者提交之前，后改者在此等候。"""
    rows = CalendarVersion.objects.using(using)
    if not rows.update(token=new_token(), changed_at=timezone.now()):
        rows.create()
    _trust.touched = True


def lock() -> None:
    """重算或改日历之前排队：同一时刻只有一人在改；轮到以后，缓存重新核对。"""
    list(CalendarVersion.objects.select_for_update().order_by("pk")[:1])
    _trust.checked = False


def missing_years(today: date, calendar: Calendar | None = None) -> list[int]:
    """应当录入而没有录入的年份：今年；十一月起还有明年。"""
    known = (calendar or current()).covered
    wanted = [today.year] + ([today.year + 1] if today.month >= NOTICE_MONTH else [])
    return [year for year in wanted if year not in known]


def watch() -> None:
    """接上信号：逐行增删改换版本；每次请求重新核对。"""
    for model in (Holiday, CalendarYear):
        post_save.connect(_on_row, sender=model, dispatch_uid=f"calendar-save-{model.__name__}")
        post_delete.connect(_on_row, sender=model, dispatch_uid=f"calendar-delete-{model.__name__}")
    request_started.connect(begin_request, dispatch_uid="calendar-start")
    request_finished.connect(end_request, dispatch_uid="calendar-finish")


def _on_row(sender, using, **kwargs) -> None:
    changed(using)


def begin_request(sender, **kwargs) -> None:
    """请求开始：缓存须重新核对。"""
    _trust.in_request, _trust.checked, _trust.touched = True, False, False


def end_request(sender, **kwargs) -> None:
    """请求结束：此后每次都核对。"""
    _trust.in_request = False
