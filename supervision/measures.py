"""跟踪问效：在实施的解决方案，哪些到期没有报进展，哪些连续两期没有报（MZ-12）。"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from handlers.mechanisms import policies
from handlers.models import AssignmentStatus, Plan, PlanKind, PlanStatus
from handlers.progress_periods import Periods, months_of, of_plan

#: 连续几期没有报的，上督办台账
SILENT_PERIODS = 2


@dataclass(frozen=True)
class Silence:
    """一份没有按期报的方案，和它的期。"""

    plan: Plan
    periods: Periods


def overdue_reports(today: date) -> Iterator[Silence]:
    """过完的一期（或几期）没有报进展的。起用了 MZ-12 的单位才盯。"""
    rows = Plan.objects.filter(kind=PlanKind.SOLUTION, status=PlanStatus.ISSUED).exclude(
        assignment__status=AssignmentStatus.REASSIGNED
    ).exclude(assignment__suggestion__status="withdrawn")
    related = ("assignment__suggestion__session", "assignment__suggestion__congress", "assignment__unit", "unit")
    switches: dict[int, list] = {}
    for plan in rows.select_related(*related).prefetch_related("records", "steps__person__account").order_by("id"):
        if plan.unit_id not in switches:
            switches[plan.unit_id] = policies.rows_of(plan.unit_id, today)
        active = policies.in_force(switches[plan.unit_id], plan.assignment.assigned_on)
        if "MZ-12" in active:
            periods = of_plan(plan, today, months_of(active))
            if periods.silent:
                yield Silence(plan, periods)


def silent_plans(today: date) -> list[Silence]:
    """连续两期没有报进展的，上督办台账。"""
    return [one for one in overdue_reports(today) if one.periods.silent >= SILENT_PERIODS]
