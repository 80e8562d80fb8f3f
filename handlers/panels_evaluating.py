"""件页“评价”栏：提交以后单位才看得到；还没有交回来的只给办公室看。"""
from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest

from lianluo.accounts.roles import Role
from suggestions.models import Suggestion

from .access import may
from .evaluation_lists import feedback_due, sees_unreturned
from .models import Assignment, Delivery, Escalation, Evaluation
from .whereabouts import can_rate


@dataclass
class Round:
    """一个单位一轮：领衔代表的评价在前，联名代表的另列；还没有交回来的。"""

    assignment: Assignment
    number: int
    leads: list[Evaluation] = field(default_factory=list)
    cosigners: list[Evaluation] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)

    @property
    def reply_id(self) -> int | None:
        return self.waiting[0].reply_id if self.waiting else None


def evaluations(request: HttpRequest, suggestion: Suggestion) -> dict:
    """「评价」栏的内容；已并案的看主件的。"""
    user, main = request.user, suggestion.main
    rounds: dict[tuple[int, int], Round] = {}
    rated = Evaluation.objects.visible_to(user).filter(reply__assignment__suggestion=main).select_related(
        "deputy", "proxy", "scan", "delivery__suggestion__session", "reply__assignment__unit"
    )
    for row in rated.order_by("reply__assignment_id", "round", "id"):
        place = _round(rounds, row.reply.assignment, row.round)
        (place.leads if row.is_lead else place.cosigners).append(row)
    for row in _waiting(user, main):
        _round(rounds, row.reply.assignment, row.reply.round).waiting.append(row)
    return {
        "rounds": sorted(rounds.values(), key=lambda one: (one.assignment.pk, one.number)),
        "escalations": list(Escalation.objects.filter(suggestion=main).select_related("settled_by")),
        "restartable": _restartable(user, main), "may_act": may(user, "proxy_evaluation"),
        "sees_pressure": user.has_role(Role.NPC_OFFICE), "sees_unreturned": sees_unreturned(user), "main": main,
    }


def _round(rounds: dict, assignment: Assignment, number: int) -> Round:
    return rounds.setdefault((assignment.pk, number), Round(assignment, number))


def _waiting(user, main: Suggestion) -> list[Delivery]:
    """送到了、还没有交回来的（含联名代表）；单位一侧一律为空。"""
    if not sees_unreturned(user):
        return []
    rows = Delivery.objects.reached().filter(
        reply__assignment__suggestion=main, evaluation__isnull=True
    ).annotate(due_on=feedback_due()).select_related("deputy", "suggestion__session", "reply__assignment__unit")
    return [row for row in rows.order_by("-is_lead", "id") if can_rate(row)]


def _restartable(user, main: Suggestion) -> list[Assignment]:
    """办公室可以要求重办的承办关系。"""
    if not may(user, "start_round") or main.status not in ("handling", "replied", "rehandling", "concluded"):
        return []
    rows = Assignment.objects.filter(suggestion=main, status__in=("answered", "concluded")).answering()
    return list(rows.select_related("unit"))
