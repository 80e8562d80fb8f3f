"""单位办理台账：屏上筛出什么就导出什么。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch

from lianluo.documents.workbooks import SheetColumn, write_workbook

from .models import Activity, Assignment, Evaluation, Stage

COLUMNS = [
    SheetColumn("line", "序号", 6, "number"), SheetColumn("number", "编号", 8), SheetColumn("title", "标题", 40),
    SheetColumn("deputy", "代表", 10), SheetColumn("phone", "联系电话", 14), SheetColumn("role", "我方角色", 9),
    SheetColumn("leader", "带队厅领导", 12), SheetColumn("lead_division", "牵头处室", 12),
    SheetColumn("assist_divisions", "参与处室", 16), SheetColumn("officer", "经办人", 10),
    SheetColumn("mode", "办理方式", 10), SheetColumn("before", "办前沟通", 24), SheetColumn("during", "办中沟通", 24),
    SheetColumn("after", "办后沟通", 24), SheetColumn("opinion", "会办意见", 12),
    SheetColumn("inner_due_on", "办结内部时限", 12, "date"), SheetColumn("due_on", "答复期限", 12, "date"),
    SheetColumn("document_number", "答复文号", 20), SheetColumn("replied_on", "答复日期", 12, "date"),
    SheetColumn("result", "结果类别", 8), SheetColumn("publication", "公开", 10), SheetColumn("overall", "满意度", 10),
    SheetColumn("note", "备注", 20),
]
TITLE = "单位办理台账"


def ledger_workbook(rows: Iterable[Assignment], filename: str, *, private: bool) -> bytes:
    """台账工作簿；行数以一个单位一年的件为限，一次取齐。``private`` 为真才写代表的电话。"""
    found = list(rows.prefetch_related(
        "replies", Prefetch("activities", Activity.objects.contacts().prefetch_related("members")),
        "suggestion__assignments__opinion", "responsible_leader", "result_class"
    ))
    overall = _overall([row.pk for row in found])
    return write_workbook(
        TITLE, COLUMNS, (_line(number, row, overall, private) for number, row in enumerate(found, 1)), filename=filename
    )


def _line(number: int, row: Assignment, overall: dict[int, str], private: bool) -> dict:
    case, reply = row.suggestion, _latest_reply(row)
    phone = case.contact_phone or case.lead_deputy.phone
    return {
        "line": number, "number": case.shown_number, "title": case.title, "deputy": case.lead_deputy.name,
        "phone": phone if private and not case.hides_identity else "",
        "role": row.get_role_display(), "leader": row.responsible_leader.name if row.responsible_leader else "",
        **_divisions(row), **_contacts(row), "mode": _mode(row), "opinion": _opinions(row),
        "inner_due_on": row.inner_due_on, "due_on": row.due_on,
        "document_number": reply.document_number if reply else "", "replied_on": row.answered_on,
        "result": row.result_class.code if row.result_class else "",
        "publication": reply.get_publication_display() if reply else "", "overall": overall.get(row.pk, ""),
        "note": f"第 {row.round} 轮" if row.round > 1 else "",
    }


def _latest_reply(row: Assignment):
    current = [reply for reply in row.replies.all() if reply.status != "void"]
    return max(current, key=lambda reply: reply.round, default=None)


def _divisions(row: Assignment) -> dict[str, str]:
    lead = [one for one in row.allotments.all() if one.role == "lead"]
    assist = [one for one in row.allotments.all() if one.role != "lead"]
    return {
        "lead_division": "、".join(str(one.division) for one in lead),
        "assist_divisions": "、".join(str(one.division) for one in assist),
        "officer": "、".join(one.officer.name for one in [*lead, *assist] if one.officer),
    }


def _contacts(row: Assignment) -> dict[str, str]:
    """办前、办中、办后各次沟通：时间、方式、人。"""
    lines: dict[str, list[str]] = defaultdict(list)
    for activity in row.activities.all():
        people = "、".join(member.name for member in activity.members.all())
        lines[activity.stage].append(f"{activity.happened_on} {activity.get_kind_display()} {people}".strip())
    return {stage.value: "\n".join(lines[stage.value]) for stage in Stage}


def _mode(row: Assignment) -> str:
    """现场办理、座谈等已用过的方式。"""
    return "、".join(dict.fromkeys(activity.get_kind_display() for activity in row.activities.all()))


def _opinions(row: Assignment) -> str:
    """主办的看会办意见收到几份，会办的看自己的送出没有。"""
    if row.role == "assist":
        return row.opinion.get_status_display() if hasattr(row, "opinion") else "未送"
    others = [one for one in row.suggestion.assignments.all() if one.role == "assist" and one.status != "reassigned"]
    sent = [one for one in others if hasattr(one, "opinion") and one.opinion.status != "draft"]
    return f"{len(sent)}/{len(others)}" if others else ""


def _overall(assignments: list[int]) -> dict[int, str]:
    """各承办关系领衔代表最近一轮的总体评价。"""
    rows = Evaluation.objects.filter(reply__assignment__in=assignments, is_lead=True).select_related("reply")
    return {row.reply.assignment_id: row.get_overall_display() for row in rows.order_by("round", "id")}
