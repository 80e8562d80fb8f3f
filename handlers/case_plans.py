"""一件的解决方案、问题调查、整改清单：谁看得到，现在到哪一步、还差什么、下一步按哪个按钮。"""
from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import Http404

from lianluo.accounts.roles import Role
from lianluo.statemachine import Missing

from . import progress_periods
from .access import access_assignment, duties_in, may_in_unit
from .actions import investigating, rectifying, solving
from .actions.plan_steps import DRAFTING, FOLLOWING, NATURE_OF, asked
from .mechanisms.facts import Case
from .models import Activity, Assignment, Nature, Plan, PlanKind, PlanRecord, PlanStatus, PlanStep, StepStatus

KINDS = (PlanKind.SOLUTION, PlanKind.INVESTIGATION, PlanKind.RECTIFICATION)
#: 种类与状态 → 页面上的话；没有写的照状态本来的名字
WORDS = {
    (PlanKind.SOLUTION, PlanStatus.DRAFT): "草拟，等代表同意", (PlanKind.SOLUTION, PlanStatus.APPROVED): "代表已同意",
    (PlanKind.INVESTIGATION, PlanStatus.ISSUED): "调查中", (PlanKind.INVESTIGATION, PlanStatus.DONE): "已办结",
    (PlanKind.RECTIFICATION, PlanStatus.ISSUED): "整改中", (PlanKind.RECTIFICATION, PlanStatus.DONE): "全部核验通过",
}
#: 各种方案的几步，和状态走到第几步
STEPS = {
    PlanKind.SOLUTION: ("制定方案", "征得代表同意", "实施、报进展", "问效"),
    PlanKind.INVESTIGATION: ("设立调查", "收回执", "办结"),
    PlanKind.RECTIFICATION: ("列问题", "整改", "另一人核验", "完成"),
}
#: 种类 → （还没有时的一句话，一项叫什么）
INTRODUCED = {
    PlanKind.SOLUTION: ("写清怎么解决、预期什么时候见效；征得代表同意以后实施", "措施"),
    PlanKind.INVESTIGATION: ("定调查人，把任务交给有关单位；回执到齐、写明事实、责任、结论，才能起草答复", "调查任务"),
    PlanKind.RECTIFICATION: (
        "一个问题一行，写明措施、责任人、期限；列出以后各项挂上督办台账，另一人核验通过才算完成", "问题",
    ),
}


def access_plan(user, pk: int, kind: str, for_: str = "read") -> tuple[Assignment, PlanKind]:
    """方案只给本单位看得到这件的人，和人大办事机构（只看）；别家 404。"""
    if kind not in KINDS:
        raise Http404("没有这种方案")
    return access_inside(user, pk, for_), PlanKind(kind)


def access_inside(user, pk: int, for_: str = "read") -> Assignment:
    """单位内部的事：本单位看得到这件的人办，人大办事机构只看；别家 404。"""
    assignment = access_assignment(user, pk)
    if not duties_in(user, assignment.unit_id) and not user.has_role(Role.NPC_OFFICE):
        raise Http404("没有这一页，或者不在可见范围内")
    if for_ != "read" and not may_in_unit(user, assignment.unit_id, for_):
        raise PermissionDenied("这项工作不归此账号办理")
    return assignment


def access_step(user, pk: int, *kinds: str, for_: str = "sheet") -> PlanStep:
    """方案的一项：先看看不看得到它所属的件。"""
    step = PlanStep.objects.filter(pk=pk, plan__kind__in=kinds).select_related("plan", "leader", "person").first()
    if step is None:
        raise Http404("没有这一项，或者不在可见范围内")
    step.plan.assignment = access_plan(user, step.plan.assignment_id, step.plan.kind, for_)[0]
    return step


def words_of(plan: Plan) -> str:
    """方案到了哪一步。"""
    return WORDS.get((plan.kind, plan.status), plan.get_status_display())


