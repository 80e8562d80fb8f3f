"""审查：登记编号、不作为建议、退回补充、复核。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, move, require

from .. import deadlines, lifecycle, numbering
from ..locking import lock_case
from ..models import Category, DeclineGround, Series, Suggestion, numbered

#: 退回几次起提醒
RETURNS_TO_WARN = 3
#: 不作为建议的去向（上海、湖北、青岛、重庆）
DISPOSITIONS = {"returned": "退回代表", "letter": "作来信处理", "forwarded": "转其他机关"}


@transaction.atomic
def register_suggestion(
    suggestion: Suggestion, *, category: Category | None = None, number: int | None = None, similar_seen: bool = True,
    actor, today: date,
) -> Suggestion:
    """登记编号：去重提示已看；号码取自计数行，不重、不空、不可改。

    ``number`` 是预印或导入带来的编号；不给则取下一号。
    """
    suggestion = lock_case(suggestion.pk)
    require(suggestion, lifecycle.REGISTER)
    if not similar_seen:
        raise DomainError("先看过可能相近的件，再登记", field="similar_seen")
    fields = {"number": _number_for(suggestion, number), "registered_on": today, "decision_note": ""}
    if category is not None:
        fields["category"] = category
    deadlines.meet_due(suggestion, deadlines.REGISTER, today)
    fields["due_on"] = _open_assignment_due(suggestion)
    move(suggestion, lifecycle.REGISTER, actor=actor, fields=fields, number=fields["number"])
    return suggestion


def _number_for(suggestion: Suggestion, number: int | None) -> int:
    """取号：指定的号没有人用才行，并把计数行抬到不低于它。"""
    session, series = suggestion.session, suggestion.series
    if number is None:
        return numbering.next_number(session, series)
    if number < 1:
        raise DomainError("编号从 1 开始", field="number")
    holder = Suggestion.objects.filter(session=session, series=series, number=number).first()
    if holder:
        free = numbered(series, numbering.upcoming_number(session, series))
        taken = numbered(series, number)
        raise DomainError(f"编号 {taken} 已被《{holder.title}》使用，下一个空号是 {free}", field="number")
    numbering.raise_to(session, series, number)
    return number


def _open_assignment_due(suggestion: Suggestion) -> date | None:
    """闭会期间的件从提交之日起算交办时限；大会期间的由交办会统一交办。"""
    if suggestion.series != Series.BETWEEN:
        return None
    return deadlines.open_due(
        suggestion, deadlines.ASSIGN_OFF_SESSION, suggestion.submitted_on,
        round=deadlines.next_round(suggestion, deadlines.ASSIGN_OFF_SESSION),
    ).due_on


@transaction.atomic
def return_to_deputy(suggestion: Suggestion, *, note: str, actor, today: date) -> Suggestion:
    """退回代表修改：理由必填，次数记入留痕。"""
    suggestion = lock_case(suggestion.pk)
    require(suggestion, lifecycle.RETURN)
    if not note.strip():
        raise DomainError("写明退回的理由，让代表知道改什么", field="note")
    deadlines.close_dues(suggestion, today)
    times = times_returned(suggestion) + 1
    move(
        suggestion, lifecycle.RETURN, actor=actor, reason=note.strip(), times=times,
        fields={"decision_note": note.strip(), "due_on": None},
    )
    return suggestion


def times_returned(suggestion: Suggestion) -> int:
    """已退回几次；收回了的不算。"""
    events = AuditEvent.objects.about(suggestion)
    returned = events.filter(event=lifecycle.RETURN.event).count()
    return returned - events.filter(event=lifecycle.RECALL_RETURN.event).count() if returned else 0


@transaction.atomic
def decline_suggestion(
    suggestion: Suggestion, *, ground: str, note: str, disposition: str = "returned", told_how: str = "", actor,
    today: date,
) -> Suggestion:
    """不作为建议处理：法定理由、说明、去向，并告知代表。

    代表有账号的由系统告知；没有的须写明怎样告知（``told_how``）。
    """
    suggestion = lock_case(suggestion.pk)
    require(suggestion, lifecycle.DECLINE)
    _require_grounds(ground, note, disposition)
    told_how = told_how.strip() or _told_by_system(suggestion)
    deadlines.close_dues(suggestion, today)
    move(
        suggestion, lifecycle.DECLINE, actor=actor, reason=note.strip(), ground=ground, disposition=disposition,
        told_on=today, told_how=told_how,
        fields={"decline_ground": ground, "decision_note": note.strip(), "due_on": None},
    )
    return suggestion


def _require_grounds(ground: str, note: str, disposition: str) -> None:
    if ground not in DeclineGround.values:
        raise DomainError("选择不作为建议的法定理由", field="ground")
    if not note.strip():
        raise DomainError("写明不作为建议的说明，一并告知代表", field="note")
    if disposition not in DISPOSITIONS:
        raise DomainError("选择这件的去向", field="disposition")


def _told_by_system(suggestion: Suggestion) -> str:
    account = suggestion.lead_deputy.account
    if account is None or not account.is_active:
        raise DomainError(f"{suggestion.lead_deputy.name}代表没有账号，写明怎样告知代表", field="told_how")
    return "站内通知"


@transaction.atomic
def reopen_declined(suggestion: Suggestion, *, reason: str, actor, today: date) -> Suggestion:
    """复核不作为建议的件，回到待审查；只可一次。"""
    suggestion = lock_case(suggestion.pk)
    if AuditEvent.objects.about(suggestion).filter(event=lifecycle.REVIEW_AGAIN.event).exists():
        raise DomainError("这件已经复核过一次")
    return _back_to_review(suggestion, lifecycle.REVIEW_AGAIN, reason=reason, actor=actor, today=today)


@transaction.atomic
def recall_return(suggestion: Suggestion, *, reason: str, actor, today: date) -> Suggestion:
    """收回刚才的退回：代表还没有改过才行。"""
    suggestion = lock_case(suggestion.pk)
    event = AuditEvent.objects.about(suggestion).order_by("-id").first()
    if event is None or event.event != lifecycle.RETURN.event:
        raise DomainError("退回之后代表已经改过，不能收回")
    return _back_to_review(suggestion, lifecycle.RECALL_RETURN, reason=reason, actor=actor, today=today)


def _back_to_review(suggestion: Suggestion, step, *, reason: str, actor, today: date) -> Suggestion:
    """登记时限仍从提交之日起算，免得退来退去把期限越拖越长。"""
    require(suggestion, step)
    due = deadlines.open_due(
        suggestion, deadlines.REGISTER, suggestion.submitted_on,
        round=deadlines.next_round(suggestion, deadlines.REGISTER),
    )
    move(
        suggestion, step, actor=actor, reason=reason,
        fields={"decline_ground": "", "decision_note": "", "due_on": due.due_on},
    )
    return suggestion
