"""批评件的整改：一个问题一行，报完成的人和核验的人不是同一个，全部核验通过才算完成（MZ-05、MZ-18）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, move, require

from .. import lifecycle
from ..mechanisms.facts import Case
from ..models import Assignment, Plan, PlanKind, PlanRecord, PlanStatus, PlanStep, RecordKind, StepStatus
from . import plan_steps
from .plan_steps import Row, asked


@transaction.atomic
def list_problems(assignment: Assignment, *, problems: Sequence[Row], actor, today: date) -> Plan:
    """列整改清单，各项当即挂账；以后可以再添，列过的不删不改，到核验通过为止。"""
    case = plan_steps.open_case(assignment, PlanKind.RECTIFICATION, today)
    check_investigated(case)
    if not problems:
        raise DomainError("至少列一个问题", field="steps")
    plan_steps.check_rows(case, problems, "个问题")
    if any(row.due_on < today for row in problems):
        raise DomainError("整改期限不能早于今天", field="steps")
    for place, row in enumerate(problems, 1):
        if not row.measure.strip() or row.person is None:
            raise DomainError(f"第 {place} 个问题：写明整改措施和责任人", field="steps")
    plan = case.plans.get(PlanKind.RECTIFICATION)
    if plan is not None and plan.status == PlanStatus.DONE:
        raise NotAllowed("整改已经完成，不再添问题")
    if plan is None:
        plan = Plan.objects.create(
            unit=case.assignment.unit, kind=PlanKind.RECTIFICATION, assignment=case.assignment,
            round=case.assignment.round, title=f"{case.assignment.suggestion.shown_number} 整改清单",
            drafted_by=actor, drafted_on=today,
        )
        move(plan, lifecycle.START_RECTIFICATION, actor=actor, fields={"issued_on": today})
    plan_steps.add_rows(plan, problems)
    record("rectification.listed", actor=actor, target=plan, problems=[row.text for row in problems])
    return plan


def check_investigated(case: Case) -> None:
    """调查、整改、核验依次走：调查没有办结，不能列整改清单（MZ-05）。"""
    if not asked(case, "MZ-05"):
        return
    plan = case.plans.get(PlanKind.INVESTIGATION)
    if plan is None or plan.status != PlanStatus.DONE:
        url = case.url("plan", PlanKind.INVESTIGATION)
        raise Incomplete("列整改清单", [Missing("办结问题调查，再列整改清单", url, "MZ-05")])


@transaction.atomic
def report_rectified(
    step: PlanStep, *, text: str, happened_on: date, evidence=None, actor, today: date
) -> PlanRecord:
    """报一项整改完成，附佐证，等另一个人核验。"""
    plan, step = _locked(step)
    require(step, lifecycle.REPORT_STEP)
    if not text.strip():
        raise DomainError("写明怎样整改的", field="text")
    if not evidence:
        raise DomainError("上传佐证", field="evidence")
    plan_steps.check_day(plan, happened_on, today)
    row = PlanRecord.objects.create(
        plan=plan, step=step, kind=RecordKind.DONE, text=text.strip(), happened_on=happened_on, added_by=actor,
        evidence=plan_steps.keep_evidence(plan, [evidence], actor),
    )
    move(step, lifecycle.REPORT_STEP, actor=actor, problem=step.text)
    return row


@transaction.atomic
def verify_step(step: PlanStep, *, passed: bool, text: str, actor, today: date) -> PlanStep:
    """核验：报完成的人、责任人自己不能核验；不通过的重新整改，次数记着（MZ-19）。全部通过，整改即完成。"""
    plan, step = _locked(step)
    require(step, lifecycle.PASS_STEP)
    report = reported_by(step)
    if actor.pk in (report.added_by_id, step.person.account_id if step.person else None):
        raise DomainError("报完成的人和责任人不能核验自己的整改，由另一个人核验")
    if not passed and not text.strip():
        raise DomainError("写明哪里不到位", field="text")
    PlanRecord.objects.create(
        plan=plan, step=step, kind=RecordKind.PASSED if passed else RecordKind.FAILED,
        text=text.strip() or "核验通过", happened_on=today, added_by=actor,
    )
    if passed:
        move(step, lifecycle.PASS_STEP, actor=actor, reason=text.strip(), fields={"done_on": today}, problem=step.text)
        if not plan.steps.exclude(status=StepStatus.DONE).exists():
            finish_rectification(plan, actor=actor, today=today)
    else:
        times = step.failed_times + 1
        move(
            step, lifecycle.FAIL_STEP, actor=actor, reason=text.strip(), fields={"failed_times": times}, times=times,
            problem=step.text,
        )
    return step


@transaction.atomic
def finish_rectification(plan: Plan, *, actor, today: date) -> Plan:
    """整改完成：清单上的各项全部核验通过（MZ-18）。"""
    plan = plan_steps.locked(plan)
    require(plan, lifecycle.FINISH_RECTIFICATION)
    lacking = missing_verifications(plan, today)
    if lacking:
        raise Incomplete("办结整改", lacking)
    move(plan, lifecycle.FINISH_RECTIFICATION, actor=actor, fields={"done_on": today})
    return plan


def missing_verifications(plan: Plan, today: date) -> list[Missing]:
    """还没有核验通过的。"""
    case = Case(plan.assignment, today)
    if not asked(case, "MZ-18"):
        return []
    return [
        Missing(f"“{step.text}”还没有核验通过", case.url("plan", plan.kind) + f"#step-{step.pk}", "MZ-18")
        for step in plan.steps.exclude(status=StepStatus.DONE)
    ]


def reported_by(step: PlanStep) -> PlanRecord:
    """最近一次报完成。"""
    return step.records.filter(kind=RecordKind.DONE).select_related("added_by").order_by("id").last()


def _locked(step: PlanStep) -> tuple[Plan, PlanStep]:
    plan = plan_steps.locked(step.plan)
    require(plan, lifecycle.FINISH_RECTIFICATION)
    return plan, plan.steps.select_related("person").get(pk=step.pk)
