"""留痕给谁看：件的时间线与最近动态，都只给看得到件的人；单位内部的事只给本单位，评价一环的办公室内务不给单位。"""
from __future__ import annotations

from functools import lru_cache

from django.db.models import CharField, Q

from handlers.access import READS_ALL, posts_of
from handlers.models import ActivityCase, Assignment, AssistOpinion, Evaluation, Plan, PlanStep, Reply
from lianluo.accounts.roles import Role
from lianluo.audit.models import AuditEvent
from lianluo.statements import Blank, Statement
from suggestions.models import Suggestion

from . import accountability
from .models import DirectiveCase, LedgerEntry

#: 签发以前的审签、没有送出的会办意见，单位内部的方案、会议、标签、困难、督查：单位自己的事
INSIDE_UNIT = (
    "reply.drafted", "reply.saved", "reply.submitted", "reply.step_agreed", "reply.approval_delegated", "reply.checked",
    "reply.sponsor_asked", "reply.sent_back", "opinion.saved",
    "plan.submitted", "plan.approved", "plan.sent_back", "plan.issued", "plan.voided", "plan.bureau_asked",
    "plan.bureau_added", "step.receipt_entered", "unit_meeting.held", "tag.added", "tag.removed",
    "difficulty.raised", "difficulty.coordinated", "ledger.settled", "check.entered",
)
#: 只给人大办事机构：评价链接、催填、代表的反映，免得影响评价（重庆条例第三十八条）
OFFICE_ONLY = (
    "evaluation.link_issued", "evaluation.urged", "evaluation.pressure_reported", "activity.denied",
    "activity.denial_taken_back",
)
#: 分类办理的方案、调查、整改、会商：只给本单位和人大办事机构
PLANS = (
    "solution.drafted", "solution.saved", "solution.shared", "solution.agreed", "solution.refused", "solution.changed",
    "solution.started", "solution.progress_reported", "solution.finished", "investigation.started",
    "investigation.saved", "investigation.concluded", "rectification.started", "rectification.listed",
    "rectification.finished", "step.finished", "step.answered", "step.reported", "step.passed", "step.failed",
    "feasibility.assessed", "experts.consulted", "measure.opened",
)
#: 追责：只给本单位的主要负责人、分管领导和人大办事机构（MZ-19）
HELD = ("accountability.registered",)
#: 提交以前的起草与联名：只给提出一侧
BEFORE_SUBMISSION = (
    "suggestion.drafted", "suggestion.edited", "suggestion.cosigning_opened", "suggestion.taken_back",
    "cosigner.invited", "cosigner.confirmed", "cosigner.refused", "cosigner.removed", "cosigner.voided",
)
#: 评价的结果与代表的话：单位只看对自己的
RATED = ("evaluation.submitted", "evaluation.unreturned", "assignment.round_started")
#: 由评价引起的全件的事：只给答复代表的单位，会办单位不看
RATED_CASE = (
    "suggestion.rehandling_started", "suggestion.escalated", "suggestion.sent_back_to_units", "escalation.settled",
)
#: 随别的事一起记的，最近动态里不重复说
ALONGSIDE = (
    "deadline.governing_changed", "deadline.recomputed", "attachment.added", "delivery.settled", "assignment.made",
    "assignment.answered", "suggestion.handling_started", "suggestion.replied", "suggestion.edited",
)
#: 最近动态往回看几条，从中挑看得见的
LOOK_BACK = 60


def visible(events, user):
    """这些留痕里此人看得到的。"""
    units = [post.unit_id for post in posts_of(user)]
    if not units:
        return events.exclude(event__in=_hidden_outside_units(user))
    return events.exclude(event__in=(*OFFICE_ONLY, *BEFORE_SUBMISSION)).exclude(
        Q(event__in=(*INSIDE_UNIT, *PLANS, *RATED)) & ~_about_own(units)
    ).exclude(Q(event__in=HELD) & ~_about_led(user))


def _hidden_outside_units(user) -> tuple[str, ...]:
    """不在承办单位的人看不到的；代表的评价只给看得到意见表的几家（与 handlers.access.evaluations_for 同例）。"""
    if user.has_role(Role.NPC_OFFICE):
        return INSIDE_UNIT
    rated = () if user.has_role(*READS_ALL) else (*RATED, *RATED_CASE)
    return (*INSIDE_UNIT, *PLANS, *HELD, *OFFICE_ONLY, *rated)


def _about_led(user) -> Q:
    """追责登记里此人看得到的。"""
    return Q(target_type="supervision.directive", target_id__in=accountability.visible(user).values("pk"))


def _about_own(units: list[int]) -> Q:
    """留痕的对象是自己单位的承办关系、答复、会办意见、评价。"""
    own = {
        "handlers.assignment": Assignment.objects.filter(unit__in=units),
        "handlers.reply": Reply.objects.filter(assignment__unit__in=units),
        "handlers.assistopinion": AssistOpinion.objects.filter(assignment__unit__in=units),
        "handlers.evaluation": Evaluation.objects.filter(reply__assignment__unit__in=units),
        "handlers.plan": Plan.objects.filter(unit__in=units),
        "handlers.planstep": PlanStep.objects.filter(plan__unit__in=units),
        "handlers.activitycase": ActivityCase.objects.filter(assignment__unit__in=units),
        "supervision.ledgerentry": LedgerEntry.objects.filter(unit__in=units),
        "supervision.directivecase": DirectiveCase.objects.filter(directive__unit__in=units),
    }
    found = Q()
    for kind, rows in own.items():
        found |= Q(target_type=kind, target_id__in=rows.values("pk"))
    return found


def of_case(case: Suggestion, user):
    """一件的时间线，新的在上。"""
    found = visible(AuditEvent.objects.filter(chain=case.audit_chain), user).order_by("-seq")
    if posts_of(user) and not answers(user, case):
        found = found.exclude(event__in=RATED_CASE)
    return found


def latest(case: Suggestion, user, limit: int) -> list[AuditEvent]:
    """一件的时间线里最近几条。不在单位的人看不到的只有几种组合，各编译一次。"""
    if posts_of(user):
        return list(of_case(case, user)[:limit])
    return _latest(_hidden_outside_units(user), limit).objects(chain=case.audit_chain)


@lru_cache
def _latest(hidden: tuple[str, ...], limit: int) -> Statement:
    def newest():
        found = AuditEvent.objects.filter(chain=Blank("chain", CharField()))
        return found.exclude(event__in=hidden).order_by("-seq")[:limit]

    return Statement(newest)


def answers(user, case: Suggestion) -> bool:
    """此人的单位在这件上答复代表。"""
    units = [post.unit_id for post in posts_of(user)]
    return Assignment.objects.live().answering().filter(suggestion=case.main, unit__in=units).exists()


def recent(user, limit: int = 10) -> list[tuple[AuditEvent, Suggestion]]:
    """最近动态：看得见的件上的，连同是哪一件。"""
    events = AuditEvent.objects.filter(chain__startswith="suggestion:").exclude(event__in=ALONGSIDE)
    rows = list(visible(events, user).order_by("-id")[:LOOK_BACK])
    found = Suggestion.objects.visible_to(user).filter(pk__in={_case_of(event) for event in rows})
    cases = {case.pk: case for case in found.select_related("session")}
    return [(event, cases[_case_of(event)]) for event in rows if _case_of(event) in cases][:limit]


def _case_of(event: AuditEvent) -> int:
    return int(event.chain.partition(":")[2])
