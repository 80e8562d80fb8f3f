"""时间线给谁看到哪几条：先按件页的规矩（``supervision.timeline``），件下的对象还要各看各的可见范围。"""
from __future__ import annotations

from django.db.models import Q, QuerySet

from handlers.access import units_of
from handlers.api import scopes
from handlers.models import Assignment, AssistOpinion, Evaluation, Reply
from lianluo.audit.models import AuditEvent
from suggestions.access import deputy_of
from suggestions.models import Suggestion

from .. import timeline
from ..models import LedgerEntry

#: 单位里分派给谁，外面的人不看
ALLOTTED = ("assignment.allotted", "assignment.reallotted")


def seen_by(user, case: Suggestion) -> QuerySet:
    """此人看得到的留痕，新的在前。"""
    events = _of_lead(case) if _is_lead(user, case) else timeline.of_case(case, user)
    for model, visible in _limited(user).items():
        label = model._meta.label_lower
        events = events.exclude(Q(target_type=label) & ~Q(target_id__in=visible.order_by().values("pk")))
    own = Assignment.objects.filter(suggestion=case.main, unit__in=[unit.pk for unit in units_of(user)])
    return events.exclude(Q(event__in=ALLOTTED) & ~Q(target_id__in=own.values("pk")))


def _is_lead(user, case: Suggestion) -> bool:
    deputy = deputy_of(user)
    return deputy is not None and deputy.pk == case.lead_deputy_id


def _of_lead(case: Suggestion) -> QuerySet:
    """领衔代表没有件页，接口给他的：评价是他自己写的，看得到；单位内部的和办事机构的内务照样不给。"""
    found = AuditEvent.objects.filter(chain=case.audit_chain).order_by("-seq")
    return found.exclude(event__in=(*timeline.INSIDE_UNIT, *timeline.OFFICE_ONLY))


def _limited(user) -> dict[type, QuerySet]:
    """有自己可见范围的几类对象。"""
    return {
        Reply: Reply.objects.visible_to(user), AssistOpinion: scopes.opinions_for(user),
        Evaluation: scopes.evaluations_for(user), LedgerEntry: LedgerEntry.objects.visible_to(user),
    }
