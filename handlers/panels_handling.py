"""件页的“沟通”“答复”两栏。"""
from __future__ import annotations

from django.db.models import Prefetch

from lianluo.workdays import clock
from suggestions.models import Suggestion

from . import approvals
from .access import duties_in, may_in_unit
from .models import Activity, ActivityCase, ActivityDeputy, Assignment, Reply, Stage


def _assignments(request, suggestion: Suggestion) -> list[Assignment]:
    """看得到的承办关系；并案的看主件的。"""
    found = Assignment.objects.visible_to(request.user).live().filter(suggestion=suggestion.main)
    return list(found.select_related("unit", "suggestion").distinct().order_by("id"))


def contacts(request, suggestion: Suggestion) -> dict:
    """按办前、办中、办后排的沟通记录，以及此人能在哪些承办关系上再记一次。"""
    assignments = _assignments(request, suggestion)
    found = Activity.objects.visible_to(request.user).contacts().filter(cases__assignment__suggestion=suggestion.main)
    rows = list(found.select_related("unit").prefetch_related(
        "members", Prefetch("deputies", ActivityDeputy.objects.select_related("deputy")),
        Prefetch("cases", ActivityCase.objects.select_related("assignment")),
    ).distinct().order_by("happened_on", "id"))
    return {
        "stages": [(label, [row for row in rows if row.stage == code]) for code, label in Stage.choices],
        "activity_count": len(rows), "met_count": sum(row.face_to_face for row in rows),
        "can_add": [
            one for one in assignments
            if one.status in ("accepted", "handling", "answered") and may_in_unit(request.user, one.unit_id, "contact")
        ],
    }


def replies(request, suggestion: Suggestion) -> dict:
    """各单位的答复与会办意见，和此人接着能做的一步。"""
    assignments = _assignments(request, suggestion)
    visible = Reply.objects.visible_to(request.user).filter(assignment__suggestion=suggestion.main).distinct()
    rows = list(visible.select_related("assignment__unit", "result_class").order_by("assignment_id", "round", "id"))
    today = clock.today()
    return {
        "reply_rows": [{"reply": row, **_next_step(request.user, row, today)} for row in rows],
        "helpers": [_helper(request.user, one) for one in assignments if not one.answers_deputy],
        "can_write": [one for one in assignments if _can_write(request.user, one, rows)],
        "lead": next((one for one in assignments if one.role == "lead"), None),
        "leads": any(one.role == "lead" and may_in_unit(request.user, one.unit_id, "draft") for one in assignments),
    }


def _next_step(user, reply: Reply, today) -> dict:
    """这份答复上此人的下一步。"""
    inside = bool(duties_in(user, reply.assignment.unit_id))
    chain = approvals.Chain(reply, today)
    return {
        "stage": chain.stage if inside else None, "mine": inside and chain.may_decide(user),
        "may_edit": reply.status == "draft" and may_in_unit(user, reply.assignment.unit_id, "draft"),
        "may_deliver": reply.status == "signed" and may_in_unit(user, reply.assignment.unit_id, "deliver"),
    }


def _helper(user, assignment: Assignment) -> dict:
    """一家会办单位的情况；没有送出的意见不给别人看。"""
    opinion = getattr(assignment, "opinion", None)
    return {
        "assignment": assignment, "opinion": opinion,
        "may_write": assignment.status == "handling" and may_in_unit(user, assignment.unit_id, "opine"),
        "own": bool(duties_in(user, assignment.unit_id)),
    }


def _can_write(user, assignment: Assignment, rows: list[Reply]) -> bool:
    """本轮还没有起草，可以写答复。"""
    begun = any(
        row.assignment_id == assignment.pk and row.round == assignment.round and row.status != "void" for row in rows
    )
    return (
        assignment.answers_deputy and assignment.status == "handling" and not begun
        and may_in_unit(user, assignment.unit_id, "draft")
    )
