"""意见件的解决方案：逐一制定、提出预期、征得代表同意、落实措施、跟踪问效（MZ-06 至 MZ-12）。

代表不同意的，方案退回修改；答复的法定期限照走，不因此停下（机制冲突之五）。
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, move, require
from suggestions.models import Deputy

from .. import lifecycle
from ..mechanisms.facts import Case
from ..models import (
    CONCLUSIONS,
    Activity,
    Assignment,
    Conclusion,
    Matter,
    Plan,
    PlanKind,
    PlanRecord,
    PlanStatus,
    PlanStep,
    Post,
    RecordKind,
    StepStatus,
)
from . import plan_steps
from .contacting import log_activity, stage_now
from .plan_steps import Row, asked

#: 代表同意，或者有条件同意
CONSENTED = (Conclusion.AGREED, Conclusion.CONDITIONAL)
EDITABLE = (PlanStatus.DRAFT, PlanStatus.APPROVED)


# ── 拟方案 ──
@transaction.atomic
def draft_solution(
    assignment: Assignment, *, text: str, expected: str = "", expected_on: date | None = None,
    measures: Sequence[Row] = (), also: Sequence[Assignment] = (), shared_reason: str = "", actor, today: date,
) -> Plan:
    """拟、改解决方案。实施以前整份可改，改了内容或预期要重新征求代表意见；实施以后只能添措施。"""
    case = plan_steps.open_case(assignment, PlanKind.SOLUTION, today)
    plan = case.plans.get(PlanKind.SOLUTION)
    plan_steps.check_rows(case, measures, "条措施")
    check_people(case, measures)
    if plan is not None and plan.status not in EDITABLE:
        return _add_measures(plan, measures, actor)
    if not text.strip():
        raise DomainError("填写解决方案的内容", field="text")
    check_expectation(case, expected, expected_on)
    others = _others(case, plan, also)
    check_shared(case, others, shared_reason)
    values = {
        "text": text.strip(), "expected": expected.strip(), "expected_on": expected_on,
        "shared_reason": shared_reason.strip() if others else "",
    }
    return _store(case.assignment, plan, values, measures, others, actor, today)


def check_expectation(case: Case, expected: str, expected_on: date | None) -> None:
    """提出办理预期：预期结果和预期日期都要有（MZ-08）。"""
    if not asked(case, "MZ-08"):
        return
    if not expected.strip():
        raise DomainError("填写预期结果", field="expected")
    if expected_on is None:
        raise DomainError("填写预期日期", field="expected_on")


def check_people(case: Case, measures: Iterable[Row | PlanStep]) -> None:
    """每条措施明确责任领导和责任人（MZ-11）。"""
    lacking = _without_people(measures) if asked(case, "MZ-11") else []
    if lacking:
        raise DomainError(f"{lacking[0]}写明责任领导和责任人", field="steps")


def _without_people(measures: Iterable[Row | PlanStep]) -> list[str]:
    return [
        f"第 {place} 条措施" for place, row in enumerate(measures, 1) if row.leader is None or row.person is None
    ]


def check_shared(case: Case, others: Sequence[Assignment], reason: str) -> None:
    """一事一议：几件同用一个方案的写明理由（MZ-06）。"""
    if others and asked(case, "MZ-06") and not reason.strip():
        raise DomainError(f"一事一议，{len(others) + 1} 件同用一个方案，写明理由", field="shared_reason")


def _others(case: Case, plan: Plan | None, also: Sequence[Assignment]) -> list[Assignment]:
    """同用的件：本单位在办的意见件，自己没有别的方案。"""
    rows = []
    for pk in sorted({one.pk for one in also} - {case.assignment.pk}):
        other = Assignment.objects.select_related("suggestion__lead_deputy", "unit").get(pk=pk)
        if other.unit_id != case.assignment.unit_id:
            raise DomainError("同用方案的件从本单位的件里选", field="also")
        found = plan_steps.open_case(other, PlanKind.SOLUTION, case.today).plans.get(PlanKind.SOLUTION)
        if found is not None and (plan is None or found.pk != plan.pk):
            raise DomainError(f"{other.suggestion.shown_number} 已有自己的解决方案", field="also")
        rows.append(other)
    return rows


def _store(
    assignment: Assignment, plan: Plan | None, values: dict, measures: Sequence[Row], others: list[Assignment], actor,
    today: date,
) -> Plan:
    if plan is not None and plan.assignment_id != assignment.pk:
        raise NotAllowed(f"与 {plan.assignment.suggestion.shown_number} 同用一个方案，到那一件上改")
    made = plan is None
    if made:
        plan = Plan(
            unit=assignment.unit, kind=PlanKind.SOLUTION, assignment=assignment, round=assignment.round,
            title=f"{assignment.suggestion.shown_number} 解决方案", drafted_by=actor, drafted_on=today,
        )
    changed = not made and any(getattr(plan, name) != values[name] for name in ("text", "expected", "expected_on"))
    for name, value in values.items():
        setattr(plan, name, value)
    plan.save()
    plan_steps.replace_rows(plan, measures)
    _share(plan, others, actor)
    record(
        "solution.drafted" if made else "solution.saved", actor=actor, target=plan, measures=len(measures),
        expected_on=plan.expected_on, also=[one.suggestion.shown_number for one in others],
    )
    if changed and plan.status == PlanStatus.APPROVED:
        move(plan, lifecycle.CHANGE_SOLUTION, actor=actor, reason="方案内容或预期有改动")
    return plan


def _share(plan: Plan, others: list[Assignment], actor) -> None:
    """同用方案的各件上也留一条痕。"""
    had = set(plan.also.values_list("pk", flat=True))
    plan.also.set(others)
    for other in others:
        if other.pk not in had:
            record(
                "solution.shared", actor=actor, target=other, plan=plan.pk, reason=plan.shared_reason,
                number=plan.assignment.suggestion.shown_number,
            )


def _add_measures(plan: Plan, measures: Sequence[Row], actor) -> Plan:
    if plan.status != PlanStatus.ISSUED:
        raise NotAllowed(f"方案{plan.get_status_display()}，不能再改")
    if not measures:
        raise DomainError("方案已在实施，内容不能改，只能添措施：写上要添的", field="steps")
    plan_steps.add_rows(plan, measures)
    record("solution.saved", actor=actor, target=plan, added=len(measures))
    return plan


# ── 征得代表同意 ──
@transaction.atomic
def record_consent(
    assignment: Assignment, *, conclusion: str, kind: str, happened_on: date, members: Sequence[Post],
    deputies: Sequence[Deputy], content: str, deputy_view: str = "", photos: Iterable = (), actor, today: date,
) -> Activity:
    """记下代表对方案的意见：同意、有条件同意、不同意。不同意的，方案退回修改（MZ-07、MZ-09）。"""
    case = plan_steps.open_case(assignment, PlanKind.SOLUTION, today)
    plan = case.plans.get(PlanKind.SOLUTION)
    if plan is None and asked(case, "MZ-07"):
        raise DomainError("还没有解决方案，先制定方案，再征求代表的意见")
    if plan is not None:
        require(plan, lifecycle.REFUSE_SOLUTION)
    if conclusion not in CONCLUSIONS[Matter.CONSENT]:
        raise DomainError("选择代表同意、有条件同意还是不同意", field="conclusion")
    if conclusion != Conclusion.AGREED and not deputy_view.strip():
        raise DomainError("写明代表提的条件，或者不同意的理由", field="deputy_view")
    involved = [case.assignment] if plan is None else [plan.assignment, *plan.also.select_related("suggestion")]
    _check_leads(case, involved, deputies)
    activity = log_activity(
        unit=case.assignment.unit, assignments=involved, kind=kind, stage=stage_now(case.assignment),
        happened_on=happened_on, members=members, deputies=deputies, content=content, deputy_view=deputy_view,
        photos=photos, matter=Matter.CONSENT, conclusion=conclusion, plan=plan, actor=actor, today=today,
    )
    if plan is not None:
        _follow_consent(plan, activity, actor)
    return activity


def _check_leads(case: Case, involved: Sequence[Assignment], deputies: Sequence[Deputy]) -> None:
    """联名的取领衔代表的意见；几件同用的，每件的领衔代表都要在。"""
    if not asked(case, "MZ-09"):
        return
    there = {deputy.pk for deputy in deputies}
    absent = [one.suggestion.lead_deputy.name for one in involved if one.suggestion.lead_deputy_id not in there]
    if absent:
        raise DomainError(f"取领衔代表{'、'.join(dict.fromkeys(absent))}的意见，联名代表的不能代替", field="deputies")


def _follow_consent(plan: Plan, activity: Activity, actor) -> None:
    if activity.conclusion == Conclusion.REFUSED:
        move(plan, lifecycle.REFUSE_SOLUTION, actor=actor, reason=activity.deputy_view)
    elif plan.status == PlanStatus.DRAFT:
        move(plan, lifecycle.AGREE_SOLUTION, actor=actor, conclusion=activity.get_conclusion_display())


def consent_of(plan: Plan) -> Activity | None:
    """就这份方案最近一次征求到的意见；代表说没有联系过的不算。"""
    rows = Activity.objects.filter(plan=plan, matter=Matter.CONSENT).exclude(deputies__denied_at__isnull=False)
    return rows.order_by("happened_on", "id").last()


# ── 实施、问效 ──
@transaction.atomic
def start_solution(plan: Plan, *, actor, today: date) -> Plan:
    """开始实施：代表同意、有措施、措施有人，缺什么列什么。"""
    plan = plan_steps.locked(plan)
    require(plan, lifecycle.START_SOLUTION)
    lacking = missing_to_start(plan, today)
    if lacking:
        raise Incomplete("实施方案", lacking)
    move(plan, lifecycle.START_SOLUTION, actor=actor, fields={"issued_on": today})
    return plan


def missing_to_start(plan: Plan, today: date) -> list[Missing]:
    """离实施还差什么；方案页上照此列出。"""
    case = Case(plan.assignment, today)
    edit, consent = case.url("plan_edit", plan.kind), case.url("plan_consent")
    return [*check_consent(case, plan, consent), *check_measures(case, plan, edit), *_lacking_people(case, plan, edit)]


def check_consent(case: Case, plan: Plan, url: str = "") -> list[Missing]:
    """征得领衔代表同意（或有条件同意）后方可实施（MZ-09）。"""
    if not asked(case, "MZ-09"):
        return []
    found = consent_of(plan)
    if found is None:
        return [Missing("征求领衔代表对方案的意见", url, "MZ-09")]
    if found.conclusion == Conclusion.REFUSED:
        return [Missing("领衔代表不同意，修改方案后再征求一次", url, "MZ-09")]
    if plan.status != PlanStatus.APPROVED:
        return [Missing("方案在代表同意以后又有改动，再征求一次", url, "MZ-09")]
    return []


def check_measures(case: Case, plan: Plan, url: str = "") -> list[Missing]:
    """细化落实措施：至少一条（MZ-10）。"""
    if asked(case, "MZ-10") and not plan.steps.exists():
        return [Missing("至少列一条落实措施", url, "MZ-10")]
    return []


def _lacking_people(case: Case, plan: Plan, url: str) -> list[Missing]:
    if not asked(case, "MZ-11"):
        return []
    return [Missing(f"{one}写明责任领导和责任人", url, "MZ-11") for one in _without_people(plan.steps.all())]


@transaction.atomic
def report_progress(
    plan: Plan, *, text: str, happened_on: date, step: PlanStep | None = None, done: bool = False, evidence=None,
    actor, today: date,
) -> PlanRecord:
    """报一次进展；指明一条措施并写明办完了的，这条措施随之完成（MZ-12）。"""
    plan = plan_steps.locked(plan)
    require(plan, lifecycle.FINISH_SOLUTION)
    if not text.strip():
        raise DomainError("写明进展", field="text")
    plan_steps.check_day(plan, happened_on, today)
    if done and step is None:
        raise DomainError("选择办完了哪一条措施", field="step")
    if step is not None:
        step = plan.steps.filter(pk=step.pk).first()
        if step is None:
            raise DomainError("措施从这份方案里选", field="step")
    row = PlanRecord.objects.create(
        plan=plan, step=step, kind=RecordKind.DONE if done else RecordKind.PROGRESS, text=text.strip(),
        evidence=plan_steps.keep_evidence(plan, [evidence], actor), happened_on=happened_on, added_by=actor,
    )
    if done and step.status == StepStatus.OPEN:
        move(step, lifecycle.FINISH_STEP, actor=actor, fields={"done_on": happened_on})
    record(
        "solution.progress_reported", actor=actor, target=plan, text=row.text, happened_on=happened_on,
        step=step.text if step else "",
    )
    return row


@transaction.atomic
def finish_solution(plan: Plan, *, conclusion: str, actor, today: date) -> Plan:
    """各条措施办完，写下问效结论，方案完成。"""
    plan = plan_steps.locked(plan)
    require(plan, lifecycle.FINISH_SOLUTION)
    left = plan.steps.exclude(status=StepStatus.DONE).count()
    if left:
        raise DomainError(f"还有 {left} 条措施没有完成，先报完成")
    if not conclusion.strip():
        raise DomainError("写明问效结论", field="conclusion")
    move(
        plan, lifecycle.FINISH_SOLUTION, actor=actor, fields={"conclusion": conclusion.strip(), "done_on": today}
    )
    return plan
