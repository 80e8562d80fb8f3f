"""交办：拟交办、异议、交办、撤销交办（代表法第五十条）。

会前的拟办在 ``proposing``，这里一并给出；交办从这里进，整场交办会也走同一条路。
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.documents import counters
from lianluo.statemachine import DomainError, NotAllowed, move, require
from lianluo.workdays.models import RuleCode
from suggestions import lifecycle as case_lifecycle
from suggestions.locking import lock_case
from suggestions.models import Suggestion, SuggestionDue

from .. import choosing, deadlines, lifecycle, wishes
from ..choosing import Choice
from ..models import Assignment, AssignmentDue, AssignmentStatus, Deferral, ProposedAssignment, Unit
from .proposing import (
    decide_objection,
    defer_suggestion,
    object_to_proposal,
    open_objections,
    propose_assignment,
    resume_suggestion,
)

__all__ = [
    "Choice", "assign_many", "assign_suggestion", "decide_objection", "defer_suggestion", "object_to_proposal",
    "propose_assignment", "resume_suggestion", "unassign_suggestion",
]
BATCH = 500


@dataclass(frozen=True)
class Plan:
    """一件和它要交给的单位。"""

    case: Suggestion
    choices: Sequence[Choice]


@transaction.atomic
def assign_suggestion(
    suggestion: Suggestion, *, choices: Sequence[Choice] | None = None, meeting=None, actor, today: date
) -> list[Assignment]:
    """交办一件；不给单位就按拟交办。两人同时交办，后到的按状态被拒。"""
    case = lock_case(suggestion.pk)
    plan = Plan(case, _chosen(case, choices))
    check_plan(plan, today)
    return hand_out([plan], meeting=meeting, actor=actor, today=today)


@transaction.atomic
def assign_many(
    suggestions: Iterable[Suggestion], *, choices: Sequence[Choice] | None = None, meeting=None, actor, today: date
) -> list[Assignment]:
    """一批一起交办：同一主办会办，或各按自己的拟交办。有一件不成立，全部不办。"""
    wanted = sorted(suggestion.pk for suggestion in suggestions)
    if not wanted:
        raise DomainError("勾选要交办的件")
    return hand_out(lock_plans(wanted, choices, today), meeting=meeting, actor=actor, today=today)


def lock_plans(pks: Sequence[int], choices: Sequence[Choice] | None, today: date) -> list[Plan]:
    """按主键次序锁住全部件（次序固定，不会互锁），逐件核对。"""
    rows = Suggestion.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    cases = list(
        rows.select_related("session__profile", "session__term", "congress", "lead_deputy__account")
        .prefetch_related("cosigners__deputy__account", "merged_children__lead_deputy__account")
    )
    proposals = _proposals_of(cases) if choices is None else {}
    plans = []
    for case in cases:
        plan = Plan(case, choices if choices is not None else proposals.get(case.pk, []))
        try:
            check_plan(plan, today)
        except DomainError as error:
            raise type(error)(f"{case.shown_number}：{error.sentence}", field=error.field) from error
        plans.append(plan)
    return plans


def check_plan(plan: Plan, today: date) -> None:
    """能不能交办：状态、单位、没有悬着的异议。"""
    require(plan.case, case_lifecycle.ASSIGN)
    choosing.check_choices(plan.choices, today, plan.case.congress_id)
    objected = open_objections(plan.case.pk).filter(unit__in=[choice.unit.pk for choice in plan.choices])
    waiting = [str(row.unit) for row in objected]
    if waiting:
        raise DomainError(f"“{'、'.join(waiting)}”对拟交办有异议，裁定之后再交办", field="lead")


def hand_out(plans: Sequence[Plan], *, meeting, actor, today: date) -> list[Assignment]:
    """写下承办关系与时限，件转为已交办，逐件逐单位留痕。调用者已锁件并核对。"""
    reckoner = deadlines.Reckoner()
    numbers = {plan.case.pk: take_notice_number(plan.case) for plan in plans}
    opened = {}
    for plan in plans:
        rows = [new_assignment(plan.case, choice, numbers[plan.case.pk], meeting, actor, today)
                for choice in plan.choices]
        opened[plan.case.pk] = rows
    every = [row for rows in opened.values() for row in rows]
    save_with_dues(every, today, reckoner)
    cases = [plan.case.pk for plan in plans]
    _meet_case_dues(cases, today)
    Deferral.objects.filter(suggestion__in=cases).delete()
    wished = wishes_of(plans, today)
    for plan in plans:
        _move_to_assigned(plan, opened[plan.case.pk], wished[plan.case.pk], meeting, actor, today)
    return every


def new_assignment(case, choice: Choice, notice_number: str, meeting, actor, today: date, **more) -> Assignment:
    """一个承办关系（未存）：单位名称与规则组按此刻冻结。"""
    return Assignment(
        suggestion=case, unit=choice.unit, unit_name=choice.unit.name, role=choice.role, part=choice.part.strip(),
        meeting=meeting, notice_number=notice_number, assigned_on=today, assigned_by=actor,
        **{"profile_code": case.session.profile.code, **more},
    )


def save_with_dues(assignments: Sequence[Assignment], today: date, reckoner: deadlines.Reckoner) -> None:
    """成批写入承办关系及以交办为起算日的时限。"""
    rows = []
    for assignment in assignments:
        own = list(deadlines.rows_to_open(assignment, deadlines.AT_ASSIGNMENT, today, reckoner))
        for row in own:
            if row.rule_code in deadlines.governing_codes(assignment.role):
                assignment.due_on, assignment.provisional = row.due_on, row.provisional
        rows.extend(own)
    Assignment.objects.bulk_create(assignments, batch_size=BATCH)
    for row in rows:
        row.assignment_id = row.assignment.pk
    AssignmentDue.objects.bulk_create(rows, batch_size=BATCH)


def take_notice_number(case: Suggestion) -> str:
    """交办单号：按次会议连续。"""
    session = case.session
    return f"交{session.code}-{counters.take(f'notice:{case.congress_id}:{session.code}'):04d}"


def wishes_of(plans: Sequence[Plan], today: date) -> dict[int, list[wishes.Wish]]:
    """各件代表希望的单位；都没有写就不查单位表。"""
    written = {plan.case.pk: plan.case.wished_units for plan in plans}
    units = []
    if any(written.values()):
        units = list(Unit.objects.active(today).filter(congress=plans[0].case.congress_id))
    return {pk: wishes.resolve(text, units) for pk, text in written.items()}


def _move_to_assigned(plan: Plan, assignments, wished, meeting, actor, today: date) -> None:

    dues = [row.due_on for row in assignments if row.due_on]
    followed = wishes.followed(wished, [row.unit_id for row in assignments])
    move(
        plan.case, case_lifecycle.ASSIGN, actor=actor,
        fields={"assigned_on": today, "due_on": min(dues, default=None)},
        units=choosing.in_words(assignments), mode=choosing.mode_name(row.role for row in assignments),
        assignments=[row.pk for row in assignments], meeting=meeting.pk if meeting else None,
        wished=plan.case.wished_units, followed=followed,
    )
    for row in assignments:
        record("assignment.made", actor=actor, target=row, role=row.role, part=row.part, due_on=row.due_on,
               meeting=meeting.pk if meeting else None, replaces=row.replaces_id)


def _meet_case_dues(cases: Sequence[int], today: date) -> None:
    """登记、交办的时限到此办到。"""
    SuggestionDue.objects.open().filter(suggestion__in=cases).update(met_on=today)


def _chosen(case: Suggestion, choices: Sequence[Choice] | None) -> Sequence[Choice]:
    if choices is not None:
        return choices
    return _proposals_of([case]).get(case.pk, [])


def _proposals_of(cases: Sequence[Suggestion]) -> dict[int, list[Choice]]:
    found: dict[int, list[Choice]] = {}
    rows = ProposedAssignment.objects.filter(suggestion__in=[case.pk for case in cases])
    for row in rows.select_related("unit__successor").order_by("id"):
        found.setdefault(row.suggestion_id, []).append(Choice(row.unit, row.role, row.part))
    return found


@transaction.atomic
def unassign_suggestion(suggestion: Suggestion, *, reason: str, actor, today: date) -> Suggestion:
    """撤销交办：还没有单位签收时可以，件回到已登记；原交办关系留在历史里。"""
    case = lock_case(suggestion.pk)
    rows = list(Assignment.objects.live().filter(suggestion=case).select_related("unit"))
    taken = [row.unit_name for row in rows if row.status != AssignmentStatus.PENDING]
    if taken:
        raise NotAllowed(f"“{'、'.join(taken)}”已经签收，不能撤销交办；要改单位，由承办单位申请退回")
    require(case, case_lifecycle.UNASSIGN)

    for row in rows:
        deadlines.close_dues(row, "撤销交办", today)
        move(row, lifecycle.REASSIGN, actor=actor, reason="撤销交办", undone=True)
    due_on = _reopen_case_dues(case)
    move(case, case_lifecycle.UNASSIGN, actor=actor, reason=reason, fields={"assigned_on": None, "due_on": due_on},
         assignments=[row.pk for row in rows])
    return case


def _reopen_case_dues(case: Suggestion) -> date | None:
    """交办的时限接着走；返回它的到期日。"""
    rows = SuggestionDue.objects.filter(suggestion=case, rule_code=RuleCode.ASSIGN, closed_on__isnull=True)
    rows.update(met_on=None)
    return rows.values_list("due_on", flat=True).first()
