"""历年同类件交给了谁：一条查询。"""
from __future__ import annotations

from django.db.models import Count

from lianluo.audit.remembering import remembered

from ..models import Assignment


def same_kind(category: int | None) -> dict[int, int]:
    """同一分类的件由各单位主办（含独办、分办）的次数：{单位: 次数}。没有分类则空。"""
    return remembered(("handlers.same_kind", category), lambda: _count(category)) if category else {}


def _count(category: int) -> dict[int, int]:
    found = Assignment.objects.live().answering().filter(suggestion__category=category)
    rows = found.values("unit_id").annotate(number=Count("pk")).order_by()
    return {row["unit_id"]: row["number"] for row in rows}
