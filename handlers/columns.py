"""全部建议列表上的主办单位一列：提出那一层不知道单位，由这里补上。"""
from __future__ import annotations

from collections import defaultdict

from suggestions import columns

from .models import Assignment


def leading_units(ids: list[int]) -> dict[int, str]:
    """每件的主办（独办、分办）单位简称，一条语句。"""
    rows = Assignment.objects.live().answering().filter(suggestion__in=ids).order_by("suggestion_id", "id")
    found = defaultdict(list)
    for suggestion_id, short in rows.values_list("suggestion_id", "unit__short"):
        found[suggestion_id].append(short)
    return {pk: "、".join(names) for pk, names in found.items()}


def register() -> None:
    columns.register("lead_unit", "主办单位", leading_units)
