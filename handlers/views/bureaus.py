"""请市州局协助：请、回执，市州局的人看自己的协助任务。"""
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

from ..access import access_assignment, access_sheet, may_in_unit, posts_of
from ..actions import bureaus
from ..forms.field_work import BureauForm, ReceiptForm
from ..models import Assignment, Duty, PlanKind, PlanStep

RELATED = (
    "plan__unit", "plan__assignment__suggestion__session__term", "plan__assignment__suggestion__lead_deputy", "person",
)


@signed_in
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """请代表所在市州的对口局协助；请过的列在下面。"""
    assignment, today = access_sheet(request.user, pk), clock.today()
    may_ask = may_in_unit(request.user, assignment.unit_id, "contact")
    initial = {"body": bureaus.bureau_of(assignment), "due_on": assignment.inner_due_on or assignment.due_on}
    form, status = BureauForm(request.POST or None, today=today, initial=initial), 200
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied("由承办单位的人请市州局协助")
        outcome = submit(request, form, lambda data: bureaus.ask_bureau(
            assignment, actor=request.user, today=today, **data
        ))
        if outcome.ok:
            messages.success(request, "协助已登记")
            return outcome.redirect(reverse("handlers:bureaus", args=[assignment.pk]))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "tasks": bureaus.tasks_of(assignment),
        "may_ask": may_ask and assignment.status in bureaus.IN_HAND,
    }
    return render_page(request, "handlers/bureau/ask.html", None, context, status=status)


@require_GET
@signed_in
def tasks(request: HttpRequest) -> HttpResponse:
    """市州局的人：请自己协助的各件，没有回复的在前。"""
    posts = [post.pk for post in posts_of(request.user) if post.duty == Duty.LOCAL_BUREAU]
    if not posts:
        raise PermissionDenied("这一页给市州局的协助人用")
    rows = PlanStep.objects.filter(person__in=posts, plan__kind=PlanKind.ASSISTANCE).exclude(plan__status="void")
    found = rows.select_related(*RELATED).prefetch_related("records").order_by("done_on", "due_on", "pk")
    return render_page(request, "handlers/bureau/tasks.html", None, {"rows": found})


@signed_in
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """填一份回执。"""
    step, user, today = _access_step(request.user, pk), request.user, clock.today()
    form, status = ReceiptForm(request.POST or None, initial={"happened_on": today}), 200
    inside = may_in_unit(user, step.plan.unit_id, "contact")
    back = reverse("handlers:bureaus", args=[step.plan.assignment_id]) if inside else reverse("handlers:bureau_tasks")
    if request.method == "POST":
        outcome = submit(request, form, lambda data: bureaus.enter_receipt(step, actor=user, today=today, **data))
        if outcome.ok:
            messages.success(request, "回执已登记")
            return outcome.redirect(back)
        status = outcome.status
    context = {"form": form, "step": step, "case": step.plan.assignment.suggestion, "back": back, "inside": inside}
    return render_page(request, "handlers/bureau/receipt.html", None, context, status=status)


def _access_step(user, pk: int) -> PlanStep:
    """请的就是他，或者看得到这一件；看得到而不归他填的 403。"""
    step = PlanStep.objects.filter(pk=pk, plan__kind=PlanKind.ASSISTANCE).select_related(*RELATED).first()
    if step is None:
        raise Http404("没有这次协助，或者不在可见范围内")
    if bureaus.may_answer(user, step) and (
        (step.person and step.person.account_id == user.pk)
        or Assignment.objects.visible_to(user).filter(pk=step.plan.assignment_id).exists()
    ):
        return step
    try:
        access_assignment(user, step.plan.assignment_id)
    except Http404:
        raise Http404("没有这次协助，或者不在可见范围内") from None
    raise PermissionDenied("回执由这个市州局的人或承办单位的人填写")
