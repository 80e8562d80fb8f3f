"""责任人员与对口联系：处室联络员、服务代表工作领导小组、对口联系人。"""
from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import counterparts as pairs
from .. import serving
from ..access import may_in_unit
from ..access_serving import access_division, access_post, own_unit
from ..actions import liaising
from ..forms.liaising import AreasForm, CounterpartForm, EndForm, PersonForm, ServicePostForm
from ..models import Duty, Post, PostArea
from .serving import UNIT

ENDABLE = (Duty.ROOM_LIAISON, Duty.COUNTERPART, *liaising.SERVICE_DUTIES)


@require_GET
@roles_required(*UNIT)
def people(request: HttpRequest) -> HttpResponse:
    """责任人员：各处室的联络员与历任，空岗的说出来；服务代表工作领导小组。"""
    unit, today = own_unit(request.user), clock.today()
    rooms = serving.rooms(unit, today)
    context = {
        "unit": unit, "rooms": rooms, "vacant": [room.division for room in rooms if room.now is None],
        "group": serving.service_group(unit, today), "here": "people",
        "may_appoint": may_in_unit(request.user, unit.pk, "appoint"),
    }
    return render_page(request, "handlers/serving/people.html", None, context)


@roles_required(*UNIT)
def room_liaison(request: HttpRequest, pk: int) -> HttpResponse:
    """任命处室联络员；已有在任的就是交接。"""
    division, today = access_division(request.user, pk), clock.today()
    unit = division.unit
    room = next((one for one in serving.rooms(unit, today) if one.division.pk == pk), None)
    form, status = PersonForm(request.POST or None, unit=unit, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.appoint_liaison(
            division, actor=request.user, today=today, **form.taken()
        )))
        if outcome.ok:
            messages.success(request, f"{division.name}的联络员已定")
            return outcome.redirect(reverse("handlers:unit_people"))
        status = outcome.status
    context = {"unit": unit, "division": division, "room": room, "form": form, "here": "people"}
    return render_page(request, "handlers/serving/room_liaison.html", None, context, status=status)


def _done(post: Post) -> str:
    return reverse("handlers:counterparts" if post.duty == Duty.COUNTERPART else "handlers:unit_people")


@roles_required(*UNIT)
def service_post(request: HttpRequest) -> HttpResponse:
    """服务代表工作领导小组添一名；组长只有一名，任命新的即交接。"""
    unit, today = own_unit(request.user, "appoint"), clock.today()
    form, status = ServicePostForm(request.POST or None, unit=unit, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.appoint_service(
            unit, duty=data["duty"], division=data["division"], actor=request.user, today=today, **form.taken()
        )))
        if outcome.ok:
            messages.success(request, "服务代表工作领导小组已更新")
            return outcome.redirect(reverse("handlers:unit_people"))
        status = outcome.status
    return render_page(
        request, "handlers/serving/service_post.html", None, {"unit": unit, "form": form, "here": "people"},
        status=status,
    )


@roles_required(*UNIT)
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """不再担任，暂时没有人接。"""
    post, today = access_post(request.user, pk, *ENDABLE), clock.today()
    form, status = EndForm(request.POST or None, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.end_post(
            post, actor=request.user, today=today, **data
        )))
        if outcome.ok:
            messages.success(request, f"{post.name}不再担任{post.get_duty_display()}")
            return outcome.redirect(_done(post))
        status = outcome.status
    context = {"post": post, "form": form, "back": _done(post), "here": "people"}
    return render_page(request, "handlers/serving/post_end.html", None, context, status=status)


# ── 对口联系 ──
@require_GET
@roles_required(*UNIT)
def counterparts(request: HttpRequest) -> HttpResponse:
    """对口联系：各处室联系哪些代表，覆盖了几名，谁还没有。"""
    unit, today = own_unit(request.user), clock.today()
    posts = pairs.posts_on(today).filter(unit=unit).select_related("division").prefetch_related(
        Prefetch("areas", PostArea.objects.select_related("delegation", "deputy"))
    )
    former = Post.objects.filter(unit=unit, duty=Duty.COUNTERPART, valid_to__lte=today).select_related("division")
    context = {
        "unit": unit, "posts": posts.order_by("division__position", "pk"), "coverage": pairs.coverage(unit, today),
        "former": former.order_by("-valid_to", "-pk")[:50], "here": "counterparts",
        "may_appoint": may_in_unit(request.user, unit.pk, "appoint"), "teams": pairs.unclaimed(unit, today),
    }
    return render_page(request, "handlers/serving/counterparts.html", None, context)


@roles_required(*UNIT)
def counterpart_new(request: HttpRequest) -> HttpResponse:
    """定一名对口联系人。"""
    unit, today = own_unit(request.user, "appoint"), clock.today()
    form, status = CounterpartForm(request.POST or None, unit=unit, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.appoint_counterpart(
            data["division"], delegations=list(data["delegations"]), deputies=data["deputies"], actor=request.user,
            today=today, **form.taken()
        )))
        if outcome.ok:
            messages.success(request, "对口联系人已定")
            return outcome.redirect(reverse("handlers:counterparts"))
        status = outcome.status
    return render_page(
        request, "handlers/serving/counterpart_new.html", None, {"unit": unit, "form": form, "here": "counterparts"},
        status=status,
    )


@roles_required(*UNIT)
def counterpart(request: HttpRequest, pk: int) -> HttpResponse:
    """改联系范围。"""
    post, today = access_post(request.user, pk, Duty.COUNTERPART), clock.today()
    form, status = AreasForm(request.POST or None, unit=post.unit, today=today, post=post), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.change_areas(
            post, delegations=list(data["delegations"]), deputies=data["deputies"], actor=request.user, today=today
        )))
        if outcome.ok:
            messages.success(request, f"{post.name}联系的范围已改")
            return outcome.redirect(reverse("handlers:counterparts"))
        status = outcome.status
    return render_page(
        request, "handlers/serving/counterpart.html", None, {"post": post, "form": form, "here": "counterparts"},
        status=status,
    )


@roles_required(*UNIT)
def counterpart_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """对口联系人换人，处室和范围照旧。"""
    post, today = access_post(request.user, pk, Duty.COUNTERPART), clock.today()
    form, status = PersonForm(request.POST or None, unit=post.unit, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _done(liaising.replace_counterpart(
            post, actor=request.user, today=today, **form.taken()
        )))
        if outcome.ok:
            messages.success(request, "对口联系人已换")
            return outcome.redirect(reverse("handlers:counterparts"))
        status = outcome.status
    context = {"post": post, "form": form, "here": "counterparts"}
    return render_page(request, "handlers/serving/counterpart_replace.html", None, context, status=status)
