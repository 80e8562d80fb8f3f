"""年度现场办理方案：列表、编写、审定、下发，和从方案记现场办理。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.statemachine import NotAllowed
from lianluo.text.numbers import int_of
from lianluo.web.forms import Form
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import field_plans as plans
from ..access import may_in_unit, units_of
from ..actions import field_planning as planning
from ..forms.field_plans import LABELS, ItemsForm, NoteForm
from ..models import Plan, PlanStatus
from ..reply_lists import READERS

UNIT_ROLES = (Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE, Role.DEPT_HEAD, Role.HANDLER)
#: 方案页上的按钮：代码 → （动作，要不要写意见，办成了怎么说）
ACTS = {
    "submit": (planning.submit_plan, False, "已送主要负责人审定"),
    "approve": (planning.approve_plan, True, "已审定，可以下发"),
    "send_back": (planning.send_back_plan, True, "已退回修改"),
    "issue": (planning.issue_plan, False, "已下发，可以照方案安排现场办理"),
    "void": (planning.void_plan, True, "已作废，可以另编一份"),
}


@roles_required(*READERS)
def field_plans(request: HttpRequest) -> HttpResponse:
    """各年的方案；没有本年方案的，一下编好。"""
    user, today = request.user, clock.today()
    unit = next(iter(units_of(user)), None)
    form, status = Form(request.POST or None), 200
    if request.method == "POST":
        if unit is None or not may_in_unit(user, unit.pk, "field_plan"):
            raise PermissionDenied("方案由单位的联络员或分管领导编写")
        outcome = submit(request, form, lambda data: planning.draft_plan(
            unit, year=today.year, actor=user, today=today
        ))
        if outcome.ok:
            return outcome.redirect(_page(outcome.result))
        status = outcome.status
    found = plans.visible_plans(user).select_related("unit").prefetch_related("steps")
    rows = list(found.order_by("-year", "-id")[:60])
    current = next((row for row in rows if unit and row.unit_id == unit.pk and row.year == today.year
                    and row.status != PlanStatus.VOID), None)
    may_draft = unit is not None and may_in_unit(user, unit.pk, "field_plan") and current is None
    context = {
        "form": form, "rows": rows, "unit": unit, "year": today.year, "may_draft": may_draft,
        "open_number": plans.open_cases(unit).count() if may_draft else 0,
    }
    return render_page(request, "handlers/field/list.html", None, context, status=status)


def _page(plan: Plan | None) -> str:
    return reverse("handlers:field_plan", args=[plan.pk]) if plan else reverse("handlers:field_plans")


@roles_required(*READERS)
def field_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """一份方案：分组各行、走到哪一步、此人能办什么。"""
    plan, user, today = plans.access_plan(request.user, pk), request.user, clock.today()
    form, status = NoteForm(request.POST or None), 200
    if request.method == "POST":
        act, noted, said = ACTS.get(request.POST.get("do", ""), (None, False, ""))
        if act is None:
            raise Http404("没有这个按钮")
        if not may_in_unit(user, plan.unit_id, _capability(request.POST["do"])):
            raise PermissionDenied("这项工作不归此账号办理")
        outcome = submit(request, form, lambda data: act(
            plan, actor=user, today=today, **({"note": data["note"]} if noted else {})
        ))
        if outcome.ok:
            messages.success(request, said)
            return outcome.redirect(_page(plan))
        status = outcome.status
        plan = plans.access_plan(user, pk)
    routes = plans.routes_of(plans.steps_of(plan, user))
    context = {
        "plan": plan, "routes": routes, "form": form, "number": sum(len(route.steps) for route in routes),
        **_allowed(user, plan),
    }
    return render_page(request, "handlers/field/plan.html", None, context, status=status)


def _capability(act: str) -> str:
    return {"approve": "approve_plan", "send_back": "approve_plan", "issue": "issue_plan"}.get(act, "field_plan")


def _allowed(user, plan: Plan) -> dict:
    """此人现在能办什么。"""
    drafts = may_in_unit(user, plan.unit_id, "field_plan")
    return {
        "edits": drafts and plan.status == PlanStatus.DRAFT,
        "left_out": plans.left_out(plan) if drafts and plan.status != PlanStatus.VOID else 0,
        "decides": plan.status == PlanStatus.SUBMITTED and may_in_unit(user, plan.unit_id, "approve_plan")
        and plan.drafted_by_id != user.pk,
        "issues": plan.status == PlanStatus.APPROVED and may_in_unit(user, plan.unit_id, "issue_plan"),
        "voids": drafts and plan.status not in (PlanStatus.VOID, PlanStatus.DONE),
        "visits": plan.status in (PlanStatus.APPROVED, PlanStatus.ISSUED)
        and may_in_unit(user, plan.unit_id, "contact"),
    }


@roles_required(*UNIT_ROLES)
def field_plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改一组：一件一行，存一次。"""
    plan, user, today = plans.access_plan(request.user, pk, for_="field_plan"), request.user, clock.today()
    routes = plans.routes_of(plans.steps_of(plan, user))
    at = int_of(request.GET.get("group")) or 1
    if not 1 <= at <= len(routes):
        raise Http404("方案里没有这一组")
    route = routes[at - 1]
    live = [step for step in route.steps if step.is_live]
    form, status = ItemsForm(request.POST or None, plan=plan, steps=live, today=today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: planning.save_items(
            plan, items=form.items(), actor=user, today=today
        ))
        if outcome.ok:
            messages.success(request, f"{route.name}已存")
            following = reverse("handlers:field_plan_edit", args=[plan.pk]) + f"?group={at + 1}"
            return outcome.redirect(following if "next" in request.POST and at < len(routes) else _page(plan))
        status = outcome.status
    elif plan.status != PlanStatus.DRAFT:
        raise NotAllowed(f"方案{plan.get_status_display()}，退回修改以后才能改")
    context = {
        "plan": plan, "route": route, "form": form, "at": at, "total": len(routes), "labels": LABELS.values(),
    }
    return render_page(request, "handlers/field/edit.html", None, context, status=status)
