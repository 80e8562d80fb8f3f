"""问效的账：连续两期没有报进展的方案上督办台账，恢复报送或方案完成即了结（MZ-12）。反复执行无害。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from handlers.models import Plan, PlanStatus
from lianluo.audit import record
from lianluo.statemachine import move
from suggestions.locking import lock_case

from .. import lifecycle
from ..measures import Silence, silent_plans
from ..models import LedgerEntry, LedgerKind, LedgerStatus

WHAT = "解决方案连续两期没有报进展"


def open_measures(today: date) -> int:
    """看一眼哪些方案该上账；返回新上账（或恢复挂账）的条数。"""
    return sum(open_measure(one, today=today) for one in silent_plans(today))


@transaction.atomic
def open_measure(silence: Silence, *, today: date) -> bool:
    """一份方案上账；已在账的不重来，了结过的恢复挂账。"""
    plan, case = silence.plan, silence.plan.assignment.suggestion
    lock_case(case.pk)
    entry = LedgerEntry.objects.filter(plan=plan).first()
    if entry is None:
        return _open(silence, today)
    if entry.closed_on or entry.status != LedgerStatus.SIGNED_OFF:
        return False
    move(
        entry, lifecycle.REOPEN, actor=None, reason=WHAT,
        fields={"signed_off_on": None, "signed_off_by": None, "result": "", "due_on": silence.periods.until},
    )
    return True


def _open(silence: Silence, today: date) -> bool:
    plan, assignment = silence.plan, silence.plan.assignment
    if not Plan.objects.filter(pk=plan.pk, status=PlanStatus.ISSUED).exists():
        return False
    person = next((step.person for step in plan.steps.all() if step.person_id), None)
    entry = LedgerEntry.objects.create(
        kind=LedgerKind.MEASURE, congress_id=assignment.suggestion.congress_id, suggestion=assignment.suggestion,
        assignment=assignment, unit=plan.unit, plan=plan, owner=person, what=WHAT, opened_on=today,
        due_on=max(silence.periods.until, today),
    )
    record("measure.opened", actor=None, target=entry, periods=silence.periods.silent)
    return True


def close_measure(plan: Plan, *, result: str, actor, today: date) -> None:
    """恢复报进展，或方案完成：在账的了结。"""
    entry = LedgerEntry.objects.on_account().filter(plan=plan).first()
    if entry is not None:
        move(
            entry, lifecycle.SETTLE, actor=actor, reason=result,
            fields={"result": result[:300], "signed_off_on": today, "signed_off_by": actor},
        )
