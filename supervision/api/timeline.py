"""时间线给谁看到哪几条：件看得见，件下的答复、会办意见、评价、台账还要各看各的可见范围（screens.md §2.21）。"""
from __future__ import annotations

from django.db.models import Q, QuerySet

from handlers.access import READS_ALL, units_of
from handlers.api import scopes
from handlers.models import Assignment, AssistOpinion, Evaluation, Reply
from lianluo.audit import timeline
from suggestions.access import deputy_of
from suggestions.models import Suggestion

from ..models import LedgerEntry
from ..timeline import RATED_CASE, answers

#: 单位内部的经过：外面的人到签发、送达才看得到
INNER = (
    "reply.drafted", "reply.saved", "reply.submitted", "reply.step_agreed", "reply.approval_delegated",
    "reply.checked", "reply.sponsor_asked", "reply.sent_back", "opinion.saved", "assignment.allotted",
    "assignment.reallotted",
)


def seen_by(user, case: Suggestion) -> QuerySet:
    """此人看得到的留痕，新的在前。"""
    events = timeline.of_case(case.pk)
    for model, visible in _limited(user).items():
        label = model._meta.label_lower
        events = events.exclude(Q(target_type=label) & ~Q(target_id__in=visible.order_by().values("pk")))
    if not (user.has_role(*READS_ALL) or _is_lead(user, case)):
        own = _of_own_unit(user, case)
        events = events.exclude(Q(event="assignment.round_started") & ~own)
        events = events if answers(user, case) else events.exclude(event__in=RATED_CASE)
    return events.exclude(Q(event__in=INNER) & ~_of_own_unit(user, case))


def _is_lead(user, case: Suggestion) -> bool:
    """领衔代表：评价是他自己写的。"""
    deputy = deputy_of(user)
    return deputy is not None and deputy.pk == case.lead_deputy_id


def _limited(user) -> dict[type, QuerySet]:
    """有自己可见范围的几类对象。"""
    return {
        Reply: Reply.objects.visible_to(user), AssistOpinion: scopes.opinions_for(user),
        Evaluation: scopes.evaluations_for(user), LedgerEntry: LedgerEntry.objects.visible_to(user),
    }


def _of_own_unit(user, case: Suggestion) -> Q:
    """对象属于此人所在单位的承办关系。"""
    own = Assignment.objects.filter(suggestion=case.main, unit__in=[unit.pk for unit in units_of(user)])
    keys = own.values("pk")
    return (
        Q(target_type="handlers.assignment", target_id__in=keys)
        | Q(target_type="handlers.reply", target_id__in=Reply.objects.filter(assignment__in=keys).values("pk"))
        | Q(target_type="handlers.assistopinion",
            target_id__in=AssistOpinion.objects.filter(assignment__in=keys).values("pk"))
    )
