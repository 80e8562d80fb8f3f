"""提出这一层听什么：都是自己的事件，与动作同一事务。"""
from __future__ import annotations

from lianluo.audit import listen

from . import deadlines, similar


@listen("suggestion.submitted")
def count_similar(event, suggestion) -> None:
    """新提交的件数一数相近的；成批导入的由导入末尾统一数。"""
    if suggestion.batch_id is None:
        similar.note_new(suggestion)


@listen("suggestion.assigned")
def meet_assignment_due(event, suggestion) -> None:
    """交办了，闭会期间的交办时限即办到。"""
    if suggestion.assigned_on:
        deadlines.meet_due(suggestion, deadlines.ASSIGN_OFF_SESSION, suggestion.assigned_on)
