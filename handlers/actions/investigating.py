"""批评件的问题调查：调查人、事实、责任、结论；任务下到下属单位，回执到齐才能结束（MZ-16、MZ-17）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, move, require

from .. import lifecycle
from ..mechanisms.facts import Case
from ..models import Assignment, Plan, PlanKind, PlanRecord, PlanStatus, PlanStep, Post, RecordKind, StepStatus
from . import plan_steps
from .plan_steps import Row, asked


@transaction.atomic
def open_investigation(
    assignment: Assignment, *, text: str, investigator: Post | None, tasks: Sequence[Row] = (), actor, today: date
) -> Plan:
    """设立问题调查，任务当即下发；已经设立的，可以换调查人、再下任务，下过的任务不改。"""
    case = plan_steps.open_case(assignment, PlanKind.INVESTIGATION, today)
    if not text.strip():
        raise DomainError("填写调查什么问题", field="text")
    if investigator is None or investigator.pk not in {post.pk for post in case.posts}:
        raise DomainError("从本单位现在的人里选调查人", field="investigator")
    plan_steps.check_rows(case, tasks, "项任务")
    if any(not row.body.strip() for row in tasks):
        raise DomainError("每项任务写明交给哪个单位", field="steps")
    plan = case.plans.get(PlanKind.INVESTIGATION)
    if plan is not None and plan.status == PlanStatus.DONE:
        raise NotAllowed("问题调查已经办结")
    made = plan is None
    if made:
        plan = Plan(
            unit=case.assignment.unit, kind=PlanKind.INVESTIGATION, assignment=case.assignment,
            round=case.assignment.round, title=f"{case.assignment.suggestion.shown_number} 问题调查",
            drafted_by=actor, drafted_on=today,
        )
    plan.text, plan.investigator = text.strip(), investigator
    plan.save()
    plan_steps.add_rows(plan, tasks)
    data = {"investigator": investigator.name, "bodies": [row.body for row in tasks]}
    if made:
        move(plan, lifecycle.START_INVESTIGATION, actor=actor, fields={"issued_on": today}, **data)
    else:
        record("investigation.saved", actor=actor, target=plan, **data)
    return plan


@transaction.atomic
def enter_receipt(
    step: PlanStep, *, text: str, happened_on: date, evidence=None, actor, today: date
) -> PlanRecord:
    """登记一项调查任务的回执。"""
    plan = plan_steps.locked(step.plan)
    step = plan.steps.get(pk=step.pk)
    require(plan, lifecycle.CONCLUDE_INVESTIGATION)
    if plan.kind != PlanKind.INVESTIGATION:
        raise NotAllowed("只有调查任务才有回执")
    require(step, lifecycle.ANSWER_TASK)
    if not text.strip():
        raise DomainError("填写回执说了什么", field="text")
    plan_steps.check_day(plan, happened_on, today)
    row = PlanRecord.objects.create(
        plan=plan, step=step, kind=RecordKind.RECEIPT, text=text.strip(), happened_on=happened_on, added_by=actor,
        evidence=plan_steps.keep_evidence(plan, [evidence], actor),
    )
    move(step, lifecycle.ANSWER_TASK, actor=actor, fields={"done_on": happened_on}, body=step.body)
    return row


@transaction.atomic
def conclude_investigation(
    plan: Plan, *, findings: str, liability: str, conclusion: str, actor, today: date
) -> Plan:
    """办结调查：事实、责任、结论三样齐全，各项任务的回执到齐（MZ-17）。"""
    plan = plan_steps.locked(plan)
    require(plan, lifecycle.CONCLUDE_INVESTIGATION)
    values = {"findings": findings.strip(), "liability": liability.strip(), "conclusion": conclusion.strip()}
    words = {"findings": "查明的事实", "liability": "责任", "conclusion": "结论"}
    for name, value in values.items():
        if not value:
            raise DomainError(f"填写{words[name]}", field=name)
    lacking = missing_receipts(plan, today)
    if lacking:
        raise Incomplete("办结问题调查", lacking)
    move(plan, lifecycle.CONCLUDE_INVESTIGATION, actor=actor, fields={**values, "done_on": today})
    return plan


def missing_receipts(plan: Plan, today: date) -> list[Missing]:
    """还没有回执的任务。"""
    case = Case(plan.assignment, today)
    if not asked(case, "MZ-17"):
        return []
    return [
        Missing(f"{step.body}的回执还没有到（{step.text}）", case.url("plan", plan.kind) + f"#step-{step.pk}", "MZ-17")
        for step in plan.steps.exclude(status=StepStatus.DONE)
    ]
