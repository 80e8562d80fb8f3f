"""由规则算到期日：哪套规则、哪条期限、从哪天起，得到到期日与可以存下的快照。

法定上限不由数据说了算：答复三个月、最长六个月（代表法第五十一条），计算时再封一次顶。
"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from . import profiles
from .arithmetic import Calendar, add_months, roll_forward
from .calendar import current
from .counting import MONTH, Counted, Step, count
from .models import LAW_CAPS, DeadlineRule, RuleProfile

LAW_MONTHS = 6


class UnknownRule(LookupError):
    """没有这套规则或这条期限。"""


@dataclass(frozen=True)
class Due:
    """算出的到期日。``columns()`` 是 ``DueDate`` 各列的值。"""

    rule_code: str
    start_on: date
    due_on: date
    provisional: bool
    steps: tuple[Step, ...]
    snapshot: dict = field(hash=False)

    def columns(self) -> dict:
        """存入 ``DueDate`` 的列：``Model.objects.create(…, **due.columns())``。"""
        names = ("rule_code", "start_on", "due_on", "snapshot", "provisional")
        return {name: getattr(self, name) for name in names}


def compute(profile: RuleProfile | str, code: str, start_on: date, calendar: Calendar | None = None) -> Due:
    """按一套规则的一条期限，从 ``start_on`` 起算出到期日。"""
    profile, calendar = profile_of(profile), calendar or current()
    rule = rule_of(profile, code)
    counted = counted_within_law(code, start_on, rule.amount, rule.measure, calendar, roll=profile.rolls)
    return Due(code, start_on, counted.due_on, counted.provisional, counted.steps,
               snapshot_of(profile, rule, start_on, counted, calendar))


def lengthened(profile: RuleProfile, amount: int, measure: str, start_on: date, calendar: Calendar) -> Due:
    """自己写的一段期间，顺延与否从规则组；只供计算与说明，不存。"""
    counted = count(start_on, amount, measure, calendar, roll=profile.rolls)
    rule = DeadlineRule(profile=profile, code="", amount=amount, measure=measure, basis="民法典第二百条至第二百零四条")
    snapshot = {**snapshot_of(profile, rule, start_on, counted, calendar), "rule_name": "期间", "base_name": "起算日"}
    return Due("", start_on, counted.due_on, counted.provisional, counted.steps, snapshot)


def counted_within_law(
    code: str, start_on: date, amount: int, measure: str, calendar: Calendar, *, roll: bool
) -> Counted:
    """数出最后一日；答复期限超过法定月数的，按法定月数重数。"""
    counted = count(start_on, amount, measure, calendar, roll=roll)
    cap = LAW_CAPS.get(code)
    if cap is None:
        return counted
    lawful = count(start_on, cap, MONTH, calendar, roll=True)
    return lawful if counted.due_on > lawful.due_on else counted


def counted_again(snapshot: dict, start_on: date, calendar: Calendar) -> Counted:
    """按快照里的规则、给定的日历，再数一遍。"""
    return counted_within_law(
        snapshot["rule"], start_on, snapshot["amount"], snapshot["measure"], calendar, roll=snapshot["roll"]
    )


def law_limit(assigned_on: date, calendar: Calendar | None = None) -> date:
    """无论如何不得晚于这一天：交办之日起六个月，逢休假日顺延（代表法第五十一条）。"""
    return roll_forward(add_months(assigned_on, LAW_MONTHS), calendar or current())


def extension_limit(
    old_due: date, assigned_on: date, *, profile: RuleProfile | str | None = None, calendar: Calendar | None = None
) -> date:
    """延期最晚到哪天：原期限加三个月与交办之日起六个月，取较早的（上海第十九条、代表法第五十一条）。"""
    calendar = calendar or current()
    months = profile_of(profile).setting("extension_max_months") if profile else 3
    extended = roll_forward(add_months(old_due, months), calendar)
    return min(extended, law_limit(assigned_on, calendar))


def extended_snapshot(
    snapshot: dict, *, old_due: date, new_due: date, limit: date, decided_on: date, reason: str = ""
) -> dict:
    """批准延期后的快照：记下从哪天延到哪天，此后重算不再动它。"""
    extension = {
        "from": old_due.isoformat(), "to": new_due.isoformat(), "limit": limit.isoformat(),
        "decided_on": decided_on.isoformat(), "reason": reason,
    }
    return {**snapshot, "decided": True, "extensions": [*snapshot.get("extensions", []), extension]}


def profile_of(profile: RuleProfile | str) -> RuleProfile:
    """规则组：给代码则读库。"""
    if isinstance(profile, RuleProfile):
        return profile
    found = RuleProfile.objects.filter(code=profile).first()
    if found is None:
        raise UnknownRule(f"没有时限规则“{profile}”")
    return found


def rule_of(profile: RuleProfile, code: str) -> DeadlineRule:
    """一条期限；本组没有写的，取默认的数字并标“本项目选定”。"""
    rule = profile.rules_by_code.get(code)
    if rule is not None:
        return rule
    if code not in profiles.HUNAN:
        raise UnknownRule(f"没有期限“{code}”")
    given = profiles.HUNAN[code]._replace(own_choice=True)
    return DeadlineRule(profile=profile, code=code, **given._asdict())


def snapshot_of(
    profile: RuleProfile, rule: DeadlineRule, start_on: date, counted: Counted, calendar: Calendar
) -> dict:
    """当时的规则与结果，日后改规则不影响它。"""
    return {
        "profile": profile.code, "profile_name": profile.name,
        "rule": rule.code, "rule_name": rule.get_code_display(),
        "amount": rule.amount, "measure": rule.measure,
        "base": rule.base, "base_name": rule.get_base_display(),
        "basis": rule.basis, "own_choice": rule.own_choice, "roll": profile.rolls,
        "start_on": start_on.isoformat(), "due_on": counted.due_on.isoformat(),
        "provisional": counted.provisional, "calendar": calendar.version,
    }
