"""跟踪问效的期：从实施之日起，每月（单位可改）一期；哪几期没有报进展（MZ-12）。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lianluo.workdays.arithmetic import add_months

from .models import Plan, RecordKind

#: 算报过进展的记录
REPORTS = (RecordKind.PROGRESS, RecordKind.DONE)


@dataclass(frozen=True)
class Periods:
    """到今天为止的期：过完了几期、最近一次报在第几期、这一期到哪天。"""

    ended: int
    reported_in: int
    until: date

    @property
    def silent(self) -> int:
        """最近连着几期没有报；报过一次就从头数。"""
        return max(0, self.ended - self.reported_in)


def periods_of(issued_on: date, reports: Iterable[date], today: date, months: int = 1) -> Periods:
    """``reports`` 是各次进展的日子。一期过完的当天起算过完。"""
    ended = _whole_periods(issued_on, today, months)
    last = max(reports, default=None)
    reported_in = _whole_periods(issued_on, last, months) + 1 if last else 0
    return Periods(ended, reported_in, add_months(issued_on, (ended + 1) * months))


def _whole_periods(start: date, day: date, months: int) -> int:
    """从 ``start`` 到 ``day`` 过完了几期。"""
    count = 0
    while add_months(start, (count + 1) * months) <= day:
        count += 1
    return count


def months_of(active: dict) -> int:
    """几个月一期：机制的参数，缺省一个月。"""
    return max(1, int(active.get("MZ-12", {}).get("months", 1)))


def of_plan(plan: Plan, today: date, months: int = 1) -> Periods:
    """一份在实施的方案的期；记录已预取的不再查。"""
    days = [row.happened_on for row in plan.records.all() if row.kind in REPORTS]
    return periods_of(plan.issued_on, days, today, months)
