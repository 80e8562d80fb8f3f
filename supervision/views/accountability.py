"""追责：待办、登记、看一份。看不到的人一律 404。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import signed_in
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import accountability
from ..actions.holding import register_accountability
from ..forms.accountability import AccountabilityForm


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """追责待办，和登记过的。"""
    if not accountability.may_look(request.user):
        raise Http404("没有这一页，或者不在可见范围内")
    held = [
        {"one": one, "may": accountability.may_register(request.user, one.step.plan.unit_id)}
        for one in accountability.to_hold(request.user, clock.today())
    ]
    rows = accountability.visible(request.user).select_related("step__plan__assignment__suggestion__session")
    context = {"held": held, "rows": rows[:100]}
    return render_page(request, "supervision/accountability/list.html", None, context)


@signed_in
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """登记一项追责；``pk`` 是整改事项。"""
    today = clock.today()
    held = accountability.access_held(request.user, pk, today)
    if not accountability.may_register(request.user, held.step.plan.unit_id):
        raise PermissionDenied("追责由本单位的主要负责人或人大办事机构登记")
    initial = {"issued_on": today, "target": held.step.person.name if held.step.person else ""}
    form, status = AccountabilityForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _registered(register_accountability(
            held.step, actor=request.user, today=today, **data
        )))
        if outcome.ok:
            messages.success(request, "追责已登记")
            return outcome.redirect(reverse("supervision:accountability"))
        status = outcome.status
    context = {
        "form": form, "held": held, "assignment": held.assignment, "case": held.assignment.suggestion,
    }
    return render_page(request, "supervision/accountability/register.html", None, context, status=status)


def _registered(directive) -> str:
    return reverse("supervision:accountability_show", args=[directive.pk])


@require_GET
@signed_in
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """一份追责登记。"""
    directive = accountability.access_directive(request.user, pk)
    assignment = directive.step.plan.assignment
    context = {"directive": directive, "assignment": assignment, "case": assignment.suggestion}
    return render_page(request, "supervision/accountability/show.html", None, context)
