"""人大要求重办、协调评估：填、核对、登记，最后说清接下来谁做什么。"""
from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock, rules
from lianluo.workdays.models import RuleCode
from suggestions.models import Suggestion

from .. import evaluation_lists as lists
from ..access import access_assignment
from ..actions import rehandling
from ..forms.evaluating import AgainForm, SettleForm
from ..models import Assignment, Escalation, Evaluation

office_only = roles_required(Role.NPC_OFFICE)


# ── 要求重办 ──
@require_http_methods(["GET", "POST"])
@office_only
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """要求一个单位重办：写理由 → 核对新期限 → 启动。"""
    assignment = access_assignment(request.user, pk, for_="start_round")
    form = AgainForm(request.POST or None)
    if request.method != "POST" or request.POST.get("do") == "back":
        return _again_page(request, assignment, form)
    if not form.is_valid():
        return _again_page(request, assignment, form, 422)
    if request.POST.get("do") != "confirm":
        return _again_check(request, assignment, form)
    outcome = submit(request, form, lambda data: _start(request, assignment, data))
    if outcome.ok:
        return outcome.redirect(reverse("handlers:again_done", args=[pk]))
    return _again_page(request, assignment, form, outcome.status)


def _start(request: HttpRequest, assignment: Assignment, data: dict) -> str:
    rehandling.start_round(assignment, reason=data["reason"], actor=request.user, today=clock.today())
    return reverse("handlers:again_done", args=[assignment.pk])


def _about(assignment: Assignment) -> dict:
    return {"assignment": assignment, "case": assignment.suggestion}


def _again_page(request: HttpRequest, assignment: Assignment, form: AgainForm, status: int = 200) -> HttpResponse:
    latest = Evaluation.objects.filter(reply__assignment=assignment).select_related("deputy").order_by("-id").first()
    context = {**_about(assignment), "form": form, "latest": latest}
    return render_page(request, "handlers/again.html", None, context, status=status)


def _again_check(request: HttpRequest, assignment: Assignment, form: AgainForm) -> HttpResponse:
    due = rules.compute(assignment.profile_code, RuleCode.REHANDLE, clock.today())
    context = {**_about(assignment), "form": form, "due_on": due.due_on, "following": assignment.round + 1}
    return render_page(request, "handlers/again_check.html", None, context)


@require_safe
@office_only
def again_done(request: HttpRequest, pk: int) -> HttpResponse:
    """启动之后：第几轮，谁在哪天以前重新答复。"""
    assignment = access_assignment(request.user, pk, for_="start_round")
    return render_page(request, "handlers/again_done.html", None, _about(assignment))


# ── 协调评估 ──
@require_safe
@office_only
def escalated(request: HttpRequest) -> HttpResponse:
    """等着登记处理意见的，和已有处理意见的。"""
    waiting = lists.escalated()
    settled = Escalation.objects.filter(again__isnull=False).select_related(
        "suggestion__session", "suggestion__lead_deputy", "settled_by"
    ).order_by("-settled_on", "-id")
    return render_page(request, "handlers/escalated.html", None, {
        "waiting": waiting, "page": paginate(request, settled, 20), "today": clock.today(),
    })


def _waiting(pk: int) -> Escalation | None:
    return Escalation.objects.filter(suggestion=pk, again__isnull=True).first()


@require_http_methods(["GET", "POST"])
@office_only
def escalation(request: HttpRequest, pk: int) -> HttpResponse:
    """一件的协调评估：看两轮答复与意见，登记评估意见和处理意见。"""
    case = Suggestion.objects.select_related("session", "lead_deputy").filter(pk=pk).first()
    if case is None or not case.escalations.exists():
        raise Http404("这件没有协调评估")
    row = _waiting(pk)
    if row is None:
        return redirect("handlers:escalation_done", pk=pk)
    form = SettleForm(request.POST or None)
    if request.method != "POST" or request.POST.get("do") == "back":
        return _settle_page(request, case, row, form)
    if not form.is_valid():
        return _settle_page(request, case, row, form, 422)
    if request.POST.get("do") != "confirm":
        return _settle_check(request, case, row, form)
    outcome = submit(request, form, lambda data: _settle(request, case, data))
    if outcome.ok:
        return outcome.redirect(reverse("handlers:escalation_done", args=[pk]))
    return _settle_page(request, case, row, form, outcome.status)


def _settle(request: HttpRequest, case: Suggestion, data: dict) -> str:
    rehandling.settle_escalation(
        case, again=data["decision"] == "again", note=data["note"], experts=data["experts"],
        assessment=data["assessment"], met_on=data["met_on"], actor=request.user, today=clock.today(),
    )
    return reverse("handlers:escalation_done", args=[case.pk])


def _settle_page(request: HttpRequest, case: Suggestion, row: Escalation, form: SettleForm, status: int = 200):
    history = Evaluation.objects.of_leads().filter(reply__assignment__suggestion=case).select_related(
        "deputy", "reply__assignment", "reply__result_class"
    ).order_by("round", "id")
    context = {"case": case, "row": row, "form": form, "history": history, "units": rehandling.displeased_with(case)}
    return render_page(request, "handlers/escalation.html", None, context, status=status)


def _settle_check(request: HttpRequest, case: Suggestion, row: Escalation, form: SettleForm) -> HttpResponse:
    units = rehandling.displeased_with(case)
    context = {"case": case, "row": row, "form": form, "data": form.cleaned_data, "units": units}
    context["again"] = form.cleaned_data["decision"] == "again"
    if units:
        context["due_on"] = rules.compute(units[0].profile_code, RuleCode.REHANDLE, clock.today()).due_on
    return render_page(request, "handlers/escalation_check.html", None, context)


@require_safe
@office_only
def escalation_done(request: HttpRequest, pk: int) -> HttpResponse:
    """登记之后。"""
    row = Escalation.objects.filter(suggestion=pk, again__isnull=False).select_related(
        "suggestion__session", "suggestion__lead_deputy", "settled_by"
    ).order_by("-id").first()
    if row is None:
        raise Http404("这件还没有处理意见")
    units = row.suggestion.assignments.live().answering()
    return render_page(request, "handlers/escalation_done.html", None, {
        "row": row, "case": row.suggestion, "units": units,
    })
