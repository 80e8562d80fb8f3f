"""方案的一项：调查任务的回执，整改的报完成与核验。"""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lianluo.accounts.decorators import signed_in
from lianluo.workdays import clock

from .. import case_plans
from ..actions import investigating, rectifying
from ..forms.plans import RecordForm, VerifyForm
from ..models import PlanKind
from .plans import form_page


@signed_in
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """登记一项调查任务的回执。"""
    step, today = case_plans.access_step(request.user, pk, PlanKind.INVESTIGATION), clock.today()
    form = RecordForm(
        request.POST or None, request.FILES or None, label="回执说了什么", initial={"happened_on": today}
    )
    return form_page(
        request, step.plan.assignment, PlanKind.INVESTIGATION, form, "登记回执",
        lambda data: investigating.enter_receipt(step, actor=request.user, today=today, **data), "回执已登记",
        step=step,
    )


@signed_in
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """报一项整改完成。"""
    step, today = case_plans.access_step(request.user, pk, PlanKind.RECTIFICATION), clock.today()
    form = RecordForm(
        request.POST or None, request.FILES or None, label="怎样整改的", needs_evidence=True,
        initial={"happened_on": today},
    )
    return form_page(
        request, step.plan.assignment, PlanKind.RECTIFICATION, form, "报整改完成",
        lambda data: rectifying.report_rectified(step, actor=request.user, today=today, **data),
        "已报完成，由另一个人核验", step=step,
    )


@signed_in
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """核验一项整改。"""
    step, today = case_plans.access_step(request.user, pk, PlanKind.RECTIFICATION), clock.today()
    return form_page(
        request, step.plan.assignment, PlanKind.RECTIFICATION, VerifyForm(request.POST or None), "核验整改",
        lambda data: rectifying.verify_step(step, actor=request.user, today=today, **data), "核验已记下", step=step,
    )
