"""销号条件：逐条核对，缺什么列什么。

事实由 :class:`Grounds` 一次取齐（不论几条，每样事实一条查询），每条规则是一个小函数，读起来就是规则。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from django.db.models import F, Max
from django.urls import reverse

from handlers.mechanisms import gates, policies
from handlers.mechanisms.base import GUARDS, Door
from handlers.mechanisms.facts import Case
from handlers.models import (
    ActivityCase,
    Assignment,
    AssignmentDue,
    AssignmentRole,
    AssistOpinion,
    Delivery,
    Rank,
    Reply,
    Stage,
    UnitPolicy,
)
from lianluo.statemachine import Missing
from lianluo.workdays import clock
from lianluo.workdays.models import RuleCode

from .models import SETTLED_WITHIN, LedgerEntry, LedgerKind, LedgerProgress
from .querysets import UNANSWERED

DISSATISFIED = "dissatisfied"


class Grounds:
    """核对一批条目所需的事实，各取一次；没有用到的不查。"""

    def __init__(self, entries: Iterable[LedgerEntry]) -> None:
        self.entries = list(entries)
        self.assignments = [entry.assignment_id for entry in self.entries if entry.assignment_id]

    @cached_property
    def replies(self) -> dict[int, list[Reply]]:
        """承办关系 → 没有作废的答复，新的在后。"""
        rows = Reply.objects.current().filter(assignment__in=self.assignments).select_related("result_class")
        return _grouped(rows.order_by("round", "id"), "assignment_id")

    @cached_property
    def leads(self) -> dict[int, list[Delivery]]:
        """答复 → 送到了的领衔代表及其评价。"""
        keys = [reply.pk for replies in self.replies.values() for reply in replies]
        rows = Delivery.objects.of_leads().filter(reply__in=keys, delivered_on__isnull=False)
        return _grouped(rows.select_related("deputy", "evaluation"), "reply_id")

    @cached_property
    def feedback_until(self) -> dict[tuple[int, int], date]:
        """（承办关系，轮次）→ 还在走的反馈期限。"""
        rows = AssignmentDue.objects.open().filter(assignment__in=self.assignments, rule_code=RuleCode.FEEDBACK)
        return {(row.assignment_id, row.round): row.due_on for row in rows}

    @cached_property
    def opinions(self) -> dict[int, AssistOpinion]:
        return {row.assignment_id: row for row in AssistOpinion.objects.filter(assignment__in=self.assignments)}

    @cached_property
    def talked_higher(self) -> set[int]:
        """处级以上负责人与代表沟通过的承办关系；代表称未联系过的不算。"""
        talks = ActivityCase.objects.standing().filter(
            assignment__in=self.assignments, activity__members__rank__gte=Rank.DIVISION
        )
        return set(talks.values_list("assignment", flat=True))

    @cached_property
    def told_after(self) -> dict[int, date]:
        """承办关系 → 最近一次办后沟通的日子。"""
        talks = ActivityCase.objects.standing().filter(assignment__in=self.assignments, activity__stage=Stage.AFTER)
        return dict(talks.order_by().values_list("assignment").annotate(Max("activity__happened_on")))

    @cached_property
    def progressed_on(self) -> dict[int, date]:
        """条目 → 最近一条进展的日子；取条目时已经带上的不再查。"""
        if all(hasattr(entry, "progress_on") for entry in self.entries):
            return {entry.pk: entry.progress_on for entry in self.entries if entry.progress_on}
        rows = LedgerProgress.objects.filter(entry__in=[entry.pk for entry in self.entries])
        return dict(rows.order_by().values_list("entry").annotate(Max("happened_on")))

    @cached_property
    def policies(self) -> dict[int, list[UnitPolicy]]:
        """单位 → 到今天的机制开关。"""
        units = {entry.unit_id for entry in self.entries if entry.assignment_id}
        rows = UnitPolicy.objects.in_effect(clock.today()).filter(unit__in=units).order_by("valid_from", "id")
        return _grouped(rows, "unit_id")

    def mechanisms(self, assignment: Assignment) -> dict[str, dict]:
        """管着这个承办关系的机制；单位没有起用过的不再多查。"""
        rows = self.policies.get(assignment.unit_id)
        return policies.in_force(rows, assignment.assigned_on) if rows else {}

    @cached_property
    def parts(self) -> dict[int, list[LedgerEntry]]:
        """件 → 还挡着它销号的承办条目；主办注明理由先答复了的，没有送的会办意见不再挡着。"""
        mains = [entry.suggestion_id for entry in self.entries if entry.kind == LedgerKind.MAIN]
        rows = LedgerEntry.objects.on_account().filter(suggestion__in=mains, kind=LedgerKind.HANDLING)
        owed = _grouped(rows.select_related("assignment").order_by("id"), "suggestion_id")
        excused = _answered_without_opinions(owed) if owed else set()
        return {
            pk: [one for one in found if not (pk in excused and _owes_opinion(one))] for pk, found in owed.items()
        }


def _answered_without_opinions(cases: Iterable[int]) -> set[int]:
    """主办本轮的答复已送达，并注明了会办意见未齐先答复的理由的件。"""
    replies = Reply.objects.delivered().filter(
        assignment__suggestion__in=cases, assignment__role=AssignmentRole.LEAD, round=F("assignment__round")
    )
    return set(replies.exclude(missing_opinions_reason="").values_list("assignment__suggestion_id", flat=True))


def _owes_opinion(entry: LedgerEntry) -> bool:
    return entry.assignment.role == AssignmentRole.ASSIST and entry.assignment.status in UNANSWERED


def _grouped(rows, key: str) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return dict(found)


def conditions(entry: LedgerEntry, grounds: Grounds | None = None) -> list[Missing]:
    """这一条现在还差什么；空列表即可销号。"""
    grounds = grounds or Grounds([entry])
    if entry.kind == LedgerKind.MAIN:
        return list(_main(entry, grounds))
    if entry.kind == LedgerKind.PROMISE:
        return list(_promise(entry, grounds))
    if entry.kind in SETTLED_WITHIN:
        return list(_within(entry))
    if entry.assignment.role == AssignmentRole.ASSIST:
        return list(_assisting(entry, grounds))
    return list(_answering(entry, grounds))


def _main(entry: LedgerEntry, grounds: Grounds) -> Iterator[Missing]:
    """件：各承办条目均已销号。"""
    for part in grounds.parts.get(entry.suggestion_id, []):
        url = reverse("supervision:ledger_entry", args=[part.pk])
        yield Missing(f"{part.assignment.unit_name}的承办条目还未销号", url)


def _within(entry: LedgerEntry) -> Iterator[Missing]:
    """困难、整改、措施：责任人或厅领导写明结果，在单位内部了结；整改、措施随方案走。"""
    if entry.kind in (LedgerKind.RECTIFICATION, LedgerKind.MEASURE):
        yield from _of_plan(entry)
        return
    if entry.status == "open" and not entry.result:
        who = f"{entry.owner.name}或厅领导" if entry.owner_id else "责任人或厅领导"
        yield Missing(f"{who}还没有写明解决的结果", reverse("supervision:ledger_entry", args=[entry.pk]))


def _of_plan(entry: LedgerEntry) -> Iterator[Missing]:
    """整改：另一个人核验通过；措施：报一次进展。"""
    if entry.status != "open":
        return
    if entry.kind == LedgerKind.RECTIFICATION:
        url = reverse("handlers:plan", args=[entry.assignment_id, "rectification"])
        yield Missing("整改还没有由另一个人核验通过", url)
    else:
        yield Missing("报一次进展", reverse("handlers:plan", args=[entry.assignment_id, "solution"]))


def _assisting(entry: LedgerEntry, grounds: Grounds) -> Iterator[Missing]:
    """会办：意见已送、主办单位已处理。"""
    opinion = grounds.opinions.get(entry.assignment_id)
    if opinion is None or opinion.sent_on is None:
        yield Missing("会办意见还未送主办单位", reverse("handlers:opinion", args=[entry.assignment_id]))
    elif opinion.status != "adopted":
        yield Missing("主办单位还未处理会办意见")


def _answering(entry: LedgerEntry, grounds: Grounds) -> Iterator[Missing]:
    """独办、主办、分办：本轮答复已送达，抄送、反馈、公开决定齐备；C 类另须提级沟通。"""
    assignment = entry.assignment
    reply = current_reply(assignment, grounds)
    if reply is None or reply.status != "delivered":
        which = f"第 {assignment.round} 轮答复" if assignment.round > 1 else "答复"
        yield Missing(f"{which}还未送达全部代表", reverse("handlers:reply_edit", args=[assignment.pk]))
        return
    if not reply.copied_to:
        yield Missing("答复还未登记抄送", reply.get_absolute_url())
    yield from _feedback(entry, reply, grounds)
    if reply.published_at is None and not reply.withheld_reason:
        yield Missing("答复是否公开，人大办事机构还未审定")
    chosen = reply.result_class
    if chosen and chosen.needs_explanation and assignment.pk not in grounds.talked_higher:
        url = reverse("handlers:activity_new", args=[assignment.pk])
        yield Missing(f"{chosen.code} 类件还没有处级以上负责人与代表沟通的记录", url)
    active = grounds.mechanisms(assignment)
    if any(Door.SIGN_OFF in guard.doors and code in active for code, guard in GUARDS.items()):
        yield from gates.missing(Case(assignment, clock.today(), active=active), Door.SIGN_OFF)


def current_reply(assignment: Assignment, grounds: Grounds) -> Reply | None:
    """本轮没有作废的答复。"""
    found = [reply for reply in grounds.replies.get(assignment.pk, []) if reply.round == assignment.round]
    return found[-1] if found else None


def _feedback(entry: LedgerEntry, reply: Reply, grounds: Grounds) -> Iterator[Missing]:
    """领衔代表（含并入各件的）都已评价且不为不满意；或者反馈期满催过规定次数，承办关系已按未反馈办结。"""
    if entry.assignment.status == "concluded":
        return
    leads = grounds.leads.get(reply.pk, [])
    url = f"{entry.suggestion.get_absolute_url()}evaluations/"
    if any(rated(one) == DISSATISFIED for one in leads):
        yield Missing("代表对本次答复不满意，须再办理或登记协调评估的处理意见", url)
        return
    for one in leads:
        if not rated(one):
            yield Missing(_waiting_for(one, grounds.feedback_until.get((entry.assignment_id, reply.round))), url)


def rated(delivery: Delivery) -> str:
    """这份送达的总体评价；没有填为空。"""
    return delivery.evaluation.overall if hasattr(delivery, "evaluation") else ""


def _waiting_for(delivery: Delivery, until: date | None) -> str:
    when = f"，反馈期到 {until}" if until else ""
    urged = f"，已催 {delivery.urged_times} 次" if delivery.urged_times else ""
    return f"{delivery.deputy.name}代表还未填办理意见表{when}{urged}"


def _promise(entry: LedgerEntry, grounds: Grounds) -> Iterator[Missing]:
    """承诺：有数字或文件的进展；兑现之后再次告知了代表（办后沟通，或新一轮答复）。"""
    on = grounds.progressed_on.get(entry.pk)
    if on is None:
        yield Missing("还没有带数字或文件的进展", reverse("supervision:ledger_progress", args=[entry.pk]))
    first = entry.promise.reply
    days = [
        reply.delivered_on for reply in grounds.replies.get(entry.assignment_id, [])
        if reply.round > first.round and reply.delivered_on
    ]
    told = max([*days, grounds.told_after.get(entry.assignment_id, date.min)])
    if told < (on or first.delivered_on or first.signed_on) or told == date.min:
        url = reverse("handlers:activity_new", args=[entry.assignment_id])
        yield Missing("落实情况还未再次告知代表（报进展之后记一次办后沟通）", url)
