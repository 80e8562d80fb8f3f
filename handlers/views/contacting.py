"""沟通记录：列表、记一次、看一条、更正。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.text.numbers import int_of, ints_of
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.access import attachments_for

from ..access import access_assignment, may_in_unit, units_able
from ..actions import contacting
from ..exporting_handling import ACTIVITIES
from ..filters_handling import ActivityFilter
from ..forms.contacting import KINDS, ActivityForm, CorrectionForm
from ..models import Activity, ActivityCase, Assignment, Matter, Stage
from ..reply_lists import READERS


@roles_required(*READERS)
def activities(request: HttpRequest) -> HttpResponse:
    """看得到的沟通记录，新的在前。"""
    cases = ActivityCase.objects.select_related("assignment__suggestion__session")
    found = Activity.objects.visible_to(request.user).contacts().select_related("unit").prefetch_related(
        Prefetch("cases", cases), "deputies__deputy", "members"
    )
    shown = ActivityFilter(request.GET, queryset=found.order_by("-happened_on", "-id"), request=request)
    if request.GET.get("export") == "xlsx":
        return ACTIVITIES.response(shown.qs)
    context = {
        "filter": shown, "page": paginate(request, shown.qs), "may_travel": bool(units_able(request.user, "contact")),
    }
    return render_page(request, "handlers/activities.html", "handlers/_activity_table.html", context)


@signed_in
def activity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """记一次沟通：从一件进来，同一次活动涉及的其他件一并选上。"""
    assignment = access_assignment(request.user, pk, for_="contact")
    today = clock.today()
    others = _others(request, assignment)
    common = {"assignment": assignment, "others": others, "user": request.user, "today": today}
    posted = request.POST if request.method == "POST" else None
    initial = {**ActivityForm.defaults(assignment, request.user, today), **_asked(request, assignment, others)}
    form = ActivityForm(posted, request.FILES or None, initial=initial, **common)
    status = 200
    if request.POST.get("do") == "people":
        form = ActivityForm(initial=_typed(request), **common)
    elif request.method == "POST":
        outcome = submit(request, form, lambda data: _log(assignment, data, request.user, today))
        if outcome.ok:
            if not outcome.repeated:
                messages.success(request, "这次沟通已记下")
            return outcome.redirect()
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "asked": "stage" in request.GET,
    }
    return render_page(request, "handlers/activity_new.html", None, context, status=status)


def _asked(request: HttpRequest, assignment: Assignment, others: list[Assignment]) -> dict:
    """从缺项、出差、方案点过来的，方式、阶段、地点、带队领导、同去的件和代表先选好。"""
    known = {"kind": dict(KINDS), "stage": dict(Stage.choices)}
    found = {name: request.GET[name] for name, choices in known.items() if request.GET.get(name) in choices}
    if request.GET.get("place"):
        found["place"] = request.GET["place"][:100]
    if int_of(request.GET.get("leader")):
        found["leader"] = int_of(request.GET["leader"])
    if others:
        found["others"] = [one.pk for one in others]
        found["deputies"] = list(dict.fromkeys(one.suggestion.lead_deputy_id for one in (assignment, *others)))
    return found


def _others(request: HttpRequest, assignment: Assignment) -> list[Assignment]:
    """选上的其他件：它们的代表也要能选。没有 JavaScript 时按“列出代表”刷新名单。"""
    chosen = ints_of((request.POST or request.GET).getlist("others"))
    rows = Assignment.objects.visible_to(request.user).filter(pk__in=chosen, unit=assignment.unit_id)
    return list(rows.select_related("suggestion__session", "suggestion__lead_deputy"))


def _typed(request: HttpRequest) -> dict:
    """打过的字原样留着，只刷新代表名单。"""
    several = ("members", "deputies", "others")
    return {name: request.POST.getlist(name) if name in several else value for name, value in request.POST.items()}


def _log(assignment: Assignment, data: dict, user, today) -> Activity:
    values = {name: value for name, value in data.items() if name != "others"}
    return contacting.log_activity(
        unit=assignment.unit, assignments=[assignment, *data["others"]], actor=user, today=today, **values
    )


def _access_activity(user, pk: int) -> Activity:
    rows = Activity.objects.visible_to(user).select_related("unit", "recorded_by", "leader")
    found = rows.filter(pk=pk).distinct().first()
    if found is None:
        raise Http404("没有这条沟通记录，或者不在可见范围内")
    return found


@signed_in
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """一条沟通记录，记完也到这里。"""
    found = _access_activity(request.user, pk)
    cases = list(found.cases.select_related("assignment__suggestion__session"))
    visible = Assignment.objects.visible_to(request.user).filter(pk__in=[one.assignment_id for one in cases])
    seen = set(visible.values_list("pk", flat=True))
    first = cases[0].assignment if cases else None
    context = {
        "activity": found, "cases": [one for one in cases if one.assignment_id in seen],
        "members": found.members.all(), "deputies": found.deputies.select_related("deputy__delegation"),
        "experts": found.experts.all() if found.matter == Matter.EXPERTS else (),
        "files": attachments_for(request.user, first.suggestion).filter(about=f"activity:{found.pk}") if first else [],
        "may_correct": contacting.may_correct(request.user, found),
        "may_add": first is not None and may_in_unit(request.user, found.unit_id, "contact"), "first": first,
    }
    return render_page(request, "handlers/activity.html", None, context)


@signed_in
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """更正：原来的字留在留痕里。"""
    found = _access_activity(request.user, pk)
    if not contacting.may_correct(request.user, found):
        raise PermissionDenied("沟通记录由记录人或本单位办公室更正")
    posted = request.POST if request.method == "POST" else None
    form = CorrectionForm(posted, activity=found)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: contacting.correct_activity(
            found, actor=request.user, today=clock.today(), **data
        ))
        if outcome.ok:
            if not outcome.repeated:
                messages.success(request, "已更正，原来的字留在留痕里")
            return outcome.redirect()
        status = outcome.status
    return render_page(request, "handlers/activity_edit.html", None, {"form": form, "activity": found}, status=status)
