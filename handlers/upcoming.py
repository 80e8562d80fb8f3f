"""一个承办关系接下来的一件事：叫什么、哪天到期；此人现在能办哪一步、到哪里办。

收件箱的次序、灯、按钮，件页的「下一步」，「办理」栏的按钮都问这里。
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateField, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from lianluo.workdays import calendar
from lianluo.workdays.models import RuleCode

from .access import may_in_unit
from .deadlines import accept_by
from .models import Assignment, AssignmentDue, Reply
from .models import AssignmentStatus as A
from .reply_lists import mine_to_decide

OWING = (A.ACCEPTED, A.HANDLING)
UNANSWERED = (A.PENDING, A.ACCEPTED, A.RETURN_REQUESTED, A.HANDLING)
FAR = Value(date.max, DateField())


@dataclass(frozen=True)
class Thing:
    """接下来到期的一件事。"""

    name: str
    due_on: date | None


@dataclass(frozen=True)
class Step:
    """能办的一步。``accepts`` 是签收哪一个承办关系：签收是按钮，不是去处。"""

    label: str
    url: str
    accepts: int | None = None


@dataclass(frozen=True)
class Fact:
    """一个承办关系的事实：首次沟通的期限、本轮的答复办到哪一步、轮不轮到此人审签。"""

    first_contact: date | None = None
    reply: int | None = None
    reply_status: str = ""
    to_sign: bool = False


Facts = dict[int, Fact]


def gather(user, rows: Iterable[Assignment]) -> Facts:
    """一批承办关系的事实，一条查询；没有在办的不查。"""
    owing = [one.pk for one in rows if one.status in OWING]
    if not owing:
        return {}
    replies = Reply.objects.filter(assignment=OuterRef("pk"), round=OuterRef("round"))
    now = replies.current().order_by("-id")
    found = Assignment.objects.filter(pk__in=owing).values_list(
        "pk", Subquery(_first_contacts().values("due_on")[:1]), Subquery(now.values("pk")[:1]),
        Subquery(now.values("status")[:1]), Exists(mine_to_decide(replies, user)),
    )
    return {pk: Fact(contact, reply, status or "", mine) for pk, contact, reply, status, mine in found}


def _first_contacts() -> QuerySet[AssignmentDue]:
    """在走的首次沟通期限。"""
    dues = AssignmentDue.objects.open().filter(assignment=OuterRef("pk"), rule_code=RuleCode.FIRST_CONTACT)
    return dues.order_by("due_on")


def fact_of(one: Assignment, facts: Facts) -> Fact:
    """没有在办的，什么也没有。"""
    return facts.get(one.pk, NOTHING)


NOTHING = Fact()


def nothing_submitted(one: Assignment, facts: Facts) -> bool:
    """答复还没有送过审：才给“申请退回”。"""
    return one.round == 1 and fact_of(one, facts).reply_status in ("", "draft")


def thing_of(one: Assignment, facts: Facts) -> Thing:
    """接下来到期的：待签收看签收，在办的看首次沟通、内部时限、答复（会办意见）中最早的。"""
    if one.status == A.PENDING:
        return Thing("签收", accept_by(one.assigned_on, calendar.current()))
    things = [Thing(main_name(one), one.due_on)]
    if one.status in OWING:
        things.append(Thing("首次沟通", fact_of(one, facts).first_contact))
    if one.status == A.HANDLING:
        things.append(Thing("内部时限", one.inner_due_on))
    return min(things, key=lambda thing: thing.due_on or date.max)


def main_name(one: Assignment) -> str:
    """主要时限叫什么。"""
    if not one.answers_deputy:
        return "会办意见"
    return "再次答复" if one.round > 1 else "答复"


def in_order(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """没答复的在前，接下来的事先到期的在前：与 ``thing_of`` 同一个次序。"""
    days = rows.order_by().filter(status=A.PENDING).values_list("assigned_on", flat=True).distinct()
    now = calendar.current()
    accepting = [When(status=A.PENDING, assigned_on=day, then=Value(accept_by(day, now))) for day in days]
    contact, main = Coalesce(Subquery(_first_contacts().values("due_on")[:1]), FAR), Coalesce("due_on", FAR)
    first = Case(
        *accepting,
        When(status=A.ACCEPTED, then=Least(contact, main)),
        When(status=A.HANDLING, then=Least(contact, Coalesce("inner_due_on", FAR), main)),
        default=main, output_field=DateField(),
    )
    rank = Case(When(status__in=UNANSWERED, then=Value(0)), default=Value(1))
    return rows.annotate(next_due=first).order_by(rank, F("next_due"), "suggestion__number", "id")


def steps_of(one: Assignment, user, facts: Facts) -> list[Step]:
    """此人在这个承办关系上现在能办的，最要紧的在前。"""

    def may(capability: str) -> bool:
        return may_in_unit(user, one.unit_id, capability)

    if one.status == A.PENDING:
        return [Step("签收", reverse("handlers:accept"), accepts=one.pk)] if may("accept") else []
    if one.status == A.ACCEPTED:
        return [_to("分派处室", "allot", one.pk)] if may("allot") else []
    if one.status != A.HANDLING:
        return []
    if not one.answers_deputy:
        return _opinion_steps(one, may)
    return _answering_steps(one, fact_of(one, facts), may)


def _opinion_steps(one: Assignment, may) -> list[Step]:
    """写好的由能送出的人核对送出。"""
    written = getattr(one, "opinion", None)
    if written is not None and written.status == "draft" and may("send_opinion"):
        return [_to("送出会办意见", "opinion", one.pk)]
    label = "接着写会办意见" if written else "写会办意见"
    return [_to(label, "opinion", one.pk)] if may("opine") else []


def _answering_steps(one: Assignment, fact: Fact, may) -> list[Step]:
    """还没有首次沟通的、再办理还没有动笔的先沟通；答复走到哪一步，轮不轮到此人。"""
    if fact.reply is None or fact.reply_status == "draft":
        talk_first = fact.first_contact or (one.round > 1 and fact.reply is None)
        steps = [_to("记沟通", "activity_new", one.pk)] if talk_first and may("contact") else []
        label = "接着写答复" if fact.reply else "写答复"
        return [*steps, _to(label, "reply_edit", one.pk)] if may("draft") else steps
    if fact.to_sign:
        return [_to("审签", "reply_approve", fact.reply)]
    if fact.reply_status == "signed" and may("deliver"):
        return [_to("登记送达", "deliver", fact.reply)]
    return [_to("看答复", "reply", fact.reply)] if may("draft") else []


def _to(label: str, name: str, pk: int) -> Step:
    return Step(label, reverse(f"handlers:{name}", args=[pk]))
