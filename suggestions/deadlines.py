"""件上的时限：审核登记、闭会期间交办。开、办到、关闭，并把当前到期日放到件上供列表排序。"""
from __future__ import annotations

from datetime import date

from lianluo.workdays import rules

from .models import Suggestion, SuggestionDue

REGISTER = "register_days"
ASSIGN_OFF_SESSION = "assign_days_off_session"


def open_due(suggestion: Suggestion, code: str, start_on: date, *, round: int = 1) -> SuggestionDue:
    """开一条时限：按本次会议的规则算出到期日，连同规则快照存下。"""
    due = rules.compute(suggestion.session.profile, code, start_on)
    return SuggestionDue.objects.create(suggestion=suggestion, round=round, **due.columns())


def next_round(suggestion: Suggestion, code: str) -> int:
    """同一规则再开时的轮次（退回后重新提交）。"""
    last = suggestion.dues.filter(rule_code=code).order_by("-round").values_list("round", flat=True).first()
    return (last or 0) + 1


def meet_due(suggestion: Suggestion, code: str, on: date) -> None:
    """办到。"""
    suggestion.dues.open().filter(rule_code=code).update(met_on=on)


def close_dues(suggestion: Suggestion, on: date) -> None:
    """不再需要办：退回、不作为建议、撤回、并案。"""
    suggestion.dues.open().update(closed_on=on)


def governing(suggestion: Suggestion) -> date | None:
    """还在走的时限里最早的一天；没有则 None。"""
    return suggestion.dues.open().order_by("due_on").values_list("due_on", flat=True).first()
