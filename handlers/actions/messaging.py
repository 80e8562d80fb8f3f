"""代表与单位互相留言：代表的一条七日内回应，单位一回应，此前没有回应的都算回应了（CZ-21）。"""
from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from lianluo.audit import record
from lianluo.audit.context import moment
from lianluo.statemachine import DomainError, Forbidden
from suggestions.models import Deputy, Suggestion

from ..access import may_in_unit, posts_of
from ..access_serving import cases_between, may_talk
from ..models import DeputyMessage, Unit

#: 代表留言几日内回应（日历天）
ANSWER_DAYS = 7


@transaction.atomic
def send_message(
    unit: Unit, deputy: Deputy, *, text: str, suggestion: Suggestion | None = None, actor, today: date
) -> DeputyMessage:
    """留一条言：本人发的是代表留言，开始计时；本单位的人发的是回应，计时随之停下。"""
    Unit.objects.select_for_update().get(pk=unit.pk)
    from_deputy = deputy.account_id is not None and deputy.account_id == actor.pk
    if not from_deputy and not may_in_unit(actor, unit.pk, "serve"):
        raise Forbidden("由代表本人或本单位的人留言")
    if not text.strip():
        raise DomainError("写下要说的话", field="text")
    if not may_talk(deputy, unit):
        raise Forbidden(f"{unit.short}没有办这名代表的件，也不对口联系这名代表")
    if suggestion is not None and not cases_between(deputy, unit).filter(pk=suggestion.pk).exists():
        raise DomainError("选的件不是这名代表提、本单位办的", field="suggestion")

    message = DeputyMessage.objects.create(
        unit=unit, deputy=deputy, suggestion=suggestion, from_deputy=from_deputy, text=text.strip(), author=actor,
        author_name=f"{deputy.name}代表" if from_deputy else _signature(actor, unit),
        answer_by_on=today + timedelta(days=ANSWER_DAYS) if from_deputy else None,
    )
    answered = 0 if from_deputy else _stop_the_clock(message)
    record("message.sent", actor=actor, target=message, from_deputy=from_deputy, answers=answered)
    return message


def _signature(actor, unit: Unit) -> str:
    """单位一方的署名：处室、姓名。"""
    post = next((one for one in posts_of(actor) if one.unit_id == unit.pk), None)
    room = f"{post.division} " if post and post.division_id else ""
    return f"{room}{actor.name}"


def _stop_the_clock(message: DeputyMessage) -> int:
    """此前没有回应的，都由这一条回应；返回几条。"""
    owed = DeputyMessage.objects.filter(
        unit=message.unit_id, deputy=message.deputy_id, from_deputy=True, answered_at__isnull=True, pk__lt=message.pk
    )
    return owed.update(answered_at=moment())
