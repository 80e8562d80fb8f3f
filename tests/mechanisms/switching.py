"""机制测试共用：起用、停用、问一道门。"""
from __future__ import annotations

from handlers.actions import adopting
from handlers.mechanisms import gates
from handlers.mechanisms.base import Door
from handlers.mechanisms.facts import Case
from handlers.models import Assignment, UnitPolicy
from tests.handlers.handling import ASSIGNED


def switch_on(unit, *codes: str, params: dict | None = None) -> None:
    """从交办之日起起用，管全部在办的件。"""
    for code in codes:
        adopting.switch_mechanism(
            unit, code=code, on=True, scope="all_open", valid_from=ASSIGNED, params=params, actor=None, today=ASSIGNED
        )


def switch_off(unit, *codes: str) -> None:
    """当作没有起用过。"""
    UnitPolicy.objects.filter(unit=unit, code__in=codes).delete()
    UnitPolicy.objects.bulk_create(
        UnitPolicy(unit=unit, code=code, is_on=False, scope="all_open", valid_from=ASSIGNED) for code in codes
    )


def fresh(assignment: Assignment) -> Assignment:
    return Assignment.objects.select_related("suggestion__lead_deputy", "unit", "responsible_leader").get(
        pk=assignment.pk
    )


def lacking(assignment: Assignment, door: str, today) -> list[str]:
    """这一道门还缺什么，各一句话。"""
    return [one.sentence for one in gates.missing(Case(fresh(assignment), today), Door(door))]


def codes_lacking(assignment: Assignment, door: str, today) -> set[str]:
    return {one.code for one in gates.missing(Case(fresh(assignment), today), Door(door))}
