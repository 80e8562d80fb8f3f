"""督办层的消息：销号申请、核准、退回、恢复挂账各告诉谁。件的条目随承办条目走，不另说。"""
from __future__ import annotations

from collections.abc import Iterable

from handlers import audiences
from handlers.listeners import day_of
from lianluo.accounts.models import User
from lianluo.audit import listen
from lianluo.notices import posting
from lianluo.notices.settling import settled_by

from .models import LedgerEntry, LedgerKind

settled_by("ledger.settled", kinds=("difficulty.raised",), about=lambda entry: f"ledger:{entry.pk}")
settled_by("ledger.signed_off", "ledger.sign_off_refused",
           kinds=("ledger.sign_off_applied",), about=lambda entry: f"ledger:{entry.pk}")


@listen("ledger.sign_off_applied")
def tell_office(event, entry: LedgerEntry) -> None:
    """申请销号：告诉办公室核准。"""
    _tell(event, entry, audiences.office(day_of(event)))


@listen("ledger.signed_off", "ledger.sign_off_refused", "ledger.reopened")
def tell_unit(event, entry: LedgerEntry) -> None:
    """核准、不予、恢复挂账：告诉单位。"""
    _tell(event, entry, audiences.liaisons([entry.unit_id], day_of(event)).get(entry.unit_id, []))


def _tell(event, entry: LedgerEntry, people: Iterable[User]) -> None:
    if entry.kind == LedgerKind.MAIN:
        return
    posting.post(
        event.event, about=f"ledger:{entry.pk}", rung=str(event.seq), recipients=people, actor=event.actor,
        case_id=entry.suggestion_id, congress=entry.congress, url=f"/ledger/{entry.pk}/",
        context={"entry": entry, "case": entry.suggestion, "reason": event.reason},
    )


@listen("difficulty.raised")
def tell_owner(event, entry: LedgerEntry) -> None:
    """报困难：告诉责任人。"""
    if entry.owner and entry.owner.account:
        _tell(event, entry, [entry.owner.account])
