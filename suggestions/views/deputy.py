"""代表自己的页：写、存、送联名、核对、提交、撤回。手机上先好用，没有脚本也走得通。"""
from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.statemachine import Incomplete, Missing, NotAllowed
from lianluo.web import drafts
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access, notices
from ..actions import drafting
from ..forms.own import CheckForm, InviteForm, OwnForm, WithdrawForm, initial_of
from ..forms.parts import wants_rearranging
from ..forms.refilling import differences, refilled
from ..models import CoSigner, Deputy, RaisedDuring, Suggestion, SuggestionStatus
from .pressing import posted, press

deputy_only = roles_required(Role.DEPUTY)
#: 还在代表手里的状态
IN_HAND = (SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING, SuggestionStatus.RETURNED)
UNSENT = (SuggestionStatus.DRAFT, SuggestionStatus.COSIGNING)
FOUND = 20


def own_case(request: HttpRequest, pk: int) -> Suggestion:
    """本人领衔的一件：看不到 404，联名的只能看、不能改 403。"""
    case = access.access_suggestion(request.user, pk)
    deputy = access.deputy_of(request.user)
    if deputy is None or case.lead_deputy_id != deputy.pk:
        raise PermissionDenied("这件由领衔代表办理")
    return case


@require_GET
@deputy_only
def my_drafts(request: HttpRequest) -> HttpResponse:
    """没有提交的：草稿、待联名确认；自动存下还没存成件的也在这里。退回修改的提交过，在“我的建议”里。"""
    mine = Suggestion.objects.filter(lead_deputy=access.deputy_of(request.user), status__in=UNSENT)
    unsaved = drafts.load(request.user, "my:new")
    return render_page(request, "suggestions/my_drafts.html", None, {
        "cases": mine.select_related("session").order_by("-changed_at"), "unsaved": unsaved,
    })


# ── 写 ──
@require_http_methods(["GET", "POST"])
@deputy_only
def my_new(request: HttpRequest) -> HttpResponse:
    """写一件新的。"""
    deputy = access.deputy_of(request.user)
    if request.method == "GET":
        draft = drafts.load(request.user, "my:new")
        initial = {"contact_phone": deputy.phone}
        return _form_page(request, None, refilled(OwnForm, draft.data if draft else {}, initial=initial))
    if wants_rearranging(request.POST):
        return _form_page(request, None, refilled(OwnForm, request.POST))
    form = OwnForm(request.POST, strict=request.POST.get("do") in ("check", "cosign"))
    outcome = submit(request, form, lambda data: _save(request, None, form))
    if outcome.ok:
        return outcome.redirect()
    return _form_page(request, None, form, status=outcome.status)


@require_http_methods(["GET", "POST"])
@deputy_only
def my_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """接着写。别处先改过的，列出那边的内容，两边都不丢。"""
    case = own_case(request, pk)
    _require_in_hand(case)
    if request.method == "GET":
        draft = drafts.load(request.user, f"my:{pk}")
        initial = {**initial_of(case), "revision": case.revision}
        return _form_page(request, case, refilled(OwnForm, draft.data if draft else {}, initial=initial))
    if wants_rearranging(request.POST):
        return _form_page(request, case, refilled(OwnForm, request.POST))
    form = OwnForm(request.POST, strict=request.POST.get("do") in ("check", "cosign"))
    outcome = submit(request, form, lambda data: _save(request, case, form))
    if outcome.ok:
        return outcome.redirect()
    if outcome.status == 409:
        return _compare(request, pk, form)
    return _form_page(request, case, form, status=outcome.status)


def _require_in_hand(case: Suggestion) -> None:
    if case.status not in IN_HAND:
        raise NotAllowed(f"这件{case.get_status_display()}，不能再改；需要改的，打电话请办事机构退回")


def _save(request: HttpRequest, case: Suggestion | None, form: OwnForm) -> str:
    """存下，再到按下的按钮要去的那一页。"""
    data = form.entry()
    if case is None:
        data["lead_deputy"] = access.deputy_of(request.user)
    else:
        data["raised_during"] = drafting.raised_during_on(case.session, clock.today())
    saved = drafting.save_draft(
        data, suggestion=case, revision=form.cleaned_data["revision"] if case else None, actor=request.user,
        today=clock.today(),
    )
    page = {"cosign": "my_cosigners", "check": "my_check"}.get(request.POST.get("do", ""), "my_edit")
    url = reverse(f"suggestions:{page}", args=[saved.pk])
    return f"{url}?saved=1" if page == "my_edit" else url


