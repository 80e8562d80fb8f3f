"""分类办理：整改的各项挂账、核验通过即了结；解决方案恢复报送，问效的账了结。"""
from __future__ import annotations

from handlers.listeners import day_of
from handlers.models import Plan, PlanStep
from lianluo.audit import listen
from lianluo.statemachine import move

from . import lifecycle
from .actions import measuring
from .models import LedgerEntry, LedgerKind


@listen("rectification.listed")
def open_rectifications(event, plan: Plan) -> None:
    """列入清单的问题各挂一条账。"""
    assignment, today = plan.assignment, day_of(event)
    for step in plan.steps.filter(ledger_entry__isnull=True):
        LedgerEntry.objects.create(
            kind=LedgerKind.RECTIFICATION, congress_id=assignment.suggestion.congress_id,
            suggestion=assignment.suggestion, assignment=assignment, unit=plan.unit, step=step, owner=step.person,
            what=step.text[:200], opened_on=min(step.due_on, today), due_on=step.due_on,
        )


@listen("step.passed")
def settle_rectification(event, step: PlanStep) -> None:
    """核验通过：这一项的账了结。"""
    entry = LedgerEntry.objects.on_account().filter(step=step).first()
    if entry is not None:
        result = event.reason or "核验通过"
        move(
            entry, lifecycle.SETTLE, actor=event.actor, reason=result,
            fields={"result": result[:300], "signed_off_on": step.done_on, "signed_off_by": event.actor},
        )


@listen("solution.progress_reported")
def settle_measure(event, plan: Plan) -> None:
    """恢复报进展：问效的账了结。补报从前的不算。"""
    measuring.close_measure(plan, result="恢复报进展", actor=event.actor, today=day_of(event))


@listen("solution.finished")
def settle_finished(event, plan: Plan) -> None:
    """方案完成：问效的账了结。"""
    measuring.close_measure(plan, result="方案完成，已写问效结论", actor=event.actor, today=day_of(event))
