"""工作日历：看一年、改一天、导入一年、算期限。"""
from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.audit.models import AuditEvent
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit

from . import actions, calculating, calendar, ical, year_page
from .arithmetic import is_workday, weekday_name
from .clock import today
from .forms import CalculatorForm, CoverForm, DayForm, ImportForm
from .models import CalendarYear, Holiday

EDITORS = (Role.NPC_OFFICE, Role.SYSADMIN)
FIRST_YEAR, LAST_YEAR = 1990, 2100


def _known_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("没有这一年的日历")
    return year


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """转到今年。"""
    return redirect("workdays:year", year=today().year)


@require_GET
@signed_in
def year(request: HttpRequest, year: int) -> HttpResponse:
    """一年十二个月：休、班与来源。"""
    now = calendar.current()
    context = {
        "year": _known_year(year), "months": year_page.months(year, now, today()),
        "rows": Holiday.objects.filter(day__year=year), "covered": CalendarYear.objects.filter(year=year).first(),
        "workdays": year_page.workdays_in(year, now), "missing_years": calendar.missing_years(today(), now),
        "may_edit": request.user.has_role(*EDITORS), "previous": year - 1, "next": year + 1,
    }
    return render_page(request, "workdays/year.html", None, context)


@require_http_methods(["GET", "POST"])
@roles_required(*EDITORS)
def day(request: HttpRequest, day: date) -> HttpResponse:
    """改一天，写明理由。"""
    form = DayForm(request.POST or None)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.set_day(day, today=today(), actor=request.user, **data))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    context = {
        "form": form, "day": day, "weekday": weekday_name(day), "row": Holiday.objects.filter(day=day).first(),
        "is_workday": is_workday(day, calendar.current()),
    }
    return render_page(request, "workdays/day.html", None, context, status)


@require_http_methods(["GET", "POST"])
@roles_required(*EDITORS)
def import_year(request: HttpRequest) -> HttpResponse:
    """导入一年的放假安排。"""
    form = ImportForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        outcome = submit(
            request, form, lambda _: actions.import_year(form.year_file(), today=today(), actor=request.user)
        )
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    return render_page(request, "workdays/import.html", None, {"form": form, "year": today().year}, status)


@require_http_methods(["GET", "POST"])
@roles_required(*EDITORS)
def cover_year(request: HttpRequest, year: int) -> HttpResponse:
    """标明一年的放假安排已逐日录完。"""
    form = CoverForm(request.POST or None)
    status = 200
    if request.method == "POST":
        outcome = submit(
            request, form,
            lambda data: actions.cover_year(_known_year(year), today=today(), actor=request.user, **data),
        )
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    return render_page(request, "workdays/cover.html", None, {"form": form, "year": _known_year(year)}, status)


@require_GET
@roles_required(*EDITORS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """一次改动的结果：移动了哪些到期日。件的名称只给联工委看，三员只见件数。"""
    event = get_object_or_404(AuditEvent, pk=pk, event__startswith="calendar.")
    moves = AuditEvent.objects.filter(event="deadline.recomputed", data__change=pk).order_by("id")
    sees_cases = request.user.has_role(Role.NPC_OFFICE)
    context = {
        "event": event, "year": _year_of(event), "move_count": moves.count(),
        "sees_cases": sees_cases, "page": paginate(request, moves) if sees_cases else None,
    }
    return render_page(request, "workdays/change.html", None, context)


def _year_of(event: AuditEvent) -> int:
    return event.data.get("year") or date.fromisoformat(event.data["day"]).year


@require_GET
@signed_in
def calculator(request: HttpRequest) -> HttpResponse:
    """算期限：起算日加规则，得到到期日与逐日说明。"""
    form = CalculatorForm(request.GET or None, initial={"start_on": today()})
    result = calculating.result_of(form) if form.is_bound and form.is_valid() else None
    status = 422 if form.is_bound and result is None else 200
    context = {"form": form, "result": result, "query": request.GET.urlencode()}
    return render_page(request, "workdays/calculator.html", None, context, status)


@require_GET
@signed_in
def calculator_ics(request: HttpRequest) -> HttpResponse:
    """把算出的到期日存进日历软件。"""
    form = CalculatorForm(request.GET)
    result = calculating.result_of(form) if form.is_valid() else None
    if result is None:
        return redirect(f"{reverse('workdays:calculator')}?{request.GET.urlencode()}")
    response = HttpResponse(ical.event(result.title, result.explanation), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="due-{result.explanation.due_on}.ics"'
    return response
