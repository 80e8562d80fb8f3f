"""销号：单位申请，办公室另一个人核准；条件不足列缺项；销错了可恢复挂账。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField

from handlers.actions import concluding
from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, Stale, move, require
from lianluo.statements import Blank, Statement
from suggestions.locking import lock_case
from suggestions.models import Attachment

from .. import lifecycle
from ..conditions import conditions
from ..models import SETTLED_WITHIN, LedgerEntry, LedgerKind, LedgerStatus, SigningOff
from ..querysets import UNSENT_OPINION

#: 一条条目连同它的件、承办关系、单位；每个动作第一步都要取
BY_PK = Statement(lambda: LedgerEntry.objects.with_case().filter(pk=Blank("pk", BigIntegerField())).order_by())


def locked(entry: LedgerEntry) -> LedgerEntry:
    """先锁件，再取条目的最新状态；不再督办的什么也不能办。"""
    lock_case(entry.suggestion_id)
    fresh = BY_PK.first(pk=entry.pk)
    if fresh.closed_on:
        raise NotAllowed(f"这一条已于 {fresh.closed_on} 不再督办：{fresh.closed_reason}")
    return fresh


def _refuse_if_incomplete(entry: LedgerEntry) -> None:
    missing = conditions(entry)
    if missing:
        raise Incomplete("还不能销号", missing)


@transaction.atomic
def apply_sign_off(
    entry: LedgerEntry, *, statement: str, evidence: Iterable[Attachment] = (), actor, today: date
) -> SigningOff:
    """单位申请销号：条件齐备、附佐证（CZ-11「办结一件、销号一件」）。"""
    entry = locked(entry)
    if entry.kind == LedgerKind.MAIN:
        raise NotAllowed("件的条目随承办条目销号，不单独申请")
    if entry.kind in SETTLED_WITHIN:
        raise NotAllowed("这一条在单位内部了结，不向办公室申请销号")
    require(entry, lifecycle.APPLY)
    _refuse_if_incomplete(entry)
    files = list(evidence)
    if not statement.strip():
        raise DomainError("写明办了什么、结果如何", field="statement")
    if not files:
        raise DomainError("上传至少一份佐证", field="evidence")
    application = SigningOff.objects.create(
        entry=entry, statement=statement.strip(), applied_on=today, applied_by=actor
    )
    application.evidence.set(files)
    move(entry, lifecycle.APPLY, actor=actor, statement=application.statement, evidence=[file.sha256 for file in files])
    return application


@transaction.atomic
def apply_for_assistant(entry: LedgerEntry, *, sender, today: date) -> SigningOff | None:
    """会办意见处理完毕，系统即代会办单位（意见的起草人）提出销号申请，省去再填一遍；核准仍由办公室。"""
    entry = locked(entry)
    if entry.status != LedgerStatus.OPEN or conditions(entry):
        return None
    statement = "会办意见已由主办单位处理"
    application = SigningOff.objects.create(entry=entry, statement=statement, applied_on=today, applied_by=sender)
    move(entry, lifecycle.APPLY, actor=None, statement=statement, on_behalf_of=sender.name)
    return application


@transaction.atomic
def grant_sign_off(entry: LedgerEntry, *, note: str = "", actor, today: date) -> LedgerEntry:
    """办公室核准销号：申请人不得自批；最后一条承办销号时，件的条目一并销号、件办结。"""
    entry = locked(entry)
    application = _pending_for(entry, actor)
    _refuse_if_incomplete(entry)
    _decide(application, granted=True, note=note, actor=actor, today=today)
    _strike(entry, actor=actor, today=today, reason=note)
    if entry.kind == LedgerKind.HANDLING:
        _strike_main_when_clear(entry, application, actor=actor, today=today)
    return entry


def pending(entry: LedgerEntry) -> SigningOff:
    """待核准的申请；已被别人办掉的，说清是谁、哪天。"""
    application = entry.signing_offs.filter(granted__isnull=True).first()
    if application:
        return application
    last = entry.signing_offs.filter(decided_by__isnull=False).select_related("decided_by").first()
    if last is None:
        raise NotAllowed("这一条还没有销号申请")
    raise Stale(f"{last.decided_by.name}已于 {last.decided_on} {'核准' if last.granted else '退回'}这次申请")


def _pending_for(entry: LedgerEntry, actor) -> SigningOff:
    """由此人来办的申请：不论核准还是不予，都不能是申请人自己。"""
    application = pending(entry)
    if application.applied_by_id == actor.pk:
        raise DomainError("申请人不能核准自己的销号申请，由另一个人核准")
    return application


def _decide(application: SigningOff, *, granted: bool, note: str, actor, today: date) -> None:
    application.granted, application.decision_note = granted, note.strip()
    application.decided_by, application.decided_on = actor, today
    application.save(update_fields=["granted", "decision_note", "decided_by", "decided_on"])


def _strike(entry: LedgerEntry, *, actor, today: date, reason: str) -> None:
    move(
        entry, lifecycle.GRANT, actor=actor, reason=reason, fields={"signed_off_on": today, "signed_off_by": actor}
    )


def _strike_main_when_clear(entry: LedgerEntry, last: SigningOff, *, actor, today: date) -> None:
    """各承办条目都销了：件的条目依最后那次申请销号，件随即办结；不再挡着的会办条目一并了结。"""
    main = LedgerEntry.objects.with_case().get(suggestion_id=entry.suggestion_id, kind=LedgerKind.MAIN)
    if main.status == LedgerStatus.SIGNED_OFF or main.closed_on or conditions(main):
        return
    statement = "各承办条目均已销号"
    SigningOff.objects.create(
        entry=main, statement=statement, applied_on=last.applied_on, applied_by=last.applied_by,
        granted=True, decision_note=statement, decided_by=actor, decided_on=today,
    )
    move(main, lifecycle.APPLY, actor=None, statement=statement, application=last.pk)
    _strike(main, actor=actor, today=today, reason=statement)
    _close_unsent_opinions(entry.suggestion_id, today)
    concluding.conclude_case(entry.suggestion, actor=actor, today=today)


def _close_unsent_opinions(suggestion_id: int, today: date) -> None:
    """件的条目销了而还在账的承办条目，只剩没有送意见的会办。"""
    left = LedgerEntry.objects.on_account().filter(suggestion=suggestion_id, kind=LedgerKind.HANDLING)
    for entry in left.order_by("id"):
        close_entry(entry, reason=UNSENT_OPINION, actor=None, today=today)


@transaction.atomic
def close_entry(entry: LedgerEntry, *, reason: str, actor, today: date) -> None:
    """不再督办：改办、撤回、撤销交办、会办意见始终未送。在途的申请一并了结。"""
    entry.signing_offs.filter(granted__isnull=True).update(granted=False, decision_note=reason, decided_on=today)
    LedgerEntry.objects.filter(pk=entry.pk).update(closed_reason=reason, closed_on=today)
    record("ledger.closed", actor=actor, target=entry, reason=reason)


def grant_many(entries: Iterable[LedgerEntry], *, actor, today: date) -> tuple[list, list]:
    """批量核准：逐条一个事务；返回（已核准的条目，[（条目，不能核准的原因）]）。"""
    done, refused = [], []
    for entry in entries:
        try:
            done.append(grant_sign_off(entry, actor=actor, today=today))
        except DomainError as error:
            refused.append((entry, error.sentence))
    return done, refused


@transaction.atomic
def refuse_sign_off(entry: LedgerEntry, *, note: str, actor, today: date) -> LedgerEntry:
    """不予销号：说明理由，条目回到在账。"""
    entry = locked(entry)
    application = _pending_for(entry, actor)
    if not note.strip():
        raise DomainError("填写不予销号的理由", field="note")
    _decide(application, granted=False, note=note, actor=actor, today=today)
    move(entry, lifecycle.REFUSE, actor=actor, reason=note.strip())
    return entry


@transaction.atomic
def reopen_entry(entry: LedgerEntry, *, reason: str, actor, today: date) -> LedgerEntry:
    """恢复挂账：须写理由，原销号留在历史里；承办条目恢复时件的条目一并恢复、件回到已答复。"""
    entry = locked(entry)
    if entry.kind == LedgerKind.MAIN:
        raise NotAllowed("件的条目随承办条目恢复：打开要恢复的承办条目")
    if entry.kind in SETTLED_WITHIN:
        raise NotAllowed("这一条在单位内部了结，没有解决的另报一次")
    if not reason.strip():
        raise DomainError("填写恢复挂账的理由", field="reason")
    _reopen_one(entry, reason=reason.strip(), actor=actor, today=today)
    if entry.kind == LedgerKind.HANDLING:
        _reopen_main(entry, reason=reason.strip(), actor=actor, today=today)
    return entry


def _reopen_one(entry: LedgerEntry, *, reason: str, actor, today: date) -> None:
    last = entry.signing_offs.filter(granted=True, reopened_on__isnull=True).first()
    move(entry, lifecycle.REOPEN, actor=actor, reason=reason, fields={"signed_off_on": None, "signed_off_by": None})
    if last:
        last.reopened_on, last.reopened_by, last.reopen_reason = today, actor, reason
        last.save(update_fields=["reopened_on", "reopened_by", "reopen_reason"])


def _reopen_main(entry: LedgerEntry, *, reason: str, actor, today: date) -> None:
    main = LedgerEntry.objects.get(suggestion_id=entry.suggestion_id, kind=LedgerKind.MAIN)
    if main.status == LedgerStatus.SIGNED_OFF:
        _reopen_one(main, reason=reason, actor=actor, today=today)
    if entry.suggestion.status == "concluded":
        concluding.reopen_case(entry.suggestion, reason=reason, actor=actor, today=today)


@transaction.atomic
def reopen_for_round(entry: LedgerEntry, *, today: date) -> None:
    """再办理启动：在途的申请退回，已销号的恢复挂账；是系统的事，不算在评价或要求重办的人名下。"""
    reason = "启动再办理"
    if entry.status == LedgerStatus.READY:
        _decide(pending(entry), granted=False, note=reason, actor=None, today=today)
        move(entry, lifecycle.REFUSE, actor=None, reason=reason)
    elif entry.status == LedgerStatus.SIGNED_OFF:
        reopen_entry(entry, reason=reason, actor=None, today=today)
