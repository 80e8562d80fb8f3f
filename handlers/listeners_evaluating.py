"""评价一段的监听：进入下一轮、撤回时旧链接作废；各单位都答复了，看有没有等着转协调评估的。"""
from __future__ import annotations

from lianluo.audit import listen

from .actions import evaluation_links, rehandling
from .listeners import day_of
from .models import Assignment, Delivery


@listen("assignment.round_started")
def void_old_links(event, assignment: Assignment) -> None:
    """再办理启动：上一轮没有用的评价链接作废，等新的答复。"""
    rows = Delivery.objects.filter(reply__assignment=assignment, reply__round__lt=assignment.round)
    evaluation_links.void_links(rows.values_list("pk", flat=True))


@listen("suggestion.withdrawn")
def void_links_of_case(event, suggestion) -> None:
    """撤回：不再评价。"""
    rows = Delivery.objects.filter(reply__assignment__suggestion=suggestion)
    evaluation_links.void_links(rows.values_list("pk", flat=True))


@listen("suggestion.replied")
def escalate_waiting(event, suggestion) -> None:
    """别的单位答完之前就到了规定轮次仍不满意的，此刻转协调评估。"""
    rehandling.escalate_if_waiting(suggestion, today=day_of(event))
