"""联名：邀请、确认、谢绝、移出。确认的是某一份文本，以摘要为准。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from lianluo.accounts import links
from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import DomainError, NotAllowed, Stale

from ..locking import lock_case
from ..models import CoSigner, Deputy, Suggestion, SuggestionStatus
from . import writing

LINK_DAYS = 30
OPEN = (SuggestionStatus.DRAFT, SuggestionStatus.RETURNED, SuggestionStatus.COSIGNING)


def invite_waiting(suggestion: Suggestion, *, actor) -> int:
    """邀请全部还没有确认、也没有邀请过的联名代表，返回人数。"""
    rows = list(
        suggestion.cosigners.filter(confirmed_hash="", invited_at__isnull=True, refused_at__isnull=True)
        .select_related("deputy__account")
    )
    for row in rows:
        _invite(row, actor=actor)
    return len(rows)


def _invite(row: CoSigner, *, actor) -> None:
    """记下邀请时刻；邀请信由消息一侧在同一事务里发出。"""
    row.invited_at = moment()
    row.save(update_fields=["invited_at"])
    record("cosigner.invited", actor=actor, target=row, deputy=row.deputy.name, revision=row.suggestion.revision)


def issue_link(row: CoSigner) -> str:
    """发一条只给这位代表、只为这件联名的链接；先前未用的作废。"""
    links.void(writing.LINK_PURPOSE, writing.link_subject(row))
    return links.issue(
        writing.LINK_PURPOSE, writing.link_subject(row), days=LINK_DAYS, account=row.deputy.account,
        deputy_id=row.deputy_id,
    )


@transaction.atomic
def invite_again(cosigner: CoSigner, *, actor, today: date) -> CoSigner:
    """再提醒一次还没有确认的联名代表。"""
    suggestion, row = _locked(cosigner)
    if suggestion.status != SuggestionStatus.COSIGNING or row.confirmed_hash or row.refused_at:
        raise NotAllowed(f"{row.deputy.name}代表现在不需要提醒")
    _invite(row, actor=actor)
    return row


@transaction.atomic
def add_cosigners(suggestion: Suggestion, *, deputies: Iterable[Deputy], actor, today: date) -> Suggestion:
    """添加联名代表；已在确认中的，随即邀请新加的人。"""
    suggestion = lock_case(suggestion.pk)
    _require_open(suggestion)
    present = [row.deputy for row in suggestion.cosigners.select_related("deputy")]
    writing.set_cosigners(suggestion, [*present, *deputies], actor=actor)
    writing.settle_raised_by(suggestion)
    suggestion.save(update_fields=["raised_by", "changed_at"])
    if suggestion.status == SuggestionStatus.COSIGNING:
        invite_waiting(suggestion, actor=actor)
    return suggestion


@transaction.atomic
def confirm_cosign(cosigner: CoSigner, *, text_hash: str, how: str = writing.ONLINE, actor, today: date) -> CoSigner:
    """联名代表确认自己看到的这份文本；与现在的不符即 Stale。"""
    suggestion, row = _locked(cosigner)
    _require_asked(suggestion, row, how)
    if text_hash != suggestion.text_hash:
        raise Stale("文本已经修改，看过新的文本后再确认", field="text_hash")
    if row.deputy.served_to and row.deputy.served_to < today:
        raise DomainError(f"{row.deputy.name}现在不是本级人大代表，不能联名")
    row.confirmed_at, row.confirmed_hash, row.confirmed_how, row.refused_at = moment(), text_hash, how, None
    row.save(update_fields=["confirmed_at", "confirmed_hash", "confirmed_how", "refused_at"])
    record("cosigner.confirmed", actor=actor, target=row, deputy=row.deputy.name, hash=text_hash, how=how)
    return row


def _require_asked(suggestion: Suggestion, row: CoSigner, how: str) -> None:
    if row.confirmed_hash and row.confirmed_hash == suggestion.text_hash:
        raise NotAllowed("这份文本已经确认过")
    if how == writing.PAPER:
        _require_open(suggestion)
    elif suggestion.status != SuggestionStatus.COSIGNING:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，现在不需要确认联名")


@transaction.atomic
def refuse_cosign(cosigner: CoSigner, *, reason: str = "", actor, today: date) -> CoSigner:
    """谢绝联名；已确认的，在提交之前也可以退出。"""
    suggestion, row = _locked(cosigner)
    if suggestion.status != SuggestionStatus.COSIGNING or row.refused_at:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，现在不需要答复联名")
    row.refused_at, row.confirmed_at, row.confirmed_hash, row.confirmed_how = moment(), None, "", ""
    row.save(update_fields=["confirmed_at", "confirmed_hash", "confirmed_how", "refused_at"])
    links.void(writing.LINK_PURPOSE, writing.link_subject(row))
    record("cosigner.refused", actor=actor, target=row, deputy=row.deputy.name, reason=reason)
    return row


@transaction.atomic
def remove_cosigner(cosigner: CoSigner, *, actor, today: date) -> Suggestion:
    """领衔代表把人移出联名；提交之后不能再动。"""
    suggestion, row = _locked(cosigner)
    _require_open(suggestion)
    writing.drop_cosigner(row, actor=actor)
    writing.settle_raised_by(suggestion)
    suggestion.save(update_fields=["raised_by", "changed_at"])
    return suggestion


def _locked(cosigner: CoSigner) -> tuple[Suggestion, CoSigner]:
    """锁件，重读这一行；行已不在的说清楚。"""
    suggestion = lock_case(cosigner.suggestion_id)
    row = CoSigner.objects.select_related("deputy__account", "suggestion").filter(pk=cosigner.pk).first()
    if row is None:
        raise Stale("已被移出联名，不需要再确认")
    return suggestion, row


def _require_open(suggestion: Suggestion) -> None:
    if suggestion.status not in OPEN:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，联名名单不能再改")
