"""起草与提交：存草稿、送联名确认、收回、提交、丢弃。联名各步在 cosigning，撤回在 withdrawing，从这里一并取用。"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from lianluo.audit import record
from lianluo.congresses.models import Session, current_session
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, move

from .. import deadlines, lifecycle
from ..locking import lock_case
from ..models import Deputy, RaisedDuring, Series, Suggestion, SuggestionStatus
from . import writing
from .cosigning import (
    add_cosigners,
    confirm_cosign,
    invite_again,
    invite_waiting,
    refuse_cosign,
    remove_cosigner,
)
from .withdrawing import withdraw_suggestion

__all__ = [
    "add_cosigners", "confirm_cosign", "discard_draft", "gaps", "invite_again", "open_cosigning", "raised_during_on",
    "refuse_cosign", "remove_cosigner", "save_draft", "submit_suggestion", "take_back", "withdraw_suggestion",
]

EDITABLE = (SuggestionStatus.DRAFT, SuggestionStatus.RETURNED, SuggestionStatus.COSIGNING)


@transaction.atomic
def save_draft(
    data: Mapping[str, Any], *, suggestion: Suggestion | None = None, revision: int | None = None, actor, today: date
) -> Suggestion:
    """存草稿：新建，或改草稿、退回修改的件；待联名确认的先收回。文本一改，已有确认作废。

    ``data`` 的键见 ``writing.COLUMNS``，另有 ``requests`` 与 ``cosigners``；没给的不动。
    ``revision`` 是打开时的版次，不符即 Stale。
    """
    if suggestion is None:
        return _new_draft(data, actor=actor, today=today)
    suggestion = lock_case(suggestion.pk)
    if suggestion.status not in EDITABLE:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，不能再改草稿")
    writing.check_revision(suggestion, revision)
    return _change(suggestion, data, actor=actor)


def _new_draft(data: Mapping[str, Any], *, actor, today: date) -> Suggestion:
    suggestion = Suggestion(made_by=actor)
    given = dict(data)
    given.setdefault("session", _session_for(given))
    given.setdefault("raised_during", raised_during_on(given["session"], today))
    if given.get("lead_deputy") is None:
        raise DomainError("填写领衔代表", field="lead_deputy")
    writing.apply_columns(suggestion, given)
    suggestion.revision = 1
    suggestion.save()
    _write_parts(suggestion, given, actor=actor)
    record("suggestion.drafted", actor=actor, target=suggestion)
    return suggestion


def _session_for(data: Mapping[str, Any]) -> Session:
    lead: Deputy | None = data.get("lead_deputy")
    session = current_session(lead.congress if lead else None)
    if session is None:
        raise DomainError("还没有设置届次会议，先在设置里建立", field="session")
    return session


def _change(suggestion: Suggestion, data: Mapping[str, Any], *, actor) -> Suggestion:
    changed = writing.apply_columns(suggestion, data)
    if suggestion.status == SuggestionStatus.COSIGNING:
        move(suggestion, lifecycle.BACK_TO_DRAFT, actor=actor)
    suggestion.revision += 1
    suggestion.save()
    _write_parts(suggestion, data, actor=actor)
    record("suggestion.edited", actor=actor, target=suggestion, changed=changed, revision=suggestion.revision)
    return suggestion


def _write_parts(suggestion: Suggestion, data: Mapping[str, Any], *, actor) -> None:
    """具体建议、联名名单、文本摘要；文本变了，确认作废。"""
    if "cosigners" in data:
        writing.set_cosigners(suggestion, data["cosigners"] or [], actor=actor)
    requests = (
        writing.set_requests(suggestion, data["requests"] or [])
        if "requests" in data else writing.request_texts(suggestion)
    )
    if writing.refresh_text(suggestion, requests):
        writing.void_confirmations(suggestion, actor=actor)
    writing.settle_raised_by(suggestion)
    suggestion.save(update_fields=["text_hash", "raised_by", "changed_at"])


def raised_during_on(session: Session, day: date) -> str:
    """这一天提出的算大会期间还是闭会期间：闭幕当天仍算大会期间。"""
    return RaisedDuring.IN_SESSION if day <= session.closed_on else RaisedDuring.BETWEEN_SESSIONS


def _text_gaps(suggestion: Suggestion) -> list[Missing]:
    """正文、具体建议缺什么。"""
    found = []
    if not suggestion.title:
        found.append(Missing("填写标题", url="#id_title"))
    if not suggestion.body:
        found.append(Missing("填写内容：情况和问题", url="#id_body"))
    if not suggestion.requests.exists():
        found.append(Missing("至少写一条具体建议", url="#id_requests"))
    return found


def gaps(suggestion: Suggestion, today: date) -> list[Missing]:
    """提交前还缺什么：文本、联系方式、代表资格、联名确认。"""
    found = _text_gaps(suggestion)
    if not (suggestion.contact_phone or suggestion.lead_deputy.phone):
        found.append(Missing("填写联系电话", url="#id_contact_phone"))
    found += _not_serving(suggestion, today)
    waiting = suggestion.cosigners.filter(refused_at__isnull=True).select_related("deputy")
    found += [
        Missing(f"{row.deputy.name}代表尚未确认联名，等其确认，或者移出联名", url="#id_cosigners")
        for row in waiting if row.confirmed_hash != suggestion.text_hash
    ]
    return found


def _not_serving(suggestion: Suggestion, today: date) -> list[Missing]:
    """换届或辞职后没有代表资格的，不能再提出。"""
    joined = [row.deputy for row in suggestion.cosigners.filter(refused_at__isnull=True).select_related("deputy")]
    return [
        Missing(f"{deputy.name}现在不是本级人大代表，不能提出", url="#id_lead_deputy")
        for deputy in [suggestion.lead_deputy, *joined] if not serving(deputy, today)
    ]


def serving(deputy: Deputy, day: date) -> bool:
    """这一天是不是在任代表。"""
    begun = deputy.served_from is None or deputy.served_from <= day
    return begun and (deputy.served_to is None or day <= deputy.served_to)


@transaction.atomic
def open_cosigning(suggestion: Suggestion, *, actor, today: date) -> Suggestion:
    """送联名代表确认：文本先写齐，再逐一邀请。"""
    suggestion = lock_case(suggestion.pk)
    missing = _text_gaps(suggestion)
    if missing:
        raise Incomplete("送联名代表确认前", missing)
    if not suggestion.cosigners.filter(refused_at__isnull=True).exists():
        raise DomainError("先添加联名代表", field="cosigners")
    move(suggestion, lifecycle.OPEN_COSIGNING, actor=actor)
    invite_waiting(suggestion, actor=actor)
    return suggestion


@transaction.atomic
def take_back(suggestion: Suggestion, *, actor, today: date) -> Suggestion:
    """收回修改：文本不动则已有的确认仍有效。"""
    suggestion = lock_case(suggestion.pk)
    move(suggestion, lifecycle.BACK_TO_DRAFT, actor=actor)
    return suggestion


@transaction.atomic
def submit_suggestion(
    suggestion: Suggestion, *, actor, today: date, one_matter: bool = True, turn_between: bool = False
) -> Suggestion:
    """提交：要件齐、联名全部确认、一事一议；开审核登记的时限。

    ``one_matter`` 是代表对一事一议的声明；``turn_between`` 为真时，闭幕后提交的自动改作闭会期间的件。
    ``today`` 是提交之日，纸质件为收到之日。
    """
    suggestion = lock_case(suggestion.pk)
    if not one_matter:
        raise DomainError("确认这件只写了一件事（一事一议）", field="one_matter")
    _settle_period(suggestion, today, turn_between=turn_between)
    for row in suggestion.cosigners.filter(refused_at__isnull=False).select_related("deputy"):
        writing.drop_cosigner(row, actor=actor)
    missing = gaps(suggestion, today)
    if missing:
        raise Incomplete("提交前", missing)
    writing.settle_raised_by(suggestion)
    due = deadlines.open_due(
        suggestion, deadlines.REGISTER, today, round=deadlines.next_round(suggestion, deadlines.REGISTER)
    )
    fields = {name: getattr(suggestion, name) for name in ("raised_during", "series", "raised_by")}
    move(
        suggestion, lifecycle.SUBMIT, actor=actor, one_matter=one_matter, text=_snapshot(suggestion),
        fields={**fields, "submitted_on": today, "due_on": due.due_on},
    )
    return suggestion


def _settle_period(suggestion: Suggestion, today: date, *, turn_between: bool) -> None:
    """大会期间的件须在闭幕前提交；已闭幕的改作闭会期间的件。"""
    late = suggestion.raised_during == RaisedDuring.IN_SESSION and today > suggestion.session.closed_on
    if not late:
        return
    if not turn_between:
        closed = suggestion.session.closed_on
        raise DomainError(
            f"大会已于 {closed.year}年{closed.month}月{closed.day}日 闭幕，把提出时间改为“闭会期间”再提交",
            field="raised_during",
        )
    suggestion.raised_during, suggestion.series = RaisedDuring.BETWEEN_SESSIONS, Series.BETWEEN


def _snapshot(suggestion: Suggestion) -> dict:
    """提交时的内容与附件摘要，记入留痕。"""
    signed = suggestion.cosigners.select_related("deputy")
    return {
        "title": suggestion.title, "body": suggestion.body, "requests": writing.request_texts(suggestion),
        "hash": suggestion.text_hash,
        "cosigners": [
            {"name": row.deputy.name, "how": row.confirmed_how, "at": row.confirmed_at} for row in signed
        ],
        "attachments": list(suggestion.attachments.values("shown_name", "sha256")),
    }


@transaction.atomic
def discard_draft(suggestion: Suggestion, *, actor, today: date) -> None:
    """丢弃从未提交过的草稿；提交过的只能撤回。"""
    suggestion = lock_case(suggestion.pk)
    if suggestion.status not in (SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING) or suggestion.submitted_on:
        raise NotAllowed("提交过的件不能丢弃，可以申请撤回")
    for row in suggestion.cosigners.all():
        writing.drop_cosigner(row, actor=actor)
    record("suggestion.discarded", actor=actor, target=suggestion, title=suggestion.title)
    suggestion.delete()
