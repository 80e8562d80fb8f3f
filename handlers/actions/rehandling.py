"""再办理：不满意即启动下一轮，新期限、责任提级；到了规定轮次仍不满意的转协调评估。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, move, require
from lianluo.workdays.models import RuleCode
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion

from .. import deadlines, lifecycle
from ..models import Assignment, Escalation, Evaluation
from ..models.assignment import EXTENSION
from . import concluding

#: 进入下一轮时不再要求的：上一轮的各种时限；上一份答复该不该公开，仍要审定
SUPERSEDED = (*(code for code in RuleCode if code != RuleCode.PUBLISH), EXTENSION)
#: 件在这些状态时可以要求单位重办
RESTARTABLE = ("handling", "replied", "rehandling", "concluded")


def answer_dissatisfaction(evaluation: Evaluation, *, actor, today: date) -> None:
    """领衔代表不满意：启动再办理；已到规定轮次的转协调评估。

    别的单位还没有答完的，等全部答复后由 :func:`escalate_if_waiting` 转；正在评估的，并入这一次评估。
    """
    assignment = evaluation.reply.assignment
    case = Suggestion.objects.select_related("session__profile").get(pk=assignment.suggestion_id)
    if evaluation.round < rounds_before_escalation(case):
        begin_round(assignment, case, reason=evaluation.opinion or "代表不满意", actor=actor, today=today)
    elif case.status == "replied":
        _escalate(case, [assignment], reason=evaluation.opinion, actor=actor, today=today)


def rounds_before_escalation(case: Suggestion) -> int:
    """第几轮仍不满意就转协调评估；取自规则组，默认 2（河南、重庆）。"""
    return int(case.session.profile.setting("max_rehandle_before_escalation"))


def escalate_if_waiting(case: Suggestion, *, today: date) -> None:
    """各单位都答复了：有到了规定轮次仍不满意的，转协调评估。"""
    limit = rounds_before_escalation(Suggestion.objects.select_related("session__profile").get(pk=case.pk))
    waiting = [one for one in displeased_with(case) if one.round >= limit]
    if waiting:
        _escalate(case, waiting, reason=_said(waiting), actor=None, today=today)


def _said(assignments: list[Assignment]) -> str:
    """代表对这些单位本轮说的话。"""
    rows = Evaluation.objects.of_leads().dissatisfied().of_current_round().filter(reply__assignment__in=assignments)
    return "；".join(row.opinion for row in rows if row.opinion)


def _escalate(case: Suggestion, assignments: list[Assignment], *, reason: str, actor, today: date) -> None:
    Escalation.objects.create(
        suggestion=case, round=max(one.round for one in assignments), reason=reason, escalated_on=today
    )
    move(
        case, case_lifecycle.ESCALATE, actor=actor, reason=reason, units=[one.unit_name for one in assignments],
        assignments=[one.pk for one in assignments],
    )


@transaction.atomic
def start_round(assignment: Assignment, *, reason: str, actor, today: date) -> Assignment:
    """办事机构要求重办：启动下一轮；已办结的件先恢复办理，别的单位不受牵连。"""
    case = lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion__session", "unit").get(pk=assignment.pk)
    if not assignment.answers_deputy:
        raise DomainError("会办单位不答复代表，不单独再办理")
    if not reason.strip():
        raise DomainError("填写要求重办的理由，单位要据此再办理", field="reason")
    if case.status == "escalated":
        raise NotAllowed("这件在协调评估，登记评估的处理意见就可以交单位再办")
    if case.status not in RESTARTABLE:
        raise NotAllowed(f"这件{case.get_status_display()}，不能要求重办")
    if case.status == "concluded":
        move(case, case_lifecycle.REOPEN, actor=actor, reason=reason, fields={"concluded_on": None})
    return begin_round(assignment, case, reason=reason.strip(), actor=actor, today=today)


def begin_round(assignment: Assignment, case: Suggestion, *, reason: str, actor, today: date) -> Assignment:
    """轮次加一，按 rehandle_days 自今天起新期限，由主要负责人过问（责任提级）。"""
    require(assignment, lifecycle.NEW_ROUND)
    following = assignment.round + 1
    deadlines.close_dues(assignment, "进入再办理", today, codes=SUPERSEDED)
    due = deadlines.open_due(assignment, RuleCode.REHANDLE, today, round=following)
    move(
        assignment, lifecycle.NEW_ROUND, actor=actor, reason=reason, round=following, due_on=due.due_on,
        fields={"round": following, "concluded_on": None, "inner_due_on": None},
    )
    case.refresh_from_db()
    if case.status == "replied":
        move(case, case_lifecycle.START_ROUND, actor=actor, reason=reason)
    return assignment


@transaction.atomic
def settle_escalation(
    suggestion: Suggestion, *, again: bool, note: str, experts: str = "", assessment: str = "",
    met_on: date | None = None, actor, today: date,
) -> Suggestion:
    """协调评估的处理意见：交单位再办，或者作专门说明后办结（河南第二十二条、四川）。"""
    case = lock_case(suggestion.pk)
    require(case, case_lifecycle.HANDLE_AGAIN)
    escalation = case.escalations.filter(again__isnull=True).first()
    if escalation is None:
        raise NotAllowed("这件的协调评估已有处理意见")
    _check_settlement(escalation, note, met_on, today)
    escalation.experts, escalation.assessment, escalation.met_on = experts.strip(), assessment.strip(), met_on
    escalation.again, escalation.note, escalation.settled_on, escalation.settled_by = again, note.strip(), today, actor
    escalation.save()
    unhappy = displeased_with(case)
    record(
        "escalation.settled", actor=actor, target=escalation, reason=escalation.note, again=again, experts=experts,
        assessment=assessment, units=[one.unit_name for one in unhappy],
    )
    if again:
        move(case, case_lifecycle.HANDLE_AGAIN, actor=actor, reason=escalation.note)
    for assignment in unhappy:
        _carry_out(assignment, case, escalation, actor=actor, today=today)
    return case


def _check_settlement(escalation: Escalation, note: str, met_on: date | None, today: date) -> None:
    if not note.strip():
        raise DomainError("填写处理意见", field="note")
    if met_on is not None and not escalation.escalated_on <= met_on <= today:
        raise DomainError(f"评估日期在 {escalation.escalated_on} 到今天之间", field="met_on")


def _carry_out(assignment: Assignment, case: Suggestion, escalation: Escalation, *, actor, today: date) -> None:
    if escalation.again:
        begin_round(assignment, case, reason=escalation.note, actor=actor, today=today)
    else:
        concluding.conclude_assignment(assignment, reason=f"专门说明：{escalation.note}", actor=actor, today=today)


def displeased_with(case: Suggestion) -> list[Assignment]:
    """本轮评价为不满意、还没有办结的承办关系。"""
    rows = Evaluation.objects.of_leads().dissatisfied().of_current_round().filter(
        reply__assignment__suggestion=case, reply__assignment__status="answered"
    ).select_related("reply__assignment__suggestion", "reply__assignment__unit").order_by("reply__assignment_id")
    return list({row.reply.assignment_id: row.reply.assignment for row in rows}.values())
