"""服务代表的消息：邀请告诉代表，留言告诉对方；回了执、回应了，提醒随之销去。"""
from __future__ import annotations

from django.urls import reverse

from lianluo.audit import listen
from lianluo.notices import inbox
from lianluo.notices.posting import post

from . import audiences
from .counterparts import counterparts_of
from .listeners import day_of
from .models import Activity, ActivityDeputy, DeputyMessage, Matter


@listen("service.logged")
def tell_invited(event, target) -> None:
    """邀请列席：告诉受邀的代表，请他回个话。"""
    if not isinstance(target, Activity) or target.matter != Matter.INVITATION:
        return
    rows = target.deputies.filter(deputy__account__isnull=False).select_related("deputy__account")
    post(
        "invitation.sent", about=f"service:{target.pk}", recipients=[row.deputy.account for row in rows],
        actor=event.actor, congress=target.unit.congress, url=reverse("deputy:invitations"),
        context={"activity": target, "unit": target.unit},
    )


@listen("invitation.answered")
def settle_invitation(event, row: ActivityDeputy) -> None:
    """回了执，催他的提醒销去；都回了，告诉单位的那一条也销去。"""
    inbox.settle(f"invitation:{row.pk}", now=event.at)
    inbox.settle(f"service:{row.activity_id}", now=event.at, kinds=("invitation.sent",), recipient=row.deputy.account)
    if not row.activity.deputies.filter(answer="").exists():
        inbox.settle(f"service:{row.activity_id}", now=event.at, kinds=("invitation.unanswered",))


@listen("message.sent")
def tell_message(event, message: DeputyMessage) -> None:
    """代表的留言告诉对口联系人和联络员；单位的告诉代表，此前催回应的提醒销去。"""
    unit, deputy = message.unit, message.deputy
    if message.from_deputy:
        paired = [one.account for one in counterparts_of(deputy, day_of(event)) if one.unit_id == unit.pk]
        people = [*paired, *audiences.liaisons([unit.pk], day_of(event)).get(unit.pk, [])]
        url = reverse("handlers:thread", args=[deputy.pk])
    else:
        people, url = [deputy.account], reverse("deputy:thread", args=[unit.pk])
        _settle_answered(event, message)
    post(
        "message.sent", about=f"message:{message.pk}", recipients=people, actor=event.actor, congress=unit.congress,
        url=url, context={"message": message, "deputy": deputy, "unit": unit},
    )


def _settle_answered(event, message: DeputyMessage) -> None:
    """由这一条回应了的，催回应的提醒销去。"""
    answered = DeputyMessage.objects.filter(
        unit=message.unit_id, deputy=message.deputy_id, from_deputy=True, answered_at__isnull=False, pk__lt=message.pk
    )
    abouts = [f"message:{pk}" for pk in answered.values_list("pk", flat=True)]
    inbox.settle(*abouts, now=event.at)
