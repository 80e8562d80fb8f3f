"""算期限页的结果：按规则，或按自己写的一段期间。"""
from __future__ import annotations

from dataclasses import dataclass

from . import explanation, rules
from .calendar import current
from .counting import UNITS
from .explanation import Explanation
from .forms import CalculatorForm


@dataclass(frozen=True)
class Result:
    """算出的到期日与说明。"""

    title: str
    explanation: Explanation


def result_of(form: CalculatorForm) -> Result | None:
    """算不出（超出历法范围）时在表单上说明。"""
    try:
        return _by_rule(form.cleaned_data) if form.cleaned_data["rule"] else _by_length(form.cleaned_data)
    except OverflowError:
        form.add_error("start_on", "日期超出了历法的范围，缩短期间或改起算日")
        return None


def _by_rule(data: dict) -> Result:
    now = current()
    due = rules.compute(data["profile"], data["rule"], data["start_on"], now)
    return Result(f"{due.snapshot['rule_name']}到期", explanation.of_due(due, now))


def _by_length(data: dict) -> Result:
    now, measure = current(), data["measure"]
    due = rules.lengthened(data["profile"], data["amount"], measure, data["start_on"], now)
    return Result(f"{data['amount']}{UNITS[measure]}到期", explanation.of_due(due, now))
