"""要盯着的期限：每一类是一个来源，给出盯什么、从哪天起、到哪天、归谁。没有了结的才在这里。"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.text import Truncator

from handlers import decisions
from handlers.deadlines import ANSWER_RULES, ASSIST_RULES, accept_by
from handlers.models import Assignment, AssignmentDue
from lianluo.accounts.roles import Role
from lianluo.workdays.arithmetic import Calendar
from lianluo.workdays.models import RuleCode
from suggestions.models import Suggestion, SuggestionDue
from suggestions.querysets import UNDER_WAY

from . import reminders
from .models import LedgerEntry, LedgerKind
from .querysets import UNANSWERED
from .reminders import Ladder

NPC, GOV = (Role.NPC_OFFICE,), (Role.GOV_OFFICE,)
#: 最早的一级在到期前三十天，再加长假提前的余地
HORIZON = timedelta(days=45)


@dataclass(frozen=True)
class Watch:
    """盯着的一件事。``about`` 与 ``code`` 合起来是通知唯一键里的事项与层级前缀。"""

    about: str
    code: str
    matter: str
    ladder: Ladder
    since: date
    due_on: date
    case: Suggestion
    assignment: Assignment | None = None
    offices: tuple[str, ...] = NPC
    url: str = ""
    provisional: bool = False

    def rung_code(self, days: int) -> str:
        return f"{self.code}:{days}"


def all_watches(today: date, calendar: Calendar, *, case: Suggestion | None = None) -> Iterator[Watch]:
    """全部要盯的；给了 ``case`` 只看这一件，不限远近。"""
    until = date.max if case else today + HORIZON
    for source in (_unit_dues, _case_dues, _returns, _extensions, _promises):
        yield from source(until, case)
    yield from _unaccepted(calendar, case)


ASSIGNMENT = ("assignment__suggestion__session", "assignment__suggestion__congress", "assignment__unit")
ALLOTMENTS = "assignment__allotments"
GOVERNING = tuple(str(code) for code in (*ANSWER_RULES, *ASSIST_RULES))
WATCHED = (*GOVERNING, RuleCode.FIRST_CONTACT, RuleCode.FEEDBACK, RuleCode.PUBLISH)
LADDERS = {
    RuleCode.FIRST_CONTACT: reminders.FIRST_CONTACT, RuleCode.FEEDBACK: reminders.FEEDBACK,
    RuleCode.PUBLISH: reminders.DUTIES,
}


def _unit_dues(until: date, case: Suggestion | None) -> Iterator[Watch]:
    """承办关系上在走的时限：答复、会办意见、再办理、延期后的、首次沟通；送达后的反馈与公开。"""
    rows = AssignmentDue.objects.open().filter(
        due_on__lte=until, rule_code__in=WATCHED, **_of(case, "assignment__suggestion")
    ).exclude(assignment__status="reassigned")
    for row in rows.select_related(*ASSIGNMENT).prefetch_related(ALLOTMENTS).order_by("id"):
        if _is_owed(row):
            yield Watch(
                f"assignment:{row.assignment_id}", str(row.pk), _matter(row),
                LADDERS.get(row.rule_code, reminders.LADDER), _told_since(row), row.due_on, row.assignment.suggestion,
                row.assignment, url=_url_of(row), provisional=row.provisional,
            )


def _is_owed(row: AssignmentDue) -> bool:
    """撤回、办结的件不提醒；答复之前盯单位的事，答复之后盯反馈与公开。公开审定办结后仍要做完。"""
    one = row.assignment
    if row.rule_code == RuleCode.PUBLISH:
        return one.suggestion.status in (*UNDER_WAY, "concluded")
    if row.rule_code == RuleCode.FEEDBACK:
        return one.suggestion.status in UNDER_WAY and one.status == "answered"
    return one.suggestion.status in UNDER_WAY and one.status in UNANSWERED


def _matter(row: AssignmentDue) -> str:
    named = {RuleCode.FEEDBACK: "代表反馈", RuleCode.PUBLISH: "公开审定"}
    return named.get(row.rule_code) or row.name.removesuffix("期限")


def _url_of(row: AssignmentDue) -> str:
    if row.rule_code == RuleCode.PUBLISH:
        return reverse("handlers:publishing")
    tab = "evaluations/" if row.rule_code == RuleCode.FEEDBACK else "handling/"
    return f"{row.assignment.suggestion.get_absolute_url()}{tab}"


def _told_since(row: AssignmentDue) -> date:
    """从哪天起提醒：起算、交到这个单位、批准延期三者最晚的一天；以前的级不补。"""
    days = [row.start_on, row.assignment.assigned_on]
    days += [date.fromisoformat(one["decided_on"]) for one in row.snapshot.get("extensions", []) if "decided_on" in one]
    return max(days)


def _case_dues(until: date, case: Suggestion | None) -> Iterator[Watch]:
    """办公室自己的：审查登记、闭会期间交办。"""
    rows = SuggestionDue.objects.open().filter(due_on__lte=until, **_of(case, "suggestion"))
    for row in rows.select_related("suggestion__session", "suggestion__congress").order_by("id"):
        waiting = {RuleCode.REGISTER: "submitted", RuleCode.ASSIGN: "registered"}.get(row.rule_code)
        if row.suggestion.status == waiting:
            name = "handlers:board" if row.rule_code == RuleCode.ASSIGN else "suggestions:review"
            yield Watch(
                f"suggestion:{row.suggestion_id}", str(row.pk), row.get_rule_code_display(), reminders.DUTIES,
                row.start_on, row.due_on, row.suggestion, url=reverse(name), provisional=row.provisional,
            )


def _unaccepted(calendar: Calendar, case: Suggestion | None) -> Iterator[Watch]:
    """交办后迟迟不签收的。"""
    rows = Assignment.objects.pending().filter(suggestion__status__in=UNDER_WAY, **_of(case, "suggestion"))
    related = ("suggestion__session", "suggestion__congress", "unit")
    for one in rows.select_related(*related).prefetch_related("allotments"):
        due_on = accept_by(one.assigned_on, calendar)
        yield Watch(
            f"assignment:{one.pk}", "accept", "签收", reminders.ACCEPTANCE, one.assigned_on, due_on,
            one.suggestion, one, url=reverse("handlers:inbox") + "?tab=pending",
        )


def _returns(until: date, case: Suggestion | None) -> Iterator[Watch]:
    """等裁决的退回：谁裁决提醒谁。"""
    rows = decisions.pending_returns().filter(decide_by_on__lte=until, **_of(case, "assignment__suggestion"))
    government = set(rows.filter(decisions.of_government()).values_list("pk", flat=True))
    for row in rows.select_related(*ASSIGNMENT):
        yield Watch(
            f"return:{row.pk}", "decide", f"裁决{row.assignment.unit.short}的退回", reminders.DUTIES,
            row.requested_on, row.decide_by_on, row.assignment.suggestion, offices=GOV if row.pk in government else NPC,
            url=reverse("handlers:return_decision", args=[row.pk]),
        )


def _extensions(until: date, case: Suggestion | None) -> Iterator[Watch]:
    """等批复的延期：原期限到之前要批。"""
    rows = decisions.pending_extensions().filter(old_due_on__lte=until, **_of(case, "assignment__suggestion"))
    for row in rows.select_related(*ASSIGNMENT):
        yield Watch(
            f"extension:{row.pk}", "decide", f"批复{row.assignment.unit.short}的延期", reminders.DUTIES,
            row.requested_on, row.old_due_on, row.assignment.suggestion,
            offices=GOV if row.assignment.unit.is_government else NPC,
            url=reverse("handlers:extension_decision", args=[row.pk]),
        )


def _promises(until: date, case: Suggestion | None) -> Iterator[Watch]:
    """在账的承诺：件办结以后仍盯到兑现（重庆条例第二十四条）。"""
    rows = LedgerEntry.objects.on_account().filter(
        kind=LedgerKind.PROMISE, status="open", due_on__lte=until, **_of(case, "suggestion")
    )
    related = ("suggestion__session", "suggestion__congress", "assignment__unit")
    for entry in rows.select_related(*related).prefetch_related(ALLOTMENTS).order_by("id"):
        yield Watch(
            f"ledger:{entry.pk}", "promise", "承诺“" + Truncator(entry.what).chars(20, "……") + "”", reminders.LADDER,
            entry.opened_on, entry.due_on, entry.suggestion, entry.assignment,
            url=reverse("supervision:ledger_entry", args=[entry.pk]),
        )


def _of(case: Suggestion | None, path: str) -> dict:
    return {path: case} if case else {}
