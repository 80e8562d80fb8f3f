"""期间测试共用：随包数据的日历、任意日历、与实现无关的另一套算法。"""
from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from lianluo.workdays import loading
from lianluo.workdays.arithmetic import Calendar, fingerprint

LAST_KNOWN_YEAR = 2026
STATUTORY = {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}


def library_calendar(*, without: tuple[int, ...] = ()) -> Calendar:
    """随包数据的日历；``without`` 是假装还没有公布的年份。"""
    known = {day: facts for day, facts in loading.library_days().items() if day.year not in without}
    days = {day: works for day, (works, _) in known.items()}
    covered = frozenset(loading.library_years()) - set(without)
    return Calendar(days, covered, {day: name for day, (_, name) in known.items()}, fingerprint(days, covered))


def calendar_of(*, rest=(), work=(), covered=range(2000, 2100)) -> Calendar:
    """任意日历：另加放假日与上班日。"""
    days = {**dict.fromkeys(rest, False), **dict.fromkeys(work, True)}
    return Calendar(days, frozenset(covered), {}, fingerprint(days, frozenset(covered)))


def works_by_library(day: date) -> bool:
    """另一套：问 chinesecalendar 自己；它不知道的年份按周一至周五扣固定节日。"""
    if day.year <= LAST_KNOWN_YEAR:
        return chinese_calendar.is_workday(day)
    return day.isoweekday() <= 5 and f"{day:%m-%d}" not in STATUTORY


def months_later(start: date, months: int) -> date:
    """另一套：一个月一个月地走到月初，再走到对应日或月末。"""
    first = start.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=min(start.day, last.day) - 1)


def rolled(day: date) -> date:
    """另一套：顺延。"""
    while not works_by_library(day):
        day += timedelta(days=1)
    return day


def every_day(first: date, last: date):
    """逐日。"""
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)