def _compare(request: HttpRequest, pk: int, form: OwnForm) -> HttpResponse:
    fresh = own_case(request, pk)
    theirs = differences(form, initial_of(fresh))
    form.data = form.data.copy()
    form.data["revision"] = fresh.revision
    return _form_page(request, fresh, form, status=409, theirs=theirs)


def _form_page(
    request: HttpRequest, case: Suggestion | None, form: OwnForm, status: int = 200, theirs=()
) -> HttpResponse:
    key = f"my:{case.pk}" if case else "my:new"
    return render_page(request, "suggestions/my_form.html", None, {
        "case": case, "form": form, "theirs": theirs, "draft_key": key, "draft": drafts.load(request.user, key),
        "saved": request.GET.get("saved") == "1" and not form.is_bound,
        "attachments": list(access.attachments_for(request.user, case)) if case else [],
    }, status=status)


# ── 联名 ──
@require_http_methods(["GET", "POST"])
@deputy_only
def my_cosigners(request: HttpRequest, pk: int) -> HttpResponse:
    """联名代表：查找、添加、看谁确认了。"""
    case = own_case(request, pk)
    form = InviteForm(posted(request), congress_id=case.congress_id)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: drafting.add_cosigners(
            case, deputies=[data["deputy"]], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            return outcome.redirect(reverse("suggestions:my_cosigners", args=[pk]))
        status = outcome.status
    return _cosigners_page(request, case, form, status)


def _cosigners_page(request: HttpRequest, case: Suggestion, form: InviteForm, status: int) -> HttpResponse:
    rows = list(case.cosigners.select_related("deputy__delegation", "deputy__account"))
    words = request.GET.get("q", "").strip()[:60]
    present = {row.deputy_id for row in rows} | {case.lead_deputy_id}
    found = _colleagues(case, words).exclude(pk__in=present)[:FOUND] if words else []
    return render_page(request, "suggestions/my_cosigners.html", None, {
        "case": case, "form": form, "rows": rows, "words": words, "found": found,
        "waiting": [row for row in rows if not row.confirmed_hash and not row.refused_at],
        "changeable": case.status in IN_HAND, "case_url": notices.own_url(case),
    }, status=status)


def _colleagues(case: Suggestion, words: str):
    """按姓名、拼音或代表团找同僚，姓名全同的在前；不按电话与证号。"""
    found = Deputy.objects.matching(words, private=False) | Deputy.objects.filter(delegation__name__contains=words)
    exact_first = Case(When(name=words, then=0), default=1)
    found = found.filter(congress_id=case.congress_id).select_related("delegation")
    return found.order_by(exact_first, "delegation", "pinyin")


@require_POST
@deputy_only
def my_cosigner_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    case, cosigner = _own_row(request, pk, row)
    back = reverse("suggestions:my_cosigners", args=[pk])
    return press(
        request, lambda: _quietly(drafting.remove_cosigner, cosigner, request), back,
        done=f"已移出{cosigner.deputy.name}代表",
    )


@require_POST
@deputy_only
def my_cosigner_remind(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    case, cosigner = _own_row(request, pk, row)
    back = reverse("suggestions:my_cosigners", args=[pk])
    return press(
        request, lambda: _quietly(drafting.invite_again, cosigner, request), back,
        done=f"已再次提醒{cosigner.deputy.name}代表",
    )


def _quietly(act, cosigner: CoSigner, request: HttpRequest) -> None:
    """办动作，结果页仍是原页。"""
    act(cosigner, actor=request.user, today=clock.today())


def _own_row(request: HttpRequest, pk: int, row: int) -> tuple[Suggestion, CoSigner]:
    case = own_case(request, pk)
    return case, get_object_or_404(CoSigner.objects.select_related("deputy"), pk=row, suggestion=case)


@require_POST
@deputy_only
def my_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """送联名代表确认。"""
    case = own_case(request, pk)
    back = reverse("suggestions:my_cosigners", args=[pk])

    def ask() -> str:
        drafting.open_cosigning(case, actor=request.user, today=clock.today())
        return back

    return press(request, ask, back, done="已送联名代表确认")


@require_POST
@deputy_only
def my_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """收回修改；不动文字的，已有的确认仍算数。"""
    case = own_case(request, pk)
    edit = reverse("suggestions:my_edit", args=[pk])

    def take() -> str:
        drafting.take_back(case, actor=request.user, today=clock.today())
        return edit

    return press(request, take, edit)


# ── 核对、提交 ──
@require_http_methods(["GET", "POST"])
@deputy_only
def my_check(request: HttpRequest, pk: int) -> HttpResponse:
    """提交前的核对页：逐项列出，缺什么先说，旁边都有“修改”。"""
    case = own_case(request, pk)
    _require_in_hand(case)
    form = CheckForm(posted(request))
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _submit(request, case, data))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
        form.missing = _linked(case, form.missing)
    today = clock.today()
    return render_page(request, "suggestions/my_check.html", None, {
        "case": case, "form": form, "missing": _linked(case, drafting.gaps(case, today) + _wish_gap(case)),
        "requests": list(case.requests.all()),
        "cosigners": list(case.cosigners.filter(refused_at__isnull=True).select_related("deputy")),
        "refused": list(case.cosigners.filter(refused_at__isnull=False).select_related("deputy")),
        "attachments": list(access.attachments_for(request.user, case)),
        "between": drafting.raised_during_on(case.session, today) == RaisedDuring.BETWEEN_SESSIONS,
    }, status=status)


def _linked(case: Suggestion, missing: list[Missing]) -> list[Missing]:
    """缺的各项连到补的地方：联名在联名页，其余在修改页的那一栏。"""
    edit, cosigners = (reverse(f"suggestions:{name}", args=[case.pk]) for name in ("my_edit", "my_cosigners"))
    return [
        replace(item, url=cosigners if item.url == "#id_cosigners" else f"{edit}{item.url}") for item in missing
    ]


def _wish_gap(case: Suggestion) -> list[Missing]:
    """是否同意公开由代表自己选，不能空着提交。"""
    if not case.publish_wish:
        return [Missing("选择是否同意公开", url="#id_publish_wish_0")]
    if case.publish_wish == "none" and not case.publish_wish_reason:
        return [Missing("填写不同意公开的理由", url="#id_publish_wish_reason")]
    return []


def _submit(request: HttpRequest, case: Suggestion, data: dict) -> str:
    missing = _wish_gap(case)
    if missing:
        raise Incomplete("提交前", missing)
    drafting.submit_suggestion(
        case, one_matter=data["one_matter"], turn_between=True, actor=request.user, today=clock.today()
    )
    return reverse("suggestions:my_done", args=[case.pk])


@require_GET
@deputy_only
def my_done(request: HttpRequest, pk: int) -> HttpResponse:
    """提交之后：现在在谁那里、几时之前办什么、有事打哪个电话。"""
    return render_page(request, "suggestions/my_done.html", None, {"case": own_case(request, pk)})


# ── 丢弃、撤回 ──
@require_http_methods(["GET", "POST"])
@deputy_only
def my_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """丢弃没有提交过的草稿，先问一次。"""
    case = own_case(request, pk)
    if request.method == "GET":
        return render_page(request, "suggestions/my_discard.html", None, {"case": case})
    back = reverse("suggestions:my_drafts")

    def discard() -> str:
        drafting.discard_draft(case, actor=request.user, today=clock.today())
        return back

    return press(request, discard, back, done="草稿已丢弃")


@require_http_methods(["GET", "POST"])
@roles_required(Role.DEPUTY, *access.CAPABILITIES["withdraw"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回：代表在交办前撤，联工委凭代表的书面要求随时可撤。"""
    office = access.may(request.user, "withdraw")
    case = access.access_suggestion(request.user, pk, for_="withdraw") if office else own_case(request, pk)
    form = WithdrawForm(posted(request), suggestion=case)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _withdraw(request, case, form))
        if outcome.ok:
            done = case.get_absolute_url() if office else reverse("suggestions:my_done", args=[pk])
            return outcome.redirect(done)
        status = outcome.status
    back = case.get_absolute_url() if office else notices.own_url(case)
    return render_page(request, "suggestions/withdraw.html", None, {
        "case": case, "form": form, "office": office, "back": back,
        "children": list(case.merged_children.order_by("number")),
        "withdraw_shell": "base.html" if office else "base_deputy.html",
    }, status=status)


def _withdraw(request: HttpRequest, case: Suggestion, form: WithdrawForm) -> Suggestion:
    return drafting.withdraw_suggestion(
        case, reason=form.cleaned_data["reason"], consented=form.agreed(),
        consent_how=form.cleaned_data.get("consent_how", ""), actor=request.user, today=clock.today(),
    )
