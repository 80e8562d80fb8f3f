"""一句平常话：这件现在到了哪里。给代表看，不用行话和简称；由事实算出，从不存库。"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings

from suggestions.models import Suggestion

from .actions.evaluating import closed_because
from .models import Assignment, AssignmentStatus, Delivery

ANSWERED = (AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED)
#: 不必看承办单位就说得清的
PLAIN = {
    "draft": "草稿，还没有提交",
    "cosigning": "等联名代表确认",
    "registered": "已立案，正在确定由哪个单位办理",
    "withdrawn": "已撤回",
    "escalated": "人大办事机构正在组织单位和专家评估",
}


def sentence(case: Suggestion, rows: Iterable[Assignment], mine: Sequence[Delivery], today: date) -> str:
    """``rows`` 是主件上仍有效的承办关系，``mine`` 是送给这位代表的答复。"""
    if case.status == "submitted":
        return f"已提交，{settings.ORGAN_NAME}正在审查"
    if case.status in ("returned", "declined"):
        said = "退回请您修改" if case.status == "returned" else f"不作为建议处理：{case.get_decline_ground_display()}"
        return f"{said}。{case.decision_note}" if case.decision_note else said
    answering = [row for row in rows if row.answers_deputy]
    if case.status == "escalated" and all(row.status == AssignmentStatus.CONCLUDED for row in answering):
        return "协调评估后作了专门说明，正在办理办结"
    if case.status in PLAIN:
        return PLAIN[case.status]
    together = f"与{case.main.spoken_number}并案，" if case.status == "merged" else ""
    if case.main.status in PLAIN:
        return together + PLAIN[case.main.status]
    return together + _of_units(answering, mine, case.main, today)


def _of_units(rows: list[Assignment], mine: Sequence[Delivery], main: Suggestion, today: date) -> str:
    owing = [row for row in rows if row.status not in ANSWERED]
    done = [row for row in rows if row.status in ANSWERED]
    parts = [f"{'、'.join(row.unit_name for row in done)}已答复"] if done else []
    if any(can_rate(one) for one in mine):
        parts.append("待您评价")
    elif main.status == "concluded":
        return "，".join([*parts, "已办结"])
    elif mine and not owing:
        rated = newest_rating(mine)
        parts.append(f"您已评价：{rated}" if rated else "反馈期已过，没有收到您的评价")
    return "，".join([*parts, *(_owing(row, today) for row in owing)]) or "正在确定由哪个单位办理"


def _owing(row: Assignment, today: date) -> str:
    """一个还没有答复的单位。"""
    if row.status == AssignmentStatus.PENDING:
        return f"已交{row.unit_name}，等它签收"
    if row.status == AssignmentStatus.RETURN_REQUESTED:
        return f"{row.unit_name}提出不由它办理，正在研究"
    again = "再次办理" if row.round > 1 else "办理"
    return f"{row.unit_name}正在{again}，{by_day(row.due_on, today, '重新答复' if row.round > 1 else '答复')}"


def by_day(due_on: date | None, today: date, what: str) -> str:
    """7月9日前答复；过了的说过了几天。"""
    if due_on is None:
        return f"{what}期限未定"
    day = f"{due_on.month}月{due_on.day}日"
    if due_on.year != today.year:
        day = f"{due_on.year}年{day}"
    late = (today - due_on).days
    return f"应在{day}前{what}，已过期 {late} 天" if late > 0 else f"{day}前{what}"


def can_rate(delivery: Delivery) -> bool:
    """这份答复现在可以由他评价。"""
    return getattr(delivery, "evaluation", None) is None and not closed_because(delivery)


def newest_rating(mine: Sequence[Delivery]) -> str:
    """他最近一次评价的总体一档。"""
    rated = [one.evaluation for one in mine if getattr(one, "evaluation", None)]
    return max(rated, key=lambda one: one.pk).get_overall_display() if rated else ""
