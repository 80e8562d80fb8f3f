"""答复的列表：分栏、取哪些列。页面与件页共用。"""
from __future__ import annotations

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from .access import READS_ALL, ROLE_OF_DUTY, posts_of, units_of
from .approvals import STEP_OF_DUTY, UNDER_REVIEW
from .models import AllotmentRole, Approval, ApprovalStep, AssignmentDue, Reply

TABS = {
    "mine": "待我审签", "draft": "拟稿", "review": "审签中", "signed": "待送达", "delivered": "已送达", "all": "全部",
}
#: 办公室看得到的只有签发以后的
OFFICE_TABS = ("signed", "delivered", "all")
#: 看沟通、答复、公开各列表的角色
READERS = (*READS_ALL, *ROLE_OF_DUTY.values())
PUBLISHING_TABS = {"waiting": "待审定", "published": "已公开", "withheld": "不予公开", "taken_down": "已撤下"}


def tabs_for(user) -> dict[str, str]:
    """此人有哪几栏；单位的人先看待自己审签的。"""
    return TABS if units_of(user) else {code: TABS[code] for code in OFFICE_TABS}


def in_tab(replies: QuerySet, tab: str, user) -> QuerySet:
    """某一栏的答复；不认识的栏给全部。"""
    if tab == "mine":
        return mine_to_decide(replies, user)
    if tab == "review":
        return replies.filter(status__in=UNDER_REVIEW)
    return replies.filter(status=tab) if tab in ("draft", "signed", "delivered") else replies


def counted(replies: QuerySet, tab: str, user) -> int | None:
    """栏上的数：只数手头要办的。"""
    return in_tab(replies, tab, user).count() if tab in ("mine", "draft", "review", "signed") else None


def mine_to_decide(replies: QuerySet, user) -> QuerySet:
    """轮到此人审签的：环节合他的职责，或者转请了他；动过稿的不算。"""
    waiting = Approval.objects.filter(reply=OuterRef("pk"), agreed__isnull=True).order_by("-attempt", "position")
    rows = replies.filter(status__in=UNDER_REVIEW).annotate(
        now_step=Subquery(waiting.values("step")[:1]), now_delegate=Subquery(waiting.values("delegate")[:1])
    )
    scope = Q(pk__in=[])
    for post in posts_of(user):
        scope |= Q(now_delegate=post.pk)
        if post.duty in STEP_OF_DUTY:
            scope |= Q(now_delegate__isnull=True) & _duty_scope(post)
    own = Q(written_by=user) | Q(pk__in=Reply.objects.filter(versions__saved_by=user).values("pk"))
    return rows.filter(scope).exclude(own & ~Q(now_step=ApprovalStep.HEAD))


def _duty_scope(post) -> Q:
    step = STEP_OF_DUTY[post.duty]
    scope = Q(now_step=step, assignment__unit=post.unit_id)
    if step == ApprovalStep.DIVISION:
        scope &= Q(
            assignment__allotments__division=post.division_id, assignment__allotments__role=AllotmentRole.LEAD
        )
    return scope


def reply_rows(replies: QuerySet) -> QuerySet:
    """列表的行：没送达的先到期的在前，送达了的新的在前。"""
    return replies.select_related(
        "assignment__suggestion__session", "assignment__suggestion__lead_deputy", "assignment__unit", "result_class"
    ).order_by(F("delivered_on").desc(nulls_first=True), "assignment__due_on", "-id")


def awaiting_publication(replies: QuerySet, tab: str) -> QuerySet:
    """公开审定的一栏。"""
    if tab == "published":
        return replies.filter(published_at__isnull=False, taken_down_at__isnull=True)
    if tab == "withheld":
        return replies.filter(published_at__isnull=True).exclude(withheld_reason="")
    if tab == "taken_down":
        return replies.filter(taken_down_at__isnull=False)
    return replies.filter(published_at__isnull=True, withheld_reason="")


def publishing_rows(replies: QuerySet) -> QuerySet:
    """带上公开的时限。"""
    due = AssignmentDue.objects.filter(
        assignment=OuterRef("assignment"), rule_code="publish_days", round=OuterRef("round")
    ).order_by("-id")
    return replies.annotate(publish_due=Subquery(due.values("due_on")[:1])).select_related(
        "assignment__suggestion__session", "assignment__unit", "result_class"
    ).order_by("publish_due", "-id")
