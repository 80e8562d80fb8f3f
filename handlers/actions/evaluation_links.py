"""评价的个人链接：只给一名代表、只为一份送达，60 天有效，提交才用掉；只由人大办事机构印发，承办单位看不到。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from lianluo.accounts import links
from lianluo.accounts.models import PersonalLink
from lianluo.audit import record
from lianluo.text.numbers import int_of

from ..models import Delivery, Reply
from . import evaluating

PURPOSE, DAYS = "evaluation", 60


def subject_of(delivery_pk: int) -> str:
    return f"delivery:{delivery_pk}"


@transaction.atomic
def issue_link(delivery: Delivery, *, actor, today: date) -> str:
    """发一条链接，返回原文（只此一次）；先前没有用的随即作废。"""
    delivery = evaluating.locked(delivery)
    evaluating.refuse_if_closed(delivery)
    links.void(PURPOSE, subject_of(delivery.pk))
    token = links.issue(
        PURPOSE, subject_of(delivery.pk), days=DAYS, account=delivery.deputy.account, deputy_id=delivery.deputy_id
    )
    record("evaluation.link_issued", actor=actor, target=delivery, deputy=delivery.deputy.name, days=DAYS)
    return token


@transaction.atomic
def issue_links(reply: Reply, *, actor, today: date) -> list[tuple[Delivery, str]]:
    """一份答复的全部代表各发一条，领衔的在前；已填过的、送不到的不发。"""
    rows = Delivery.objects.rateable().filter(reply=reply).select_related("deputy__delegation", "suggestion__session")
    return [(row, issue_link(row, actor=actor, today=today)) for row in rows.order_by("-is_lead", "id")]


def void_links(deliveries: Iterable[int]) -> int:
    """事由消失（进入下一轮、撤回）：没有用的链接作废。"""
    return sum(links.void(PURPOSE, subject_of(pk)) for pk in deliveries)


def delivery_of(link: PersonalLink) -> Delivery | None:
    """链接是给谁、为哪一份送达的；对不上则 None。"""
    kind, _, pk = link.subject.partition(":")
    if kind != "delivery" or int_of(pk) is None:
        return None
    found = Delivery.objects.select_related(
        "reply__assignment__suggestion__session", "reply__assignment__unit", "reply__result_class", "deputy__account",
        "suggestion__session__term", "evaluation",
    )
    return found.filter(pk=int(pk), deputy_id=link.deputy_id).first()
