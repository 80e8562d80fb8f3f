"""送达：逐一送到每名代表，全部了结才算送达；抄送随之登记。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, Missing, move, require
from lianluo.workdays.models import RuleCode
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion

from .. import deadlines, lifecycle
from ..letter_facts import recipients
from ..mechanisms import gates
from ..mechanisms.base import Door
from ..models import Assignment, AssignmentStatus, Delivery, Reply

DONE = (AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED)


@dataclass(frozen=True)
class Handed:
    """一名代表的送达情况：送到了（方式、日期），或送不到（原因）。"""

    delivery: Delivery
    means: str = ""
    delivered_on: date | None = None
    undeliverable: str = ""

    @property
    def settled(self) -> bool:
        return bool(self.delivered_on and self.means) or bool(self.undeliverable.strip())


def prepare_deliveries(reply: Reply) -> list[Delivery]:
    """签发时列出要送的每名代表：本件和并入各件的领衔、联名代表，一人一件一份。"""
    return Delivery.objects.bulk_create(
        Delivery(reply=reply, suggestion=one.suggestion, deputy=one.deputy, is_lead=one.is_lead)
        for one in recipients(reply.assignment.suggestion)
    )


@transaction.atomic
def record_deliveries(reply: Reply, *, deliveries: Iterable[Handed], actor, today: date) -> Reply:
    """登记送达情况，可以分几次；全部了结时答复即为送达。"""
    reply = _under_lock(reply)
    require(reply, lifecycle.DELIVER)
    for one in deliveries:
        if one.settled:
            _settle(reply, one, actor, today)
    if not _waiting(reply):
        gates.check(reply.assignment, Door.DELIVER, today)
        _finish(reply, actor, today)
    return reply


@transaction.atomic
def deliver_reply(reply: Reply, *, deliveries: Iterable[Handed], actor, today: date) -> Reply:
    """一次办完送达：还有代表没有了结的不放行，并列出是谁。"""
    reply = record_deliveries(reply, deliveries=deliveries, actor=actor, today=today)
    waiting = _waiting(reply)
    if waiting:
        raise Incomplete("送达", [Missing(f"登记{row.deputy}代表的送达情况") for row in waiting])
    return reply


def _under_lock(reply: Reply) -> Reply:
    lock_case(reply.assignment.suggestion_id)
    found = Reply.objects.select_related("assignment__suggestion", "assignment__unit", "result_class")
    return found.get(pk=reply.pk)


def _waiting(reply: Reply) -> list[Delivery]:
    """还没有了结的。"""
    return list(reply.deliveries.filter(delivered_on__isnull=True, undeliverable="").select_related("deputy"))


def _settle(reply: Reply, one: Handed, actor, today: date) -> None:
    row = Delivery.objects.select_related("deputy").get(pk=one.delivery.pk)
    if row.reply_id != reply.pk:
        raise DomainError("送达的不是这份答复")
    if (row.means, row.delivered_on, row.undeliverable) == (one.means, one.delivered_on, one.undeliverable.strip()):
        return
    if one.delivered_on:
        _check_day(reply, row, one.delivered_on, today)
        row.means, row.delivered_on, row.undeliverable = one.means, one.delivered_on, ""
    else:
        row.means, row.delivered_on, row.undeliverable = "", None, one.undeliverable.strip()
    row.save(update_fields=["means", "delivered_on", "undeliverable"])
    record(
        "delivery.settled", actor=actor, target=row, deputy=row.deputy.name, means=row.get_means_display(),
        delivered_on=row.delivered_on, undeliverable=row.undeliverable,
    )


def _check_day(reply: Reply, row: Delivery, day: date, today: date) -> None:
    wrong = wrong_day(reply, row, day, today)
    if wrong:
        raise DomainError(wrong, field=f"delivered_on_{row.pk}")


def wrong_day(reply: Reply, row: Delivery, day: date, today: date) -> str:
    """送达日期在签发与今天之间；不在的，一句话说清。"""
    if day > today:
        return f"{row.deputy}代表的送达日期不能晚于今天"
    if day < reply.signed_on:
        return f"{row.deputy}代表的送达日期不能早于签发日期 {reply.signed_on}"
    return ""


def _finish(reply: Reply, actor, today: date) -> None:
    """送达：答复时限办到，反馈与公开的时限开始，承办关系已答复，各单位都答复了件即已答复。"""
    days = [day for day in reply.deliveries.values_list("delivered_on", flat=True) if day]
    on = max(days, default=today)
    move(reply, lifecycle.DELIVER, actor=actor, fields={"delivered_on": on}, copied_to=reply.copied_to,
         deputies=list(reply.deliveries.filter(delivered_on__isnull=False).values_list("deputy__name", flat=True)))
    assignment = reply.assignment
    fields = {"result_class": reply.result_class}
    if assignment.answered_on is None:
        fields["answered_on"] = on
    move(assignment, lifecycle.ANSWER, actor=actor, fields=fields, number=reply.document_number)
    deadlines.meet_governing(assignment, on)
    deadlines.open_due(assignment, RuleCode.FEEDBACK, on, round=reply.round)
    deadlines.open_due(assignment, RuleCode.PUBLISH, on, round=reply.round)
    _close_case_if_all_replied(assignment.suggestion_id, actor)


def _close_case_if_all_replied(suggestion_id: int, actor) -> None:
    """应答复的单位都答复了，件转为已答复。"""
    case = Suggestion.objects.get(pk=suggestion_id)
    owing = Assignment.objects.live().answering().filter(suggestion=case).exclude(status__in=DONE)
    if case.status in case_lifecycle.ALL_REPLIED.sources and not owing.exists():
        move(case, case_lifecycle.ALL_REPLIED, actor=actor)