@dataclass
class Line:
    """一项：内容、记录、此人现在能在它上面办什么。"""

    step: PlanStep
    records: list[PlanRecord]
    is_late: bool
    acts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.step.position


@dataclass
class Page:
    """方案页要的全部。"""

    kind: PlanKind
    plan: Plan | None
    steps: list[tuple[str, str]]
    missing: list[Missing]
    lines: list[Line]
    consents: list[Activity]
    progress: list[PlanRecord]
    periods: progress_periods.Periods | None
    intro: str
    row_name: str
    others: list[Assignment]

    @property
    def words(self) -> str:
        return words_of(self.plan) if self.plan else "还没有"


def compose(case: Case, kind: PlanKind, user) -> Page:
    """照事实排好一页。"""
    plan, (intro, row_name) = case.plans.get(kind), INTRODUCED[kind]
    if plan is not None:
        plan = Plan.objects.select_related("investigator", "assignment__suggestion__session", "drafted_by").get(
            pk=plan.pk
        )
    records = list(plan.records.select_related("added_by", "evidence")) if plan else []
    follows = plan is not None and kind == PlanKind.SOLUTION and plan.status == PlanStatus.ISSUED
    periods = progress_periods.of_plan(plan, case.today, progress_periods.months_of(case.active)) if follows else None
    lines = _lines(plan, records, case, user) if plan else []
    return Page(
        kind, plan, _marked(kind, plan, lines), _missing(case, kind, plan), lines, _consents(plan),
        [row for row in records if row.step_id is None], periods, intro, row_name,
        list(plan.also.select_related("suggestion__session")) if plan else [],
    )


def _lines(plan: Plan, records: list[PlanRecord], case: Case, user) -> list[Line]:
    may = may_in_unit(user, plan.unit_id, "sheet") and case.assignment.status in FOLLOWING
    found = []
    for step in plan.steps.select_related("leader", "person"):
        mine = [row for row in records if row.step_id == step.pk]
        late = bool(step.due_on) and step.due_on < case.today and step.status != StepStatus.DONE
        found.append(Line(step, mine, late, _acts(plan, step) if may else []))
    return found


def _acts(plan: Plan, step: PlanStep) -> list[tuple[str, str]]:
    """（按钮上的字，地址名）。"""
    if plan.status != PlanStatus.ISSUED:
        return []
    if plan.kind == PlanKind.INVESTIGATION and step.status == StepStatus.OPEN:
        return [("登记回执", "step_receipt")]
    if plan.kind == PlanKind.RECTIFICATION:
        return {
            StepStatus.OPEN: [("报整改完成", "step_report")], StepStatus.REPORTED: [("核验", "step_verify")],
        }.get(step.status, [])
    return []


def _marked(kind: PlanKind, plan: Plan | None, lines: list[Line]) -> list[tuple[str, str]]:
    """各步与它的样子：done 已做、now 正在做、空还没到。"""
    at = _position(kind, plan, lines)
    return [(name, "done" if place < at else "now" if place == at else "") for place, name in enumerate(STEPS[kind])]


def _position(kind: PlanKind, plan: Plan | None, lines: list[Line]) -> int:
    if plan is None:
        return 0
    if plan.status == PlanStatus.DONE:
        return len(STEPS[kind])
    states = {line.step.status for line in lines}
    if kind == PlanKind.SOLUTION:
        done = plan.status == PlanStatus.ISSUED and states == {StepStatus.DONE}
        return 3 if done else 2 if plan.status == PlanStatus.ISSUED else 1
    if kind == PlanKind.INVESTIGATION:
        return 1 if StepStatus.OPEN in states else 2
    return 1 if StepStatus.OPEN in states else 2


def _missing(case: Case, kind: PlanKind, plan: Plan | None) -> list[Missing]:
    """离下一步还差什么。"""
    if plan is None:
        return _before(case, kind)
    if plan.status == PlanStatus.DONE:
        return []
    if kind == PlanKind.SOLUTION:
        return [] if plan.status == PlanStatus.ISSUED else solving.missing_to_start(plan, case.today)
    if kind == PlanKind.INVESTIGATION:
        return investigating.missing_receipts(plan, case.today)
    return rectifying.missing_verifications(plan, case.today)


