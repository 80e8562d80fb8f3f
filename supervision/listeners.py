"""下层有事，督办层做什么：全部写在这里，一个事件一个函数，与下层动作同一事务。"""
from __future__ import annotations

from handlers.listeners import day_of
from handlers.models import Assignment
from lianluo.audit import listen, record

from .actions import signing_off
from .models import LedgerEntry, LedgerKind, LedgerStatus

UNASSIGNED = "撤销交办"


@listen("assignment.made")
def open_entries(event, assignment: Assignment) -> None:
    """交办或改办产生承办关系：件挂主账，承办挂分账（CZ-10：每承办关系恰一条）。"""
    case, unit = assignment.suggestion, assignment.unit
    main, made = LedgerEntry.objects.get_or_create(
        suggestion=case, kind=LedgerKind.MAIN,
        defaults={
            "congress_id": case.congress_id, "unit": unit, "what": case.title[:200],
            "opened_on": assignment.assigned_on, "due_on": case.due_on,
        },
    )
    if not made:
        _follow_main(main, assignment)
    LedgerEntry.objects.get_or_create(
        assignment=assignment, kind=LedgerKind.HANDLING,
        defaults={
            "congress_id": case.congress_id, "suggestion": case, "unit": unit,
            "what": _what(assignment)[:200],
            "opened_on": assignment.assigned_on, "due_on": assignment.due_on,
        },
    )


def _what(assignment: Assignment) -> str:
    part = f"（{assignment.part}）" if assignment.part else ""
    return f"{assignment.get_role_display()}{part}：{assignment.suggestion.title}"


def _follow_main(main: LedgerEntry, assignment: Assignment) -> None:
    """再次交办、改办：主条目恢复督办，责任单位随主办（独办）走；还没有到期日的补上。"""
    case, changes = assignment.suggestion, {}
    if main.closed_reason == UNASSIGNED:
        changes = {
            "closed_reason": "", "closed_on": None, "opened_on": assignment.assigned_on, "due_on": case.due_on,
            "unit": assignment.unit,
        }
        record("ledger.revived", actor=None, target=main, reason="再次交办")
    elif assignment.role in ("sole", "lead") and main.unit_id != assignment.unit_id:
        changes = {"unit": assignment.unit}
    if main.due_on is None:
        changes["due_on"] = case.due_on
    if changes:
        LedgerEntry.objects.filter(pk=main.pk).update(**changes)


@listen("assignment.reassigned")
def close_handling_entry(event, assignment: Assignment) -> None:
    """改办：原承办条目不再督办，留痕可查。"""
    _close(LedgerEntry.objects.filter(assignment=assignment), "已改办", event)


@listen("suggestion.withdrawn")
def close_case_entries(event, suggestion) -> None:
    """撤回：全部在账条目不再督办。"""
    _close(LedgerEntry.objects.filter(suggestion=suggestion), "代表撤回", event)


@listen("suggestion.unassigned")
def close_unassigned_entries(event, suggestion) -> None:
    """撤销交办：主条目标为不再督办，再次交办时恢复。"""
    _close(LedgerEntry.objects.filter(suggestion=suggestion), UNASSIGNED, event)


def _close(entries, reason: str, event) -> None:
    for entry in entries.on_account().order_by("id"):
        signing_off.close_entry(entry, reason=reason, actor=event.actor, today=day_of(event))


@listen("reply.delivered")
def open_promise_entries(event, reply) -> None:
    """送达 B 类答复：每项承诺挂一条承诺账（重庆条例第二十四条）。"""
    assignment = reply.assignment
    for promise in reply.promises.all():
        LedgerEntry.objects.get_or_create(
            promise=promise,
            defaults={
                "kind": LedgerKind.PROMISE, "congress_id": assignment.suggestion.congress_id,
                "suggestion": assignment.suggestion, "assignment": assignment, "unit": assignment.unit,
                "what": promise.text, "opened_on": reply.delivered_on,
                "due_on": max(promise.due_on, reply.delivered_on),
            },
        )


@listen("opinion.adopted")
def apply_for_assistant(event, opinion) -> None:
    """会办意见处理完毕：代会办单位提出销号申请。件已办结、不再督办的不必。"""
    entries = LedgerEntry.objects.on_account().filter(assignment=opinion.assignment, kind=LedgerKind.HANDLING)
    entry, sender = entries.first(), opinion.written_by or event.actor
    if entry and sender:
        signing_off.apply_for_assistant(entry, sender=sender, today=day_of(event))


@listen("assignment.round_started")
def withdraw_application(event, assignment: Assignment) -> None:
    """再办理启动：在途的销号申请退回，已销号的恢复挂账。"""
    rows = LedgerEntry.objects.filter(assignment=assignment, kind=LedgerKind.HANDLING, closed_on__isnull=True)
    for entry in rows.filter(status__in=(LedgerStatus.READY, LedgerStatus.SIGNED_OFF)):
        signing_off.reopen_for_round(entry, today=day_of(event))


@listen("deadline.governing_changed")
def follow_due(event, assignment: Assignment) -> None:
    """承办关系的到期日变了（延期、改办、再办理、重算）：台账跟着变。"""
    LedgerEntry.objects.filter(assignment=assignment, kind=LedgerKind.HANDLING).update(due_on=assignment.due_on)
    LedgerEntry.objects.filter(suggestion_id=assignment.suggestion_id, kind=LedgerKind.MAIN).update(
        due_on=assignment.suggestion.due_on
    )


@listen("assignment.succeeded")
def follow_assignment(event, assignment: Assignment) -> None:
    """承接单位接办：这一承办的条目换责任单位；牵头的，件的条目一并换。"""
    LedgerEntry.objects.filter(assignment=assignment).update(unit=assignment.unit)
    if assignment.role in ("sole", "lead"):
        LedgerEntry.objects.filter(suggestion_id=assignment.suggestion_id, kind=LedgerKind.MAIN).update(
            unit=assignment.unit
        )


@listen("unit.succeeded")
def follow_unit(event, unit) -> None:
    """单位撤并：还在账的其余条目（已答复待测评的、承诺）由承接单位接着督办。"""
    LedgerEntry.objects.on_account().filter(unit=unit).update(unit_id=event.data["successor"])
