"""沟通、答复、公开三张列表的导出：屏上筛出什么就导出什么。"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from lianluo.documents.downloads import bytes_response
from lianluo.documents.workbooks import XLSX_TYPE, SheetColumn, write_workbook
from lianluo.workdays import clock

from .models import Activity, Reply

#: 一次最多导出这么多行
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Sheet:
    """一张导出的表：名称、各列、一行怎样写。"""

    title: str
    columns: Sequence[SheetColumn]
    line: Callable

    def response(self, rows: QuerySet) -> HttpResponse:
        """整理成工作簿，作为下载。"""
        filename = f"{self.title}-{clock.today()}.xlsx"
        lines = (self.line(row) for row in rows[:MOST_ROWS])
        return bytes_response(write_workbook(self.title, self.columns, lines, filename=filename), XLSX_TYPE, filename)


def _activity_line(row: Activity) -> dict:
    numbers = [one.assignment.suggestion.shown_number for one in row.cases.all()]
    return {
        "happened_on": row.happened_on, "kind": row.get_kind_display(), "face": "是" if row.face_to_face else "否",
        "stage": row.get_stage_display(), "cases": "、".join(numbers),
        "unit": row.unit.short, "members": "、".join(f"{one.name}（{one.title}）" for one in row.members.all()),
        "deputies": "、".join(one.deputy.name for one in row.deputies.all()), "place": row.place,
        "content": row.content, "deputy_view": row.deputy_view, "backfilled": "补录" if row.backfilled else "",
    }


def _reply_line(row: Reply) -> dict:
    case = row.assignment.suggestion
    return {
        "number": case.shown_number, "title": case.title, "deputy": case.lead_deputy.name,
        "unit": row.assignment.unit.short, "round": row.round, "due_on": row.assignment.due_on,
        "result": row.result_class.code if row.result_class else "", "document_number": row.document_number,
        "signed_on": row.signed_on, "delivered_on": row.delivered_on, "status": row.get_status_display(),
        "publication": row.get_publication_display(),
    }


def _publishing_line(row: Reply) -> dict:
    case = row.assignment.suggestion
    return {
        "number": case.shown_number, "title": case.title, "unit": row.assignment.unit.short,
        "document_number": row.document_number, "delivered_on": row.delivered_on, "publish_due": row.publish_due,
        "wish": case.get_publish_wish_display(), "publication": row.get_publication_display(),
        "published_on": timezone.localtime(row.published_at).date() if row.published_at else None,
        "reason": row.taken_down_reason or row.withheld_reason,
    }


ACTIVITIES = Sheet("沟通记录", [
    SheetColumn("happened_on", "日期", 12, "date"), SheetColumn("kind", "方式", 10), SheetColumn("face", "见面", 6),
    SheetColumn("stage", "阶段", 6), SheetColumn("cases", "编号", 12), SheetColumn("unit", "单位", 14),
    SheetColumn("members", "我方人员", 24), SheetColumn("deputies", "代表", 16), SheetColumn("place", "地点", 16),
    SheetColumn("content", "内容", 50), SheetColumn("deputy_view", "代表意见", 30),
    SheetColumn("backfilled", "补录", 6),
], _activity_line)
REPLIES = Sheet("答复", [
    SheetColumn("number", "编号", 8), SheetColumn("title", "标题", 40), SheetColumn("deputy", "代表", 10),
    SheetColumn("unit", "单位", 14), SheetColumn("round", "轮次", 6, "number"),
    SheetColumn("due_on", "到期", 12, "date"), SheetColumn("result", "类别", 6),
    SheetColumn("document_number", "文号", 22), SheetColumn("signed_on", "签发日期", 12, "date"),
    SheetColumn("delivered_on", "送达日期", 12, "date"), SheetColumn("status", "状态", 10),
    SheetColumn("publication", "公开", 10),
], _reply_line)
PUBLISHING = Sheet("公开审定", [
    SheetColumn("number", "编号", 8), SheetColumn("title", "标题", 40), SheetColumn("unit", "单位", 14),
    SheetColumn("document_number", "文号", 22), SheetColumn("delivered_on", "送达日期", 12, "date"),
    SheetColumn("publish_due", "公开期限", 12, "date"), SheetColumn("wish", "代表意愿", 14),
    SheetColumn("publication", "单位意见", 10), SheetColumn("published_on", "公开日期", 12, "date"),
    SheetColumn("reason", "不公开或撤下的理由", 30),
], _publishing_line)
