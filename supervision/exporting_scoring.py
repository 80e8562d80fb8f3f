"""处室考核、见面率的导出。"""
from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from lianluo.documents.downloads import bytes_response
from lianluo.documents.workbooks import XLSX_TYPE, SheetColumn, write_workbook

from .models import ScoreSheet, ScoringScheme
from .scoring.criteria import exact
from .scoring.sheet import ranked

APPRAISAL = [
    SheetColumn("place", "名次", 6, "number"), SheetColumn("division", "处室", 24),
    SheetColumn("base", "基础分", 9, "number"), SheetColumn("bonus", "附加分", 9, "number"),
    SheetColumn("total", "总分", 9, "number"), SheetColumn("weight", "权重（%）", 10, "number"),
    SheetColumn("counted", "计入年度绩效", 13, "number"), SheetColumn("status", "状态", 10),
    SheetColumn("cutoff", "数据截止日", 12, "date"), SheetColumn("locked", "锁定日期", 12, "date"),
    SheetColumn("corrections", "更正单", 30),
]


def appraisal(scheme: ScoringScheme, sheets: Sequence[ScoreSheet]) -> HttpResponse:
    """年度绩效用的一张：只列锁定了的，按总分排名，乘权重（CZ-28）。"""
    lines = [_line(place, one, scheme) for place, one in ranked(list(sheets))]
    name = f"{scheme.year} 年处室办理工作考核"
    filename = f"{name}.xlsx"
    return bytes_response(write_workbook(name, APPRAISAL, lines, filename=filename), XLSX_TYPE, filename)


def _line(place: int, sheet: ScoreSheet, scheme: ScoringScheme) -> dict:
    final = sheet.final
    slips = [slip for item in sheet.items.all() for slip in item.corrections.all()]
    return {
        "place": place, "division": sheet.division.name, "base": final.base, "bonus": final.bonus,
        "total": final.total, "weight": scheme.weight, "counted": exact(final.total * scheme.weight / 100),
        "status": sheet.get_status_display(), "cutoff": sheet.cutoff_on, "locked": sheet.locked_on,
        "corrections": "；".join(f"{one.item.name} {one.old_points}→{one.new_points}：{one.reason}" for one in slips),
    }


RATES = [
    SheetColumn("name", "单位（处室）", 24), SheetColumn("whole", "应答复件次", 11, "number"),
    SheetColumn("part", "首次答复前见面", 14, "number"), SheetColumn("percent", "见面率", 9),
    SheetColumn("backfilled", "其中补录", 9, "number"),
]


def meeting_rates(title: str, lines: Sequence) -> HttpResponse:
    """见面率一张表，与页面同一组数。"""
    rows = [
        {"name": one.name, "whole": one.share.whole, "part": one.share.part, "percent": one.share.percent,
         "backfilled": one.backfilled}
        for one in lines
    ]
    filename = f"{title}.xlsx"
    return bytes_response(write_workbook(title, RATES, rows, filename=filename), XLSX_TYPE, filename)
