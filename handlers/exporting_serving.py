"""服务活动的导出：屏上筛出什么就导出什么。"""
from __future__ import annotations

from lianluo.documents.workbooks import SheetColumn

from .exporting_handling import Sheet
from .models import Activity, Answer


def _service_line(row: Activity) -> dict:
    deputies = list(row.deputies.all())
    return {
        "happened_on": row.happened_on, "matter": row.get_matter_display(), "subject": row.subject,
        "place": row.place, "members": "、".join(f"{one.name}（{one.title}）" for one in row.members.all()),
        "deputies": "、".join(one.deputy.name for one in deputies), "count": len(deputies),
        "coming": sum(one.answer == Answer.COMING for one in deputies),
        "attended": sum(bool(one.attended) for one in deputies),
        "received": sum(one.received_on is not None for one in deputies), "content": row.content,
    }


SERVICES_SHEET = Sheet("服务代表活动", [
    SheetColumn("happened_on", "日期", 12, "date"), SheetColumn("matter", "种类", 20),
    SheetColumn("subject", "名称", 36), SheetColumn("place", "地点", 20), SheetColumn("members", "我方人员", 24),
    SheetColumn("deputies", "代表", 40), SheetColumn("count", "代表人数", 9, "number"),
    SheetColumn("coming", "回执参加", 9, "number"), SheetColumn("attended", "出席", 6, "number"),
    SheetColumn("received", "签收", 6, "number"), SheetColumn("content", "情况和成果", 50),
], _service_line)
