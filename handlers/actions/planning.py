"""分派：五定——定人员、定任务、定时间、定质量、定责任领导（财政厅 CZ-22 至 CZ-26）。"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, move
from suggestions.locking import lock_case

from .. import lifecycle
from ..access import UNIT_WIDE
from ..mechanisms import gates
from ..mechanisms.base import GUARDS, Door
from ..mechanisms.facts import Case
from ..models import Allotment, AllotmentRole, Assignment, AssignmentStatus, Division, Post


@dataclass(frozen=True)
class FiveFixed:
    """五定的内容。"""

    lead_division: Division
    assist_divisions: tuple[Division, ...]
    officer: Post | None
    responsible_leader: Post | None
    inner_due_on: date | None
    quality_goal: str
    task_note: str


@transaction.atomic
def allot_assignment(
    assignment: Assignment, *, lead_division: Division, officer: Post | None = None,
    responsible_leader: Post | None = None, inner_due_on: date | None = None,
    assist_divisions: Sequence[Division] = (), quality_goal: str = "", task_note: str = "", actor, today: date,
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
    """人和处室都在本单位、现在有效；单位用着的机制（五定等）守在分派之前的，逐条问过。"""
    _check_divisions(assignment, fixed, today)
    _check_people(assignment, fixed, today)
    case = Case(assignment, today, fixed=fixed)
    lacking = gates.missing(case, Door.ALLOT)
    if len(lacking) == 1:
        raise DomainError(lacking[0].sentence, field=GUARDS[lacking[0].code].field, missing=lacking)
    if lacking:
        raise Incomplete("分派处室", lacking)


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
        if post is None:
            continue
        if post.unit_id != assignment.unit_id:
            raise DomainError(f"{post.name}不在本单位任职", field=field)
        if post.valid_from > today or (post.valid_to and post.valid_to < today):
            raise DomainError(f"{post.name}已离岗，换一个人", field=field)
    officer = fixed.officer
    if officer and officer.division_id != fixed.lead_division.pk and officer.duty not in UNIT_WIDE:
        raise DomainError(f"具体承办人从{fixed.lead_division}的人员里选", field="officer")


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
        "officer": fixed.officer.name if fixed.officer else "",
        "leader": fixed.responsible_leader.name if fixed.responsible_leader else "", "inner_due_on": fixed.inner_due_on,
    }
    if assignment.status == AssignmentStatus.ACCEPTED:
        move(assignment, lifecycle.ALLOT, actor=actor, fields=fields, **data)
        return
    for name, value in fields.items():
        setattr(assignment, name, value)
    assignment.save(update_fields=list(fields))
    record("assignment.reallotted", actor=actor, target=assignment, **data)
