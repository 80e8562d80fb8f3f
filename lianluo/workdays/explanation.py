"""「怎样算出来的」：起算、规则、跳过的日子、顺延、延期、结果，逐日可查。"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from . import counting
from .arithmetic import Calendar, weekday_name
from .counting import UNITS, Counted, Step, uncovered_sentence
from .rules import Due, counted_again


@dataclass(frozen=True)
class Group:
    """连着几天、同一个缘由，合成一行。"""

    first: date
    last: date
    counted: bool
    kind: str
    reason: str

    @property
    def days(self) -> int:
        """天数。"""
        return (self.last - self.first).days + 1

    @property
    def span(self) -> str:
        """2018-04-14（周六）至 2018-04-15（周日）。"""
        if self.first == self.last:
            return shown(self.first)
        return f"{shown(self.first)}至 {shown(self.last)}"


@dataclass(frozen=True)
class Explanation:
    """一个到期日的全部说明。``matches_stored``：按现在的日历重算，与存下的一致。"""

    steps: tuple[Step, ...]
    groups: tuple[Group, ...]
    sentences: tuple[str, ...]
    start_on: date
    due_on: date
    provisional: bool
    basis: str
    own_choice: bool
    matches_stored: bool
    calendar_changed: bool


def shown(day: date) -> str:
    """2018-04-09（周一）。"""
    return f"{day.isoformat()}（{weekday_name(day)}）"


def grouped(steps: Sequence[Step], measure: str) -> tuple[Group, ...]:
    """把连着的、缘由相同的日子合成一行。"""
    def key(step: Step):
        return step.kind, step.counted, step.label, step.day.year if step.consulted else 0

    return tuple(_group(list(run), measure) for _, run in groupby(steps, key))


def _group(run: list[Step], measure: str) -> Group:
    first, last = run[0], run[-1]
    reason = first.reason
    if len(run) > 1 and first.ordinal:
        reason = f"第{first.ordinal}至第{last.ordinal}{UNITS[measure]}" + (f"（{first.label}）" if first.label else "")
    return Group(first.day, last.day, first.counted, first.kind, reason)


def of_due(due: Due, calendar: Calendar) -> Explanation:
    """刚算出、还没有存的到期日。"""
    counted = Counted(due.due_on, due.provisional, due.steps)
    return _explain(due.snapshot, counted, calendar, due.start_on, due.due_on, matches=True, changed=False)


def explain(row, calendar: Calendar) -> Explanation:
    """存下的到期日：按快照与现在的日历重数，并说明是否与存下的一致。"""
    snapshot = row.snapshot
    counted = counted_again(snapshot, row.start_on, calendar)
    by_rule = date.fromisoformat(snapshot["due_on"]) if row.is_decided else row.due_on
    return _explain(
        snapshot, counted, calendar, row.start_on, row.due_on,
        matches=counted.due_on == by_rule, changed=snapshot.get("calendar") != calendar.version,
    )


def _explain(
    snapshot: dict, counted: Counted, calendar: Calendar, start_on: date, due_on: date, *, matches: bool, changed: bool
) -> Explanation:
    steps = counted.steps + tuple(_decided_steps(snapshot))
    sentences = (
        *_rule_sentences(snapshot, start_on), *_skip_sentences(steps, snapshot["measure"]),
        *_roll_sentences(steps), *_extension_sentences(snapshot),
        f"到期：{shown(due_on)}，当日二十四时截止（民法典第二百零三条）",
        *_uncovered_sentences(counted.steps, calendar), *_stored_sentences(counted.due_on, matches, changed),
    )
    return Explanation(
        steps, grouped(steps, snapshot["measure"]), sentences, start_on, due_on, counted.provisional,
        snapshot["basis"], snapshot.get("own_choice", False), matches, changed,
    )


def _rule_sentences(snapshot: dict, start_on: date) -> list[str]:
    length = f"{snapshot['amount']}{UNITS[snapshot['measure']]}"
    chosen = "（本项目选定）" if snapshot.get("own_choice") else ""
    return [
        f"起算：{shown(start_on)}，{snapshot['base_name']}，当日不计入（民法典第二百零一条）",
        f"规则：{snapshot['profile_name']}，{snapshot['rule_name']}{length}，自{snapshot['base_name']}起{chosen}",
        f"依据：{snapshot['basis']}",
    ]


def _skip_sentences(steps: Sequence[Step], measure: str) -> list[str]:
    """不计入的休息日，与周末照计的调休上班日。"""
    skipped = [group for group in grouped(steps, measure) if group.kind == counting.SKIP]
    worked = [step for step in steps if step.counted and step.label and measure == counting.WORKDAY]
    sentences = []
    if skipped:
        sentences.append("不计入：" + "；".join(f"{group.span} {group.reason}" for group in skipped))
    if worked:
        sentences.append("照计：" + "；".join(f"{step.day.isoformat()} {step.label}" for step in worked))
    return sentences


def _roll_sentences(steps: Sequence[Step]) -> list[str]:
    """没有对应日的说明，与逢休假日的顺延。"""
    passed = [step for step in steps if step.kind in (counting.LANDED, counting.PASS)]
    last = next(step for step in steps if step.kind == counting.LAST)
    landing = passed[0] if passed else last
    sentences = [f"对应日：{shown(landing.day)}，{landing.reason}"] if "没有对应日" in landing.reason else []
    if passed:
        days = "；".join(f"{shown(step.day)} {step.label}" for step in passed)
        sentences.append(f"顺延：{days}，顺延到 {shown(last.day)}（民法典第二百零三条）")
    return sentences


def _decided_steps(snapshot: dict) -> list[Step]:
    return [
        Step(date.fromisoformat(item["to"]), True, _extension(item), counting.DECIDED, consulted=False)
        for item in snapshot.get("extensions", [])
    ]


def _extension_sentences(snapshot: dict) -> list[str]:
    return [_extension(item) for item in snapshot.get("extensions", [])]


def _extension(item: dict) -> str:
    said = f"延期：{item['decided_on']} 批准，由 {item['from']} 延至 {item['to']}，最晚可到 {item['limit']}"
    return f"{said}；理由：{item['reason']}" if item.get("reason") else said


def _uncovered_sentences(steps: Sequence[Step], calendar: Calendar) -> list[str]:
    years = sorted({step.day.year for step in steps if step.consulted and not calendar.covers(step.day)})
    return [f"{uncovered_sentence(year, calendar)}，公布后重算" for year in years]


def _stored_sentences(recounted: date, matches: bool, changed: bool) -> list[str]:
    if not matches:
        return [f"按现在的工作日历重算为 {shown(recounted)}，与存下的不同，等待重算"]
    return ["工作日历此后有过改动，重算结果不变"] if changed else []
