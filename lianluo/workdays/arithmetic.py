"""期间的计算：纯函数，只看日历值，不碰数据库。

依据民法典第二百条至第二百零四条：公历；开始的当日不计入；按月计算到对应日，
无对应日到月末日；最后一日是休假日的，到休假日结束的次日。
"""
from __future__ import annotations

import calendar as gregorian
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKDAYS = "一二三四五六日"
# 放假安排未录入的年份只扣公历上固定的法定节日（全国年节及纪念日放假办法）；春节等随农历，不猜。
FIXED_HOLIDAYS = {
    (1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节",
}


@dataclass(frozen=True)
class Calendar:
    """一份工作日历：例外的日子（真为上班、假为放假）、放假安排已录入的年份、版本、名称。"""

    days: Mapping[date, bool] = field(default_factory=dict)
    covered: frozenset[int] = frozenset()
    names: Mapping[date, str] = field(default_factory=dict)
    version: str = ""

    def covers(self, day: date) -> bool:
        """这一年的放假安排已录入。"""
        return day.year in self.covered


def fingerprint(days: Mapping[date, bool], covered: frozenset[int]) -> str:
    """日历内容的版本：内容相同则版本相同。"""
    text = ";".join(f"{day}={int(works)}" for day, works in sorted(days.items()))
    years = ",".join(str(year) for year in sorted(covered))
    return hashlib.sha256(f"{text}|{years}".encode()).hexdigest()[:12]


def is_workday(day: date, calendar: Calendar) -> bool:
    """上班的日子：先看录入的安排，再看周一至周五；未录入的年份另扣固定节日。"""
    listed = calendar.days.get(day)
    if listed is not None:
        return listed
    if day.weekday() >= SATURDAY:
        return False
    return calendar.covers(day) or (day.month, day.day) not in FIXED_HOLIDAYS


def roll_forward(day: date, calendar: Calendar) -> date:
    """当日是休假日的，到休假日结束的次日（民法典第二百零三条）。"""
    while not is_workday(day, calendar):
        day += ONE_DAY
    return day


def roll_back(day: date, calendar: Calendar) -> date:
    """当日是休假日的，提前到前一个工作日（到期提醒用）。"""
    while not is_workday(day, calendar):
        day -= ONE_DAY
    return day


def add_workdays(start: date, amount: int, calendar: Calendar) -> date:
    """起算日之后第 ``amount`` 个工作日；为零时是起算日，逢休假日顺延。"""
    if amount < 0:
        raise ValueError("工作日数不能为负")
    if amount == 0:
        return roll_forward(start, calendar)
    day = start
    while amount:
        day += ONE_DAY
        amount -= is_workday(day, calendar)
    return day


def add_months(start: date, months: int) -> date:
    """到期月的对应日；没有对应日的，为月末日（民法典第二百零二条）。"""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("日期超出了历法的范围")
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def weekday_name(day: date) -> str:
    """周一……周日。"""
    return f"周{WEEKDAYS[day.weekday()]}"


def cause(day: date, calendar: Calendar) -> str:
    """这一天为什么上班或休息；寻常的工作日为空。"""
    name = calendar.names.get(day, "")
    if is_workday(day, calendar):
        return f"{weekday_name(day)}，{name or '调休'}上班" if day.weekday() >= SATURDAY else ""
    if day in calendar.days:
        return f"{name or '临时'}放假"
    if day.weekday() >= SATURDAY:
        return "周末"
    return f"{FIXED_HOLIDAYS[day.month, day.day]}放假"
