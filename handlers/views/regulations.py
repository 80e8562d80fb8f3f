"""制度库：各单位、各办公室都能查；本单位的联络员和领导录入、出新版。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import may_in_unit, units_able
from ..access_serving import own_unit
from ..actions import regulating
from ..filters_serving import RegulationFilter
from ..forms.regulating import RegulationForm
from ..models import Regulation
from ..reply_lists import READERS
from .serving import UNIT


@require_GET
@roles_required(*READERS)
def regulations(request: HttpRequest) -> HttpResponse:
    """按环节、单位、字句查；缺省只列有效的。"""
    found = Regulation.objects.select_related("unit")
    if request.GET.get("ended") != "yes":
        found = found.in_force(clock.today())
    shown = RegulationFilter(request.GET, queryset=found.order_by("unit", "pk"), request=request)
    context = {
        "filter": shown, "page": paginate(request, shown.qs), "today": clock.today(),
        "may_add": bool(units_able(request.user, "regulate")),
    }
    return render_page(
        request, "handlers/regulations/list.html", "handlers/regulations/_regulation_table.html", context
    )


def _access(user, pk: int, *, write: bool = False) -> Regulation:
    """取一项：都看得到；录入只限本单位。"""
    found = Regulation.objects.select_related("unit", "replaces", "made_by").filter(pk=pk).first()
    if found is None:
        raise Http404("制度库里没有这一项")
    if write and not may_in_unit(user, found.unit_id, "regulate"):
        raise PermissionDenied("由这个单位的联络员、分管领导或主要负责人出新版")
    return found


@require_GET
@roles_required(*READERS)
def regulation(request: HttpRequest, pk: int) -> HttpResponse:
    """一项制度：正文、环节、各版本。"""
    found, today = _access(request.user, pk), clock.today()
    versions = list(Regulation.objects.filter(unit=found.unit_id, title=found.title).order_by("-version"))
    context = {
        "regulation": found, "versions": versions, "newest": versions[0],
        "ended": found.ended_on is not None and found.ended_on <= today,
        "may_revise": found.ended_on is None and may_in_unit(request.user, found.unit_id, "regulate"),
    }
    return render_page(request, "handlers/regulations/detail.html", None, context)


@roles_required(*UNIT)
def regulation_new(request: HttpRequest) -> HttpResponse:
    """录入一项。"""
    unit, today = own_unit(request.user, "regulate"), clock.today()
    form, status = RegulationForm(request.POST or None, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _saved(
            regulating.add_regulation(unit, actor=request.user, today=today, **data)
        ))
        if outcome.ok:
            messages.success(request, "制度已入库")
            return outcome.redirect()
        status = outcome.status
    return render_page(
        request, "handlers/regulations/edit.html", None, {"form": form, "unit": unit}, status=status
    )


def _saved(row: Regulation) -> str:
    return reverse("handlers:regulation", args=[row.pk])


@roles_required(*UNIT)
def regulation_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """出新版，旧版当日废止。"""
    old, today = _access(request.user, pk, write=True), clock.today()
    form, status = RegulationForm(request.POST or None, today=today, old=old), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _saved(
            regulating.revise_regulation(old, actor=request.user, today=today, **data)
        ))
        if outcome.ok:
            messages.success(request, "新版已入库，旧版留在历史里")
            return outcome.redirect()
        status = outcome.status
    return render_page(
        request, "handlers/regulations/edit.html", None, {"form": form, "unit": old.unit, "old": old}, status=status
    )
