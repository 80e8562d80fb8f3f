"""对口联系：每名代表在一个单位里恰好归一个处室；单独指定的代表不随代表团走（CZ-14）。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from suggestions.models import Delegation, Deputy

from .models import Division, Duty, Post, PostArea, Unit


def posts_on(today: date) -> QuerySet[Post]:
    """当日有效的对口联系人。"""
    return Post.objects.valid(today).with_duty(Duty.COUNTERPART)


def serving(unit: Unit, today: date) -> QuerySet[Deputy]:
    """这一级人大在任的代表。"""
    on_duty = Q(served_to__isnull=True) | Q(served_to__gt=today)
    return Deputy.objects.filter(on_duty, congress=unit.congress_id).select_related("delegation")


class Pairing:
    """一个单位此刻的对口：代表团、单独指定的代表各归谁。一条查询。"""

    def __init__(self, unit: Unit, today: date) -> None:
        self.of_delegation: dict[int, list[Post]] = defaultdict(list)
        self.of_deputy: dict[int, list[Post]] = defaultdict(list)
        areas = PostArea.objects.filter(post__in=posts_on(today), post__unit=unit)
        for area in areas.select_related("post__division", "post__unit").order_by("post__division__position", "id"):
            whose, key = (
                (self.of_deputy, area.deputy_id) if area.deputy_id else (self.of_delegation, area.delegation_id)
            )
            whose[key].append(area.post)

    def claims(self, deputy: Deputy) -> list[Post]:
        """谁说这名代表归他联系；单独指定的优先于代表团的。"""
        return self.of_deputy.get(deputy.pk) or self.of_delegation.get(deputy.delegation_id) or []

    def post_for(self, deputy: Deputy) -> Post | None:
        return next(iter(self.claims(deputy)), None)


@dataclass(frozen=True)
class Coverage:
    """覆盖情况：在任代表几名、恰好有一个对口处室的几名、没有的、重了的。"""

    total: int
    covered: int
    uncovered: list[Deputy]
    twice: list[tuple[Deputy, list[Post]]]


def coverage(unit: Unit, today: date) -> Coverage:
    """每名代表恰好一个对口处室，做到了几名。"""
    pairing, uncovered, twice, total = Pairing(unit, today), [], [], 0
    for deputy in serving(unit, today).order_by("delegation__position", "pinyin", "id"):
        total += 1
        claims = pairing.claims(deputy)
        if not claims:
            uncovered.append(deputy)
        elif len(claims) > 1:
            twice.append((deputy, claims))
    return Coverage(total, total - len(uncovered) - len(twice), uncovered, twice)


def counterparts_of(deputy: Deputy, today: date) -> list[Post]:
    """各单位对口联系这名代表的人，一个单位一名，按单位排。"""
    areas = PostArea.objects.filter(
        Q(deputy=deputy) | Q(delegation=deputy.delegation_id), post__in=posts_on(today)
    ).select_related("post__unit", "post__division")
    found: dict[int, Post] = {}
    for area in sorted(areas, key=lambda one: (one.post.unit_id, one.deputy_id is None, one.pk)):
        found.setdefault(area.post.unit_id, area.post)
    return list(found.values())


def paired_with(divisions: list[int], today: date) -> Q:
    """归这几个处室对口联系的代表，作 Deputy 的条件。"""
    mine = PostArea.objects.filter(post__in=posts_on(today), post__division__in=divisions)
    units = Division.objects.filter(pk__in=divisions).values("unit")
    named = PostArea.objects.filter(post__in=posts_on(today), post__unit__in=units, deputy__isnull=False)
    by_name = Q(pk__in=mine.filter(deputy__isnull=False).values("deputy"))
    by_team = Q(delegation__in=mine.filter(delegation__isnull=False).values("delegation"))
    return by_name | (by_team & ~Q(pk__in=named.values("deputy")))


def taken_by_others(unit: Unit, post: Post | None, today: date) -> tuple[dict[int, Post], dict[int, Post]]:
    """本单位别的对口联系人占着的代表团、单独指定的代表。"""
    pairing, own = Pairing(unit, today), post.pk if post else None
    teams = {key: one for key, posts in pairing.of_delegation.items() for one in posts if one.pk != own}
    deputies = {key: one for key, posts in pairing.of_deputy.items() for one in posts if one.pk != own}
    return teams, deputies


def unclaimed(unit: Unit, today: date) -> list[Delegation]:
    """还没有处室联系的代表团。"""
    teams, _ = taken_by_others(unit, None, today)
    return list(Delegation.objects.filter(congress=unit.congress_id).exclude(pk__in=teams))
