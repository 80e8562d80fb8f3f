"""逐日计数：从起算日数到最后一日，每一天都说得出为什么计入或不计入。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .arithmetic import ONE_DAY, Calendar, add_months, cause, is_workday

WORKDAY, DAY, MONTH = "wd", "day", "month"
UNITS = {WORKDAY: "个工作日", DAY: "日", MONTH: "个月"}
START, COUNT, SKIP, LANDED, PASS, LAST, DECIDED = "start", "count", "skip", "landed", "pass", "last", "decided"


@dataclass(frozen=True)
class Step:
    """一天：是否计入、为什么。``label`` 是休息或调休的缘由，``consulted`` 表示结果取决于这天是否上班。"""

    day: date
    counted: bool
    reason: str
    kind: str = COUNT
    label: str = ""
    ordinal: int = 0
    consulted: bool = True

    def as_json(self) -> dict:
        """对外的三项：日期、是否计入、理由。"""
        return {"date": self.day.isoformat(), "counted": self.counted, "reason": self.reason}


@dataclass(frozen=True)
class Counted:
    """数完的结果。"""

    due_on: date
    provisional: bool
    steps: tuple[Step, ...]


def count(start_on: date, amount: int, measure: str, calendar: Calendar, *, roll: bool = True) -> Counted:
    """从 ``start_on`` 起数 ``amount`` 个 ``measure``（wd 工作日、day 日、month 月）。

    开始的当日不计入（民法典第二百零一条）。``roll`` 为假时，按日、按月的最后一日不顺延。
    """
    if amount < 0:
        raise ValueError("期限不能为负")
    walk = {WORKDAY: _count_workdays, DAY: _count_days, MONTH: _count_months}[measure]
    first = Step(start_on, False, "起算日，当日不计入（民法典第二百零一条）", START, consulted=False)
    steps = [_noted(step, calendar) for step in (first, *walk(start_on, amount, calendar, roll))]
    return Counted(steps[-1].day, is_provisional(steps, calendar), tuple(steps))


def is_provisional(steps, calendar: Calendar) -> bool:
    """凡看过放假安排尚未录入的年份，结果都是暂定。"""
    return any(step.consulted and not calendar.covers(step.day) for step in steps)


def uncovered_sentence(year: int, calendar: Calendar) -> str:
    """说明这一年为什么只能暂定。"""
    known = max(calendar.covered, default=0)
    why = "尚未公布" if year > known else "没有录入"
    return f"{year}年放假安排{why}，暂按周一至周五计"


def _noted(step: Step, calendar: Calendar) -> Step:
    if not step.consulted or calendar.covers(step.day):
        return step
    reason = f"{step.reason}；{uncovered_sentence(step.day.year, calendar)}"
    return Step(step.day, step.counted, reason, step.kind, step.label, step.ordinal, step.consulted)


def _count_workdays(start: date, amount: int, calendar: Calendar, _roll: bool):
    if amount == 0:
        yield from _land(start, "起算日即最后一日", calendar, roll=True)
    day, ordinal = start, 0
    while ordinal < amount:
        day += ONE_DAY
        label = cause(day, calendar)
        if is_workday(day, calendar):
            ordinal += 1
            shown = f"第{ordinal}个工作日" + (f"（{label}）" if label else "")
            yield Step(day, True, shown, LAST if ordinal == amount else COUNT, label, ordinal)
        else:
            yield Step(day, False, label, SKIP, label)


def _count_days(start: date, amount: int, calendar: Calendar, roll: bool):
    for ordinal in range(1, amount):
        day = start + timedelta(days=ordinal)
        yield Step(day, True, f"第{ordinal}日", COUNT, "", ordinal, consulted=False)
    said = f"第{amount}日" if amount else "起算日即最后一日"
    yield from _land(start + timedelta(days=amount), said, calendar, roll)


def _count_months(start: date, amount: int, calendar: Calendar, roll: bool):
    day = add_months(start, amount)
    said = f"{amount}个月后的对应日"
    if day.day != start.day:
        said = f"{amount}个月后没有对应日，取月末日（民法典第二百零二条）"
    yield from _land(day, said, calendar, roll)


def _land(day: date, said: str, calendar: Calendar, roll: bool):
    """落在最后一日；逢休假日且要顺延的，到休假日结束的次日（民法典第二百零三条）。"""
    if not roll or is_workday(day, calendar):
        label = cause(day, calendar) if roll else ""
        yield Step(day, True, said + (f"（{label}）" if label else ""), LAST, label, consulted=roll)
        return
    label = cause(day, calendar)
    yield Step(day, False, f"{said}，{label}，不作最后一日", LANDED, label)
    day += ONE_DAY
    while not is_workday(day, calendar):
        label = cause(day, calendar)
        yield Step(day, False, f"{label}，顺延", PASS, label)
        day += ONE_DAY
    label = cause(day, calendar)
    shown = "休假日结束的次日，为最后一日（民法典第二百零三条）" + (f"；{label}" if label else "")
    yield Step(day, True, shown, LAST, label)
