"""公开：单位拟定、人大办事机构终审；公开时间由机器记，撤下留底。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed
from lianluo.workdays.models import RuleCode
from suggestions.locking import lock_case

from .. import deadlines, letters, privacy, reply_checks
from ..models import Publication, Reply, ReplyStatus


@transaction.atomic
def publish_reply(
    reply: Reply, *, published_as: str = "", summary: str | None = None, addresses_checked: bool = False, actor,
    today: date,
) -> Reply:
    """公开一份答复：全文或摘要；公开的文字里有个人信息的不放行。摘要可由终审人改写，改动留痕。"""
    reply = _delivered(reply)
    if reply.published_at:
        raise NotAllowed("已经公开过；撤下的不再公开，以再次答复更正")
    if reply.publication == Publication.NONE:
        raise NotAllowed(f"承办单位定为不公开（{reply.publication_reason}），同意的办“不予公开”，不同意的与单位商定")
    chosen = published_as or reply.publication
    if reply.publication == Publication.SUMMARY and chosen != Publication.SUMMARY:
        raise DomainError("承办单位只同意公开摘要", field="published_as")
    old, fields = reply.summary, ["published_as", "published_at", "published_by", "withheld_reason", "changed_at"]
    reply.published_as, reply.withheld_reason = chosen, ""
    if chosen == Publication.SUMMARY and summary is not None:
        reply.summary = summary.strip()
        fields.append("summary")
    _refuse_unfit(reply, addresses_checked)
    reply.published_at, reply.published_by = moment(), actor
    reply.save(update_fields=fields)
    _decided(reply, today)
    changed = {"summary_before": old, "summary": reply.summary} if reply.summary != old else {}
    record("reply.published", actor=actor, target=reply, published_as=chosen,
           wish=reply.assignment.suggestion.publish_wish, **changed)
    return reply


def _delivered(reply: Reply) -> Reply:
    """锁件，取最新的答复；送达以后才谈公开。"""
    lock_case(reply.assignment.suggestion_id)
    reply = Reply.objects.select_related("assignment__suggestion__session", "assignment__unit", "result_class").get(
        pk=reply.pk
    )
    if reply.status != ReplyStatus.DELIVERED:
        raise NotAllowed(f"答复现在是“{reply.get_status_display()}”，送达以后再定公开")
    return reply


def _refuse_unfit(reply: Reply, addresses_checked: bool) -> None:
    """认得准的个人信息不放行；像住址的须审定人看过。"""
    if reply.published_as == Publication.SUMMARY and not reply.summary:
        raise DomainError("填写公开摘要", field="summary")
    found = reply_checks.public_findings(reply, letters.public_letter(reply).text())
    sure = privacy.blocking(found)
    if sure:
        raise Incomplete("公开", [Missing(f"{one.sentence}，可改为公开摘要") for one in sure])
    if found and not addresses_checked:
        words = "、".join(one.excerpt for one in found)
        raise DomainError(f"看过“{words}”，确认不是个人住址后勾选", field="addresses_checked")


def _decided(reply: Reply, today: date) -> None:
    """公开的时限到此办到。"""
    deadlines.meet_due(reply.assignment, RuleCode.PUBLISH, today, round=reply.round)


@transaction.atomic
def withhold_reply(reply: Reply, *, reason: str, actor, today: date) -> Reply:
    """不予公开，写明理由（政府信息公开条例第十四条、第十五条）。"""
    reply = _delivered(reply)
    if reply.published_at:
        raise NotAllowed("已经公开，不公开的办“撤下”")
    if not reason.strip():
        raise DomainError("写明不予公开的理由", field="reason")
    reply.withheld_reason, reply.published_by = reason.strip(), actor
    reply.save(update_fields=["withheld_reason", "published_by", "changed_at"])
    _decided(reply, today)
    record("reply.withheld", actor=actor, target=reply, reason=reply.withheld_reason)
    return reply


@transaction.atomic
def take_down(reply: Reply, *, reason: str, actor, today: date) -> Reply:
    """撤下已公开的答复：页面留下“已撤下”、日期和原因，公开时间不改。"""
    reply = _delivered(reply)
    if not reply.published_at or reply.taken_down_at:
        raise NotAllowed("这份答复没有公开着，不必撤下")
    if not reason.strip():
        raise DomainError("写明撤下的原因", field="reason")
    reply.taken_down_at, reply.taken_down_by, reply.taken_down_reason = moment(), actor, reason.strip()
    reply.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_reason", "changed_at"])
    record("reply.taken_down", actor=actor, target=reply, reason=reply.taken_down_reason)
    return reply
