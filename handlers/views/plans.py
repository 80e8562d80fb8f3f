"""一件的解决方案、问题调查、整改清单：看、拟、征求代表意见、报进展、办结。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lianluo.accounts.decorators import signed_in
from lianluo.web.forms import Form
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import case_plans
from ..access import may_in_unit
from ..actions import investigating, rectifying, solving
from ..forms.plans import (
    MORE_ROWS,
    PLAN_FORMS,
    ConsentForm,
    InvestigationFinishForm,
    ProgressForm,
    Rows,
    SolutionFinishForm,
    rows_of,
    typed_rows,
)
from ..mechanisms.facts import Case
from ..models import Assignment, Plan, PlanKind, PlanStatus

#: 方案页上当场办的：（做什么，做完怎么说）
ACTS = {
    (PlanKind.SOLUTION, "start"): (solving.start_solution, "方案开始实施，每期报一次进展"),
    (PlanKind.RECTIFICATION, "finish"): (rectifying.finish_rectification, "整改办结"),
}
SAVED = {
    PlanKind.SOLUTION: "解决方案已存", PlanKind.INVESTIGATION: "问题调查已设立，任务已下达",
    PlanKind.RECTIFICATION: "整改清单已存，各项已挂上督办台账",
}


def page_of(assignment: Assignment, kind: str) -> str:
    return reverse("handlers:plan", args=[assignment.pk, kind])


@signed_in
def plan(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """一份方案：到哪一步、还差什么、下一步按哪个按钮。"""
    assignment, kind = case_plans.access_plan(request.user, pk, kind)
    case, form, status = Case(assignment, clock.today()), Form(request.POST or None), 200
    if request.method == "POST":
        act, said = ACTS.get((kind, request.POST.get("do")), (None, ""))
        if act is None or kind not in case.plans:
            raise Http404("没有这个按钮")
        if not may_in_unit(request.user, assignment.unit_id, "sheet"):
            raise PermissionDenied("这项工作不归此账号办理")
        found, url = case.plans[kind], page_of(assignment, kind)
        outcome = submit(request, form, lambda data: _logged(act(found, actor=request.user, today=case.today), url))
        if outcome.ok:
            messages.success(request, said)
            return outcome.redirect(url)
        status, case = outcome.status, Case(assignment, case.today)
    page = case_plans.compose(case, kind, request.user)
    context = {
        "assignment": assignment, "case": assignment.suggestion, "page": page, "form": form,
        "buttons": case_plans.buttons(case, page, request.user),
    }
    return render_page(request, "handlers/plans/plan.html", None, context, status=status)


@signed_in
def plan_edit(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """拟、改方案。行不够时按“再加三行”，打过的字都在。"""
    assignment, kind = case_plans.access_plan(request.user, pk, kind, for_="sheet")
    case = Case(assignment, clock.today())
    found = case.plans.get(kind)
    more, posted = request.POST.get("do") == "more", request.method == "POST"
    form, rows = _forms(request, case, kind, found, more)
    status = 200
    if posted and not more:
        outcome = submit(
            request, form, lambda data: _save(assignment, kind, form, rows, request.user, case.today), beside=[rows]
        )
        if outcome.ok:
            messages.success(request, SAVED[kind])
            return outcome.redirect(page_of(assignment, kind))
        status = outcome.status
    context = {
        "form": form, "rows": rows.formset, "assignment": assignment, "case": assignment.suggestion, "kind": kind,
        "plan": found, "row_name": case_plans.INTRODUCED[kind][1], "intro": case_plans.INTRODUCED[kind][0],
        "only_add": _only_add(found), "fixed": found.steps.select_related("person") if _only_add(found) else [],
    }
    return render_page(request, "handlers/plans/edit.html", None, context, status=status)


def _only_add(found: Plan | None) -> bool:
    """下达、挂账、实施以后，已有的各行不改，只能再添。"""
    return found is not None and found.status == PlanStatus.ISSUED


def _forms(request: HttpRequest, case: Case, kind: PlanKind, found: Plan | None, more: bool):
    """表单与各行；“再加几行”时照打过的字重给一次，不校验。"""
    common = {"case": case, "plan": found, "user": request.user}
    initial = [] if _only_add(found) else rows_of(found)
    if more:
        several = {"also": request.POST.getlist("also")}
        form = PLAN_FORMS[kind](initial={**request.POST.dict(), **several}, **common)
        return form, Rows(None, case=case, kind=kind, initial=typed_rows(request.POST), more=MORE_ROWS)
    form = PLAN_FORMS[kind](request.POST or None, **common)
    return form, Rows(request.POST or None, case=case, kind=kind, initial=initial)


def _save(assignment: Assignment, kind: PlanKind, form, rows: Rows, user, today) -> str:
    common = {**form.values(), "actor": user, "today": today}
    if kind == PlanKind.SOLUTION:
        solving.draft_solution(assignment, measures=rows.rows, **common)
    elif kind == PlanKind.INVESTIGATION:
        investigating.open_investigation(assignment, tasks=rows.rows, **common)
    else:
        rectifying.list_problems(assignment, problems=rows.rows, **common)
    return page_of(assignment, kind)


@signed_in
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """就解决方案征求领衔代表的意见。"""
    assignment, kind = case_plans.access_plan(request.user, pk, PlanKind.SOLUTION, for_="contact")
    case = Case(assignment, clock.today())
    found = case.plans.get(kind)
    involved = [assignment]
    if found is not None:
        involved = [found.assignment, *found.also.select_related("suggestion__lead_deputy")]
    form = ConsentForm(request.POST or None, request.FILES or None, case=case, involved=involved, user=request.user)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _logged(solving.record_consent(
            assignment, actor=request.user, today=case.today, **data
        ), page_of(assignment, kind)))
        if outcome.ok:
            messages.success(request, "代表的意见已记下")
            return outcome.redirect(page_of(assignment, kind))
        status = outcome.status
    context = {"form": form, "assignment": assignment, "case": assignment.suggestion, "plan": found}
    return render_page(request, "handlers/plans/consent.html", None, context, status=status)


def _logged(done, url: str) -> str:
    """动作办完，回到方案页。"""
    return url


@signed_in
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """报解决方案的进展。"""
    assignment, found, kind = _running(request, pk, PlanKind.SOLUTION)
    today = clock.today()
    form = ProgressForm(request.POST or None, request.FILES or None, plan=found, today=today)
    return form_page(
        request, assignment, kind, form, "报进展",
        lambda data: solving.report_progress(found, actor=request.user, today=today, **data), "进展已记下",
    )


@signed_in
def finish(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """问效结论，或者调查的事实、责任、结论。"""
    if kind not in (PlanKind.SOLUTION, PlanKind.INVESTIGATION):
        raise Http404("没有这一页")
    assignment, found, kind = _running(request, pk, kind)
    solves = kind == PlanKind.SOLUTION
    form = (SolutionFinishForm if solves else InvestigationFinishForm)(request.POST or None)
    act = solving.finish_solution if solves else investigating.conclude_investigation
    return form_page(
        request, assignment, kind, form, "写问效结论" if solves else "办结问题调查",
        lambda data: act(found, actor=request.user, today=clock.today(), **data),
        "方案完成" if solves else "问题调查办结，接着列整改清单",
    )


def _running(request: HttpRequest, pk: int, kind: str) -> tuple[Assignment, Plan, PlanKind]:
    """这一件正在办的方案。"""
    assignment, kind = case_plans.access_plan(request.user, pk, kind, for_="sheet")
    found = Case(assignment, clock.today()).plans.get(kind)
    if found is None:
        raise Http404("还没有这份方案")
    return assignment, found, kind


def form_page(
    request: HttpRequest, assignment: Assignment, kind: PlanKind, form, heading: str, act, done: str, *, step=None
) -> HttpResponse:
    """几张小表同一个样子：办成了回到方案页，没成连同打过的字再给一次。"""
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _logged(act(data), page_of(assignment, kind)))
        if outcome.ok:
            messages.success(request, done)
            return outcome.redirect(page_of(assignment, kind))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "kind": kind, "heading": heading,
        "step": step,
    }
    return render_page(request, "handlers/plans/form.html", None, context, status=status)
