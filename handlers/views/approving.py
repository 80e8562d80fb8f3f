"""审签页：手机上三下办完——看全文、看改动、按按钮。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianluo.accounts.decorators import signed_in
from lianluo.statemachine import DomainError
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import approvals, comparing
from ..access import access_reply
from ..actions import replying
from ..forms.approving import ApprovalForm, VoidForm
from ..models import Approval, Post, Reply
from ..reply_lists import mine_to_decide
from .replying import reply_context

AGREE, BACK, HAND_OVER = "agree", "back", "hand_over"


@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """同意（最后一环为签发）、退回修改、转请他人。"""
    reply = access_reply(request.user, pk)
    chain = approvals.Chain(reply, clock.today())
    step = chain.step
    if step is None or (request.method == "GET" and not chain.may_hand_over(request.user)):
        return redirect(reply)
    stand_ins = chain.stand_ins()
    posted = request.POST if request.method == "POST" else None
    form = ApprovalForm(posted, initial={"version": step.version}, stand_ins=stand_ins)
    status = 200
    if request.method == "POST":
        last, do = chain.is_last, request.POST.get("do", "")
        outcome = submit(request, form, lambda data: _decide(reply, do, data, request.user))
        if outcome.ok:
            if not outcome.repeated:
                messages.success(request, _said(do, last, outcome.result))
            return outcome.redirect(_next(request, pk))
        status = outcome.status
    context = {**reply_context(request, chain), "form": form, "stand_ins": stand_ins, **_changes(reply, step)}
    return render_page(request, "handlers/reply_approve.html", None, context, status=status)


def _next(request: HttpRequest, pk: int) -> str:
    """还有等着此人审签的，接着审下一份；没有了，看刚办的这份。"""
    if mine_to_decide(Reply.objects.all(), request.user).exists():
        return f"{reverse('handlers:replies')}?tab=mine"
    return reverse("handlers:reply", args=[pk])


def _decide(reply: Reply, do: str, data: dict, user) -> Reply:
    common = {"version": data["version"], "opinion": data["opinion"], "actor": user, "today": clock.today()}
    if do == BACK:
        return replying.send_back_reply(reply, **common)
    if do == HAND_OVER:
        return replying.delegate_approval(
            reply, post=_chosen(data), note=data["opinion"], actor=user, today=clock.today()
        )
    if do == AGREE:
        return replying.approve_reply(reply, **common)
    raise DomainError("按同意、退回修改或转请他人其中一个按钮")


def _chosen(data: dict) -> Post:
    if data["post"] is None:
        raise DomainError("选择转请何人", field="post")
    return data["post"]


def _said(do: str, last: bool, reply: Reply) -> str:
    """办完以后的一句话：结果，接着是谁。"""
    if do == BACK:
        return "已退回修改，撰稿人会收到意见"
    if last and do == AGREE:
        return f"已签发，文号 {reply.document_number}；由联络员逐一送达代表"
    stage = approvals.Chain(reply, clock.today()).stage
    if do == HAND_OVER:
        return f"已转请{stage.names}代审"
    return f"已同意，下一环{stage.label}：{stage.names}"


def _changes(reply: Reply, step: Approval) -> dict:
    """与上次送审的一版比：审签人上次看到的是哪一版，就比哪一版。"""
    earlier = reply.approvals.filter(attempt__lt=step.attempt).order_by("-attempt")
    before = earlier.values_list("version", flat=True).first()
    texts = dict(reply.versions.filter(number__in=[before or 0, step.version]).values_list("number", "text"))
    if before is None or before not in texts:
        return {"before": None, "blocks": []}
    return {"before": before, "blocks": comparing.compare(texts[before], texts[step.version])}


@signed_in
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """作废：单独一页，写明理由；办完回到新稿的编辑页。"""
    reply = access_reply(request.user, pk, for_="void_reply")
    posted = request.POST if request.method == "POST" else None
    form = VoidForm(posted)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: replying.void_reply(
            reply, actor=request.user, today=clock.today(), **data
        ))
        if outcome.ok:
            messages.success(request, f"{reply.document_number} 已作废，照原样另起了一稿")
            return outcome.redirect(reverse("handlers:reply_edit", args=[reply.assignment_id]))
        status = outcome.status
    context = {"form": form, "reply": reply, "case": reply.assignment.suggestion}
    return render_page(request, "handlers/reply_void.html", None, context, status=status)
