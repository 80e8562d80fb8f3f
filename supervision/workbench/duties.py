"""今天须办的事：每一类是一个来源，全部合成一张表，一条查询取行、一条查询数数。

各类要办的是哪些行，问的是办它的那一页所问的同一个查询，数与列表因此总是相等。
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse

from handlers import decisions, evaluation_lists
from handlers.models import AssignmentDue, ProposedAssignment, Reply
from handlers.reply_lists import awaiting_publication
from lianluo.accounts.roles import Role
from lianluo.workdays.lights import Light, light
from lianluo.workdays.models import RuleCode
from suggestions.models import Series, Suggestion

from ..models import LedgerEntry, SigningOff

#: 每一行取这些列，各类同名
COLUMNS = ("t_duty", "t_item", "t_case", "t_number", "t_series", "t_title", "t_code", "t_due", "t_since", "t_who")


@dataclass(frozen=True)
class Duty:
    """一类须办的事：名称、按钮、谁办、到哪里办（列表与单件）、是哪些行。"""

    code: str
    label: str
    verb: str
    roles: tuple[str, ...]
    page: str
    item_page: str
    rows: Callable[..., QuerySet]
    approves: bool = True

    @property
    def url(self) -> str:
        """办它的那一页。"""
        return reverse(self.page)

    def item_url(self, item: int, case: int) -> str:
        if self.code == "assign":
            return f"{self.url}?s={case}"
        return reverse(self.item_page, args=[item])


def _columns(rows: QuerySet, duty: str, case: str, *, due, since, who: str) -> QuerySet:
    """各类整成同样的列；``case`` 是走到件的路径（自身为空），``due`` 期限、``since`` 哪天来的、``who`` 谁在等。"""
    names = {
        "t_duty": Value(duty, CharField()), "t_item": F("pk"), "t_case": F(f"{case}pk"), "t_number": F(f"{case}number"),
        "t_series": F(f"{case}series"), "t_title": F(f"{case}title"), "t_code": F(f"{case}session__code"),
        "t_due": Cast(due, DateField()), "t_since": Cast(since, DateField()), "t_who": F(who),
    }
    return rows.order_by().annotate(**names).values_list(*COLUMNS)


NONE = Value(None, DateField())


def _review(user):
    rows = Suggestion.objects.visible_to(user).awaiting_review()
    return _columns(rows, "review", "", due=F("due_on"), since=F("submitted_on"), who="lead_deputy__name")


def _assign(user):
    rows = Suggestion.objects.awaiting_assignment().filter(deferral__isnull=True)
    return _columns(rows, "assign", "", due=F("due_on"), since=F("registered_on"), who="lead_deputy__name")


def _objections(user):
    rows = ProposedAssignment.objects.filter(
        objected_at__isnull=False, upheld__isnull=True, suggestion__status="registered"
    )
    return _columns(
        rows, "objections", "suggestion__", due=F("meeting__held_on"), since=TruncDate("objected_at"), who="unit__short"
    )


def _returns(user):
    rows = decisions.returns_to_decide(user)
    return _columns(rows, "returns", "assignment__suggestion__", due=F("decide_by_on"), since=F("requested_on"),
                    who="assignment__unit__short")


def _extensions(user):
    rows = decisions.extensions_to_decide(user)
    return _columns(rows, "extensions", "assignment__suggestion__", due=F("old_due_on"), since=F("requested_on"),
                    who="assignment__unit__short")


def _escalated(user):
    rows = evaluation_lists.escalated().select_related(None)
    return _columns(rows, "escalated", "suggestion__", due=NONE, since=F("escalated_on"),
                    who="suggestion__lead_deputy__name")


def _sign_offs(user):
    rows = LedgerEntry.objects.visible_to(user).awaiting_decision()
    applied = SigningOff.objects.filter(entry=OuterRef("pk"), granted__isnull=True).values("applied_on")[:1]
    return _columns(rows, "sign_offs", "suggestion__", due=NONE, since=Subquery(applied), who="unit__short")


def _publishing(user):
    due = AssignmentDue.objects.filter(
        assignment=OuterRef("assignment"), rule_code=RuleCode.PUBLISH, round=OuterRef("round")
    ).order_by("-id")
    rows = awaiting_publication(Reply.objects.visible_to(user).delivered(), "waiting")
    return _columns(
        rows, "publishing", "assignment__suggestion__", due=Subquery(due.values("due_on")[:1]), since=F("delivered_on"),
        who="assignment__unit__short",
    )


OFFICE, BOTH = (Role.NPC_OFFICE,), (Role.NPC_OFFICE, Role.GOV_OFFICE)
DUTIES = (
    Duty("review", "待审查", "审查", (Role.NPC_OFFICE, Role.SECRETARIAT), "suggestions:review",
         "suggestions:review_one", _review),
    Duty("assign", "待交办", "交办", OFFICE, "handlers:board", "", _assign, approves=False),
    Duty("objections", "异议待裁定", "裁定", OFFICE, "handlers:meetings", "handlers:objection", _objections),
    Duty("returns", "退回待裁决", "裁决", BOTH, "handlers:returns", "handlers:return_decision", _returns),
    Duty("extensions", "延期待批复", "批复", BOTH, "handlers:extensions", "handlers:extension_decision", _extensions),
    Duty("escalated", "待协调评估", "登记意见", OFFICE, "handlers:escalated", "handlers:escalation", _escalated,
         approves=False),
    Duty("sign_offs", "待核准销号", "核准", OFFICE, "supervision:ledger", "supervision:ledger_decide", _sign_offs),
    Duty("publishing", "待公开审定", "审定", OFFICE, "handlers:publishing", "handlers:publish", _publishing),
)
BY_CODE = {duty.code: duty for duty in DUTIES}


def duties_of(user) -> list[Duty]:
    """归此人办的各类。"""
    return [duty for duty in DUTIES if user.has_role(*duty.roles)]


@dataclass(frozen=True)
class Todo:
    """今天的事的一行。"""

    duty: Duty
    light: Light
    due_on: date | None
    since: date | None
    url: str
    number: str
    title: str
    case_url: str
    who: str


def todos(user, duties: Iterable[Duty], *, today: date, start: int = 0, stop: int = 12) -> list[Todo]:
    """最急的在前：先到期的在上；没有法定期限的在后，先来的在上。"""
    joined = _joined(user, duties)
    if joined is None:
        return []
    rows = joined.order_by(F("t_due").asc(nulls_last=True), "t_since", "t_duty", "t_item")[start:stop]
    return [_todo(row, today) for row in rows]


def _joined(user, duties: Iterable[Duty]) -> QuerySet | None:
    parts = [duty.rows(user) for duty in duties]
    if not parts:
        return None
    return parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]


def _todo(row: tuple, today: date) -> Todo:
    code, item, case, number, series, title, session, due, since, who = row
    duty, shown = BY_CODE[code], Suggestion(pk=case, number=number, series=series)
    mark = "b" if series == Series.BETWEEN else ""
    case_url = f"/s/{session}/{mark}{number:04d}/" if number is not None else f"/s/i/{case}/"
    lamp = light(due, today) if due else Light("grey", waited_in_words(since, today))
    return Todo(duty, lamp, due, since, duty.item_url(item, case), shown.shown_number, title, case_url, who)


def waited_in_words(since: date | None, today: date) -> str:
    """没有法定期限的，说等了几天。"""
    days = (today - since).days if since else 0
    return f"等了 {days} 天" if days > 0 else "今天来的"


def counts(user, duties: Iterable[Duty]) -> dict[str, int]:
    """各类的数，一条查询；没有的为零。"""
    duties = list(duties)
    found = dict.fromkeys((duty.code for duty in duties), 0)
    joined = _joined(user, duties)
    if joined is None:
        return found
    sql, params = joined.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.t_duty, COUNT(*) FROM ({sql}) AS t GROUP BY t.t_duty", params)  # noqa: S608 由 ORM 编译
        found.update(cursor.fetchall())
    return found
