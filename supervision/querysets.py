"""督办层向库里提的问题。条件写成 Q，列表、计数、工作台问的是同一个。"""
from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When

from lianluo.accounts import visibility
from lianluo.web.paging import InTurn
from lianluo.workdays import arithmetic, calendar
from lianluo.workdays.lights import ORANGE_DAYS, YELLOW_DAYS

#: 还没有答复（会办还没有送意见）的承办关系
UNANSWERED = ("pending", "accepted", "return_requested", "handling")
#: 还有单位没有答复的件
UNREPLIED = ("assigned", "handling", "rehandling")
#: “快到期”看几个工作日
SOON_WORKDAYS = 5

#: 在账：还欠着、仍在督办
OWED = Q(status__in=("open", "ready"), closed_on__isnull=True)
#: 单位已申请，等办公室核准
READY = Q(status="ready", closed_on__isnull=True)
SIGNED_OFF = Q(status="signed_off", closed_on__isnull=True)
CLOSED = Q(closed_on__isnull=False)
#: 会办单位始终没有送意见，主办注明理由先答复，件办结时了结；算这个单位逾期没有办成
UNSENT_OPINION = "未送会办意见，主办已答复"
UNSENT = Q(closed_reason=UNSENT_OPINION)
#: 了结的
SETTLED = Q(status="signed_off") | CLOSED
#: 没有期限在走的：答复了等销号，申请了等核准，或者没有期限
STANDING = (
    (Q(kind="handling") & ~Q(assignment__status__in=UNANSWERED)) | Q(status="ready") | Q(due_on__isnull=True)
)
SOONEST = (F("due_on").asc(nulls_last=True), "id")
#: 期限还在走：承办没有答复、承诺没有申请销号。答复了的、等办公室核准的不再算逾期；件的条目随承办，不重复数
RUNNING = OWED & (
    Q(kind="handling", assignment__status__in=UNANSWERED)
    | Q(kind__in=("promise", "difficulty", "rectification", "measure"), status="open")
)


def soon_until(today: date) -> date:
    """五个工作日之后是哪一天。"""
    return arithmetic.add_workdays(today, SOON_WORKDAYS, calendar.current())


def of_light(code: str, today: date) -> Q:
    """某一盏灯：界限与 lights.light 相同（橙 7 天内、黄 30 天内）；soon 为五个工作日内到期。"""
    if code == "soon":
        return RUNNING & Q(due_on__gte=today, due_on__lte=soon_until(today))
    week, month = today + timedelta(days=ORANGE_DAYS), today + timedelta(days=YELLOW_DAYS)
    span = {
        "red": Q(due_on__lt=today),
        "orange": Q(due_on__gte=today, due_on__lte=week),
        "yellow": Q(due_on__gt=week, due_on__lte=month),
        "green": Q(due_on__gt=month),
    }
    return RUNNING & span[code]


class DirectiveQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)


class ScoreSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)


class LedgerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return visibility.visible(self, user)

    def with_case(self):
        """连同件、承办关系、单位、承诺一起取。"""
        return self.select_related(
            "suggestion__session__term", "suggestion__session__profile", "assignment__unit", "unit", "promise__reply",
            "signed_off_by", "owner", "raised_by",
        )

    def on_account(self):
        return self.filter(OWED)

    def signed_off(self):
        return self.filter(status="signed_off")

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def awaiting_decision(self):
        return self.filter(READY)

    def overdue(self, today: date):
        return self.filter(of_light("red", today))

    def with_light(self, code: str, today: date):
        return self.filter(of_light(code, today))

    def most_urgent_first(self):
        """期限在走的在前、先到期的在上；等销号的在后；了结的最后。"""
        rank = Case(When(SETTLED, then=Value(2)), When(STANDING, then=Value(1)), default=Value(0))
        return self.annotate(rank=rank).order_by("rank", *SOONEST)

    def by_urgency(self) -> InTurn:
        """同样的次序，供翻页：分三段各按到期日取，在账的到期日有索引，不必整表算过再排。"""
        rows = self.order_by(*SOONEST)
        return InTurn(rows.filter(~SETTLED, ~STANDING), rows.filter(~SETTLED, STANDING), rows.filter(SETTLED))

    def with_latest_progress(self):
        """带上最近一条进展：日期、文字、数字。"""
        from .models import LedgerProgress

        latest = LedgerProgress.objects.filter(entry=OuterRef("pk")).order_by("-happened_on", "-id")
        return self.annotate(
            progress_on=Subquery(latest.values("happened_on")[:1]),
            progress_text=Subquery(latest.values("text")[:1]), progress_figure=Subquery(latest.values("figure")[:1]),
        )
