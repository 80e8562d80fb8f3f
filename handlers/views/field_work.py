"""单位自己的几页：主题活动、会议研究、责任矩阵。"""
from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import responsibility
from ..access import UNIT_WIDE, duties_in, may_in_unit, posts_of, units_of
from ..actions import convening, tagging
from ..forms.field_work import TagForm, TaggingForm, UnitMeetingForm
from ..models import Activity, ActivityCase, Assignment, CampaignTag, Matter, Organ, PlanKind, Unit

UNIT_ROLES = (Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE, Role.DEPT_HEAD, Role.HANDLER)
WIDE_ROLES = (Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE)


def own_unit(user) -> Unit:
    """此人所在的单位；跨几个单位的，取职级最高的一个。"""
    unit = next(iter(units_of(user)), None)
    if unit is None:
        raise PermissionDenied("这一页给承办单位的人用")
    return unit


def wide_unit(user) -> Unit:
    """看得到全单位的人所在的单位。"""
    post = next((post for post in posts_of(user) if post.duty in UNIT_WIDE), None)
    if post is None:
        raise PermissionDenied("这一页给单位领导和联络员用")
    return post.unit


# ── 主题活动 ──
@roles_required(*UNIT_ROLES)
def tags(request: HttpRequest) -> HttpResponse:
    """本单位的主题活动，各挂了几件。"""
    user, today = request.user, clock.today()
    unit = own_unit(user)
    may_tag = may_in_unit(user, unit.pk, "tag")
    form, status = TagForm(request.POST or None), 200
    if request.method == "POST":
        if not may_tag:
            raise PermissionDenied("主题活动由联络员或厅领导设立")
        outcome = submit(request, form, lambda data: tagging.make_tag(
            unit, name=data["name"], actor=user, today=today
        ))
        if outcome.ok:
            return outcome.redirect(reverse("handlers:tag", args=[outcome.result.pk]) if outcome.result else "")
        status = outcome.status
    rows = CampaignTag.objects.filter(unit=unit).annotate(number=Count("assignments"))
    return render_page(
        request, "handlers/field/tags.html", None, {"form": form, "unit": unit, "rows": rows, "may_tag": may_tag},
        status=status,
    )


@roles_required(*UNIT_ROLES)
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """一个主题活动：挂了哪些件，挂上、去掉。"""
    user, today = request.user, clock.today()
    found = CampaignTag.objects.filter(unit__in=units_of(user), pk=pk).select_related("unit").first()
    seen = Assignment.objects.visible_to(user).values("pk")
    wide = found is not None and duties_in(user, found.unit_id) & set(UNIT_WIDE)
    if found is None or not (wide or found.assignments.filter(pk__in=seen).exists()):
        raise Http404("没有这个主题活动，或者不在可见范围内")
    may_tag = may_in_unit(user, found.unit_id, "tag")
    form, status = TaggingForm(request.POST or None, unit=found.unit, user=user), 200
    if request.method == "POST":
        if not may_tag:
            raise PermissionDenied("主题活动标签由联络员或厅领导挂")
        outcome = submit(request, form, lambda data: _tag_or_untag(request, found, data, today))
        if outcome.ok:
            messages.success(request, "标签已改")
            return outcome.redirect(reverse("handlers:tag", args=[found.pk]))
        status = outcome.status
    rows = found.assignments.filter(pk__in=seen)
    context = {
        "form": form, "tag": found, "may_tag": may_tag,
        "rows": rows.select_related("suggestion__session", "suggestion__lead_deputy").order_by("suggestion__number"),
    }
    return render_page(request, "handlers/field/tag.html", None, context, status=status)


def _tag_or_untag(request: HttpRequest, found: CampaignTag, data: dict, today) -> None:
    """按了某一件的“去掉”，否则挂上选的各件。"""
    gone = request.POST.get("remove", "")
    if gone.isdecimal():
        one = found.assignments.filter(pk=gone[:15]).first()
        if one is not None:
            tagging.untag(found, one, actor=request.user, today=today)
        return
    chosen = list(data["assignments"])
    if data["whole_plan"]:
        planned = Assignment.objects.filter(
            plan_steps__plan__unit=found.unit_id, plan_steps__plan__kind=PlanKind.FIELD,
            plan_steps__plan__year=today.year,
        ).exclude(plan_steps__plan__status="void")
        chosen += [one for one in planned.distinct() if one not in chosen]
    tagging.tag_assignments(found, chosen, actor=request.user, today=today)


# ── 会议研究 ──
@roles_required(*UNIT_ROLES)
def unit_meetings(request: HttpRequest) -> HttpResponse:
    """登记党组会、厅务会、专题会；下面是历次会议。"""
    user, today = request.user, clock.today()
    unit = own_unit(user)
    may_convene = may_in_unit(user, unit.pk, "convene")
    form = UnitMeetingForm(request.POST or None, unit=unit, user=user, initial={"happened_on": today})
    status = 200
    if request.method == "POST":
        if not may_convene:
            raise PermissionDenied("会议由联络员或厅领导登记")
        outcome = submit(request, form, lambda data: convening.hold_unit_meeting(
            unit, actor=user, today=today, **data
        ))
        if outcome.ok:
            messages.success(request, "会议已登记")
            return outcome.redirect(reverse("handlers:unit_meetings"))
        status = outcome.status
    rows, counts = _meetings(unit, user, today.year)
    context = {
        "form": form, "unit": unit, "may_convene": may_convene, "rows": rows, "year": today.year, "counts": counts,
    }
    return render_page(request, "handlers/field/meetings.html", None, context, status=status)


def _meetings(unit: Unit, user, year: int) -> tuple[list[Activity], list[tuple[str, int]]]:
    """历次会议，本年各级会议的次数。处室的人只看研究全部工作的、研究自己手里的件的会议。"""
    seen = ActivityCase.objects.filter(assignment__in=Assignment.objects.visible_to(user).values("pk"))
    found = Activity.objects.filter(unit=unit, matter=Matter.UNIT_MEETING)
    counted = Counter(found.filter(happened_on__year=year).order_by().values_list("organ", flat=True))
    if not duties_in(user, unit.pk) & set(UNIT_WIDE):
        found = found.filter(Q(cases__isnull=True) | Q(pk__in=seen.values("activity")))
    found = found.prefetch_related(Prefetch("cases", seen.select_related("assignment__suggestion__session")))
    rows = list(found.order_by("-happened_on", "-id")[:100])
    return rows, [(label, counted[code]) for code, label in Organ.choices]


# ── 责任矩阵 ──
@require_GET
@roles_required(*WIDE_ROLES)
def responsible(request: HttpRequest) -> HttpResponse:
    """厅领导 × 处室，数点开就是那几件。"""
    unit = wide_unit(request.user)
    context = {"unit": unit, "matrix": responsibility.matrix(unit)}
    return render_page(request, "handlers/field/responsibility.html", None, context)
