"""主题活动标签：给件挂上、去掉（科技厅 KJ-01）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden
from suggestions.locking import lock_case

from ..access import may_in_unit
from ..models import Assignment, CampaignTag, Unit


def _only(actor, unit_id: int) -> None:
    if not may_in_unit(actor, unit_id, "tag"):
        raise Forbidden("主题活动标签由联络员或厅领导挂")


@transaction.atomic
def make_tag(unit: Unit, *, name: str, actor, today: date) -> CampaignTag:
    """设一个主题活动；已有同名的用原来的。"""
    _only(actor, unit.pk)
    name = name.strip()
    if not name:
        raise DomainError("写明主题活动的名称", field="name")
    tag, made = CampaignTag.objects.get_or_create(unit=unit, name=name)
    if made:
        record("tag.made", actor=actor, target=tag, on=today)
    return tag


@transaction.atomic
def tag_assignments(tag: CampaignTag, assignments: Sequence[Assignment], *, actor, today: date) -> int:
    """给若干件挂上标签，每件各留一条痕；挂过的不重复。返回新挂的件数。"""
    _only(actor, tag.unit_id)
    if not assignments:
        raise DomainError("选择要挂标签的件", field="assignments")
    if any(one.unit_id != tag.unit_id for one in assignments):
        raise DomainError("只能给本单位的件挂标签", field="assignments")
    have = set(tag.assignments.values_list("pk", flat=True))
    fresh = [one for one in assignments if one.pk not in have]
    for one in sorted(fresh, key=lambda row: row.suggestion_id):
        lock_case(one.suggestion_id)
    tag.assignments.add(*fresh)
    for one in fresh:
        record("tag.added", actor=actor, target=one, tag=tag.name, on=today)
    return len(fresh)


@transaction.atomic
def untag(tag: CampaignTag, assignment: Assignment, *, actor, today: date) -> None:
    """从一件上去掉标签。"""
    _only(actor, tag.unit_id)
    lock_case(assignment.suggestion_id)
    if not tag.assignments.filter(pk=assignment.pk).exists():
        raise DomainError("这一件没有挂这个标签")
    tag.assignments.remove(assignment)
    record("tag.removed", actor=actor, target=assignment, tag=tag.name, on=today)
