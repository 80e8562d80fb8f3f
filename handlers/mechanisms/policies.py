"""一个单位、一件此刻用着哪些机制：预置打底，单位的开关按起用日叠加。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..models import Assignment, PolicyScope, Unit, UnitPolicy

#: 没有另外起用、停用的单位也照此办：五定是本系统分派的底线
DEFAULT: dict[str, dict] = {code: {} for code in ("CZ-22", "CZ-23", "CZ-24", "CZ-25", "CZ-26")}
#: 总开关 → 随它停用的机制（MZ-22：关闭后不再要求 MZ-03 至 MZ-19）
SWITCHED_BY = {f"MZ-{number:02d}": "MZ-22" for number in range(2, 20)}


def rows_of(unit_id: int, today: date) -> list[UnitPolicy]:
    """到今天为止这个单位的开关，先起用的在前。"""
    return list(UnitPolicy.objects.in_effect(today).filter(unit=unit_id).order_by("valid_from", "id"))


def in_force(rows: Iterable[UnitPolicy], assigned_on: date) -> dict[str, dict]:
    """某日交办的件上用着哪些机制：编号 → 参数。后一行盖过前一行；只管此后交办的，不追溯。"""
    found = {code: dict(params) for code, params in DEFAULT.items()}
    for row in rows:
        if row.scope == PolicyScope.NEW and assigned_on < row.valid_from:
            continue
        if row.is_on:
            found[row.code] = row.params
        else:
            found.pop(row.code, None)
    return {code: params for code, params in found.items() if _switched_on(code, found)}


def _switched_on(code: str, found: dict) -> bool:
    return code not in SWITCHED_BY or SWITCHED_BY[code] in found


def for_assignment(assignment: Assignment, today: date) -> dict[str, dict]:
    """管着这个承办关系的机制。"""
    return in_force(rows_of(assignment.unit_id, today), assignment.assigned_on)


def active_codes(unit: Unit, today: date) -> dict[str, dict]:
    """单位此刻用着的机制（今天交办的件照此办）。"""
    return in_force(rows_of(unit.pk, today), today)
