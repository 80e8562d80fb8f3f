"""机制库：看、借鉴、停用。"""
from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.statemachine import DomainError
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import units_able, units_of
from ..actions import adopting
from ..forms.sheet import AdoptForm
from ..library import doings_this_year, users_of
from ..mechanisms import policies
from ..mechanisms.catalogue import CATALOGUE, OFFICES, Mechanism
from ..models import Unit
from ..reply_lists import READERS


def _own(user) -> Unit | None:
    """此人代表哪个单位看机制库。"""
    return next(iter(units_of(user)), None)


@require_GET
@roles_required(*READERS)
def mechanisms(request: HttpRequest) -> HttpResponse:
    """各家的机制，一家一节；标出本单位用着的。"""
    unit, today = _own(request.user), clock.today()
    active = policies.active_codes(unit, today) if unit else {}
    users = users_of(today)
    words = request.GET.get("q", "").strip()
    groups: dict[str, list[dict]] = defaultdict(list)
    for code, one in CATALOGUE.items():
        if words and words not in f"{code}{one.quote}{one.demand}{one.office}":
            continue
        groups[code[:2]].append({"one": one, "on": code in active, "users": len(users.get(code, ())),
                                 "everyone": code in policies.DEFAULT})
    context = {
        "groups": [(OFFICES[key], rows) for key, rows in groups.items()], "unit": unit, "q": words,
        "count": sum(len(rows) for rows in groups.values()),
    }
    return render_page(request, "handlers/mechanisms/list.html", None, context)


@require_GET
@roles_required(*READERS)
def mechanism(request: HttpRequest, code: str) -> HttpResponse:
    """一条机制：原话、要求、谁在用、今年起了什么作用。"""
    one = _mechanism(code)
    unit, today = _own(request.user), clock.today()
    context = {
        "one": one, "unit": unit, "on": unit is not None and code in policies.active_codes(unit, today),
        "users": users_of(today).get(code, []), "doings": doings_this_year(code, today),
        "parent": CATALOGUE.get(policies.SWITCHED_BY.get(code, "")),
        "may_adopt": unit is not None and one.is_switch and unit.pk in units_able(request.user, "adopt"),
    }
    return render_page(request, "handlers/mechanisms/detail.html", None, context)


def _mechanism(code: str) -> Mechanism:
    if code not in CATALOGUE:
        raise Http404("机制库里没有这一条")
    return CATALOGUE[code]


@roles_required(*READERS)
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """借鉴（停用）：先看会碰到哪些在办的件，再确认。"""
    one, unit, today = _mechanism(code), _own(request.user), clock.today()
    if unit is None or unit.pk not in units_able(request.user, "adopt"):
        raise PermissionDenied("由单位的联络员、分管领导或主要负责人起用和停用机制")
    if not one.is_switch:
        raise Http404("这一条是记录或页面，不必起用")
    on = code not in policies.active_codes(unit, today)
    form, status = AdoptForm(request.POST or None, today=today), 200
    if request.method == "POST" and request.POST.get("do") == "confirm":
        outcome = submit(request, form, lambda data: adopting.switch_mechanism(
            unit, code=code, on=on, actor=request.user, today=today, **data
        ))
        if outcome.ok:
            messages.success(request, f"{code} {'已起用' if on else '已停用'}")
            return outcome.redirect(reverse("handlers:mechanism", args=[code]))
        status = outcome.status
    context = {"one": one, "unit": unit, "on": on, "form": form, "touched": _touched(unit, code, on, form, today)}
    context["blocked"] = sum(bool(line.missing) for line in context["touched"])
    return render_page(request, "handlers/mechanisms/adopt.html", None, context, status=status)


def _touched(unit: Unit, code: str, on: bool, form: AdoptForm, today) -> list:
    """按表上选的（没有提交时按缺省的）预览。"""
    data = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    try:
        return adopting.preview(
            unit, code=code, on=on, scope=data["scope"], valid_from=data["valid_from"], today=today
        )
    except DomainError:
        return []
