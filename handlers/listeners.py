"""下层有事，办理层做什么：同一事务，一个事件一个函数。"""
from __future__ import annotations

from datetime import date

from django.utils import timezone

from lianluo.audit import listen
from lianluo.statemachine import move
from lianluo.workdays import recompute

from . import deadlines, lifecycle
from .actions import succeeding
from .models import Assignment, AssignmentDue, Deferral


def day_of(event) -> date:
    """事件发生的日子（北京时间）。"""
    return timezone.localtime(event.at).date()


@listen("suggestion.withdrawn")
def stop_assignments(event, suggestion) -> None:
    """撤回：办理即终止（代表法第五十条；上海第十条）。时限关闭，承办关系终止。"""
    Deferral.objects.filter(suggestion=suggestion).delete()
    today = day_of(event)
    for assignment in suggestion.assignments.filter(status__in=lifecycle.STOP.sources).select_related("unit"):
        deadlines.close_dues(assignment, "代表撤回", today)
        move(assignment, lifecycle.STOP, actor=event.actor, reason="代表撤回", fields={"concluded_on": today})


@listen("suggestion.merged", "suggestion.declined")
def forget_deferral(event, suggestion) -> None:
    """并案、不作为建议：不再等着交办，缓议随之取消。"""
    Deferral.objects.filter(suggestion=suggestion).delete()


@listen("assignment.round_started")
def hand_round_to_successor(event, assignment: Assignment) -> None:
    """承办单位已撤并的，再办理由承接单位接手。"""
    succeeding.succeed_round(assignment, actor=event.actor, today=day_of(event))


@recompute.on_moved
def follow_calendar(moves, *, actor, today: date) -> None:
    """放假安排变动、时限重算之后：承办关系与件的到期日跟着变。"""
    rows = [moved.obj for moved in moves if isinstance(moved.obj, AssignmentDue)]
    for pk in sorted({row.assignment_id for row in rows}):
        deadlines.refresh_due_on(Assignment.objects.select_related("suggestion").get(pk=pk))
