"""收件登记：完整登记、速录、更正、查找代表、相近提示。"""
from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.audit.models import AuditEvent
from lianluo.congresses.models import Session, current_session
from lianluo.text.numbers import int_of
from lianluo.web import drafts, menu
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access, numbering, similar
from ..actions import entering
from ..forms.intake import FastForm, IntakeForm, initial_of, source_of
from ..forms.parts import suggest_deputies, wants_rearranging
from ..forms.refilling import differences, refilled
from ..models import Suggestion, SuggestionStatus

INTAKE = access.CAPABILITIES["intake"]
DRAFT_PREFIX = "intake:"
_DRAFT_KEY = re.compile(r"intake:[A-Za-z0-9_-]{6,40}")
REMEMBERED = "intake"
LISTED = 20


@require_GET
@roles_required(*INTAKE)
def intake(request: HttpRequest) -> HttpResponse:
    """收件登记的入口：两种登记、我的草稿、今天录的、退回待改的。"""
    mine = Suggestion.objects.filter(made_by=request.user).select_related("session", "lead_deputy")
    today = _entered_today(request)
    unfinished = drafts.mine(request.user).filter(key__startswith=DRAFT_PREFIX)
    return render_page(request, "suggestions/intake.html", None, {
        "drafts": [_draft_row(draft) for draft in unfinished[:LISTED]],
        "entered": mine.filter(pk__in=today[:LISTED]).order_by("-pk"), "entered_count": today.count(),
        "returned": mine.filter(status=SuggestionStatus.RETURNED).order_by("-changed_at")[:LISTED],
        "may_import": access.may(request.user, "import"), "import_url": menu.url_of("suggestions:import"),
    })


def _entered_today(request: HttpRequest):
    """此人今天录了哪几件：看留痕，整批导入的不在内。"""
    events = AuditEvent.objects.done_by(request.user, "suggestion.entered", since=clock.today())
    return events.order_by("-id").values_list("target_id", flat=True)


def _draft_row(draft) -> dict:
    """草稿列出标题和最后写的一段。"""
    body = str(draft.data.get("body", "")).strip()
    return {
        "url": f"{reverse('suggestions:intake_new')}?draft={draft.key}", "saved_at": draft.saved_at,
        "title": draft.data.get("title") or "（还没有标题）", "deputy": draft.data.get("lead_deputy", ""),
        "tail": body[-40:],
    }


@require_http_methods(["GET", "POST"])
@roles_required(*INTAKE)
def intake_new(request: HttpRequest) -> HttpResponse:
    """完整登记。每开一张表有自己的草稿，可以同时放着几件。"""
    key = request.POST.get("draft_key") or request.GET.get("draft", "")
    if not _DRAFT_KEY.fullmatch(key):  # 交来的表缺了草稿号，照样收，不丢填的字
        key = f"{DRAFT_PREFIX}{secrets.token_urlsafe(8)}"
        if request.method == "GET":
            return redirect(f"{request.path}?draft={key}")
    if request.method == "GET":
        draft = drafts.load(request.user, key)
        form = refilled(IntakeForm, draft.data if draft else {}, initial=_remembered(request), **_rights(request))
        return _intake_page(request, form, key)
    if _only_looking(request.POST):
        return _intake_again(request, key)
    form = IntakeForm(request.POST, **_rights(request))
    outcome = submit(request, form, lambda data: _enter(request, form))
    if outcome.ok:
        return outcome.redirect()
    return _intake_page(request, form, key, status=outcome.status)


def _rights(request: HttpRequest) -> dict:
    return {"may_number": access.may(request.user, "review")}


def _only_looking(post: Mapping) -> bool:
    """只是增减条数、看相近、取空号，不是提交。"""
    return wants_rearranging(post) or post.get("do") in ("similar", "next_number")


def _enter(request: HttpRequest, form: IntakeForm | FastForm) -> str:
    suggestion = entering.enter_suggestion(form.entry(), actor=request.user, today=clock.today())
    _remember(request, form, suggestion)
    return reverse("suggestions:entered", args=[suggestion.pk])


def _intake_again(request: HttpRequest, key: str) -> HttpResponse:
    """同一张表再显示一次，打过的字都在。"""
    form = refilled(IntakeForm, request.POST, **_rights(request))
    if request.POST.get("do") == "next_number":
        session = form._posted_session()
        form.initial["number"] = numbering.upcoming_number(session) if session else None
    looking = request.POST.get("do") == "similar"
    return _intake_page(request, form, key, similar_items=_similar_items(request) if looking else None)


def _intake_page(
    request: HttpRequest, form: IntakeForm, key: str, status: int = 200, similar_items=None
) -> HttpResponse:
    return render_page(request, "suggestions/intake_new.html", None, {
        "form": form, "draft_key": key, "draft": drafts.load(request.user, key), "similar_items": similar_items,
        "number_taken": form.is_bound and "number" in form.errors,
    }, status=status)


def _remembered(request: HttpRequest) -> dict:
    """会议、来源沿用上一件；第一件按今天的日期定来源。"""
    kept = request.session.get(REMEMBERED, {})
    session = Session.objects.filter(pk=kept.get("session")).first() or current_session()
    in_session = session is not None and clock.today() <= session.closed_on
    return {"session": session, "source": kept.get("source") or ("in_session" if in_session else "between")}


def _remember(request: HttpRequest, form, suggestion: Suggestion) -> None:
    request.session[REMEMBERED] = {
        "session": suggestion.session_id, "source": source_of(suggestion), "lead": form["lead_deputy"].value(),
    }


