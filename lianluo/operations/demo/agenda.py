"""日程：按天、按先后把安排好的事一件件办掉；办的时候可以再安排以后的事。"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from lianluo.audit import context
from lianluo.workdays import arithmetic
from lianluo.workdays.arithmetic import Calendar
from lianluo.workdays.clock import BEIJING

Deed = Callable[[date], None]
PACE = timedelta(seconds=31)


class Agenda:
    """到 ``until`` 为止的日程；之后的事留着不办，就是“还没到”。"""

    def __init__(self, calendar: Calendar, until: date) -> None:
        self.calendar, self.until = calendar, until
        self._heap: list[tuple[date, int, int, Deed]] = []
        self._order = itertools.count()
        self._moment = datetime.min.replace(tzinfo=BEIJING)

    def at(self, day: date, deed: Deed, *, hour: int = 10) -> None:
        """某天办；逢休息日顺延到工作日。"""
        heapq.heappush(self._heap, (arithmetic.roll_forward(day, self.calendar), hour, next(self._order), deed))

    def leaves_open(self, day: date, days: int) -> bool:
        """离今天不到几天的事：留着没办，打开各页才有事可做。"""
        return (self.until - day).days < days

    def after(self, day: date, workdays: int, deed: Deed, *, hour: int = 10) -> None:
        """几个工作日之后办。"""
        self.at(arithmetic.add_workdays(day, workdays, self.calendar) if workdays else day, deed, hour=hour)

    def play(self, start: date, *, morning: Deed, evening: Deed) -> None:
        """一天一天办：早上提醒，白天办事，晚上收尾。休息日不办。"""
        day = start
        while day <= self.until:
            if arithmetic.is_workday(day, self.calendar) or self._has(day):
                self._live_through(day, morning, evening)
            day += timedelta(days=1)

    def _has(self, day: date) -> bool:
        return bool(self._heap) and self._heap[0][0] <= day

    @transaction.atomic
    def _live_through(self, day: date, morning: Deed, evening: Deed) -> None:
        with self._clock(day, 7):
            morning(day)
        while self._has(day):
            _, hour, order, deed = heapq.heappop(self._heap)
            with self._clock(day, hour, order):
                deed(day)
        with self._clock(day, 18):
            evening(day)

    def _clock(self, day: date, hour: int, order: int = 0):
        """钟只往前走：同一钟点的事隔半分钟一件，太多了就往后顺。"""
        self._moment = max(datetime.combine(day, time(hour, 2), BEIJING), self._moment + PACE)
        return context.of(
            context.Here(ip="127.0.0.1", request_id=f"demo{order:012x}", at=self._moment, rehearsal=True)
        )
