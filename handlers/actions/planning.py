"""分派：五定——定人员、定任务、定时间、定质量、定责任领导（财政厅 CZ-22 至 CZ-26）。"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, move
from suggestions.locking import lock_case

from .. import lifecycle
from ..access import UNIT_WIDE
from ..models import Allotment, AllotmentRole, Assignment, AssignmentStatus, Division, Post, Rank


@dataclass(frozen=True)
class FiveFixed:
    """五定的内容。"""

    lead_division: Division
    assist_divisions: tuple[Division, ...]
    officer: Post
    responsible_leader: Post
    inner_due_on: date
    quality_goal: str
    task_note: str


@transaction.atomic
def allot_assignment(
    assignment: Assignment, *, lead_division: Division, officer: Post, responsible_leader: Post, inner_due_on: date,
    assist_divisions: Sequence[Division] = (), quality_goal: str, task_note: str, actor, today: date,
) -> Assignment:
    """分派到处室和人，转入办理；办理中可以改派处室或人，原分派留在历史里。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion", "unit").get(pk=assignment.pk)
    if assignment.status not in (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING):
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收后、答复前才能分派处室")

    fixed = FiveFixed(
        lead_division, tuple(assist_divisions), officer, responsible_leader, inner_due_on,
        quality_goal.strip(), task_note.strip(),
    )
    check_five(assignment, fixed, today)
    _replace_allotments(assignment, fixed, today)
    fields = {
        "responsible_leader": responsible_leader, "inner_due_on": inner_due_on,
        "quality_goal": fixed.quality_goal, "task_note": fixed.task_note,
    }
    _start_or_change(assignment, fixed, fields, actor)
    return assignment


def check_five(assignment: Assignment, fixed: FiveFixed, today: date) -> None:
    """五定齐全，人和处室都在本单位、现在有效，内部时限不晚于到期日。"""
    _check_divisions(assignment, fixed, today)
    _check_people(assignment, fixed, today)
    if not fixed.quality_goal:
        raise DomainError("填写质量要求", field="quality_goal")
    if not fixed.task_note:
        raise DomainError("填写任务要点", field="task_note")
    if fixed.inner_due_on < today:
        raise DomainError("内部时限不能早于今天", field="inner_due_on")
    if assignment.due_on and assignment.due_on >= today and fixed.inner_due_on > assignment.due_on:
        raise DomainError(f"内部时限不能晚于到期日 {assignment.due_on}", field="inner_due_on")


def _check_divisions(assignment: Assignment, fixed: FiveFixed, today: date) -> None:
    for division in (fixed.lead_division, *fixed.assist_divisions):
        if division.unit_id != assignment.unit_id:
            raise DomainError(f"{division}不是本单位的处室", field="lead_division")
        if division.valid_to and division.valid_to < today:
            raise DomainError(f"{division}已撤并，换一个处室", field="lead_division")
    if fixed.lead_division in fixed.assist_divisions:
        raise DomainError(f"{fixed.lead_division}已是牵头处室，从参与处室里去掉", field="assist_divisions")


def _check_people(assignment: Assignment, fixed: FiveFixed, today: date) -> None:
    for post, field in ((fixed.officer, "officer"), (fixed.responsible_leader, "responsible_leader")):
        if post.unit_id != assignment.unit_id:
            raise DomainError(f"{post.name}不在本单位任职", field=field)
        if post.valid_from > today or (post.valid_to and post.valid_to < today):
            raise DomainError(f"{post.name}已离岗，换一个人", field=field)
    if fixed.officer.division_id != fixed.lead_division.pk and fixed.officer.duty not in UNIT_WIDE:
        raise DomainError(f"具体承办人从{fixed.lead_division}的人员里选", field="officer")
    if fixed.responsible_leader.rank < Rank.DIVISION:
        raise DomainError("责任领导从处级以上的人员里选", field="responsible_leader")


def _replace_allotments(assignment: Assignment, fixed: FiveFixed, today: date) -> None:
    """牵头一行、参与若干行，整组换掉；谁何时分派过记在留痕里。"""
    assignment.allotments.all().delete()
    rows = [Allotment(
        assignment=assignment, division=fixed.lead_division, role=AllotmentRole.LEAD, officer=fixed.officer,
        allotted_on=today,
    )]
    rows += [
        Allotment(assignment=assignment, division=division, role=AllotmentRole.ASSIST, allotted_on=today)
        for division in fixed.assist_divisions
    ]
    Allotment.objects.bulk_create(rows)


def _start_or_change(assignment: Assignment, fixed: FiveFixed, fields: dict, actor) -> None:
    data = {
        "lead_division": str(fixed.lead_division), "assist_divisions": [str(one) for one in fixed.assist_divisions],
        "officer": fixed.officer.name, "leader": fixed.responsible_leader.name, "inner_due_on": fixed.inner_due_on,
    }
    if assignment.status == AssignmentStatus.ACCEPTED:
        move(assignment, lifecycle.ALLOT, actor=actor, fields=fields, **data)
        return
    for name, value in fields.items():
        setattr(assignment, name, value)
    assignment.save(update_fields=list(fields))
    record("assignment.reallotted", actor=actor, target=assignment, **data)
