"""年历页的数据：十二个月，每天是休是班、为什么。"""
from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date

from .arithmetic import SATURDAY, Calendar, is_workday, weekday_name


@dataclass(frozen=True)
class Cell:
    """一天。``mark`` 为休、班或空；``words`` 给读屏与悬停。"""

    day: date
    works: bool
    mark: str
    name: str
    is_today: bool

    @property
    def words(self) -> str:
        """2018-04-08 周日 上班 清明节调休。"""
        state = "上班" if self.works else "休息"
        return " ".join(filter(None, [self.day.isoformat(), weekday_name(self.day), state, self.name]))

    @property
    def css(self) -> str:
        """格子的样子：放假、调休、周末、今天。"""
        state = {"休": "is-holiday", "班": "is-makeup"}.get(self.mark, "" if self.works else "is-rest")
        return " ".join(filter(None, [state, "is-today" if self.is_today else ""]))


@dataclass(frozen=True)
class Month:
    """一个月：几周，每周七格，不是本月的格子为空。"""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(year: int, calendar: Calendar, today: date) -> list[Month]:
    """十二个月，周一在前。"""
    grid = gregorian.Calendar(firstweekday=0)
    return [
        Month(month, tuple(
            tuple(_cell(date(year, month, number), calendar, today) if number else None for number in week)
            for week in grid.monthdayscalendar(year, month)
        ))
        for month in range(1, 13)
    ]


def _cell(day: date, calendar: Calendar, today: date) -> Cell:
    working = is_workday(day, calendar)
    usual = day.weekday() < SATURDAY
    listed = day in calendar.days or working != usual
    mark = ("" if usual else "班") if working else ("休" if listed else "")
    return Cell(day, working, mark, calendar.names.get(day, ""), day == today)


def workdays_in(year: int, calendar: Calendar) -> int:
    """一年的工作日数。"""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return sum(is_workday(date.fromordinal(number), calendar) for number in range(first, last + 1))
