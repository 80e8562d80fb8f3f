"""一件的方案共用的几步：锁件、看这一件照不照某条机制办、一行一行的措施与问题、佐证。"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from lianluo.statemachine import DomainError, NotAllowed
from suggestions.actions.attaching import add_attachment
from suggestions.locking import lock_case
from suggestions.models import Attachment, Purpose

from ..mechanisms.facts import Case
from ..models import Assignment, AssignmentStatus, Nature, Plan, PlanKind, PlanStep, Post

#: 可以拟方案的
DRAFTING = (AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)
#: 可以接着报进展、核验的：答复以后也要跟踪到底
FOLLOWING = (*DRAFTING, AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED)
#: 方案种类 → 只有这一性质的件才有
NATURE_OF = {
    PlanKind.SOLUTION: Nature.OPINION, PlanKind.INVESTIGATION: Nature.CRITICISM,
    PlanKind.RECTIFICATION: Nature.CRITICISM,
}


@dataclass(frozen=True)
class Row:
    """正要存的一行：解决方案的一条措施、调查的一项任务、整改清单的一个问题。"""

    text: str
    measure: str = ""
    body: str = ""
    leader: Post | None = None
    person: Post | None = None
    due_on: date | None = None


def open_case(assignment: Assignment, kind: str, today: date) -> Case:
    """锁住件，取最新的承办关系；在办、性质相符的才能拟这种方案。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion__lead_deputy", "unit").get(pk=assignment.pk)
    if assignment.status not in DRAFTING:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收以后、答复以前才能拟方案")
    case, nature = Case(assignment, today), Nature(NATURE_OF[kind])
    if not case.is_nature(nature):
        raise DomainError(f"{nature.label}件才有{PlanKind(kind).label}，先在办理单上定性质分类")
    return case


def locked(plan: Plan) -> Plan:
    """锁住件，取方案的最新状态；改办、撤回了的不再往下办。"""
    lock_case(plan.assignment.suggestion_id)
    plan = Plan.objects.select_related("assignment__suggestion__lead_deputy", "assignment__unit").get(pk=plan.pk)
    if plan.assignment.status not in FOLLOWING or plan.assignment.suggestion.status == "withdrawn":
        raise NotAllowed(f"承办关系现在是“{plan.assignment.get_status_display()}”，方案不再往下办")
    return plan


def asked(case: Case, code: str) -> bool:
    """这一件要照这条机制办：起用着，也没有准许例外。"""
    return code in case.active and code not in case.waived


def check_rows(case: Case, rows: Sequence[Row], what: str) -> None:
    """每一行写明内容和期限，人是本单位现在的人。"""
    valid = {post.pk for post in case.posts}
    for place, row in enumerate(rows, 1):
        if not row.text.strip():
            raise DomainError(f"第 {place} {what}：填写内容", field="steps")
        if row.due_on is None:
            raise DomainError(f"第 {place} {what}：填写期限", field="steps")
        for post in filter(None, (row.leader, row.person)):
            if post.pk not in valid:
                raise DomainError(f"第 {place} {what}：{post.name}不是本单位现在的人", field="steps")


def replace_rows(plan: Plan, rows: Sequence[Row]) -> None:
    """草拟中的整组换掉。"""
    plan.steps.all().delete()
    add_rows(plan, rows)


def add_rows(plan: Plan, rows: Sequence[Row]) -> None:
    """接在后面。"""
    last = plan.steps.aggregate(last=Max("position"))["last"] or 0
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan, position=position, text=row.text.strip(), measure=row.measure.strip(), body=row.body.strip(),
            leader=row.leader, person=row.person, due_on=row.due_on,
        )
        for position, row in enumerate(rows, last + 1)
    )


def check_day(plan: Plan, happened_on: date, today: date) -> None:
    """记录的日子在开始以后、今天以前。"""
    if happened_on > today:
        raise DomainError("日期不能晚于今天", field="happened_on")
    if plan.issued_on and happened_on < plan.issued_on:
        raise DomainError(f"日期不能早于开始的 {plan.issued_on}", field="happened_on")


def keep_evidence(plan: Plan, uploads: Iterable, actor) -> Attachment | None:
    """收下佐证；一次一份。"""
    files = [
        add_attachment(
            plan.assignment.suggestion, upload, purpose=Purpose.EVIDENCE, about=f"plan:{plan.pk}", actor=actor
        )
        for upload in uploads if upload
    ]
    return files[0] if files else None
