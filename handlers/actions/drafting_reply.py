"""起草答复：存一版、留一版。"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed, Stale
from lianluo.workdays import clock
from suggestions.locking import lock_case

from .. import letters
from ..mechanisms import gates
from ..mechanisms.base import Door
from ..models import (
    Adoption,
    Assignment,
    AssignmentStatus,
    AssistOpinion,
    Reply,
    ReplyItem,
    ReplyPromise,
    ReplyStatus,
    ReplyVersion,
)
from .assisting import adopt_opinion

#: 直接写进列的内容
COLUMNS = (
    "result_class", "opening", "closing", "assist_note", "explanation", "publication", "publication_reason", "summary",
    "contact_name", "contact_phone", "copied_to", "missing_opinions_reason",
)
#: 另存成行的内容
ROWS = ("items", "promises", "adoptions")


@transaction.atomic
def save_reply(assignment: Assignment, *, data: Mapping, version: int = 0, actor, today: date) -> Reply:
    """存答复草稿，留一版。``version`` 是打开时的版次，别人存过更新的就不覆盖。

    ``data`` 除 COLUMNS 各列外：``items`` {具体建议主键（没有分条的为 None）: (采纳, 回应)}；
    ``promises`` [(事项, 完成时限, 责任处室和责任人)]；``adoptions`` {会办意见主键: (采纳, 理由)}。没给的不动。
    """
    unknown = set(data) - set(COLUMNS) - set(ROWS)
    if unknown:
        raise ValueError(f"答复没有这些内容：{sorted(unknown)}")
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion__session", "suggestion__congress", "unit").get(
        pk=assignment.pk
    )
    reply = _open(assignment, actor, today)
    _refuse_stale(reply, version)
    if data.get("result_class") and data["result_class"] != reply.result_class:
        gates.check(assignment, Door.CLASSIFY, today)
    if "adoptions" in data:
        _adopt(assignment, data["adoptions"], actor, today)
    _write_columns(reply, data)
    if "items" in data:
        _write_items(reply, data["items"])
    if "promises" in data:
        _write_promises(reply, data["promises"])
    keep_version(reply, actor)
    record("reply.saved", actor=actor, target=reply, version=reply.version)
    return reply


def _open(assignment: Assignment, actor, today: date) -> Reply:
    """本轮的答复；没有就起草一份，联系人之外的固定内容先填好。"""
    if not assignment.answers_deputy:
        raise NotAllowed("会办单位只向主办单位提会办意见，不答复代表")
    if assignment.status != AssignmentStatus.HANDLING:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收并分派处室后再起草答复")
    reply = Reply.objects.current().filter(assignment=assignment, round=assignment.round).first()
    if reply is None:
        gates.check(assignment, Door.DRAFT, today)
        copies = letters.default_copies(assignment)
        reply = Reply.objects.create(
            assignment=assignment, round=assignment.round, written_by=actor, copied_to=copies
        )
        record("reply.drafted", actor=actor, target=reply, round=reply.round)
    reply.assignment = assignment
    if reply.status != ReplyStatus.DRAFT:
        raise NotAllowed(f"答复现在是“{reply.get_status_display()}”，送审后不能修改；退回修改后再改")
    return reply


def _refuse_stale(reply: Reply, version: int) -> None:
    if reply.version == version:
        return
    last = reply.versions.select_related("saved_by").first()
    if last is None:
        return
    at = last.saved_at.astimezone(clock.BEIJING)
    raise Stale(f"{last.saved_by or '系统'}已于 {at:%Y-%m-%d %H:%M} 存了第 {last.number} 版，对照新版后再存")


def _write_columns(reply: Reply, data: Mapping) -> None:
    given = {name: data[name] for name in COLUMNS if name in data}
    for name, value in given.items():
        setattr(reply, name, value.strip() if isinstance(value, str) else value)
    if reply.opening == letters.opening_for(reply.assignment):
        reply.opening = ""  # 与固定写法相同就不存，编号、会办单位变了自动跟着变
    if reply.closing == letters.CLOSING:
        reply.closing = ""
    reply.save(update_fields=[*{*given, "opening", "closing"}, "changed_at"])


def _write_items(reply: Reply, items: Mapping[int | None, tuple[str, str]]) -> None:
    allowed = set(reply.assignment.suggestion.requests.values_list("pk", flat=True)) or {None}
    if not set(items) <= allowed:
        raise DomainError("逐条回应要与件上的具体建议一一对应，重新打开页面再写")
    if any(adoption and adoption not in Adoption.values for adoption, _ in items.values()):
        raise DomainError("采纳情况从列出的里面选")
    written = {row.request_id: row for row in reply.items.all()}
    rows = [written.get(request_id) or ReplyItem(reply=reply, request_id=request_id) for request_id in items]
    for row, (adoption, text) in zip(rows, items.values(), strict=True):
        row.adoption, row.text = adoption, text.strip()
    ReplyItem.objects.bulk_create(row for row in rows if row.pk is None)
    ReplyItem.objects.bulk_update([row for row in rows if row.pk], ["adoption", "text"])


def _write_promises(reply: Reply, promises: Iterable[tuple[str, date, str]]) -> None:
    reply.promises.all().delete()
    ReplyPromise.objects.bulk_create(
        ReplyPromise(reply=reply, position=place, text=text.strip(), due_on=due_on, responsible=responsible.strip())
        for place, (text, due_on, responsible) in enumerate(promises, 1)
    )


def _adopt(assignment: Assignment, adoptions: Mapping[int, tuple[str, str]], actor, today: date) -> None:
    """在答复页上一并处理会办意见；没选的不动。"""
    opinions = AssistOpinion.objects.filter(assignment__suggestion=assignment.suggestion_id).in_bulk(list(adoptions))
    for pk, (adoption, note) in adoptions.items():
        if adoption and pk in opinions:
            adopt_opinion(opinions[pk], adoption=adoption, note=note, actor=actor, today=today)


def keep_version(reply: Reply, actor) -> ReplyVersion:
    """留一版全文。"""
    fresh = Reply.objects.select_related("assignment__suggestion__session", "result_class").get(pk=reply.pk)
    text = letters.compose(fresh).text()
    number = (reply.versions.values_list("number", flat=True).first() or 0) + 1
    version = ReplyVersion.objects.create(
        reply=reply, number=number, text=text, digest=letters.digest(text), saved_by=actor
    )
    reply.version = number
    reply.save(update_fields=["version", "changed_at"])
    return version
