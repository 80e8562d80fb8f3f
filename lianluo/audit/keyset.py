"""按主键翻页：留痕上百万条，不数总数，也不跳过前面的行。"""
from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from lianluo.text.numbers import int_of

SIZE = 50


@dataclass(frozen=True)
class Page:
    """一页；``older``、``newer`` 是翻页用的主键，没有则 None。"""

    rows: list
    newer: int | None
    older: int | None


def page_of(queryset: QuerySet, params: QueryDict) -> Page:
    """新的在前。?before= 看更早的，?after= 看更新的。"""
    before, after = _key(params, "before"), _key(params, "after")
    if after is not None:
        found = list(queryset.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        rows = found[:SIZE][::-1]
        return _page(rows, has_newer=len(found) > SIZE, has_older=True)
    if before is not None:
        queryset = queryset.filter(pk__lt=before)
    found = list(queryset.order_by("-pk")[: SIZE + 1])
    return _page(found[:SIZE], has_newer=before is not None, has_older=len(found) > SIZE)


def _page(rows: list, *, has_newer: bool, has_older: bool) -> Page:
    newer = rows[0].pk if rows and has_newer else None
    return Page(rows, newer, rows[-1].pk if rows and has_older else None)


def _key(params: QueryDict, name: str) -> int | None:
    return int_of(params.get(name))
