"""评价、再办理、协调评估的消息：一个事件一个函数，写给下一步要办的人。消息里从不写个人链接。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from lianluo.accounts.models import User
from lianluo.audit import listen
from lianluo.notices.posting import post
from lianluo.workdays.models import RuleCode
from suggestions.models import Suggestion

from . import audiences
from .listeners import day_of
from .models import ActivityCase, Assignment, Delivery, Duty, Escalation, Evaluation, Post, Reply, Satisfaction


def _send(kind: str, event, case: Suggestion, recipients: Iterable[User], url: str, *, about: str, **context) -> None:
    """同一对象上可反复发生的事，以留痕序号区分。"""
    urgent = context.pop("urgent", False)
    post(
        kind, about=about, rung=str(event.seq), recipients=recipients, actor=event.actor, case_id=case.pk,
        congress=case.congress, url=url, urgent=urgent,
        context={"case": case, "phone": settings.ORGAN_PHONE, **context},
    )


def _heads(unit_ids: Iterable[int], today: date) -> list[User]:
    """单位的主要负责人与分管领导（责任提级）。"""
    posts = Post.objects.valid(today).with_duty(Duty.HEAD, Duty.DEPUTY_HEAD).filter(
        unit__in=list(unit_ids), account__isnull=False
    )
    return [row.account for row in posts.select_related("account")]


def _handlers_of(assignments: Iterable[Assignment], today: date) -> list[User]:
    """各承办关系的联络员、承办人和单位领导。"""
    rows = list(assignments)
    people = [one for row in rows for one in audiences.unit_people(row, today)]
    return [*people, *_heads([row.unit_id for row in rows], today)]


def _deputies_of(case: Suggestion) -> list[tuple[User, Suggestion]]:
    """本件和并入各件的代表，各看自己的那一件。"""
    cases = [case, *case.merged_children.filter(status="merged").select_related("lead_deputy__account", "congress")]
    return [(account, one) for one in cases for account in audiences.deputies(one)]


def _tell_deputies(kind: str, event, case: Suggestion, **context) -> None:
    for account, own in _deputies_of(case):
        url = reverse("deputy:case", args=[own.pk])
        _send(kind, event, own, [account], url, about=f"suggestion:{own.pk}", **context)


@listen("reply.delivered")
def tell_deputies_delivered(event, reply: Reply) -> None:
    """送达：请每名代表看答复、填办理意见表；短信也发，但不带链接。"""
    due = reply.assignment.dues.filter(rule_code=RuleCode.FEEDBACK, round=reply.round).first()
    rows = reply.deliveries.reached().filter(deputy__account__isnull=False)
    for row in rows.select_related("deputy__account", "suggestion__session", "suggestion__congress"):
        _send(
            "reply.delivered_to_deputy", event, row.suggestion, [row.deputy.account],
            reverse("deputy:reply", args=[reply.pk]), about=f"delivery:{row.pk}", urgent=True,
            assignment=reply.assignment, reply=reply, lead=row.is_lead, due_on=due.due_on if due else None,
        )


@listen("evaluation.urged")
def tell_deputy_urged(event, delivery: Delivery) -> None:
    """催填：告诉代表本人，短信也发。"""
    account = delivery.deputy.account
    if account is not None:
        _send(
            "evaluation.urged", event, delivery.suggestion, [account], reverse("deputy:rate", args=[delivery.pk]),
            about=f"delivery:{delivery.pk}", urgent=True, assignment=delivery.reply.assignment,
        )


@listen("evaluation.submitted")
def tell_result(event, evaluation: Evaluation) -> None:
    """提交以后才告诉单位和办公室结果。领衔代表不满意的，由再办理那一条说。"""
    if evaluation.is_lead and evaluation.overall == Satisfaction.DISSATISFIED:
        return
    assignment, today = evaluation.reply.assignment, day_of(event)
    case = assignment.suggestion
    people = audiences.unit_people(assignment, today) + audiences.office(today)
    if evaluation.is_lead:
        people += _heads([assignment.unit_id], today)
    _send(
        "evaluation.submitted", event, case, people, f"{case.get_absolute_url()}evaluations/",
        about=f"delivery:{evaluation.delivery_id}", evaluation=evaluation, assignment=assignment,
    )


@listen("evaluation.unreturned")
def tell_unreturned(event, reply: Reply) -> None:
    """反馈期满、催过仍未反馈：告诉单位可以申请销号，告诉办公室。"""
    assignment, today = reply.assignment, day_of(event)
    case = assignment.suggestion
    _send(
        "evaluation.unreturned", event, case, audiences.unit_people(assignment, today) + audiences.office(today),
        f"{case.get_absolute_url()}evaluations/", about=f"reply:{reply.pk}", assignment=assignment,
        names="、".join(event.data["deputies"]),
    )


@listen("assignment.round_started")
def tell_round_started(event, assignment: Assignment) -> None:
    """再办理：单位主要负责人过问（责任提级），联络员、承办人、办公室知道新期限；代表知道单位何时重新答复。"""
    case, today = assignment.suggestion, day_of(event)
    context = {"assignment": assignment, "reason": event.reason, "due_on": assignment.due_on}
    _send(
        "assignment.round_started", event, case, _handlers_of([assignment], today) + audiences.office(today),
        f"{case.get_absolute_url()}evaluations/", about=f"assignment:{assignment.pk}", urgent=True, **context,
    )
    _tell_deputies("assignment.round_told", event, case, **context)


@listen("suggestion.escalated")
def tell_escalated(event, case: Suggestion) -> None:
    """转协调评估：办公室组织，单位领导参加，代表知道。"""
    today = day_of(event)
    rows = list(Assignment.objects.filter(pk__in=event.data["assignments"]).select_related("unit"))
    units = "、".join(event.data["units"])
    about = f"suggestion:{case.pk}"
    _send(
        "suggestion.escalated", event, case, audiences.office(today),
        reverse("handlers:escalation", args=[case.pk]), about=about, units=units, reason=event.reason,
    )
    _send(
        "suggestion.escalated_unit", event, case, _handlers_of(rows, today),
        f"{case.get_absolute_url()}evaluations/", about=about, units=units, reason=event.reason,
    )
    _tell_deputies("suggestion.escalated_told", event, case, units=units)


@listen("escalation.settled")
def tell_settled(event, escalation: Escalation) -> None:
    """协调评估的处理意见告诉单位和代表。交单位再办的，新期限另有一条。"""
    case, today = escalation.suggestion, day_of(event)
    rows = case.assignments.answering().live().select_related("unit")
    context = {"escalation": escalation, "units": "、".join(event.data["units"])}
    _send(
        "escalation.settled", event, case, _handlers_of(rows, today), f"{case.get_absolute_url()}evaluations/",
        about=f"escalation:{escalation.pk}", **context,
    )
    _tell_deputies("escalation.settled_told", event, case, **context)


@listen("activity.denied")
def tell_office_denied(event, row: ActivityCase) -> None:
    """代表称未联系过：告诉办公室核实。"""
    case = row.assignment.suggestion
    _send(
        "activity.denied", event, case, audiences.office(day_of(event)), row.activity.get_absolute_url(),
        about=f"activity:{row.activity_id}:{case.pk}", activity=row.activity, deputy=event.data["deputy"],
        note=event.reason,
    )


@listen("evaluation.pressure_reported")
def tell_office_pressure(event, deputy) -> None:
    """代表反映评价受到干预：只告诉办公室。"""
    evaluation = Evaluation.objects.select_related("delivery__suggestion__session", "reply__assignment__unit").get(
        pk=event.data["evaluation"]
    )
    case = evaluation.delivery.suggestion
    _send(
        "evaluation.pressure_reported", event, case, audiences.office(day_of(event)),
        f"{case.get_absolute_url()}evaluations/", about=f"evaluation:{evaluation.pk}", deputy=deputy,
        evaluation=evaluation, urgent=True,
    )