# ── 速录 ──
@require_http_methods(["GET", "POST"])
@roles_required(*INTAKE)
def intake_fast(request: HttpRequest) -> HttpResponse:
    """速录：存好就开下一张，会议、来源、领衔代表沿用。"""
    if request.method == "GET":
        kept = {**_remembered(request), "lead_deputy": request.session.get(REMEMBERED, {}).get("lead", "")}
        form = FastForm(initial={**kept, **_overridden(request)})
        return _fast_page(request, form)
    form = FastForm(request.POST)
    outcome = submit(request, form, lambda data: _enter_fast(request, form))
    if outcome.ok:
        return outcome.redirect()
    return _fast_page(request, form, status=outcome.status)


def _overridden(request: HttpRequest) -> dict:
    """换会议、换来源：在地址里写明。"""
    found = {}
    session = int_of(request.GET.get("session"))
    if session is not None:
        found["session"] = Session.objects.filter(pk=session).first() or current_session()
    if request.GET.get("source") in ("in_session", "between", "bill"):
        found["source"] = request.GET["source"]
    return found


def _enter_fast(request: HttpRequest, form: FastForm) -> str:
    suggestion = entering.enter_suggestion(form.entry(), actor=request.user, today=clock.today())
    _remember(request, form, suggestion)
    return f"{reverse('suggestions:intake_fast')}?saved={suggestion.pk}"


def _fast_page(request: HttpRequest, form: FastForm, status: int = 200) -> HttpResponse:
    saved = int_of(request.GET.get("saved"))
    mine = Suggestion.objects.filter(made_by=request.user)
    return render_page(request, "suggestions/intake_fast.html", None, {
        "form": form, "session": form._posted_session(), "sessions": Session.objects.order_by("-opened_on")[:5],
        "source": form["source"].value(),
        "saved": mine.filter(pk=saved).first() if saved and not form.is_bound else None,
        "entered_count": _entered_today(request).count(),
    }, status=status)


@require_GET
@roles_required(*INTAKE)
def entered(request: HttpRequest, pk: int) -> HttpResponse:
    """录完之后：件在谁那里、几时办到，接着上传原件。"""
    suggestion = access.access_suggestion(request.user, pk, for_="intake")
    return render_page(request, "suggestions/entered.html", None, {
        "case": suggestion, "attachments": access.attachments_for(request.user, suggestion),
        "may_review": access.may(request.user, "review"),
    })


# ── 更正 ──
@require_http_methods(["GET", "POST"])
@roles_required(*INTAKE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """登记之前更正录入；别处先改过的，两边对照着看。"""
    suggestion = access.access_suggestion(request.user, pk, for_="edit")
    if request.method == "GET":
        form = IntakeForm(
            initial={**initial_of(suggestion), "revision": suggestion.revision}, may_number=False, entered=suggestion
        )
        return _edit_page(request, suggestion, form)
    if wants_rearranging(request.POST):
        return _edit_page(request, suggestion, refilled(
            IntakeForm, request.POST, may_number=False, entered=suggestion
        ))
    form = IntakeForm(request.POST, may_number=False, entered=suggestion)
    outcome = submit(request, form, lambda data: _correct(request, suggestion, form))
    if outcome.ok:
        return outcome.redirect()
    if outcome.status == 409:
        return _compare(request, pk, form)
    return _edit_page(request, suggestion, form, status=outcome.status)


def _correct(request: HttpRequest, suggestion: Suggestion, form: IntakeForm) -> str:
    corrected = entering.correct_entry(
        suggestion, form.entry(), revision=form.cleaned_data["revision"], actor=request.user, today=clock.today()
    )
    return corrected.get_absolute_url()


def _compare(request: HttpRequest, pk: int, form: IntakeForm) -> HttpResponse:
    """打过的字留着，列出别处改了什么；再按一次即以这里的为准。"""
    fresh = access.access_suggestion(request.user, pk, for_="edit")
    theirs = differences(form, initial_of(fresh))
    form.data = form.data.copy()
    form.data["revision"] = fresh.revision
    return _edit_page(request, fresh, form, status=409, theirs=theirs)


def _edit_page(request: HttpRequest, suggestion: Suggestion, form, status: int = 200, theirs=()) -> HttpResponse:
    return render_page(request, "suggestions/edit.html", None, {
        "case": suggestion, "form": form, "theirs": theirs, "own": entering.is_deputys_own(suggestion),
        "correctable": suggestion.status in entering.CORRECTABLE,
    }, status=status)


# ── 查找代表、相近提示 ──
@require_GET
@roles_required(*INTAKE)
def deputy_lookup(request: HttpRequest) -> JsonResponse:
    """查找框的候选代表，连同证号、电话尾号：只给收件的人。"""
    session = current_session()
    congress_id = session.term.congress_id if session else None
    return JsonResponse(suggest_deputies(congress_id, request.GET.get("q", "")[:60], session), safe=False)


@require_POST
@roles_required(*INTAKE)
def intake_similar(request: HttpRequest) -> HttpResponse:
    """可能相近的三件：标题填好或正文满八十字后由页面来问；不碰库里的字。"""
    return render_page(request, "suggestions/_similar_panel.html", "suggestions/_similar_panel.html", {
        "similar_items": _similar_items(request),
    })


def _similar_items(request: HttpRequest):
    form = refilled(IntakeForm, request.POST)
    session = form._posted_session() or current_session()
    if session is None:
        return []
    visible = Suggestion.objects.visible_to(request.user)
    return similar.similar_to_text(
        request.POST.get("title", ""), request.POST.get("body", ""), session=session, within=visible
    )
