"""可行性评估与专家会诊：单位内部的会商，不计与代表沟通的次数（MZ-14、MZ-15）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.locking import lock_case

from ..access import may_in_unit
from ..models import (
    CONCLUSIONS,
    Activity,
    ActivityCase,
    ActivityKind,
    ActivityMember,
    Assignment,
    Expert,
    Matter,
    Nature,
    Post,
    Unit,
)
from ..models.sheet import HandlingSheet
from .contacting import stage_now
from .plan_steps import DRAFTING


@transaction.atomic
def assess_feasibility(
    assignment: Assignment, *, conclusion: str, content: str, happened_on: date, members: Sequence[Post], actor,
    today: date,
) -> Activity:
    """建议件的可行性评估：结论、要点、评估人、日期；评估过才能定办理结果类别（MZ-14）。"""
    rows = _locked([assignment], happened_on, today)
    nature = HandlingSheet.objects.filter(assignment=assignment).values_list("nature", flat=True).first()
    if nature != Nature.SUGGESTION:
        raise DomainError("建议件才作可行性评估，先在办理单上定性质分类")
    if conclusion not in CONCLUSIONS[Matter.FEASIBILITY]:
        raise DomainError("选择评估的结论", field="conclusion")
    if not content.strip():
        raise DomainError("填写评估的要点", field="content")
    if not members:
        raise DomainError("选择评估的人", field="members")
    return _keep(rows, "feasibility.assessed", members, actor, happened_on=happened_on, matter=Matter.FEASIBILITY,
                 conclusion=conclusion, content=content.strip())


@transaction.atomic
def consult_experts(
    assignments: Sequence[Assignment], *, experts: Sequence[Expert], subject: str, content: str, happened_on: date,
    members: Sequence[Post] = (), place: str = "", actor, today: date,
) -> Activity:
    """专家集中会诊：至少一名专家，一次可以会诊几件（MZ-15）。"""
    rows = _locked(assignments, happened_on, today)
    if not experts:
        raise DomainError("从专家库里至少选一名专家", field="experts")
    unit = rows[0].unit_id
    if any(expert.unit_id != unit or not expert.is_active for expert in experts):
        raise DomainError("专家从本单位在库的专家里选", field="experts")
    if not subject.strip():
        raise DomainError("填写会诊的议题", field="subject")
    if not content.strip():
        raise DomainError("填写专家的意见", field="content")
    activity = _keep(
        rows, "experts.consulted", members, actor, happened_on=happened_on, matter=Matter.EXPERTS,
        subject=subject.strip(), content=content.strip(), place=place.strip(),
        told={"experts": [expert.name for expert in experts]},
    )
    activity.experts.set(experts)
    return activity


def _locked(assignments: Sequence[Assignment], happened_on: date, today: date) -> list[Assignment]:
    if not assignments:
        raise DomainError("选择涉及的件", field="others")
    for pk in sorted({one.suggestion_id for one in assignments}):
        lock_case(pk)
    found = Assignment.objects.filter(pk__in=[one.pk for one in assignments]).select_related("suggestion", "unit")
    rows = list(found.order_by("id"))
    if len({row.unit_id for row in rows}) > 1:
        raise DomainError("涉及的件都要是本单位的", field="others")
    for row in rows:
        if row.status not in DRAFTING:
            raise NotAllowed(f"{row.suggestion.shown_number} 现在是“{row.get_status_display()}”，在办的件才记")
        if happened_on < row.assigned_on:
            raise DomainError(f"日期不能早于交办日期 {row.assigned_on}", field="happened_on")
    if happened_on > today:
        raise DomainError("日期不能晚于今天", field="happened_on")
    return rows


def _keep(
    rows: list[Assignment], event: str, members: Sequence[Post], actor, *, told: dict | None = None, **values
) -> Activity:
    """记下会商，每件各留一条痕；人按当时的职务职级冻结。"""
    unit = rows[0].unit
    if any(post.unit_id != unit.pk for post in members):
        raise DomainError("参加的人从本单位里选", field="members")
    activity = Activity.objects.create(
        unit=unit, kind=ActivityKind.MEETING, stage=stage_now(rows[0]), recorded_by=actor, **values
    )
    ActivityMember.objects.bulk_create(
        ActivityMember(
            activity=activity, post=post, name=post.name, title=post.title or post.get_duty_display(), duty=post.duty,
            rank=post.rank,
        )
        for post in dict.fromkeys(members)
    )
    for row in rows:
        case = ActivityCase.objects.create(activity=activity, assignment=row)
        record(
            event, actor=actor, target=case, activity=activity.pk, happened_on=activity.happened_on,
            conclusion=activity.get_conclusion_display(), **(told or {}),
        )
    return activity


# ── 专家库 ──
@transaction.atomic
def save_expert(
    unit: Unit, expert: Expert | None = None, *, name: str, institution: str, title: str = "", field: str = "",
    is_active: bool = True, actor, today: date,
) -> Expert:
    """添一名专家，或者改他的情况；不再请的移出在库，以前的会诊照旧。"""
    if not may_in_unit(actor, unit.pk, "sheet"):
        raise Forbidden("由本单位的人维护专家库")
    if not name.strip() or not institution.strip():
        raise DomainError("填写专家的姓名和所在单位", field="name")
    made = expert is None
    expert = expert or Expert(unit=unit)
    values = {
        "name": name.strip(), "institution": institution.strip(), "title": title.strip(), "field": field.strip(),
        "is_active": is_active,
    }
    twin = Expert.objects.filter(unit=unit, name=values["name"], institution=values["institution"])
    if twin.exclude(pk=expert.pk).exists():
        raise DomainError("专家库里已有这名专家", field="name")
    for key, value in values.items():
        setattr(expert, key, value)
    expert.save()
    record("expert.added" if made else "expert.changed", actor=actor, target=expert, unit=unit.short)
    return expert
