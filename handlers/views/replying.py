"""答复：列表、编辑、送审前核对、一份答复的页面、版本比对、打印。"""
from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.text.numbers import int_of
from lianluo.web import drafts, form_parts
from lianluo.web.models import Draft
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import Outcome, submit
from lianluo.workdays import clock

from .. import approvals, comparing, letters, reply_checks
from ..access import access_assignment, access_reply, duties_in, may_in_unit, units_able
from ..actions import replying
from ..exporting_handling import REPLIES
from ..filters_handling import ReplyFilter
from ..forms.approving import SubmitForm
from ..forms.replying import ReplyBundle
from ..letter_facts import assistants
from ..models import Activity, Assignment, Evaluation, Reply, ReplyStatus, Satisfaction
from ..reply_lists import READERS, counted, in_tab, reply_rows, tabs_for

#: 别人这么久以内存过草稿，算正在编辑
EDITING_WITHIN = timedelta(minutes=10)


@roles_required(*READERS)
def replies(request: HttpRequest) -> HttpResponse:
    """看得到的答复，按办到哪一步分栏；先看第一个有事要办的栏。"""
    tabs = tabs_for(request.user)
    found = Reply.objects.visible_to(request.user).current().distinct()
    numbers = {code: counted(found, code, request.user) for code in tabs}
    tab = request.GET.get("tab") or next((code for code, number in numbers.items() if number), "all")
    shown = ReplyFilter(request.GET, queryset=reply_rows(in_tab(found, tab, request.user)), request=request)
    if request.GET.get("export") == "xlsx":
        return REPLIES.response(shown.qs)
    context = {
        "tab": tab, "filter": shown, "page": paginate(request, shown.qs), "today": clock.today(),
        "may_deliver": bool(units_able(request.user, "deliver")),
        "tabs": [(code, label, numbers[code]) for code, label in tabs.items()],
    }
    return render_page(request, "handlers/replies.html", "handlers/_reply_table.html", context)


@signed_in
def reply_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """答复编辑页。送审以后不能再改，转到答复页。"""
    assignment = access_assignment(request.user, pk, for_="draft")
    if not assignment.answers_deputy:
        raise Http404("会办单位不答复代表")
    reply = Reply.objects.current().filter(assignment=assignment, round=assignment.round).first()
    if reply is not None:
        reply.assignment = assignment
        prefetch_related_objects([reply], "items__request", "promises")
        if reply.status != ReplyStatus.DRAFT:
            return redirect(reply)
    key = draft_key(assignment)
    draft = drafts.load(request.user, key)
    saved = draft.data if draft and str(draft.data.get("version")) == str(reply.version if reply else 0) else None
    posted = request.POST if request.method == "POST" else None
    bundle = ReplyBundle(assignment, reply, post=posted, saved=saved)
    if request.method == "POST":
        outcome = submit(
            request, bundle.main, lambda data: _save(assignment, bundle, request.user), beside=bundle.beside
        )
        if outcome.ok:
            return outcome.redirect(_after_save(request, outcome))
        return _editor(request, bundle, draft=None, status=outcome.status)
    return _editor(request, bundle, draft=draft if saved else None)


def draft_key(assignment: Assignment) -> str:
    return f"reply:{assignment.pk}:{assignment.round}"


def _save(assignment: Assignment, bundle: ReplyBundle, user) -> Reply:
    version = bundle.main.cleaned_data["version"] or 0
    return replying.save_reply(assignment, data=bundle.data(), version=version, actor=user, today=clock.today())


def _after_save(request: HttpRequest, outcome: Outcome) -> str:
    if outcome.repeated:
        return ""
    reply = outcome.result
    if request.POST.get("do") == "submit":
        return reverse("handlers:reply_submit", args=[reply.pk])
    messages.success(request, f"已保存第 {reply.version} 版，还没有送审")
    return reverse("handlers:reply_edit", args=[reply.assignment_id])


def _editor(request: HttpRequest, bundle: ReplyBundle, *, draft, status: int = 200) -> HttpResponse:
    assignment, reply = bundle.assignment, bundle.reply
    newer = None
    if status == 409 and reply is not None:
        newer = reply.versions.select_related("saved_by").first()
        bundle.main.data = bundle.main.data.copy()
        bundle.main.data["version"] = reply.version  # 看过新版再存，就不再算旧
    checker = reply_checks.Checker(reply, clock.today()) if reply else None
    context = {
        "bundle": bundle, "form": bundle.main, "assignment": assignment, "case": assignment.suggestion, "reply": reply,
        "checks": checker.checks() if checker else [], "letter": checker.letter if checker else None, "newer": newer,
        "others": _others_editing(request, assignment),
        "draft": draft, "draft_key": draft_key(assignment), "sent_back": _sent_back(reply),
        "summary": form_parts.summary_context([bundle.main, *bundle.beside]),
        **_beside(request.user, assignment, bundle),
    }
    return render_page(request, "handlers/reply_edit.html", None, context, status=status)


def _beside(user, assignment: Assignment, bundle: ReplyBundle) -> dict:
    """写答复时要看的：上一轮代表哪里不满意，哪些会办单位还没送来，最近几次沟通。"""
    here = {opinion.assignment_id for opinion, _ in bundle.opinions}
    helpers = list(assistants(assignment))
    rows = Activity.objects.standing_for(assignment.pk)
    activities = list(rows.order_by("-happened_on", "-id"))
    return {
        "helpers": helpers, "waiting_helpers": [one for one in helpers if one.pk not in here],
        "activities": activities[:5], "intents": [one for one in activities if one.intent][:2],
        "disliked": _disliked(user, assignment),
    }


