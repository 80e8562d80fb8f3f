"""评价与再办理的列表：分栏、取哪些列；页面与件页共用。"""
from __future__ import annotations

from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from lianluo.accounts.roles import Role
from lianluo.workdays.models import RuleCode

from .models import AssignmentDue, Delivery, Escalation, Evaluation, Reply
from .querysets import EvaluationQuerySet

#: 办公室看得到还没有反馈的；单位只看提交以后的
OFFICE_TABS = {
    "awaiting": "待反馈", "returned": "已反馈", "dissatisfied": "不满意", "cosigners": "联名代表",
    "unreturned": "未反馈办结",
}
UNIT_TABS = {"returned": "已反馈", "dissatisfied": "不满意", "cosigners": "联名代表"}


def sees_unreturned(user) -> bool:
    """谁看得到还没有交回来的：人大、政府两边的办公室。"""
    return user.has_role(Role.NPC_OFFICE, Role.GOV_OFFICE)


def tabs_for(user) -> dict[str, str]:
    return OFFICE_TABS if sees_unreturned(user) else UNIT_TABS


def feedback_due() -> Subquery:
    """这份答复的反馈期限。"""
    due = AssignmentDue.objects.filter(
        assignment=OuterRef("reply__assignment"), rule_code=RuleCode.FEEDBACK, round=OuterRef("reply__round")
    ).order_by("-id")
    return Subquery(due.values("due_on")[:1])


def awaiting() -> QuerySet[Delivery]:
    """领衔代表还没有交回来的：先到期的在前。"""
    return (
        Delivery.objects.rateable().of_leads().annotate(due_on=feedback_due())
        .select_related("deputy", "suggestion__session", "reply__assignment__unit")
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )


def unreturned() -> QuerySet[Delivery]:
    """反馈期满没有交回来、已经办结的；不计入满意率。"""
    return (
        Delivery.objects.reached().of_leads().filter(
            evaluation__isnull=True, reply__assignment__status="concluded",
            reply__round=F("reply__assignment__round"),
        ).annotate(due_on=feedback_due())
        .select_related("deputy", "suggestion__session", "reply__assignment__unit").order_by("-delivered_on", "-id")
    )


def returned(user, tab: str) -> QuerySet[Evaluation]:
    """此人看得到的、交回来的。"""
    found: EvaluationQuerySet = Evaluation.objects.visible_to(user).filter(is_lead=tab != "cosigners")
    if tab == "dissatisfied":
        found = found.dissatisfied()
    return found.select_related(
        "deputy", "delivery__suggestion__session", "reply__assignment__unit",
        "reply__assignment__suggestion__session",
    ).order_by("-signed_on", "-id")


def rows_of(user, tab: str) -> QuerySet:
    """某一栏的行。"""
    if tab == "awaiting":
        return awaiting()
    return unreturned() if tab == "unreturned" else returned(user, tab)


def escalated() -> QuerySet[Escalation]:
    """等着登记处理意见的协调评估，先转来的在前。"""
    return Escalation.objects.filter(again__isnull=True, suggestion__status="escalated").select_related(
        "suggestion__session", "suggestion__lead_deputy"
    ).order_by("escalated_on", "id")


def overdue_replies(today: date) -> QuerySet[Reply]:
    """反馈期已满、还没有办结的答复，交给每天的任务看。"""
    waiting = AssignmentDue.objects.open().filter(rule_code=RuleCode.FEEDBACK, due_on__lt=today)
    return Reply.objects.delivered().filter(
        assignment__status="answered", round=F("assignment__round"), assignment__in=waiting.values("assignment")
    ).select_related("assignment").order_by("id")

