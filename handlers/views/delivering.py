"""送达：逐一登记，核对后办结。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianluo.accounts.decorators import signed_in
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose

from ..access import access_reply
from ..actions import replying
from ..forms.delivering import DeliverForm, SealedForm
from ..models import Reply, ReplyStatus


@signed_in
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """填送达情况 → 核对 → 登记。全部代表了结，答复即为送达。"""
    reply = access_reply(request.user, pk, for_="deliver")
    if reply.status != ReplyStatus.SIGNED:
        return redirect(reply)
    rows = list(reply.deliveries.select_related("deputy__delegation", "suggestion__session"))
    posted = request.POST if request.method == "POST" else None
    form = DeliverForm(posted, reply=reply, deliveries=rows, today=clock.today())
    if request.method != "POST" or request.POST.get("do") == "back":
        return _page(request, reply, form)
    if request.POST.get("do") != "confirm":
        return _check(request, reply, form) if form.is_valid() else _page(request, reply, form, 422)
    outcome = submit(request, form, lambda data: replying.record_deliveries(
        reply, deliveries=form.handed(), actor=request.user, today=clock.today()
    ))
    if outcome.ok:
        return outcome.redirect(_next(request, outcome.result or reply))
    return _page(request, reply, form, outcome.status)


def _next(request: HttpRequest, reply: Reply) -> str:
    if reply.status == ReplyStatus.DELIVERED:
        return reverse("handlers:reply_delivered", args=[reply.pk])
    messages.success(request, "已登记；还有代表没有了结，答复暂不算送达")
    return reverse("handlers:deliver", args=[reply.pk])


def _page(request: HttpRequest, reply: Reply, form: DeliverForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "reply": reply, "case": reply.assignment.suggestion, "sealed_form": SealedForm()}
    return render_page(request, "handlers/deliver.html", None, context, status=status)


def _check(request: HttpRequest, reply: Reply, form: DeliverForm) -> HttpResponse:
    """核对页：哪些代表怎样送到，哪些还没有。"""
    handed = form.handed()
    context = {
        "form": form, "reply": reply, "case": reply.assignment.suggestion,
        "settled": [one for one in handed if one.settled], "waiting": [one for one in handed if not one.settled],
    }
    return render_page(request, "handlers/deliver_check.html", None, context)


@signed_in
def delivered(request: HttpRequest, pk: int) -> HttpResponse:
    """送达以后：文号、送了谁、接下来谁做什么、到哪天。"""
    reply = access_reply(request.user, pk)
    if reply.status != ReplyStatus.DELIVERED:
        return redirect(reply)
    dues = {row.rule_code: row for row in reply.assignment.dues.filter(round=reply.round)}
    context = {
        "reply": reply, "case": reply.assignment.suggestion, "feedback": dues.get("feedback_days"),
        "publish": dues.get("publish_days"), "deliveries": reply.deliveries.select_related("deputy"),
    }
    return render_page(request, "handlers/delivered.html", None, context)


@signed_in
def attach_sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """上传盖章的扫描件或版式文件，留摘要备查。"""
    reply = access_reply(request.user, pk, for_="deliver")
    if request.method != "POST" or reply.status not in (ReplyStatus.SIGNED, ReplyStatus.DELIVERED):
        return redirect(reply)
    form = SealedForm(request.POST, request.FILES)
    outcome = submit(request, form, lambda data: add_attachment(
        reply.assignment.suggestion, data["file"], purpose=Purpose.SEALED, about=f"reply:{reply.pk}", actor=request.user
    ))
    if outcome.ok:
        messages.success(request, "盖章扫描件已上传")
        return outcome.redirect(reverse("handlers:reply", args=[pk]))
    return render_page(
        request, "handlers/sealed.html", None, {"form": form, "reply": reply}, status=outcome.status
    )