def _disliked(user, assignment: Assignment) -> list[Evaluation]:
    """再办理的：代表对上一轮答复不满意的评价。"""
    if assignment.round == 1:
        return []
    rated = Evaluation.objects.visible_to(user).filter(
        reply__assignment=assignment, round=assignment.round - 1, overall=Satisfaction.DISSATISFIED
    )
    return list(rated.select_related("deputy").order_by("-is_lead", "id"))


def _others_editing(request: HttpRequest, assignment: Assignment):
    """十分钟内也在改这份稿的人。"""
    recent = Draft.objects.filter(key=draft_key(assignment), saved_at__gte=clock.now() - EDITING_WITHIN)
    return recent.exclude(account=request.user).select_related("account")


def _sent_back(reply: Reply | None):
    """被退回的，带上退回的意见。"""
    if reply is None:
        return None
    return reply.approvals.filter(agreed=False).order_by("-attempt").first()


@signed_in
def reply_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """送审前核对：缺项在按钮之前列明，也看得到送给谁。"""
    reply = access_reply(request.user, pk, for_="draft")
    if reply.status != ReplyStatus.DRAFT:
        return redirect(reply)
    today = clock.today()
    posted = request.POST if request.method == "POST" else None
    form = SubmitForm(posted)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: replying.submit_reply(reply, actor=request.user, today=today))
        if outcome.ok:
            if not outcome.repeated:
                stage = approvals.Chain(outcome.result, today).stage
                messages.success(request, f"已送审，现在轮到{stage.label}：{stage.names}")
            return outcome.redirect()
        status = outcome.status
    checker = reply_checks.Checker(reply, today)
    checks = checker.checks()
    context = {
        "form": form, "reply": reply, "assignment": reply.assignment, "case": reply.assignment.suggestion,
        "checks": checks, "missing": reply_checks.missing(checks), "letter": checker.letter,
        "stages": approvals.Chain(reply, today).stages,
    }
    return render_page(request, "handlers/reply_submit.html", None, context, status=status)


@signed_in
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """一份答复：全文、审签经过、送达、版本，现在该谁做什么。"""
    found = access_reply(request.user, pk)
    chain = approvals.Chain(found, clock.today())
    return render_page(request, "handlers/reply.html", None, reply_context(request, chain))


def reply_context(request: HttpRequest, chain: approvals.Chain) -> dict:
    """答复页的内容；审签经过与版本只给本单位的人看。"""
    found, user = chain.reply, request.user
    inside = bool(duties_in(user, found.assignment.unit_id))
    letter = letters.compose(found)
    return {
        "reply": found, "assignment": found.assignment, "case": found.assignment.suggestion, "inside": inside,
        "letter": letter, "step": chain.step, "stage": chain.stage, "is_last": chain.is_last,
        "mine": inside and chain.may_decide(user), "may_delegate": inside and chain.may_hand_over(user),
        "approvals": approval_history(found) if inside else [],
        "versions": found.versions.select_related("saved_by").defer("text") if inside else [],
        "deliveries": found.deliveries.select_related("deputy__delegation", "suggestion__session"),
        "sealed": found.assignment.suggestion.attachments.filter(about=f"reply:{found.pk}"),
        "unchanged": not found.content_hash or letter.digest() == found.content_hash,
        "may": {
            name: inside and may_in_unit(user, found.assignment.unit_id, name)
            for name in ("draft", "deliver", "void_reply")
        },
    }


def approval_history(found: Reply) -> list[dict]:
    """审签经过，按次；退回以前各次的意见已作废，那一次没有审到的环节不列。"""
    rows = list(found.approvals.select_related("delegate", "decided_by"))
    latest = max((row.attempt for row in rows), default=0)
    live = found.status != ReplyStatus.DRAFT
    marked = [{"row": row, "void": row.attempt != latest or not live} for row in rows]
    waiting = next((one for one in marked if one["row"].agreed is None and not one["void"]), None)
    if waiting:
        waiting["turn"] = True
    return [one for one in marked if one["row"].agreed is not None or not one["void"]]


@signed_in
def reply_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """一版全文，并与前一版（或 ?with= 指定的一版）比对。"""
    found = access_reply(request.user, pk, for_="draft")
    version = found.versions.filter(number=number).select_related("saved_by").first()
    if version is None:
        raise Http404("没有这一版")
    other = int_of(request.GET.get("with"))
    wanted = {"number__lt": number} if other is None else {"number": other}
    old = found.versions.filter(**wanted).order_by("-number").first()
    context = {
        "reply": found, "case": found.assignment.suggestion, "version": version, "old": old,
        "blocks": comparing.compare(old.text, version.text) if old else [],
        "versions": found.versions.values_list("number", flat=True),
    }
    return render_page(request, "handlers/reply_version.html", None, context)


@signed_in
def reply_print(request: HttpRequest, pk: int) -> HttpResponse:
    """打印：签发后每名代表一份；给 ?delivery= 只印一份。"""
    found = access_reply(request.user, pk)
    rows = found.deliveries.select_related("deputy", "suggestion__session__term").filter(undeliverable="")
    one = int_of(request.GET.get("delivery"))
    if one is not None:
        rows = rows.filter(pk=one)
    papers = [letters.compose(found, row.deputy, row.suggestion) for row in rows] or [letters.compose(found)]
    return render(request, "print/reply.html", {"reply": found, "letters": papers})
