"""留言的列表：一名代表（一个单位）一行，没有回应的按期限排在前。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from lianluo.accounts import visibility
from suggestions.models import Deputy

from .counterparts import counterparts_of
from .models import Assignment, DeputyMessage, Post, Unit


@dataclass
class Thread:
    """一段往来：最后一条、还欠着的一条。"""

    other: Deputy | Unit
    last: DeputyMessage
    owed: DeputyMessage | None = None

    def is_late(self, today: date) -> bool:
        return self.owed is not None and self.owed.answer_by_on < today


def seen(user) -> QuerySet[DeputyMessage]:
    """此人看得到的留言。"""
    return visibility.visible(DeputyMessage.objects.all(), user)


def owed(user) -> QuerySet[DeputyMessage]:
    """等本单位回应的。"""
    return seen(user).filter(from_deputy=True, answered_at__isnull=True)


def of_unit(user, unit: Unit) -> list[Thread]:
    """单位一侧：欠着的按期限在前，其余新的在前。"""
    rows = seen(user).filter(unit=unit).select_related("deputy__delegation").order_by("pk")
    found = _threads(rows, lambda message: message.deputy)
    return sorted(found, key=lambda one: (
        one.owed is None, one.owed.answer_by_on if one.owed else date.min, -one.last.pk
    ))


def of_deputy(deputy: Deputy) -> list[Thread]:
    """代表一侧：新的在前。"""
    rows = DeputyMessage.objects.filter(deputy=deputy).select_related("unit").order_by("pk")
    return sorted(_threads(rows, lambda message: message.unit), key=lambda one: -one.last.pk)


def _threads(rows: Iterable[DeputyMessage], whose) -> list[Thread]:
    found: dict[int, Thread] = {}
    for message in rows:
        other = whose(message)
        thread = found.setdefault(other.pk, Thread(other, message))
        thread.last = message
        if message.from_deputy and message.answered_at is None and thread.owed is None:
            thread.owed = message
    return list(found.values())


@dataclass(frozen=True)
class Reachable:
    """代表可以留言的一个单位：对口联系人（有的话）、有几件在办。"""

    unit: Unit
    counterpart: Post | None = None
    cases: list[Assignment] = field(default_factory=list)


def reachable(deputy: Deputy, cases: QuerySet, today: date) -> list[Reachable]:
    """对口联系他的在前，其余是办着他的件的单位。"""
    paired = {post.unit_id: post for post in counterparts_of(deputy, today)}
    mains = {main or pk for pk, main in cases.values_list("pk", "merged_into")}
    rows: dict[int, list[Assignment]] = {}
    live = Assignment.objects.live().filter(suggestion__in=mains).select_related("unit").order_by("unit__short", "id")
    for row in live:
        rows.setdefault(row.unit_id, []).append(row)
    found = [Reachable(post.unit, post, rows.pop(post.unit_id, [])) for post in paired.values()]
    return found + [Reachable(mine[0].unit, None, mine) for mine in rows.values()]
