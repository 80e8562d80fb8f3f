"""借鉴与停用机制：从某日起，管此后交办的件，或全部在办的件。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, Missing
from lianluo.workdays import clock

from ..access import may_in_unit
from ..mechanisms import gates, policies, presets
from ..mechanisms.base import GUARDS
from ..mechanisms.catalogue import CATALOGUE
from ..mechanisms.facts import Case
from ..mechanisms.progress import next_door
from ..models import Assignment, AssignmentStatus, PolicyScope, Unit, UnitPolicy

#: 在办：签收以后、答复以前
OPEN = (AssignmentStatus.PENDING, AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)


@dataclass(frozen=True)
class Touched:
    """预览里的一件：起用以后，下一步会多缺什么。"""

    assignment: Assignment
    missing: list[Missing]


@transaction.atomic
def switch_mechanism(
    unit: Unit, *, code: str, on: bool, scope: str = PolicyScope.NEW, valid_from: date, params: dict | None = None,
    actor, today: date,
) -> UnitPolicy:
    """起用或停用一条机制；同一天改主意的，以后一次为准。"""
    if actor is not None and not may_in_unit(actor, unit.pk, "adopt"):
        raise Forbidden("由本单位的联络员、分管领导或主要负责人起用和停用机制")
    check_switch(unit, code=code, on=on, valid_from=valid_from, today=today)
    row, _ = UnitPolicy.objects.update_or_create(
        unit=unit, code=code, valid_from=valid_from,
        defaults={
            "is_on": on, "scope": scope, "params": params or {}, "made_by": actor, "made_at": clock.now(),
        },
    )
    record(
        "policy.switched_on" if on else "policy.switched_off", actor=actor, target=row, code=code,
        unit=unit.short, valid_from=valid_from, scope=row.get_scope_display(),
    )
    return row


def check_switch(unit: Unit, *, code: str, on: bool, valid_from: date, today: date) -> None:
    """机制要在库里；不往回起用；已是这样的不重来。"""
    if code not in CATALOGUE:
        raise DomainError(f"机制库里没有 {code}", field="code")
    if not CATALOGUE[code].is_switch:
        raise DomainError(f"{CATALOGUE[code].quote}是记录或页面，不必起用，各单位都可以用")
    if valid_from < today:
        raise DomainError("起用日期不能早于今天", field="valid_from")
    if (code in policies.active_codes(unit, valid_from)) == on:
        raise DomainError(f"{CATALOGUE[code].quote}：本单位{'已经起用' if on else '没有起用'}")


def preview(unit: Unit, *, code: str, on: bool = True, scope: str, valid_from: date, today: date) -> list[Touched]:
    """会碰到哪些在办的件，各件的下一步因此多缺（停用则少缺）什么。先到期的在前。"""
    found = Assignment.objects.live().filter(unit=unit, status__in=OPEN).select_related(
        "suggestion__session", "unit", "responsible_leader"
    )
    if scope == PolicyScope.NEW:
        found = found.filter(assigned_on__gte=valid_from)
    guard = GUARDS.get(code)
    lines = []
    for assignment in found.order_by("due_on", "id"):
        active = {**policies.for_assignment(assignment, today), **_with_switch(code)}
        case = Case(assignment, today, active=active)
        door = next_door(case)
        if guard is not None and door in guard.doors:
            lacking = [one for one in gates.missing(case, door) if one.code == code]
            lines.append(Touched(assignment, lacking))
        else:
            lines.append(Touched(assignment, []))
    return lines


def _with_switch(code: str) -> dict[str, dict]:
    """连同它的总开关一起算起用。"""
    parent = policies.SWITCHED_BY.get(code)
    return {one: {} for one in (code, parent) if one}


@transaction.atomic
def adopt_preset(unit: Unit, office: str, *, valid_from: date, actor, today: date) -> list[UnitPolicy]:
    """照一个单位在简报里的做法整套起用；已起用的不动。用于初次设置和演示。"""
    have = policies.active_codes(unit, valid_from)
    rows = [
        UnitPolicy(
            unit=unit, code=code, valid_from=valid_from, params=params, made_by=actor, scope=PolicyScope.NEW
        )
        for code, params in presets.codes_of(office).items() if code not in have
    ]
    UnitPolicy.objects.bulk_create(rows)
    record(
        "policy.preset_adopted", actor=actor, target=unit, office=office, codes=[row.code for row in rows],
        valid_from=valid_from,
    )
    return rows
