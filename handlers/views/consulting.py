"""可行性评估、专家会诊、专家库。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import ROLE_OF_DUTY, units_of
from ..actions import consulting
from ..case_plans import access_inside
from ..forms.consulting import ConsultForm, ExpertForm, FeasibilityForm
from ..mechanisms.facts import Case
from ..models import Activity, Expert, Matter

UNIT = tuple(dict.fromkeys(ROLE_OF_DUTY.values()))


@signed_in
def feasibility(request: HttpRequest, pk: int) -> HttpResponse:
    """建议件的可行性评估：评估过才能定办理结果类别。"""
    assignment = access_inside(request.user, pk, "sheet")
    case = Case(assignment, clock.today())
    form, status = FeasibilityForm(request.POST or None, case=case, user=request.user), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: consulting.assess_feasibility(
            assignment, actor=request.user, today=case.today, **data
        ))
        if outcome.ok:
            messages.success(request, "可行性评估已记下，可以定办理结果类别")
            return outcome.redirect(reverse("handlers:sheet", args=[assignment.pk]))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion,
        "earlier": case.of_matter(Matter.FEASIBILITY), "fits": case.is_nature("suggestion"),
    }
    return render_page(request, "handlers/plans/feasibility.html", None, context, status=status)


@signed_in
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    """请专家会诊：从一件进来，一并会诊的其他件同时选上。"""
    assignment = access_inside(request.user, pk, "sheet")
    case = Case(assignment, clock.today())
    form, status = ConsultForm(request.POST or None, case=case, user=request.user), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: consulting.consult_experts(
            [assignment, *data["others"]], actor=request.user, today=case.today,
            **{name: value for name, value in data.items() if name != "others"},
        ))
        if outcome.ok:
            messages.success(request, "专家会诊已记下")
            return outcome.redirect()
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion,
        "has_experts": form.fields["experts"].queryset.exists(), "earlier": case.of_matter(Matter.EXPERTS),
    }
    return render_page(request, "handlers/plans/consult.html", None, context, status=status)


@roles_required(*UNIT)
def experts(request: HttpRequest) -> HttpResponse:
    """本单位的专家库，和各人会诊过几次。"""
    unit = next(iter(units_of(request.user)), None)
    if unit is None:
        raise PermissionDenied("由承办单位的人维护专家库")
    form, status = ExpertForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _kept(consulting.save_expert(
            unit, actor=request.user, today=clock.today(), **data
        )))
        if outcome.ok:
            messages.success(request, "专家已入库")
            return outcome.redirect(reverse("handlers:experts"))
        status = outcome.status
    held = Activity.objects.filter(unit=unit, matter=Matter.EXPERTS).prefetch_related("experts", "cases")
    context = {
        "form": form, "unit": unit, "rows": unit.experts.order_by("-is_active", "name", "id"),
        "held": held.order_by("-happened_on", "-id")[:30],
    }
    return render_page(request, "handlers/plans/experts.html", None, context, status=status)


def _kept(expert: Expert) -> str:
    return reverse("handlers:experts")


@roles_required(*UNIT)
def expert_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改一名专家的情况，或者移出在库。"""
    expert = Expert.objects.filter(pk=pk, unit__in=units_of(request.user)).select_related("unit").first()
    if expert is None:
        raise Http404("没有这名专家，或者不是本单位的")
    form, status = ExpertForm(request.POST or None, expert=expert), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _kept(consulting.save_expert(
            expert.unit, expert, actor=request.user, today=clock.today(), **data
        )))
        if outcome.ok:
            messages.success(request, "已存")
            return outcome.redirect(reverse("handlers:experts"))
        status = outcome.status
    return render_page(request, "handlers/plans/expert.html", None, {"form": form, "expert": expert}, status=status)
