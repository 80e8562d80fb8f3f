"""评价单：办公室印给代表的纸质意见表，右上角是个人链接的二维码。链接的原文只在这一页上出现一次。"""
from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.forms import Form
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import qr
from ..actions import evaluating, evaluation_links
from ..letter_facts import assistants
from ..models import ContactMeans, Delivery, Reply, Satisfaction
from .proxy import find_delivery

office_only = roles_required(Role.NPC_OFFICE)


@never_cache
@require_http_methods(["GET", "POST"])
@office_only
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """印一名代表的。"""
    delivery = find_delivery(pk)
    rows = [delivery] if _open(delivery) else []
    back = reverse("handlers:evaluations")
    return _print(request, delivery.reply, rows, back, lambda: [
        (delivery, evaluation_links.issue_link(delivery, actor=request.user, today=clock.today()))
    ])


@never_cache
@require_http_methods(["GET", "POST"])
@office_only
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """一份答复的全部代表一次印出，一人一张。"""
    reply = Reply.objects.select_related("assignment__suggestion__session", "assignment__unit").filter(pk=pk).first()
    if reply is None:
        raise Http404("没有这份答复")
    rows = list(
        Delivery.objects.rateable().filter(reply=reply).select_related("deputy", "suggestion__session")
        .order_by("-is_lead", "id")
    )
    back = f"{reply.assignment.suggestion.get_absolute_url()}evaluations/"
    return _print(request, reply, rows, back, lambda: evaluation_links.issue_links(
        reply, actor=request.user, today=clock.today()
    ))


def _open(delivery: Delivery) -> bool:
    return getattr(delivery, "evaluation", None) is None and not evaluating.closed_because(delivery)


def _print(request: HttpRequest, reply: Reply, rows: list[Delivery], back: str, issue) -> HttpResponse:
    """先说明会作废旧的，按下才发新的；印好的那一页不能刷新出第二份。"""
    if request.method == "POST" and rows:
        made: list = []
        outcome = submit(request, Form(request.POST), lambda data: made.extend(issue()))
        if outcome.ok and made:
            return render(request, "print/evaluation_slip.html", _paper(reply, made, back))
    context = {"reply": reply, "case": reply.assignment.suggestion, "rows": rows, "back": back,
               "days": evaluation_links.DAYS, "repeated": request.method == "POST"}
    return render_page(request, "handlers/slip.html", None, context)


def _paper(reply: Reply, made: list[tuple[Delivery, str]], back: str) -> dict:
    helpers = list(assistants(reply.assignment).values_list("unit_name", flat=True))
    sheets = []
    for delivery, token in made:
        url = settings.SITE_URL + reverse("deputy:link", args=[token])
        sheets.append({
            "delivery": delivery, "case": delivery.suggestion, "url": url,
            "qr": qr.svg(url, f"{delivery.deputy.name}代表的评价二维码", "35mm"),
        })
    return {
        "reply": reply, "sheets": sheets, "helpers": helpers, "back": back, "days": evaluation_links.DAYS,
        "means": ContactMeans.labels, "marks": Satisfaction.labels,
    }

