"""全部建议列表上的主办单位一列：提出那一层不知道单位，由这里补上。"""
from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest

from django.db.models import BigIntegerField, ExpressionWrapper, F

from lianluo.statements import Blank, Statement
from suggestions import columns

from .models import Assignment

#: 列表一页的件数；一页以内用编译好的语句，不满的空着
PAGE = 50
_PLACES = [f"case{number}" for number in range(PAGE)]


def _leading(cases: list):
    # 外键的 __in 只收数，不收空，所以按普通的数来比
    case = ExpressionWrapper(F("suggestion_id"), BigIntegerField())
    rows = Assignment.objects.live().answering().alias(case=case).filter(case__in=cases)
    return rows.order_by("suggestion_id", "id").values_list("suggestion_id", "unit__short")


LEADING = Statement(lambda: _leading([Blank(name, BigIntegerField()) for name in _PLACES]))


def leading_units(ids: list[int]) -> dict[int, str]:
    """每件的主办（独办、分办）单位简称，一条语句。"""
    within_page = len(ids) <= PAGE
    rows = LEADING.rows(**dict(zip_longest(_PLACES, ids))) if within_page else _leading(ids)
    found = defaultdict(list)
    for suggestion_id, short in rows:
        found[suggestion_id].append(short)
    return {pk: "、".join(names) for pk, names in found.items()}


def register() -> None:
    columns.register("lead_unit", "主办单位", leading_units)
