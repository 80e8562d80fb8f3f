"""机制库要数的：哪些单位在用、今年管着几件。"""
from __future__ import annotations

from collections import defaultdict
from datetime import date

from .mechanisms import policies
from .models import Assignment, Unit, UnitPolicy, Waiver


def users_of(today: date) -> dict[str, list[Unit]]:
    """编号 → 另外起用了它的单位（五定各单位都用，不在此列）。"""
    rows: dict[Unit, list[UnitPolicy]] = defaultdict(list)
    for row in UnitPolicy.objects.in_effect(today).select_related("unit").order_by("unit", "valid_from", "id"):
        rows[row.unit].append(row)
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit, mine in rows.items():
        for code in policies.in_force(mine, today):
            if code not in policies.DEFAULT:
                found[code].append(unit)
    return found


def doings_this_year(code: str, today: date) -> list[tuple[str, int]]:
    """今年：管着几件、其中照它办到送达的几件、准许例外几件。"""
    rows: dict[int, list[UnitPolicy]] = defaultdict(list)
    for row in UnitPolicy.objects.in_effect(today).order_by("valid_from", "id"):
        rows[row.unit_id].append(row)
    cases = Assignment.objects.live().answering().filter(assigned_on__year=today.year)
    if code not in policies.DEFAULT:
        cases = cases.filter(unit__in=rows)
    governed = [
        status for unit, day, status in cases.values_list("unit", "assigned_on", "status")
        if code in policies.in_force(rows.get(unit, ()), day)
    ]
    waived = Waiver.objects.filter(code=code, granted=True, decided_on__year=today.year).count()
    done = sum(status in ("answered", "concluded") for status in governed)
    return [("管着的主办件", len(governed)), ("已照办送达", done), ("准许例外", waived)]
