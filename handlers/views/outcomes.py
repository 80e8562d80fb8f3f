"""成果：列表、登记、修改。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianluo.accounts.decorators import roles_required
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import outcomes
from ..access import may_in_unit, units_able, units_of
from ..actions.recording_outcomes import record_outcome
from ..forms.consulting import OutcomeForm
from ..models import Assignment, Outcome, Unit
from ..reply_lists import READERS


@roles_required(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """转化成的政策、改革事项、地方立法；屏上是什么就导出什么。"""
    found = outcomes.visible_outcomes(request.user).prefetch_related("assignments__suggestion__session")
    if request.GET.get("export") == "xlsx":
        return outcomes.OUTCOMES.response(found)
    page = paginate(request, found)
    rows = [
        {"row": row, "issued": outcomes.is_issued(row), "may_edit": may_in_unit(request.user, row.unit_id, "sheet")}
        for row in page
    ]
    context = {
        "page": page, "rows": rows, "tally": outcomes.tally(found),
        "may_add": bool(units_able(request.user, "sheet")),
    }
    return render_page(request, "handlers/outcomes/list.html", None, context)


@roles_required(*READERS)
def new(request: HttpRequest) -> HttpResponse:
    """登记一项成果；从件上过来的，这件先选好。"""
    unit = next((one for one in units_of(request.user) if one.pk in units_able(request.user, "sheet")), None)
    if unit is None:
        raise PermissionDenied("由承办单位的人登记成果")
    return _form_page(request, unit, None)


@roles_required(*READERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改一项成果的进度、文号。"""
    outcome = outcomes.access_outcome(request.user, pk)
    if not may_in_unit(request.user, outcome.unit_id, "sheet"):
        raise PermissionDenied("由登记的单位修改")
    return _form_page(request, outcome.unit, outcome)


def _form_page(request: HttpRequest, unit: Unit, outcome: Outcome | None) -> HttpResponse:
    today, user = clock.today(), request.user
    form = OutcomeForm(request.POST or None, unit=unit, user=user, today=today, outcome=outcome)
    status = 200
    if request.method == "POST":
        outcome_page = submit(request, form, lambda data: _saved(unit, outcome, data, user, today))
        if outcome_page.ok:
            messages.success(request, "成果已登记")
            return outcome_page.redirect(reverse("handlers:outcomes"))
        status = outcome_page.status
    elif outcome is None and request.GET.get("case", "").isdigit():
        form.initial["assignments"] = [int(request.GET["case"])]
    context = {"form": form, "outcome": outcome, "unit": unit}
    return render_page(request, "handlers/outcomes/edit.html", None, context, status=status)


def _saved(unit: Unit, outcome: Outcome | None, data: dict, user, today) -> str:
    """此人看不到的别的件照旧连着。"""
    rows = list(data["assignments"])
    if outcome is not None:
        seen = Assignment.objects.visible_to(user).values("pk")
        rows += outcome.assignments.exclude(pk__in=seen)
    values = {name: value for name, value in data.items() if name != "assignments"}
    record_outcome(unit, outcome, assignments=rows, actor=user, today=today, **values)
    return reverse("handlers:outcomes")
