"""服务活动：列表与各计各的数、登记、一次活动的回执出席签收、每名代表服务过几次。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.text.numbers import int_of
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.models import Delegation, Deputy

from .. import counterparts, serving, threads
from ..access import ROLE_OF_DUTY, may_in_unit, units_of
from ..access_serving import access_service, cases_between, concerns, may_talk, own_unit, rooms_of, services_of
from ..actions import serving as actions
from ..exporting_serving import SERVICES_SHEET
from ..filters_serving import ServiceFilter
from ..forms.liaising import deputy_choices
from ..forms.serving import MarksForm, ServiceForm
from ..models import SERVICES, Activity, ActivityDeputy, Assignment, ColumnArticle, Matter
from ..reply_lists import READERS

UNIT = tuple(dict.fromkeys(ROLE_OF_DUTY.values()))


@require_GET
@roles_required(*UNIT)
def services(request: HttpRequest) -> HttpResponse:
    """本单位的服务活动，新的在前；上面是今年各种活动各几次。"""
    unit, today = own_unit(request.user), clock.today()
    found = services_of(request.user).filter(unit=unit).prefetch_related("deputies__deputy", "members")
    shown = ServiceFilter(request.GET, queryset=found.order_by("-happened_on", "-pk"), request=request)
    if request.GET.get("export") == "xlsx":
        return SERVICES_SHEET.response(shown.qs)
    year = int_of(request.GET.get("year", "")) or today.year
    year = year if 1900 < year < 9999 else today.year
    context = {
        "unit": unit, "filter": shown, "page": paginate(request, shown.qs), "year": year, "here": "services",
        "figures": serving.figures(unit, year), "owed": threads.owed(request.user).count(),
    }
    return render_page(request, "handlers/serving/list.html", "handlers/serving/_service_table.html", context)


@roles_required(*UNIT)
def service_new(request: HttpRequest) -> HttpResponse:
    """登记一次服务活动；先选种类。"""
    unit, today = own_unit(request.user, "serve"), clock.today()
    matter = _matter(request.GET.get("matter", ""))
    form = ServiceForm(
        request.POST or None, matter=matter, unit=unit, user=request.user, today=today, initial=_asked(request, unit)
    )
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _log(form, unit, request.user, today))
        if outcome.ok:
            if not outcome.repeated:
                messages.success(request, f"{matter.label}已登记")
            return outcome.redirect()
        status = outcome.status
    context = {
        "form": form, "matter": matter, "here": "services",
        "kinds": [(one.value, one.label, one == matter) for one in map(Matter, SERVICES)],
    }
    return render_page(request, "handlers/serving/new.html", None, context, status=status)


def _matter(code: str) -> Matter:
    return Matter(code) if code in SERVICES else Matter.RESEARCH


def _asked(request: HttpRequest, unit) -> dict:
    """从代表那里点过来的，名字先写好。"""
    pk = int_of(request.GET.get("deputy", ""))
    found = Deputy.objects.filter(pk=pk, congress=unit.congress_id).select_related("delegation") if pk else []
    return {"deputies": list(found)} if found else {}


def _log(form: ServiceForm, unit, user, today) -> str:
    activity = actions.log_service(unit, actor=user, today=today, **form.values())
    return _url(activity)


def _url(activity: Activity) -> str:
    return reverse("handlers:service", args=[activity.pk])


@roles_required(*UNIT)
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """一次活动：谁去了、回执、出席、签收；一张表一次存。"""
    found, today = access_service(request.user, pk), clock.today()
    rows = found.deputies.select_related("deputy__delegation").order_by("deputy__delegation__position", "pk")
    may_mark = may_in_unit(request.user, found.unit_id, "serve") and found.matter in (Matter.INVITATION, Matter.MAILING)
    held, status = found.happened_on <= today, 200
    form = MarksForm(request.POST or None, matter=found.matter, rows=rows, held=held, today=today) if may_mark else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("这次活动没有要登记的")
        outcome = submit(request, form, lambda data: _mark(form, found, request.user, today))
        if outcome.ok:
            messages.success(request, "已存下")
            return outcome.redirect(_url(found))
        status = outcome.status
    context = {
        "service": found, "rows": list(rows), "form": form, "held": held, "here": "services",
        "members": found.members.all(), "tally": serving.tally(found), "answer_by": serving.answer_by(found),
        "cases": _seen_cases(request.user, found),
    }
    return render_page(request, "handlers/serving/service.html", None, context, status=status)


def _seen_cases(user, activity: Activity) -> list:
    """有关的件，只列此人看得到的。"""
    rows = Assignment.objects.visible_to(user).filter(activity_cases__activity=activity)
    return [row.suggestion for row in rows.select_related("suggestion__session").distinct()]


@transaction.atomic
def _mark(form: MarksForm, activity: Activity, user, today) -> str:
    """变了的才记。"""
    for row, bound in form.lines():
        value = form.cleaned_data[bound.name]
        if activity.matter == Matter.MAILING:
            if value != (row.received_on is not None):
                day = form.cleaned_data["received_on"] if value else None
                actions.mark_received(row, received_on=day, actor=user, today=today)
        elif form.held:
            if value or row.attended is not None or row.answer:
                actions.mark_attendance(row, attended=value, actor=user, today=today)
        elif value and value != row.answer:
            actions.answer_invitation(row, answer=value, actor=user, today=today)
    return ""


@require_GET
@roles_required(*UNIT)
def served(request: HttpRequest) -> HttpResponse:
    """每名代表服务过几次；可以只看一个代表团、还没有服务过的。"""
    unit, today = own_unit(request.user), clock.today()
    deputies = counterparts.serving(unit, today).order_by("delegation__position", "pinyin", "pk")
    team, words = int_of(request.GET.get("delegation", "")), request.GET.get("q", "").strip()
    if team:
        deputies = deputies.filter(delegation=team)
    if words:
        deputies = deputies.matching(words, private=False)
    if request.GET.get("never"):
        deputies = deputies.exclude(pk__in=_ever_served(unit))
    page, pairing = paginate(request, deputies), counterparts.Pairing(unit, today)
    times = serving.served_times(unit, [deputy.pk for deputy in page])
    context = {
        "unit": unit, "page": page, "q": words, "team": team, "here": "served",
        "teams": Delegation.objects.filter(congress=unit.congress_id), "never": bool(request.GET.get("never")),
        "lines": [(deputy, pairing.post_for(deputy), times.get(deputy.pk)) for deputy in page],
    }
    return render_page(request, "handlers/serving/served.html", None, context)


def _ever_served(unit):
    rows = ActivityDeputy.objects.filter(serving.SERVED, activity__unit=unit, activity__matter__in=serving.ACTIVITIES)
    return rows.order_by().values("deputy")


@require_GET
@roles_required(*READERS)
def served_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """一名代表：各单位谁对口联系，本单位怎样服务过、日常联络过几次。"""
    user, today = request.user, clock.today()
    deputy = Deputy.objects.filter(pk=pk).select_related("delegation").first()
    if deputy is None:
        raise Http404("没有这名代表")
    unit = next((one for one in units_of(user) if one.congress_id == deputy.congress_id), None)
    rows = list(serving.of_deputy(unit, deputy)) if unit else []
    context = {
        "deputy": deputy, "unit": unit, "here": "served", "counterparts": counterparts.counterparts_of(deputy, today),
        "services": [row for row in rows if row.activity.matter != Matter.LIAISON],
        "liaisons": [row for row in rows if row.activity.matter == Matter.LIAISON],
        "times": serving.served_times(unit, [deputy.pk]).get(deputy.pk) if unit else None,
        "articles": ColumnArticle.objects.filter(deputy=deputy, column__unit=unit) if unit else [],
        "cases": cases_between(deputy, unit).visible_to(user) if unit else [],
        "may_serve": unit is not None and may_in_unit(user, unit.pk, "serve"),
        "may_write": unit is not None and _may_write(user, deputy, unit),
    }
    return render_page(request, "handlers/serving/deputy.html", None, context)


def _may_write(user, deputy: Deputy, unit) -> bool:
    rooms = rooms_of(user, unit.pk)
    if rooms is not None and not concerns(deputy, unit, rooms):
        return False
    return may_talk(deputy, unit)


@require_GET
@roles_required(*UNIT)
def deputy_lookup(request: HttpRequest) -> JsonResponse:
    """查找框的候选代表：姓名和代表团，没有电话和证号。"""
    unit = own_unit(request.user)
    return JsonResponse(deputy_choices(unit.congress_id, request.GET.get("q", "")[:60]), safe=False)
