"""出差顺访：登记出差，列出沿途还没有见过面的代表，就地记顺访。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import ROLE_OF_DUTY, units_able, units_of
from ..actions.travelling import register_trip
from ..forms.travelling import TripForm
from ..models import Activity, Matter
from ..trips import unmet_in

UNIT = tuple(ROLE_OF_DUTY.values())


@roles_required(*UNIT)
def trips(request: HttpRequest) -> HttpResponse:
    """登记出差；下面是近来的出差。"""
    unit = next(iter(units_of(request.user)), None)
    if unit is None or unit.pk not in units_able(request.user, "contact"):
        raise PermissionDenied("由承办单位的人登记出差")
    today = clock.today()
    form, status = TripForm(request.POST or None, unit=unit, today=today, initial={"happened_on": today}), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: register_trip(unit, actor=request.user, today=today, **data))
        if outcome.ok:
            target = reverse("handlers:trip", args=[outcome.result.pk]) if outcome.result else ""
            return outcome.redirect(target)
        status = outcome.status
    rows = Activity.objects.filter(unit=unit, matter=Matter.TRIP).prefetch_related("members")
    context = {"form": form, "unit": unit, "rows": rows.order_by("-happened_on", "-id")[:30]}
    return render_page(request, "handlers/trips/list.html", None, context, status=status)


@require_GET
@roles_required(*UNIT)
def trip(request: HttpRequest, pk: int) -> HttpResponse:
    """一次出差：沿途还没有见过面的代表，点一下记顺访。"""
    mine = [unit.pk for unit in units_of(request.user)]
    found = Activity.objects.filter(unit__in=mine, matter=Matter.TRIP, pk=pk).select_related("unit").first()
    if found is None:
        raise Http404("没有这次出差，或者不是本单位的")
    context = {
        "trip": found, "members": found.members.all(), "unmet": unmet_in(found.unit, found.place, request.user),
    }
    return render_page(request, "handlers/trips/trip.html", None, context)