def _before(case: Case, kind: PlanKind) -> list[Missing]:
    """还不能开始的缘故：性质没有定、调查没有办结。"""
    nature = Nature(NATURE_OF[kind])
    if not case.is_nature(nature):
        url = case.url("sheet_edit") + "#id_nature"
        return [Missing(f"{nature.label}件才有{kind.label}，先在办理单上定性质分类", url, "MZ-02")]
    if kind == PlanKind.RECTIFICATION and asked(case, "MZ-05"):
        plan = case.plans.get(PlanKind.INVESTIGATION)
        if plan is None or plan.status != PlanStatus.DONE:
            return [Missing("办结问题调查，再列整改清单", case.url("plan", PlanKind.INVESTIGATION), "MZ-05")]
    return []


def _consents(plan: Plan | None) -> list[Activity]:
    """就这份方案征求到的意见，新的在前；代表说没有联系过的不列。"""
    if plan is None:
        return []
    rows = Activity.objects.filter(plan=plan, matter="consent").exclude(deputies__denied_at__isnull=False)
    return list(rows.prefetch_related("deputies__deputy").order_by("-happened_on", "-id"))


@dataclass(frozen=True)
class Button:
    """下一步：字、地址；``do`` 有值的当场办，没有值的去填一页。"""

    label: str
    url: str
    do: str = ""


def buttons(case: Case, page: Page, user) -> list[Button]:
    """此人现在能办的，第一个是主要的一步。"""
    if not may_in_unit(user, case.assignment.unit_id, "sheet"):
        return []
    drafting, following = case.assignment.status in DRAFTING, case.assignment.status in FOLLOWING
    if page.plan is None:
        ready = drafting and not page.missing
        return [Button(FIRST[page.kind], case.url("plan_edit", page.kind))] if ready else []
    if page.plan.assignment_id != case.assignment.pk:
        return []
    return {
        PlanKind.SOLUTION: _solution_buttons, PlanKind.INVESTIGATION: _investigation_buttons,
        PlanKind.RECTIFICATION: _rectification_buttons,
    }[page.kind](case, page, drafting, following)


FIRST = {
    PlanKind.SOLUTION: "制定解决方案", PlanKind.INVESTIGATION: "设立问题调查", PlanKind.RECTIFICATION: "列整改清单",
}


def _solution_buttons(case: Case, page: Page, drafting: bool, following: bool) -> list[Button]:
    plan, edit, found = page.plan, case.url("plan_edit", page.kind), []
    if plan.status in (PlanStatus.DRAFT, PlanStatus.APPROVED):
        if following and not page.missing:
            found.append(Button("开始实施", "", "start"))
        if drafting:
            found += [Button("记代表的意见", case.url("plan_consent")), Button("修改方案", edit)]
    elif plan.status == PlanStatus.ISSUED and following:
        found.append(Button("报进展", case.url("plan_progress")))
        if all(line.step.status == StepStatus.DONE for line in page.lines):
            found.insert(0, Button("写问效结论", case.url("plan_finish", page.kind)))
        if drafting:
            found.append(Button("添措施", edit))
    return found


def _investigation_buttons(case: Case, page: Page, drafting: bool, following: bool) -> list[Button]:
    if page.plan.status != PlanStatus.ISSUED:
        return []
    found = [] if page.missing or not following else [Button("写结论，办结调查", case.url("plan_finish", page.kind))]
    return [*found, Button("再下任务、换调查人", case.url("plan_edit", page.kind))] if drafting else found


def _rectification_buttons(case: Case, page: Page, drafting: bool, following: bool) -> list[Button]:
    if page.plan.status != PlanStatus.ISSUED:
        return []
    found = [] if page.missing or not following else [Button("办结整改", "", "finish")]
    return [*found, Button("再添问题", case.url("plan_edit", page.kind))] if drafting else found
