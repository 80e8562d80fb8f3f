"""成果：看得到哪些、转化了几项、出台了几项。"""
from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from lianluo.documents.workbooks import SheetColumn

from .access import READS_ALL, units_of
from .exporting_handling import Sheet
from .models import Outcome, OutcomeStage, Unit

#: 有文号的才算已出台（MZ-13）
ISSUED = Q(stage=OutcomeStage.ISSUED) & ~Q(document_number="")


def visible_outcomes(user) -> QuerySet[Outcome]:
    """单位看自己的，人大、政府一侧看全部。"""
    rows = Outcome.objects.select_related("unit")
    return rows if user.has_role(*READS_ALL) else rows.filter(unit__in=[unit.pk for unit in units_of(user)])


def access_outcome(user, pk: int) -> Outcome:
    found = visible_outcomes(user).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这项成果，或者不在可见范围内")
    return found


@dataclass(frozen=True)
class Tally:
    """转化为政策 ``total`` 项，其中已出台 ``issued`` 项，涉及 ``cases`` 件。"""

    total: int
    issued: int
    cases: int


def tally(rows: QuerySet[Outcome]) -> Tally:
    """各数一次；一件转化成几项的，件数只算一件。"""
    plain = Outcome.objects.filter(pk__in=rows.order_by().values("pk"))
    counted = plain.aggregate(
        total=Count("pk", distinct=True), issued=Count("pk", filter=ISSUED, distinct=True),
        cases=Count("assignments", distinct=True),
    )
    return Tally(**counted)


def of_unit(unit: Unit) -> Tally:
    return tally(Outcome.objects.filter(unit=unit))


def is_issued(row: Outcome) -> bool:
    return row.stage == OutcomeStage.ISSUED and bool(row.document_number)


def _line(row: Outcome) -> dict:
    numbers = [one.suggestion.shown_number for one in row.assignments.all()]
    return {
        "title": row.title, "kind": row.get_kind_display(), "document_number": row.document_number,
        "stage": row.get_stage_display(), "issued": "是" if is_issued(row) else "否",
        "happened_on": row.happened_on, "unit": row.unit.short, "cases": "、".join(numbers),
    }


OUTCOMES = Sheet("成果", [
    SheetColumn("title", "名称", 40), SheetColumn("kind", "种类", 10), SheetColumn("document_number", "文号", 22),
    SheetColumn("stage", "进度", 10), SheetColumn("issued", "计入已出台", 12),
    SheetColumn("happened_on", "日期", 12, "date"), SheetColumn("unit", "单位", 14),
    SheetColumn("cases", "由哪些件转化", 30),
], _line)
