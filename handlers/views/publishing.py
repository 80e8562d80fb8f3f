"""公开审定：办公室逐份终审，单位看得到结果。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import letters, public_text, reply_checks
from ..access import access_reply, may
from ..actions import publishing
from ..exporting_handling import PUBLISHING
from ..filters_handling import PublishingFilter
from ..forms.publishing import PublishForm, TakeDownForm
from ..models import Publication, Reply, ReplyStatus
from ..reply_lists import PUBLISHING_TABS, READERS, awaiting_publication, publishing_rows


@roles_required(*READERS)
def review_list(request: HttpRequest) -> HttpResponse:
    """已送达的答复，按审定情况分栏；最早到期的在前。"""
    tab = request.GET.get("tab", "waiting")
    found = Reply.objects.visible_to(request.user).delivered().distinct()
    rows = publishing_rows(awaiting_publication(found, tab))
    shown = PublishingFilter(request.GET, queryset=rows, request=request)
    if request.GET.get("export") == "xlsx":
        return PUBLISHING.response(shown.qs)
    context = {
        "tab": tab, "filter": shown, "page": paginate(request, shown.qs), "may_publish": may(request.user, "publish"),
        "tabs": [(code, label, awaiting_publication(found, code).count()) for code, label in PUBLISHING_TABS.items()],
    }
    return render_page(request, "handlers/publishing.html", "handlers/_publishing_table.html", context)


@signed_in
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """审一份：代表意愿、单位意见、将公开的全文、脱敏检查 → 核对 → 公开。"""
    reply = access_reply(request.user, pk, for_="publish")
    if reply.status != ReplyStatus.DELIVERED or reply.published_at:
        return redirect(reply)
    posted = request.POST if request.method == "POST" else None
    form = PublishForm(posted, reply=reply)
    if request.method != "POST" or request.POST.get("do") == "back":
        return _page(request, reply, form)
    if request.POST.get("do") != "confirm":
        return _check(request, reply, form) if form.is_valid() else _page(request, reply, form, 422)
    outcome = submit(request, form, lambda data: _decide(reply, data, request.user))
    if outcome.ok:
        said = "不予公开" if form.cleaned_data["decision"] == "withhold" else "已公开"
        messages.success(request, f"{reply.document_number} {said}")
        return outcome.redirect(reverse("handlers:publishing"))
    return _page(request, reply, form, outcome.status)


def _decide(reply: Reply, data: dict, user) -> Reply:
    today = clock.today()
    if data["decision"] == "withhold":
        return publishing.withhold_reply(reply, reason=data["reason"], actor=user, today=today)
    return publishing.publish_reply(
        reply, published_as=data["decision"], summary=data["summary"], addresses_checked=data["addresses_checked"],
        actor=user, today=today,
    )


def _page(request: HttpRequest, reply: Reply, form: PublishForm, status: int = 200) -> HttpResponse:
    full, case = _as(reply, Publication.FULL), reply.assignment.suggestion
    context = {
        "form": form, "reply": reply, "case": case, "letter": public_text.by_wish(full, case),
        "findings": reply_checks.public_findings(reply, full.text()),
        "summary_findings": reply_checks.public_findings(reply, reply.summary) if reply.summary else [],
    }
    return render_page(request, "handlers/publish.html", None, context, status=status)


def _as(reply: Reply, how: str, summary: str | None = None) -> letters.Letter:
    """按某种方式公开时的文字，不改动答复本身。"""
    reply.published_as = how
    if summary is not None:
        reply.summary = summary
    return letters.public_letter(reply)


def _check(request: HttpRequest, reply: Reply, form: PublishForm) -> HttpResponse:
    """核对页：公众将看到的全部文字。"""
    data = form.cleaned_data
    letter = None if data["decision"] == "withhold" else _as(reply, data["decision"], data["summary"])
    case = reply.assignment.suggestion
    context = {
        "form": form, "reply": reply, "case": case, "data": data,
        "letter": public_text.by_wish(letter, case) if letter else None,
        "findings": reply_checks.public_findings(reply, letter.text()) if letter else [],
    }
    return render_page(request, "handlers/publish_check.html", None, context)


@signed_in
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """撤下：单独一页，写明原因。"""
    reply = access_reply(request.user, pk, for_="publish")
    if not reply.published_at or reply.taken_down_at:
        return redirect(reply)
    posted = request.POST if request.method == "POST" else None
    form = TakeDownForm(posted)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: publishing.take_down(
            reply, actor=request.user, today=clock.today(), **data
        ))
        if outcome.ok:
            messages.success(request, f"{reply.document_number} 已撤下，公开页留有撤下日期和原因")
            return outcome.redirect(reverse("handlers:publishing"))
        status = outcome.status
    context = {"form": form, "reply": reply, "case": reply.assignment.suggestion}
    return render_page(request, "handlers/take_down.html", None, context, status=status)
