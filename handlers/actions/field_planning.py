"""年度现场办理方案：编写、修改、送审定、审定、下发、作废（科技厅 KJ-07 至 KJ-09）。"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, Incomplete, Missing, NotAllowed, move

from .. import lifecycle
from ..access import may_in_unit
from ..field_plans import facts_of, group_cases, open_cases, prefill
from ..mechanisms import gates
from ..mechanisms.base import Door
from ..mechanisms.facts import Item
from ..models import Assignment, AssignmentStatus, Plan, PlanKind, PlanStatus, PlanStep, Unit

#: 一行里可以改的
FIELDS = ("leader", "division", "joining", "way", "place", "due_on")


def locked(plan: Plan) -> Plan:
    """锁住方案，取最新状态。"""
    return Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)


def _only(actor, unit_id: int, capability: str, sentence: str) -> None:
    if not may_in_unit(actor, unit_id, capability):
        raise Forbidden(sentence)


@transaction.atomic
def draft_plan(unit: Unit, *, year: int, actor, today: date) -> Plan:
    """编一份方案：在办的主办件分好组、先填好；没有送审的，把后来交办的件补进去。"""
    _only(actor, unit.pk, "field_plan", "方案由联络员或分管领导编写")
    Unit.objects.select_for_update().get(pk=unit.pk)
    plan = Plan.objects.current().filter(unit=unit, kind=PlanKind.FIELD, year=year).first()
    if plan is None:
        plan = Plan.objects.create(
            unit=unit, kind=PlanKind.FIELD, year=year, title=f"{unit.short}{year}年现场办理工作方案",
            drafted_by=actor, drafted_on=today,
        )
    elif plan.status != PlanStatus.DRAFT:
        raise NotAllowed(f"{year}年的方案{plan.get_status_display()}，要增减件的，作废后重编")
    fresh = list(open_cases(unit).exclude(plan_steps__plan=plan))
    if not fresh and not plan.steps.exists():
        raise DomainError("没有在办的主办件，不必编方案")
    _add_steps(plan, fresh, today)
    record("plan.drafted", actor=actor, target=plan, year=year, added=len(fresh))
    return plan


def _add_steps(plan: Plan, assignments: list[Assignment], today: date) -> None:
    """分组排好次序，各行先填好；上一份作废的方案里填过的照旧。"""
    facts, earlier = facts_of(assignments, today), _earlier(plan)
    place = plan.steps.count()
    rows, joining = [], []
    for group in group_cases(assignments):
        for one in group.rows:
            place += 1
            old, new = earlier.get(one.pk), prefill(facts[one.pk])
            source = old or new
            rows.append(PlanStep(
                plan=plan, position=place, assignment=one, group_name=group.name, leader=source.leader,
                division_id=source.division_id, way=source.way, place=source.place, due_on=source.due_on,
            ))
            joining.append([division.pk for division in old.joining.all()] if old else new.joining)
    rows = PlanStep.objects.bulk_create(rows)
    through = PlanStep.joining.through
    through.objects.bulk_create(
        through(planstep_id=row.pk, division_id=pk) for row, pks in zip(rows, joining, strict=True) for pk in pks
    )


def _earlier(plan: Plan) -> dict[int, PlanStep]:
    """同一年最近作废的一份里的各行。"""
    void = Plan.objects.filter(unit=plan.unit_id, kind=PlanKind.FIELD, year=plan.year, status=PlanStatus.VOID).first()
    if void is None:
        return {}
    return {step.assignment_id: step for step in void.steps.select_related("leader").prefetch_related("joining")}


@transaction.atomic
def save_items(plan: Plan, *, items: Mapping[int, Mapping], actor, today: date) -> Plan:
    """存若干行；用着 KJ-09 的，一行缺项、超期限就不存，写明是哪一件。"""
    plan = locked(plan)
    _only(actor, plan.unit_id, "field_plan", "方案由联络员或分管领导修改")
    if plan.status != PlanStatus.DRAFT:
        raise NotAllowed(f"方案{plan.get_status_display()}，退回修改以后才能改")
    steps = list(_live_steps(plan).filter(pk__in=items))
    for step in steps:
        for name in FIELDS:
            if name in items[step.pk] and name != "joining":
                setattr(step, name, items[step.pk][name])
    joining = {step.pk: tuple(items[step.pk].get("joining", step.joining.all())) for step in steps}
    _check_people(plan, steps, joining)
    _refuse_lacking("存方案", steps, joining, today)
    for step in steps:
        step.save(update_fields=[name for name in FIELDS if name != "joining"])
        step.joining.set(joining[step.pk])
    record("plan.saved", actor=actor, target=plan, cases=[step.assignment.suggestion.shown_number for step in steps])
    return plan


def _live_steps(plan: Plan):
    """还归本单位办的各行；改办走的不再管。"""
    return plan.steps.exclude(assignment__status=AssignmentStatus.REASSIGNED).select_related(
        "leader", "division", "assignment__suggestion__session", "assignment__unit"
    ).prefetch_related("joining")


def _check_people(plan: Plan, steps: Iterable[PlanStep], joining: Mapping) -> None:
    """人和处室都是本单位的；牵头处室不又列作参与。"""
    for step in steps:
        number = step.assignment.suggestion.shown_number
        if step.leader and step.leader.unit_id != plan.unit_id:
            raise DomainError(f"{number} 的带队领导不在本单位任职")
        if any(one.unit_id != plan.unit_id for one in (step.division, *joining[step.pk]) if one):
            raise DomainError(f"{number} 的处室不是本单位的")
        if step.division in joining[step.pk]:
            raise DomainError(f"{number} 的牵头处室{step.division}又列作参与处室，去掉一处")


def _refuse_lacking(what: str, steps: list[PlanStep], joining: Mapping, today: date) -> None:
    """每一行问一遍守在编方案这一步的机制。"""
    facts, lacking = facts_of([step.assignment for step in steps], today), []
    for step in steps:
        case = facts[step.assignment_id]
        case.item = Item(step.leader, step.division, joining[step.pk], step.due_on)
        lacking += gates.missing(case, Door.PLAN)
    if lacking:
        raise Incomplete(what, lacking)


@transaction.atomic
def submit_plan(plan: Plan, *, actor, today: date) -> Plan:
    """送主要负责人审定。"""
    plan = locked(plan)
    _only(actor, plan.unit_id, "field_plan", "方案由联络员或分管领导送审定")
    steps = list(_live_steps(plan))
    if not steps:
        raise Incomplete("送审定", [Missing("方案里还没有件")])
    _refuse_lacking("送审定", steps, {step.pk: tuple(step.joining.all()) for step in steps}, today)
    move(plan, lifecycle.SUBMIT_PLAN, actor=actor, cases=len(steps))
    return plan


@transaction.atomic
def approve_plan(plan: Plan, *, note: str = "", actor, today: date) -> Plan:
    """主要负责人审定；编写的人不审定自己的方案。"""
    plan = _to_decide(plan, actor)
    if plan.drafted_by_id == actor.pk:
        raise Forbidden("编写的人不能审定自己的方案")
    move(
        plan, lifecycle.APPROVE_PLAN, actor=actor, reason=note.strip(),
        fields={"approved_by": actor, "approved_on": today},
    )
    return plan


@transaction.atomic
def send_back_plan(plan: Plan, *, note: str, actor, today: date) -> Plan:
    """退回修改，写明意见。"""
    plan = _to_decide(plan, actor)
    if not note.strip():
        raise DomainError("写明退回修改的意见", field="note")
    move(plan, lifecycle.SEND_BACK_PLAN, actor=actor, reason=note.strip())
    return plan


def _to_decide(plan: Plan, actor) -> Plan:
    plan = locked(plan)
    _only(actor, plan.unit_id, "approve_plan", "方案由主要负责人审定")
    return plan


@transaction.atomic
def issue_plan(plan: Plan, *, actor, today: date) -> Plan:
    """下发到各处室。"""
    plan = locked(plan)
    _only(actor, plan.unit_id, "issue_plan", "方案由联络员或厅领导下发")
    move(plan, lifecycle.ISSUE_PLAN, actor=actor, fields={"issued_on": today})
    return plan


@transaction.atomic
def void_plan(plan: Plan, *, note: str, actor, today: date) -> Plan:
    """作废，另编一份；填过的带到新的一份里。"""
    plan = locked(plan)
    _only(actor, plan.unit_id, "field_plan", "方案由联络员或分管领导作废")
    if not note.strip():
        raise DomainError("写明作废的原因", field="note")
    move(plan, lifecycle.VOID_PLAN, actor=actor, reason=note.strip())
    return plan
