"""对账：台账、件、承办关系、留痕几方比对，只列差异，从不悄悄改。

每一条核对是一个小函数，给出差异；全部核对列在 CHECKS。
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery

from handlers.deadlines import ANSWER_RULES, ASSIST_RULES
from handlers.models import (
    Assignment,
    AssignmentDue,
    AssignmentMeeting,
    AssistOpinion,
    Plan,
    PlanStep,
    Reply,
    ReplyPromise,
)
from lianluo.audit.models import AuditEvent
from lianluo.congresses.models import Session
from lianluo.documents import counters
from suggestions.models import ImportBatch, Suggestion
from suggestions.numbering import scope_of

from .models import SETTLED_WITHIN, LedgerEntry, SigningOff
from .querysets import OWED, SIGNED_OFF, UNANSWERED

#: 决定承办关系到期日的规则
GOVERNING = tuple(str(code) for code in (*ANSWER_RULES, *ASSIST_RULES))
#: 件没有了而留痕还在，只有这两种情形说得通
ERASED = ("suggestion.discarded", "suggestion.import_undone")


@dataclass(frozen=True)
class Mismatch:
    """一处账实不符。"""

    check: str
    what: str
    stored: str
    expected: str

    def as_row(self) -> dict:
        return asdict(self)


def differences() -> list[Mismatch]:
    """全部差异；正常时为空。"""
    return [found for check in CHECKS for found in check()]


# ── 状态等于留痕所到的状态 ──
def _last_state(model) -> Subquery:
    """留痕里这个对象最后到达的状态。"""
    events = AuditEvent.objects.filter(
        target_type=model._meta.label_lower, target_id=OuterRef("pk")
    ).exclude(target_state="")
    return Subquery(events.order_by("-id").values("target_state")[:1])


def _status_follows_events(model, initial: str) -> Iterator[Mismatch]:
    rows = model._base_manager.annotate(told=_last_state(model))
    strayed = rows.filter(Q(told__isnull=True) & ~Q(status=initial) | Q(told__isnull=False) & ~Q(status=F("told")))
    for obj in strayed.order_by("pk").iterator():
        yield Mismatch("状态与留痕", f"{obj._meta.verbose_name} {obj.pk} {obj}", obj.status, obj.told or initial)


def suggestions_match_events() -> Iterator[Mismatch]:
    """件。"""
    yield from _status_follows_events(Suggestion, "draft")


def assignments_match_events() -> Iterator[Mismatch]:
    """承办关系。"""
    yield from _status_follows_events(Assignment, "pending")


def replies_match_events() -> Iterator[Mismatch]:
    """答复。"""
    yield from _status_follows_events(Reply, "draft")


def opinions_match_events() -> Iterator[Mismatch]:
    """会办意见。"""
    yield from _status_follows_events(AssistOpinion, "draft")


def meetings_match_events() -> Iterator[Mismatch]:
    """交办会。"""
    yield from _status_follows_events(AssignmentMeeting, "preparing")


def plans_match_events() -> Iterator[Mismatch]:
    """方案。"""
    yield from _status_follows_events(Plan, "draft")


def steps_match_events() -> Iterator[Mismatch]:
    """方案的各项。"""
    yield from _status_follows_events(PlanStep, "open")


def entries_match_events() -> Iterator[Mismatch]:
    """台账条目。"""
    yield from _status_follows_events(LedgerEntry, "open")


# ── 件与承办关系 ──
def cases_match_assignments() -> Iterator[Mismatch]:
    """已答复的件没有欠答复的单位，办理中的件还有；办结的件各单位都已办结（G6：件是各承办关系之和）。"""
    answering = Assignment.objects.live().answering().filter(suggestion=OuterRef("pk"))
    rows = Suggestion.objects.annotate(
        owing=Exists(answering.filter(status__in=UNANSWERED)), held=Exists(Assignment.objects.live().filter(
            suggestion=OuterRef("pk"))), unfinished=Exists(answering.exclude(status="concluded")),
    )
    wrong = (
        (Q(status__in=("replied", "escalated"), owing=True), "还有单位没有答复"),
        (Q(status__in=("handling", "rehandling"), owing=False), "各单位都已答复"),
        (Q(status="concluded", unfinished=True), "还有单位没有办结"),
        (Q(status__in=("assigned", "handling", "replied", "rehandling", "escalated", "concluded"), held=False),
         "没有承办单位"),
    )
    for condition, why in wrong:
        for case in rows.filter(condition).order_by("pk").iterator():
            yield Mismatch("件与承办关系", str(case), case.status, why)


# ── 台账与件 ──
def every_assignment_has_one_entry() -> Iterator[Mismatch]:
    """每承办关系恰一条承办条目（CZ-10）。"""
    counted = Assignment.objects.annotate(n=Count("ledger_entries", filter=Q(ledger_entries__kind="handling")))
    for assignment in counted.exclude(n=1).iterator():
        yield Mismatch("承办条目", str(assignment), str(assignment.n), "1")


def every_case_has_one_main_entry() -> Iterator[Mismatch]:
    """交办过的件恰一条主条目。"""
    mains = LedgerEntry.objects.filter(kind="main").values("suggestion_id")
    for case in Suggestion.objects.filter(assignments__isnull=False).exclude(pk__in=mains).distinct().iterator():
        yield Mismatch("主条目", str(case), "0", "1")


def every_promise_has_one_entry() -> Iterator[Mismatch]:
    """送达的答复里每项承诺恰一条承诺条目。"""
    owed = ReplyPromise.objects.filter(reply__status="delivered", ledger_entry__isnull=True)
    for promise in owed.iterator():
        yield Mismatch("承诺条目", str(promise), "0", "1")


def ended_cases_owe_nothing() -> Iterator[Mismatch]:
    """撤回的件、改办走的承办关系，不再有在账的条目。"""
    rows = LedgerEntry.objects.filter(OWED)
    for entry in rows.filter(Q(suggestion__status="withdrawn") | Q(assignment__status="reassigned")).iterator():
        yield Mismatch("仍在账", str(entry), entry.status, "不再督办")


def signed_off_equals_concluded() -> Iterator[Mismatch]:
    """办结一件、销号一件：已销号的主条目与办结的件一一对应（CZ-11）。"""
    mains = LedgerEntry.objects.filter(SIGNED_OFF, kind="main").values("suggestion_id")
    for case in Suggestion.objects.filter(pk__in=mains).exclude(status="concluded").iterator():
        yield Mismatch("已销号而未办结", str(case), case.status, "concluded")
    for case in Suggestion.objects.filter(status="concluded").exclude(pk__in=mains).iterator():
        yield Mismatch("办结而未销号", str(case), "在账", "已销号")


def signed_off_entries_have_grants() -> Iterator[Mismatch]:
    """已销号的条目都有一次没有被恢复的核准，日期、人相同，且不是申请人自己批的。"""
    granted = SigningOff.objects.filter(
        entry=OuterRef("pk"), granted=True, reopened_on__isnull=True, decided_on=OuterRef("signed_off_on"),
        decided_by=OuterRef("signed_off_by"),
    ).exclude(decided_by=F("applied_by"))
    rows = LedgerEntry.objects.signed_off().exclude(kind__in=SETTLED_WITHIN)
    for entry in rows.filter(~Exists(granted)).iterator():
        yield Mismatch("销号核准", str(entry), "没有相符的核准", "一次核准")


def settled_difficulties_have_results() -> Iterator[Mismatch]:
    """了结的困难都写明了结果，且不是提出的人自己了结的（KJ-06）。"""
    rows = LedgerEntry.objects.signed_off().filter(kind="difficulty")
    for entry in rows.filter(Q(result="") | Q(signed_off_by=F("raised_by"))).iterator():
        yield Mismatch("困难了结", str(entry), entry.result or "没有结果", "另一个人写明的结果")


def rectifications_match_steps() -> Iterator[Mismatch]:
    """每个整改问题恰一条账，核验通过的了结、没有通过的在账（MZ-18）。"""
    steps = PlanStep.objects.filter(plan__kind="rectification").exclude(plan__status="void")
    for step in steps.filter(ledger_entry__isnull=True).iterator():
        yield Mismatch("整改条目", str(step), "0", "1")
    rows = LedgerEntry.objects.filter(kind="rectification", closed_on__isnull=True)
    for entry in rows.filter(Q(status="signed_off") ^ Q(step__status="done")).iterator():
        yield Mismatch("整改了结", str(entry), entry.status, "随核验结果")


def measures_end_with_plans() -> Iterator[Mismatch]:
    """方案完成了，问效的账不再挂着（MZ-12）。"""
    for entry in LedgerEntry.objects.filter(OWED, kind="measure").exclude(plan__status="issued").iterator():
        yield Mismatch("问效条目", str(entry), entry.status, "方案已完成")


def signed_off_entries_have_replies() -> Iterator[Mismatch]:
    """每个销号都有它的答复：答复送达了，会办意见处理了（G6）。"""
    delivered = Reply.objects.delivered().filter(assignment=OuterRef("assignment"))
    adopted = AssistOpinion.objects.filter(assignment=OuterRef("assignment"), status="adopted")
    rows = LedgerEntry.objects.signed_off().filter(kind="handling")
    for entry in rows.exclude(assignment__role="assist").filter(~Exists(delivered)).iterator():
        yield Mismatch("销号而无答复", str(entry), "没有送达的答复", "一份")
    for entry in rows.filter(assignment__role="assist").filter(~Exists(adopted)).iterator():
        yield Mismatch("销号而无会办意见", str(entry), "没有处理过的意见", "一份")


# ── 到期日 ──
def due_dates_match_rows() -> Iterator[Mismatch]:
    """承办关系的到期日等于在走的主要时限。"""
    running = AssignmentDue.objects.open().filter(assignment=OuterRef("pk"), rule_code__in=GOVERNING)
    rows = Assignment.objects.live().annotate(row_due=Subquery(running.order_by("due_on").values("due_on")[:1]))
    for one in rows.filter(row_due__isnull=False).exclude(row_due=F("due_on")).iterator():
        yield Mismatch("到期日", str(one), str(one.due_on), str(one.row_due))


def entries_follow_due_dates() -> Iterator[Mismatch]:
    """在账条目的到期日：承办条目随承办关系，主条目随件。"""
    rows = LedgerEntry.objects.filter(OWED).select_related("assignment", "suggestion")
    for kind, path in (("handling", "assignment"), ("main", "suggestion")):
        same = Q(due_on=F(f"{path}__due_on")) | Q(due_on__isnull=True, **{f"{path}__due_on__isnull": True})
        for entry in rows.filter(kind=kind).filter(~same).iterator():
            yield Mismatch("台账到期日", str(entry), str(entry.due_on), str(getattr(entry, path).due_on))


# ── 编号 ──
def numbers_match_events() -> Iterator[Mismatch]:
    """编号登记后不可改：等于留痕里登记时的编号。"""
    told = dict(
        AuditEvent.objects.filter(event="suggestion.registered").order_by("id").values_list("target_id", "data")
    )
    for case in Suggestion.objects.filter(pk__in=told).only("pk", "number", "title", "series").iterator():
        number = told[case.pk].get("number")
        if case.number != number:
            yield Mismatch("编号与留痕", f"{case.pk} {case.title}", str(case.number), str(number))


def numbers_follow_the_counter() -> Iterator[Mismatch]:
    """计数行等于最大的编号：低了会重号，高了是取了号而没有件（撤销过导入的会议除外）。"""
    rows = Suggestion.objects.filter(number__isnull=False).values("session_id", "series").order_by()
    sessions = Session.objects.select_related("term").in_bulk()
    undone = set(ImportBatch.objects.filter(undone_at__isnull=False).values_list("session_id", flat=True))
    for row in rows.annotate(top=Max("number")):
        scope = scope_of(sessions[row["session_id"]], row["series"])
        last, top = counters.peek(scope), row["top"]
        if last < top or (last > top and row["session_id"] not in undone):
            yield Mismatch("编号计数", scope, str(last), str(top))


def no_case_has_vanished() -> Iterator[Mismatch]:
    """有留痕的件都在；不在的只能是丢弃的草稿、撤销的导入。缺号因此都说得清来历。"""
    kept = Suggestion.objects.filter(pk=OuterRef("target_id"))
    gone = AuditEvent.objects.filter(target_type="suggestions.suggestion").filter(~Exists(kept))
    erased = set(gone.filter(event__in=ERASED).values_list("target_id", flat=True))
    for pk in sorted(set(gone.values_list("target_id", flat=True)) - erased):
        last = gone.filter(target_id=pk).order_by("-id").values_list("target_name", flat=True).first()
        yield Mismatch("件不见了", f"{pk} {last}", "没有", "一件")


CHECKS = (
    suggestions_match_events, assignments_match_events, replies_match_events, opinions_match_events,
    meetings_match_events, plans_match_events, steps_match_events, entries_match_events, cases_match_assignments,
    every_assignment_has_one_entry, every_case_has_one_main_entry, every_promise_has_one_entry,
    ended_cases_owe_nothing, signed_off_equals_concluded, signed_off_entries_have_grants,
    settled_difficulties_have_results, rectifications_match_steps, measures_end_with_plans,
    signed_off_entries_have_replies, due_dates_match_rows, entries_follow_due_dates, numbers_match_events,
    numbers_follow_the_counter, no_case_has_vanished,
)
