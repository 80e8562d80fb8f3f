"""由表格而来的一行：新的一件收进来（有编号的随即登记），已有的一件改几格，撤销时退回去。

文字照表存，不做网页表单那样的清理；联名代表已在纸面上签名。只由 importing 的写入一步在事务里调用。
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.congresses.models import Session
from lianluo.statemachine import move
from lianluo.workdays import rules

from .. import deadlines, lifecycle
from ..locking import lock_case
from ..models import (
    CoSigner,
    Deputy,
    RaisedBy,
    RaisedDuring,
    Request,
    Series,
    Suggestion,
    SuggestionDue,
    SuggestionStatus,
)
from ..texts import text_hash
from . import writing
from .drafting import raised_during_on

#: 撤销导入时：新增的件还能删去的状态、改过的件还能恢复的状态
REMOVABLE = (SuggestionStatus.SUBMITTED, SuggestionStatus.REGISTERED)
OPEN = (*REMOVABLE, SuggestionStatus.RETURNED, SuggestionStatus.MERGED)
#: 直接照抄到件上的列
COLUMNS = ("title", "body", "kind", "wished_units", "publish_wish", "contact_phone", "note", "row_hash")


def bring_in(
    data: Mapping[str, Any], *, number: int | None, series: str, from_bill: bool, submitted_on: date, source: dict,
    actor, today: date,
) -> Suggestion:
    """新的一件：提交；带编号的随即登记。编号是否空着由判断一步查过，库里另有唯一约束。

    ``data`` 另有 session、batch、lead_deputy、delegation_id、requests、cosigners（代表的主键）。
    带编号的在表外已审查登记过，因此不开登记时限。``source`` 记哪个文件哪一行。
    """
    session: Session = data["session"]
    suggestion = _new(data, series=series or _series_on(session, submitted_on), from_bill=from_bill, actor=actor)
    _write_lists(suggestion, data["requests"], data["cosigners"])
    record("suggestion.imported", actor=actor, target=suggestion, **source)
    fields = {"submitted_on": submitted_on, "due_on": None}
    if number is None:
        fields["due_on"] = deadlines.open_due(suggestion, deadlines.REGISTER, submitted_on).due_on
    move(suggestion, lifecycle.SUBMIT, actor=actor, fields=fields, hash=suggestion.text_hash)
    if number is not None:
        register(suggestion, number, actor=actor, today=today)
    return suggestion


def _series_on(session: Session, day: date) -> str:
    return Series.SESSION if raised_during_on(session, day) == RaisedDuring.IN_SESSION else Series.BETWEEN


def _new(data: Mapping[str, Any], *, series: str, from_bill: bool, actor) -> Suggestion:
    session = data["session"]
    suggestion = Suggestion(
        congress_id=session.term.congress_id, session=session, series=series, converted_from_bill=from_bill,
        raised_during=RaisedDuring.IN_SESSION if series == Series.SESSION else RaisedDuring.BETWEEN_SESSIONS,
        raised_by=RaisedBy.JOINT if data["cosigners"] else RaisedBy.PERSONAL, lead_deputy=data["lead_deputy"],
        delegation_id=data["delegation_id"], batch=data["batch"], revision=1, made_by=actor,
        text_hash=text_hash(data["title"], data["body"], data["requests"]),
        **{name: data[name] for name in COLUMNS},
    )
    suggestion.save(force_insert=True)
    return suggestion


def _write_lists(suggestion: Suggestion, requests: Iterable[str], deputies: Iterable[int]) -> None:
    """具体建议与联名；联名按表上的签名记为确认。"""
    asked = [Request(suggestion=suggestion, position=at, text=text) for at, text in enumerate(requests, start=1)]
    if asked:
        Request.objects.bulk_create(asked)
    now = moment()
    signed = [
        CoSigner(
            suggestion=suggestion, deputy_id=pk, position=at, confirmed_at=now,
            confirmed_hash=suggestion.text_hash, confirmed_how=writing.PAPER,
        )
        for at, pk in enumerate(deputies, start=1)
    ]
    if signed:
        CoSigner.objects.bulk_create(signed)


def register(suggestion: Suggestion, number: int, *, actor, today: date) -> None:
    """按表上的编号登记；闭会期间的件从提交之日起算交办时限。计数行由导入末尾一次抬高。"""
    deadlines.meet_due(suggestion, deadlines.REGISTER, today)
    fields = {"number": number, "registered_on": today, "due_on": None}
    if suggestion.series == Series.BETWEEN:
        fields["due_on"] = deadlines.open_due(
            suggestion, deadlines.ASSIGN_OFF_SESSION, suggestion.submitted_on,
            round=deadlines.next_round(suggestion, deadlines.ASSIGN_OFF_SESSION),
        ).due_on
    move(suggestion, lifecycle.REGISTER, actor=actor, fields=fields, number=number)


def amend(pk: int, data: Mapping[str, Any], *, number: int | None, source: dict, actor, today: date) -> dict:
    """已有的一件改这几格：``data`` 只含要改的。返回改之前的样子，供撤销。"""
    suggestion = lock_case(pk)
    before = _standing(suggestion, data)
    _apply(suggestion, data, actor=actor)
    record(
        "suggestion.import_updated", actor=actor, target=suggestion, changed=sorted(data), before=before,
        revision=suggestion.revision, **source,
    )
    if number is not None:
        register(suggestion, number, actor=actor, today=today)
    return {**before, "pk": pk, "revision": suggestion.revision}


def _standing(suggestion: Suggestion, data: Mapping[str, Any]) -> dict:
    """将要改的几格现在的值。"""
    names = [name for name in data if name not in ("requests", "cosigners")]
    found = {"columns": {name: getattr(suggestion, name) for name in names}}
    if "requests" in data:
        found["requests"] = writing.request_texts(suggestion)
    if "cosigners" in data:
        found["cosigners"] = list(suggestion.cosigners.order_by("position").values_list("deputy", flat=True))
    return found


def _apply(suggestion: Suggestion, data: Mapping[str, Any], *, actor) -> None:
    for name, value in data.items():
        if name not in ("requests", "cosigners"):
            setattr(suggestion, name, value)
    if "cosigners" in data:
        writing.set_cosigners(suggestion, _deputies(data["cosigners"]), actor=actor)
    requests = _requests(suggestion, data)
    if writing.refresh_text(suggestion, requests) or "cosigners" in data:
        writing.sign_on_paper(suggestion, now=moment())
    writing.settle_raised_by(suggestion)
    suggestion.revision += 1
    if "submitted_on" in data:
        _move_dues(suggestion)
    suggestion.save()


def _requests(suggestion: Suggestion, data: Mapping[str, Any]) -> list[str]:
    """具体建议整组换；表上的字照存。"""
    if "requests" not in data:
        return writing.request_texts(suggestion)
    suggestion.requests.all().delete()
    _write_lists(suggestion, data["requests"], ())
    return list(data["requests"])


def _deputies(ids: list[int]) -> list[Deputy]:
    found = Deputy.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def _move_dues(suggestion: Suggestion) -> None:
    """提交日期改了，还在走的时限跟着重算。"""
    for due in suggestion.dues.open():
        computed = rules.compute(suggestion.session.profile, due.rule_code, suggestion.submitted_on)
        SuggestionDue.objects.filter(pk=due.pk).update(**computed.columns())
    suggestion.due_on = deadlines.governing(suggestion)


def put_back(entry: Mapping[str, Any], *, actor) -> None:
    """撤销导入：改过的几格恢复原样。"""
    suggestion = lock_case(entry["pk"])
    data = dict(entry["columns"])
    data |= {name: entry[name] for name in ("requests", "cosigners") if name in entry}
    if data.get("submitted_on"):
        data["submitted_on"] = date.fromisoformat(str(data["submitted_on"]))
    _apply(suggestion, data, actor=actor)
    record("suggestion.import_undone", actor=actor, target=suggestion, revision=suggestion.revision)


def note_removal(suggestion: Suggestion, *, actor) -> None:
    """撤销导入：收进来的一件随后删去，留痕仍在。"""
    record("suggestion.import_undone", actor=actor, target=suggestion, title=suggestion.title)
