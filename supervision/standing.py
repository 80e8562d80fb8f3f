"""一件现在在谁手里、还差什么、此人下一步能办什么：由事实算出来，从不存库。"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BigIntegerField, DateField
from django.urls import reverse

from handlers import decisions, upcoming
from handlers.access import duties_in, may, may_in_unit
from handlers.actions.returning import is_disputed
from handlers.deadlines import accept_by, governing_codes
from handlers.models import Assignment, AssignmentDue
from lianluo.accounts.roles import Role
from lianluo.statemachine import Missing
from lianluo.statements import Blank, Statement
from lianluo.workdays import calendar
from lianluo.workdays.lights import Light, light
from lianluo.workdays.models import RuleCode
from suggestions import access as case_access
from suggestions.models import Suggestion

from .models import LedgerEntry

OFFICE = Role.NPC_OFFICE.label
CASE = Blank("case", BigIntegerField())


def _open_dues():
    """件的承办关系上在走的时限，先到期的在前。"""
    found = AssignmentDue.objects.open().filter(assignment__suggestion=CASE)
    return found.exclude(assignment__status="reassigned").order_by("due_on", "id")


EARLIEST = Statement(lambda: _open_dues().filter(due_on=Blank("due_on", DateField()))[:1])
FEEDBACK = Statement(lambda: _open_dues().filter(rule_code=RuleCode.FEEDBACK)[:1])
READY = Statement(lambda: LedgerEntry.objects.awaiting_decision().filter(suggestion=CASE).values_list("pk")[:1])
FINISHED = ("concluded", "withdrawn", "declined", "merged")
#: 单位手里正办着：答复了、转协调评估的不算
IN_HAND = ("assigned", "handling", "rehandling")


@dataclass
class Holder:
    """一个持有者：名称、持有的事、到期、电话、联络员。"""

    name: str
    what: str
    due_on: date | None = None
    phone: str = ""
    liaison: str = ""


@dataclass
class Standing:
    """一件的现状。``words`` 给状态换一个更准的说法，空着就用状态自己的名字。"""

    words: str = ""
    due_on: date | None = None
    due_name: str = ""
    due_url: str = ""
    light: Light | None = None
    holders: list[Holder] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    steps: list[upcoming.Step] = field(default_factory=list)


def standing(case: Suggestion, assignments: list[Assignment], user, *, today: date) -> Standing:
    """由件与承办关系（已带单位）算出现状；已并案的看主件。"""
    main = case.main
    state = Standing(due_on=main.due_on)
    live = [one for one in assignments if one.status != "reassigned"]
    build = _BY_STATUS.get(main.status)
    if build:
        build(main, live, state)
    own = [one for one in live if duties_in(user, one.unit_id)]
    facts = upcoming.gather(user, own)
    if main.status not in IN_HAND or not _own_deadline(own, facts, state, today):
        _set_deadline(main, live, state, today)
    state.steps = [upcoming.Step(label, url) for label, url in _office_steps(main, live, user)]
    for one in own:
        state.steps += upcoming.steps_of(one, user, facts)
        state.steps += [upcoming.Step(label, url) for label, url in _sign_off_step(main, one, user)]
    return state


# ── 在谁手里、还差什么 ──
def _draft(case, live, state: Standing) -> None:
    state.holders = [Holder(f"{case.lead_deputy.name}代表", "起草")]


def _cosigning(case, live, state: Standing) -> None:
    rows = case.cosigners.filter(confirmed_at__isnull=True, refused_at__isnull=True).select_related("deputy")
    for one in rows:
        state.holders.append(Holder(f"{one.deputy.name}代表", "确认联名"))


def _submitted(case, live, state: Standing) -> None:
    state.holders = [Holder(OFFICE, "审查登记", case.due_on)]


def _returned(case, live, state: Standing) -> None:
    state.holders = [Holder(f"{case.lead_deputy.name}代表", "修改后再提交")]
    state.missing = [Missing(case.decision_note)] if case.decision_note else []


def _registered(case, live, state: Standing) -> None:
    state.holders = [Holder(OFFICE, "确定承办单位并交办", case.due_on)]


def _return_decider(one: Assignment) -> Holder:
    """退回归谁裁决、哪天以前裁决：与裁决页问的是同一处。"""
    row = decisions.pending_returns().select_related("assignment__unit", "proposed_unit").get(assignment=one)
    who = decisions.decider_name(one, is_disputed=is_disputed(row))
    return Holder(who, f"裁决{one.unit.short}的退回", row.decide_by_on)


def _under_way(case, live, state: Standing) -> None:
    for one in live:
        if one.status == "return_requested":
            state.holders.append(_return_decider(one))
        elif one.status in ("pending", "accepted", "handling"):
            by = accept_by(one.assigned_on, calendar.current()) if one.status == "pending" else one.due_on
            state.holders.append(_unit_holds(one, _work_of(one), by))
            if one.status == "handling":
                state.missing.append(Missing(f"{one.unit.short}的{'会办意见' if one.role == 'assist' else '答复'}"))


def _work_of(one: Assignment) -> str:
    if one.status == "pending":
        return f"签收（{one.get_role_display()}）"
    if one.status == "accepted":
        return f"分派处室（{one.get_role_display()}）"
    if one.role == "assist":
        return "提会办意见"
    return f"办理并答复（第 {one.round} 轮）" if one.round > 1 else "办理并答复"


def _replied(case, live, state: Standing) -> None:
    if _all_concluded(live):
        state.words = "已答复待销号"
        state.holders = [_unit_holds(one, "申请销号", None) for one in live if one.answers_deputy]
    else:
        state.holders = [Holder(f"{case.lead_deputy.name}代表", "填办理意见表")]


def _escalated(case, live, state: Standing) -> None:
    state.holders = [Holder(OFFICE, "组织协调评估，提出处理意见")]


_BY_STATUS: dict[str, Callable] = {
    "draft": _draft, "cosigning": _cosigning, "submitted": _submitted, "returned": _returned,
    "registered": _registered, **dict.fromkeys(IN_HAND, _under_way), "replied": _replied, "escalated": _escalated,
}


def _unit_holds(one: Assignment, what: str, due_on: date | None) -> Holder:
    """单位持有：连同单位电话与联络员。"""
    return Holder(one.unit_name, what, due_on, one.unit.phone, (one.liaison or "").strip())


# ── 期限 ──
def _set_deadline(case, live, state: Standing, today: date) -> None:
    """现在走的是哪一条期限：在办的看件上最早的，已答复的看代表反馈。"""
    row = None
    if case.status in FINISHED:
        state.light = light(None, today, done=True)
        return
    if case.status in IN_HAND:
        row = EARLIEST.first(case=case.pk, due_on=case.due_on) if case.due_on else None
    elif case.status == "replied" and not _all_concluded(live):
        row = FEEDBACK.first(case=case.pk)
    elif case.due_on:
        row = case.dues.open().filter(due_on=case.due_on).first()
    if row:
        kind = "assignment" if isinstance(row, AssignmentDue) else "suggestion"
        state.due_on, state.due_url = row.due_on, reverse("handlers:due", args=[kind, row.pk])
        state.due_name = row.get_rule_code_display() if kind == "suggestion" else row.name.removesuffix("期限")
    state.light = light(state.due_on, today) if state.due_on else None


def _own_deadline(own: list[Assignment], facts: upcoming.Facts, state: Standing, today: date) -> bool:
    """单位的人看本单位接下来到期的事，不看别家的；本单位没有欠着的，返回 False。"""
    things = [(upcoming.thing_of(one, facts), one) for one in own if one.status in upcoming.UNANSWERED]
    if not things:
        return False
    thing, one = min(things, key=lambda pair: pair[0].due_on or date.max)
    if thing.name not in ("签收", "内部时限"):
        codes = (*governing_codes(one.role), RuleCode.FIRST_CONTACT)
        row = AssignmentDue.objects.open().filter(assignment=one.pk, due_on=thing.due_on, rule_code__in=codes).first()
        state.due_url = reverse("handlers:due", args=["assignment", row.pk]) if row else ""
    state.due_on, state.due_name, state.light = thing.due_on, thing.name, light(thing.due_on, today)
    return True


# ── 下一步：只列此人现在能办的 ──
def _office_steps(case, live, user):
    if case.status == "submitted" and case_access.may(user, "review"):
        yield "审查登记", reverse("suggestions:review_one", args=[case.pk])
    if case.status == "registered" and may(user, "propose"):
        yield "交办", f"{reverse('handlers:board')}?s={case.pk}"
    if case.status == "escalated" and may(user, "start_round"):
        yield "登记处理意见", reverse("handlers:escalation", args=[case.pk])
    if case.status in IN_HAND and user.has_role(Role.NPC_OFFICE, Role.GOV_OFFICE):
        yield from _decisions(case, live, user)
    if case.status in ("replied", *IN_HAND, "concluded") and user.has_role(Role.NPC_OFFICE):
        for (ready,) in READY.rows(case=case.pk):
            yield "核准销号", reverse("supervision:ledger_decide", args=[ready])
    if case.status == "replied" and may(user, "proxy_evaluation") and not _all_concluded(live):
        yield "催填或代录意见表", f"{case.get_absolute_url()}evaluations/"


def _decisions(case, live, user):
    """归此人裁决的退回与延期。"""
    if any(one.status == "return_requested" for one in live):
        for row in decisions.returns_to_decide(user).filter(assignment__in=live).values_list("pk", flat=True):
            yield "裁决退回", reverse("handlers:return_decision", args=[row])
    if any(one.asks_extension for one in live):
        for row in decisions.extensions_to_decide(user).filter(assignment__in=live).values_list("pk", flat=True):
            yield "批复延期", reverse("handlers:extension_decision", args=[row])


def _all_concluded(live) -> bool:
    return all(one.status == "concluded" for one in live if one.answers_deputy)


def _sign_off_step(case, one: Assignment, user):
    """评价了的，本单位的承办账可以申请销号。"""
    if one.status == "concluded" and case.status != "withdrawn" and may_in_unit(user, one.unit_id, "apply_sign_off"):
        entry = LedgerEntry.objects.on_account().filter(assignment=one, kind="handling", status="open").first()
        if entry:
            yield "申请销号", reverse("supervision:ledger_apply", args=[entry.pk])
