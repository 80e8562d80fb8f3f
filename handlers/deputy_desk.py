"""代表页要取的数：我的建议（等代表办的在前）、每件一句话、办理联系人、承诺。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianluo.web import drafts
from suggestions.access import cosigned_ids
from suggestions.models import CoSigner, Deputy, Suggestion
from suggestions.querysets import FILED

from . import promise_news, whereabouts
from .journey import own_deliveries
from .models import Assignment, Delivery, ReplyPromise

IN_HAND = ("draft", "cosigning")


@dataclass(frozen=True)
class Card:
    """首页上的一件。"""

    case: Suggestion
    sentence: str
    waiting: list[Delivery]
    is_lead: bool

    @property
    def sent_back(self) -> bool:
        """退回请他修改的。"""
        return self.is_lead and self.case.status == "returned"


def own_cases(deputy: Deputy) -> QuerySet[Suggestion]:
    """本人领衔或联名、已经提交的；待评价、待修改的在前，其余新的在前。"""
    waiting = Delivery.objects.rateable().filter(suggestion=OuterRef("pk"), deputy=deputy)
    mine = Q(lead_deputy=deputy) | Q(pk__in=cosigned_ids(deputy))
    return (
        Suggestion.objects.filter(mine, status__in=FILED).select_related("session", "merged_into__session")
        .annotate(awaits=Exists(waiting) | Q(lead_deputy=deputy, status="returned"))
        .order_by("-awaits", "-submitted_on", "-id")
    )


def cards(cases: list[Suggestion], deputy: Deputy, today: date) -> list[Card]:
    """一页的卡片；承办关系与答复各取一次。"""
    rows: dict[int, list[Assignment]] = defaultdict(list)
    mains = {case.merged_into_id or case.pk for case in cases}
    for row in Assignment.objects.live().filter(suggestion__in=mains).order_by("id"):
        rows[row.suggestion_id].append(row)
    mine: dict[int, list[Delivery]] = defaultdict(list)
    for one in own_deliveries(deputy).filter(suggestion__in=[case.pk for case in cases]):
        mine[one.suggestion_id].append(one)
    return [
        Card(
            case, whereabouts.sentence(case, rows[case.merged_into_id or case.pk], mine[case.pk], today),
            [one for one in mine[case.pk] if whereabouts.can_rate(one)], case.lead_deputy_id == deputy.pk,
        )
        for case in cases
    ]


def invitations(deputy: Deputy) -> int:
    """等我确认的联名邀请。"""
    return CoSigner.objects.filter(
        deputy=deputy, suggestion__status="cosigning", confirmed_hash="", refused_at__isnull=True
    ).count()


def in_hand(deputy: Deputy) -> int:
    """还没有提交的，连同自动存下、还没有存成件的那一份。"""
    written = drafts.load(deputy.account, "my:new") is not None
    return Suggestion.objects.filter(lead_deputy=deputy, status__in=IN_HAND).count() + written


@dataclass
class Contact:
    """一个承办单位找谁：单位电话，具体承办人。"""

    assignment: Assignment
    phone: str
    people: list[tuple[str, str]] = field(default_factory=list)


def contacts(case: Suggestion) -> list[Contact]:
    """承办这件的各单位找谁；答复代表的在前。"""
    rows = Assignment.objects.live().filter(suggestion=case.merged_into_id or case.pk).select_related(
        "unit"
    ).prefetch_related("allotments__officer").order_by("id")
    found = [
        Contact(row, row.unit.phone, [
            (one.officer.name, one.officer.phone) for one in row.allotments.all() if one.officer is not None
        ])
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.assignment.answers_deputy)


def promises(mine: list[Delivery]) -> list[promise_news.Followed]:
    """答复里的承诺和兑现情况，先到期的在前。"""
    replies = [one.reply_id for one in mine]
    return promise_news.follow(ReplyPromise.objects.filter(reply__in=replies).order_by("due_on", "id"))
