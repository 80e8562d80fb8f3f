"""工作人员录入纸质件：一次录完即提交，联名代表已在纸上签名。"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import DomainError, Forbidden, NotAllowed

from .. import access
from ..locking import lock_case
from ..models import Suggestion, SuggestionStatus
from . import registering, writing
from .drafting import raised_during_on, save_draft, submit_suggestion

CORRECTABLE = (SuggestionStatus.DRAFT, SuggestionStatus.SUBMITTED, SuggestionStatus.RETURNED)
TEXT = ("title", "body")


@transaction.atomic
def enter_suggestion(data: Mapping[str, Any], *, actor, today: date) -> Suggestion:
    """录入一件并提交；预印了编号的（``data["number"]``）随即登记。

    ``data`` 同 ``save_draft``，另有 ``submitted_on``（收到之日，缺省今天）与 ``number``。
    """
    given = dict(data)
    _refuse_other_teams(given, actor)
    number = given.pop("number", None)
    received_on = given.pop("submitted_on", None) or today
    if received_on > today:
        raise DomainError("收到日期不晚于今天", field="submitted_on")
    if given.get("session") and not given.get("raised_during"):
        given["raised_during"] = raised_during_on(given["session"], received_on)
    suggestion = save_draft(given, actor=actor, today=received_on)
    writing.sign_on_paper(suggestion, now=moment())
    record("suggestion.entered", actor=actor, target=suggestion)
    suggestion = submit_suggestion(suggestion, actor=actor, today=received_on)
    if number is not None:
        suggestion = registering.register_suggestion(suggestion, number=number, actor=actor, today=today)
    return suggestion


@transaction.atomic
def correct_entry(
    suggestion: Suggestion, data: Mapping[str, Any], *, revision: int | None = None, actor, today: date
) -> Suggestion:
    """登记之前更正录入：代表自己提交的，标题、内容、具体建议只能退回代表修改。

    退回修改的录入件改好即重新提交。
    """
    suggestion = lock_case(suggestion.pk)
    if suggestion.status not in CORRECTABLE:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，登记之后不能再改录入内容")
    if is_deputys_own(suggestion) and suggestion.status != SuggestionStatus.SUBMITTED:
        raise NotAllowed(f"这件{suggestion.get_status_display()}，等代表改好再交")
    writing.check_revision(suggestion, revision)
    given = {key: value for key, value in data.items() if key not in ("number", "submitted_on")}
    _refuse_other_teams(given, actor)
    if is_deputys_own(suggestion):
        _refuse_text_change(suggestion, given)
    changed = writing.apply_columns(suggestion, given)
    suggestion.revision += 1
    suggestion.save()
    _correct_parts(suggestion, given, actor=actor)
    record("suggestion.corrected", actor=actor, target=suggestion, changed=changed, revision=suggestion.revision)
    if suggestion.status in (SuggestionStatus.RETURNED, SuggestionStatus.DRAFT):
        suggestion = submit_suggestion(suggestion, actor=actor, today=today, turn_between=True)
    return suggestion


def _correct_parts(suggestion: Suggestion, data: Mapping[str, Any], *, actor) -> None:
    """具体建议与联名；录入件的纸面签名跟到更正后的文本。"""
    if is_deputys_own(suggestion):
        return
    if "cosigners" in data:
        writing.set_cosigners(suggestion, data["cosigners"] or [], actor=actor)
    requests = (
        writing.set_requests(suggestion, data["requests"]) if "requests" in data
        else writing.request_texts(suggestion)
    )
    if "requests" in data and not requests:
        raise DomainError("至少写一条具体建议", field="requests")
    writing.refresh_text(suggestion, requests)
    writing.settle_raised_by(suggestion)
    suggestion.save(update_fields=["text_hash", "raised_by", "changed_at"])
    writing.sign_on_paper(suggestion, now=moment())


def is_deputys_own(suggestion: Suggestion) -> bool:
    """代表本人在网上写的（不是工作人员录入的）。"""
    account_id = suggestion.lead_deputy.account_id
    return account_id is not None and suggestion.made_by_id == account_id


def _refuse_other_teams(data: Mapping[str, Any], actor) -> None:
    """代表团工作人员只代录本团代表的件。"""
    lead = data.get("lead_deputy")
    if lead is not None and not access.may_enter_for(actor, lead):
        raise Forbidden(f"{lead.name}不是本代表团的代表，由他所在的代表团或者大会秘书处录入")


def _refuse_text_change(suggestion: Suggestion, data: Mapping[str, Any]) -> None:
    cleaned = {"title": writing.clean_line(data.get("title", suggestion.title)),
               "body": writing.clean_text(data.get("body", suggestion.body))}
    moved = any(getattr(suggestion, name) != cleaned[name] for name in TEXT)
    if "requests" in data:
        moved = moved or writing.clean_requests(data["requests"]) != writing.request_texts(suggestion)
    if "cosigners" in data:
        present = {row.deputy_id for row in suggestion.cosigners.all()}
        moved = moved or {deputy.pk for deputy in data["cosigners"]} != present
    if moved:
        raise DomainError("这件由代表本人提交，标题、内容、具体建议和联名要退回代表修改", field="title")
