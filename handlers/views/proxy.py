"""代录：办公室凭代表签名的纸质表录入，先传扫描件，核对后登记，标“代录”。"""
from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.statemachine import DomainError
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.actions.attaching import add_attachment
from suggestions.models import Attachment, Purpose

from .. import rating
from ..actions import evaluating, evaluation_links
from ..forms.evaluating import ProxyForm
from ..models import Delivery, Evaluation

office_only = roles_required(Role.NPC_OFFICE)


def find_delivery(pk: int) -> Delivery:
    found = Delivery.objects.select_related(
        "reply__assignment__suggestion__session", "reply__assignment__unit", "deputy__account", "suggestion__session",
        "suggestion__lead_deputy", "evaluation",
    ).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份送达")
    return found


def scan_of(delivery: Delivery) -> Attachment | None:
    """这份送达最近上传的纸质意见表扫描件。"""
    about = evaluation_links.subject_of(delivery.pk)
    return Attachment.objects.filter(purpose=Purpose.EVALUATION, about=about).order_by("-id").first()


@require_http_methods(["GET", "POST"])
@office_only
def proxy(request: HttpRequest, pk: int) -> HttpResponse:
    """照纸质表录：填 → 核对 → 登记。扫描件传上就留着，回来改字不必再传。"""
    delivery = find_delivery(pk)
    if getattr(delivery, "evaluation", None) is not None:
        return redirect("handlers:proxy_done", pk=pk)
    closed = evaluating.closed_because(delivery)
    form = ProxyForm(request.POST or None, request.FILES or None, has_scan=scan_of(delivery) is not None)
    if closed or request.method != "POST" or request.POST.get("do") == "back":
        return _page(request, delivery, form, 409 if closed else 200, closed)
    form.full_clean()
    _keep_scan(request, delivery, form)
    if not form.is_valid():
        return _page(request, delivery, form, 422)
    if request.POST.get("do") != "confirm":
        return _check(request, delivery, form)
    outcome = submit(request, form, lambda data: _record(request, delivery, data))
    if outcome.ok:
        return outcome.redirect(reverse("handlers:proxy_done", args=[pk]))
    return _page(request, delivery, form, outcome.status)


def _keep_scan(request: HttpRequest, delivery: Delivery, form: ProxyForm) -> None:
    """这一次交上来的扫描件先收下；收不下的说清为什么。"""
    upload = request.FILES.get("scan")
    if upload is None:
        return
    try:
        add_attachment(
            delivery.suggestion, upload, purpose=Purpose.EVALUATION, about=evaluation_links.subject_of(delivery.pk),
            actor=request.user,
        )
    except DomainError as error:
        form.add_error("scan", error.sentence)


def _page(request: HttpRequest, delivery: Delivery, form: ProxyForm, status: int = 200, closed: str = ""):
    return render_page(request, "handlers/proxy.html", None, _context(delivery, form, closed), status=status)


def _context(delivery: Delivery, form: ProxyForm, closed: str = "") -> dict:
    return {
        "form": form, "delivery": delivery, "case": delivery.suggestion, "closed": closed,
        "assignment": delivery.reply.assignment, "scan": scan_of(delivery),
    }


def _check(request: HttpRequest, delivery: Delivery, form: ProxyForm) -> HttpResponse:
    """核对页。不满意没有意见、没有扫描件的，在这里之前就说。"""
    try:
        evaluating.refuse_incomplete(delivery, form.cleaned_data, scan_of(delivery), clock.today())
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _page(request, delivery, form, error.status)
    rows = [(form[name].label, _shown(form, name)) for name in form.fields if name != "scan"]
    context = {**_context(delivery, form), "rows": rows}
    context["unhappy"] = form.cleaned_data["overall"] == "dissatisfied" and delivery.is_lead
    return render_page(request, "handlers/proxy_check.html", None, context)


def _shown(form: ProxyForm, name: str) -> str:
    """一项写成字。"""
    value, field = form.cleaned_data[name], form.fields[name]
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(getattr(field, "choices", []))
    if isinstance(value, list):
        return "、".join(choices[one] for one in value)
    return str(choices.get(value, value) or "") if value is not None else ""


def _record(request: HttpRequest, delivery: Delivery, data: dict) -> str:
    answers = {name: value for name, value in data.items() if name != "scan"}
    evaluating.record_evaluation(
        delivery, by_proxy=True, scan=scan_of(delivery), actor=request.user, today=clock.today(), **answers
    )
    evaluation_links.void_links([delivery.pk])
    return reverse("handlers:proxy_done", args=[delivery.pk])


@require_safe
@office_only
def proxy_done(request: HttpRequest, pk: int) -> HttpResponse:
    """代录之后：回执号，接下来谁做什么、到哪天。"""
    delivery = find_delivery(pk)
    evaluation = Evaluation.objects.select_related("proxy", "scan").filter(delivery=delivery).first()
    if evaluation is None:
        return redirect("handlers:proxy", pk=pk)
    return render_page(request, "handlers/proxy_done.html", None, {
        "delivery": delivery, "case": delivery.suggestion, "evaluation": evaluation,
        "assignment": delivery.reply.assignment,
        "following": rating.following(evaluation, delivery.reply.assignment, you="代表"),
    })
