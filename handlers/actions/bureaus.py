"""厅地联动：请代表所在市州的对口局协助沟通（交通厅 JT-07）。协助不代替厅里的人沟通。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, move
from suggestions.locking import lock_case

from .. import lifecycle
from ..access import may_in_unit
from ..models import Assignment, AssignmentStatus, Duty, Plan, PlanKind, PlanRecord, PlanStep, Post, RecordKind

IN_HAND = (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)


def bureau_of(assignment: Assignment) -> str:
    """代表所在市州的对口局：省交通运输厅 → 长沙市交通运输局。"""
    there = assignment.suggestion.lead_deputy.delegation.prefecture
    name = assignment.unit.short.removeprefix("湖南").removeprefix("省")
    return f"{there}{name.removesuffix('厅')}局" if there and name.endswith("厅") else ""


def helper_of(assignment: Assignment, today: date) -> Post | None:
    """登记了账号的市州局协助人，联系范围合这名代表的。"""
    deputy = assignment.suggestion.lead_deputy
    posts = Post.objects.valid(today).filter(unit=assignment.unit_id, duty=Duty.LOCAL_BUREAU)
    return posts.filter(areas__delegation=deputy.delegation_id).order_by("id").first()


@transaction.atomic
def ask_bureau(assignment: Assignment, *, body: str, text: str, due_on: date, actor, today: date) -> PlanStep:
    """请一个市州局协助：写明请做什么、何时回复。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("unit", "suggestion__lead_deputy").get(pk=assignment.pk)
    if not may_in_unit(actor, assignment.unit_id, "contact"):
        raise Forbidden("由承办单位的人请市州局协助")
    if assignment.status not in IN_HAND:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收以后、答复以前才能请市州局协助")
    _check(body, text, due_on, today)
    plan = _plan(assignment, actor, today)
    step = PlanStep.objects.create(
        plan=plan, position=plan.steps.count() + 1, body=body.strip(), text=text.strip(), due_on=due_on,
        person=helper_of(assignment, today),
    )
    record("plan.bureau_added", actor=actor, target=step, body=step.body, text=step.text, due_on=due_on)
    return step


def _check(body: str, text: str, due_on: date, today: date) -> None:
    if not body.strip():
        raise DomainError("写明请哪个市州局", field="body")
    if not text.strip():
        raise DomainError("写明请协助什么", field="text")
    if due_on < today:
        raise DomainError("回复期限不能早于今天", field="due_on")


def _plan(assignment: Assignment, actor, today: date) -> Plan:
    """这一件本轮的协助安排；第一次请时建。"""
    plan = Plan.objects.current().filter(
        assignment=assignment, kind=PlanKind.ASSISTANCE, round=assignment.round
    ).first()
    if plan is None:
        plan = Plan.objects.create(
            unit=assignment.unit, kind=PlanKind.ASSISTANCE, assignment=assignment, round=assignment.round,
            title="请市州局协助", drafted_by=actor, drafted_on=today,
        )
        move(plan, lifecycle.ASK_BUREAU, actor=actor, fields={"issued_on": today})
    return plan


@transaction.atomic
def enter_receipt(step: PlanStep, *, text: str, happened_on: date, actor, today: date) -> PlanRecord:
    """登记回执：市州局的人自己填，或者厅里照收到的回复代填。"""
    lock_case(step.plan.assignment.suggestion_id)
    step = PlanStep.objects.select_related("plan__assignment", "person").get(pk=step.pk)
    if not may_answer(actor, step):
        raise Forbidden("回执由这个市州局的人或承办单位的人填写")
    if not text.strip():
        raise DomainError("写明协助的情况", field="text")
    if happened_on > today:
        raise DomainError("回复日期不能晚于今天", field="happened_on")
    if happened_on < step.plan.issued_on:
        raise DomainError(f"回复日期不能早于请协助之日 {step.plan.issued_on}", field="happened_on")
    receipt = PlanRecord.objects.create(
        plan=step.plan, step=step, kind=RecordKind.RECEIPT, text=text.strip(), happened_on=happened_on, added_by=actor
    )
    move(step, lifecycle.RECEIVE_STEP, actor=actor, fields={"done_on": happened_on}, body=step.body, text=receipt.text)
    return receipt


def may_answer(user, step: PlanStep) -> bool:
    """承办单位经办沟通的人，或者请的就是他的市州局协助人。"""
    if step.person and step.person.account_id == user.pk:
        return True
    return may_in_unit(user, step.plan.unit_id, "contact")


def tasks_of(assignment: Assignment) -> list[PlanStep]:
    """这一件请过的市州局，连同回执。"""
    rows = PlanStep.objects.filter(plan__assignment=assignment, plan__kind=PlanKind.ASSISTANCE).exclude(
        plan__status="void"
    )
    return list(rows.select_related("person").prefetch_related("records").order_by("plan", "position"))
