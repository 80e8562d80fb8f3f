"""交办页：一屏看件、看推荐、选单位；单件当场办，批量先核对。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.statemachine import DomainError
from lianluo.text.numbers import int_of
from lianluo.web.render import redirect_to, render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.models import Suggestion

from .. import access, choosing
from .. import board as boarding
from ..actions import assigning
from ..forms.assigning import ChoiceForm, DeferForm, PlainForm, UnassignForm
from ..recommending import recommended_for
from ..unitbook import UnitBook

OFFICES = (Role.NPC_OFFICE, Role.GOV_OFFICE)


@require_GET
@roles_required(*OFFICES)
def board(request):
    """交办页。"""
    return _board_page(request)


def _board_page(request, *, pk=None, form=None, defer_form=None, refusal="", status=200):
    today = clock.today()
    shown = boarding.open_board(request, today, pk=pk, form=form)
    if shown is None:
        return render_page(request, "handlers/board/no_session.html", None, {})
    context = {
        "board": shown, "case": shown.case, "form": shown.form, "defer_form": defer_form or DeferForm(),
        "done": boarding.just_done(request), "may_assign": access.may(request.user, "assign"), "today": today,
        "requests": shown.case.requests.all() if shown.case else [], "refusal": refusal,
    }
    return render_page(request, "handlers/board/board.html", "handlers/board/_case.html", context, status=status)


def _case(pk: int) -> Suggestion:
    """等待交办的件；不是这一步的也放进来，由动作说明现在到了哪一步。"""
    return get_object_or_404(Suggestion.objects.on_record().select_related("session__term", "category"), pk=pk)


@require_POST
@roles_required(*OFFICES)
def act(request, pk: int):
    """拟交办、交办、缓议：看按的是哪个按钮。"""
    case, what = _case(pk), request.POST.get("do", "")
    if what == "defer":
        return _defer(request, case)
    if what not in ("propose", "assign"):
        raise Http404("没有这个按钮")
    if what == "assign" and not access.may(request.user, "assign"):
        raise PermissionDenied("交办由联工委办理，政府办公厅可以拟交办")
    return _choose(request, case, what)


def _choose(request, case: Suggestion, what: str):
    today = clock.today()
    form = _choice_form(request, case, today)

    def save(data: dict):
        if what == "assign":
            assigning.assign_suggestion(case, choices=data["choices"], actor=request.user, today=today)
        else:
            assigning.propose_assignment(
                case, choices=data["choices"], meeting=boarding.preparing_meeting(case.session), actor=request.user,
                today=today,
            )
        return _back_url(request, done=case.pk if what == "assign" else None)

    outcome = submit(request, form, save)
    if outcome.ok:
        if what == "propose" and not outcome.repeated:
            words = choosing.in_words(form.cleaned_data["choices"])
            messages.success(request, f"{case.shown_number} 已拟交办：{words}")
        return outcome.redirect()
    return _shown_again(request, case, form, outcome.status)


def _choice_form(request, case: Suggestion, today) -> ChoiceForm:
    book = UnitBook(case.session, today)
    _, recommended = recommended_for(case, book)
    return ChoiceForm(request.POST, book=book, recommended=recommended, today=today)


def _shown_again(request, case: Suggestion, form, status: int):
    """没有办成：回到这一件，选的都在；他人已先办的，说明是谁。"""
    refusal = " ".join(form.non_field_errors()) if status == 409 else ""
    _restore_query(request)
    return _board_page(request, pk=case.pk, form=form, refusal=refusal, status=status)


def _defer(request, case: Suggestion):
    form = DeferForm(request.POST)
    outcome = submit(request, form, lambda data: assigning.defer_suggestion(
        case, reason=data["defer_reason"], actor=request.user, today=clock.today()
    ))
    if outcome.ok:
        messages.success(request, f"{case.shown_number} 已缓议")
        return redirect_to(request, _back_url(request))
    _restore_query(request)
    return _board_page(request, pk=case.pk, defer_form=form, status=outcome.status)


@require_POST
@roles_required(*OFFICES)
def resume(request, pk: int):
    """恢复交办。"""
    case = _case(pk)
    submit_or_raise(request, lambda data: assigning.resume_suggestion(case, actor=request.user, today=clock.today()))
    messages.success(request, f"{case.shown_number} 已恢复交办")
    return redirect(_back_url(request, s=case.pk))


@require_POST
@roles_required(Role.NPC_OFFICE)
def unassign(request, pk: int):
    """撤销交办：还没有单位签收时。"""
    case, form = _case(pk), UnassignForm(request.POST)
    submit_or_raise(request, lambda data: assigning.unassign_suggestion(
        case, reason=data["reason"], actor=request.user, today=clock.today()
    ), form)
    messages.success(request, f"{case.shown_number} 已撤销交办，回到待交办")
    return redirect(_back_url(request, s=case.pk))


def submit_or_raise(request, action, form=None):
    """按钮的提交：令牌照用，领域错误交给中间件说明。"""
    form = form or PlainForm(request.POST)
    outcome = submit(request, form, action)
    if not outcome.ok:
        sentence = " ".join(message for errors in form.errors.values() for message in errors)
        error = DomainError(sentence, missing=form.missing)
        error.status = outcome.status
        raise error
    return outcome


def _query(request) -> QueryDict:
    return QueryDict(request.POST.get("query", "")[:500])


def _back_url(request, **changes) -> str:
    """回到原来的筛选与下一件。"""
    changes.setdefault("s", int_of(request.POST.get("next", "")))
    query = boarding.kept_query(_query(request), **changes)
    return reverse("handlers:board") + (f"?{query}" if query else "")


def _restore_query(request) -> None:
    """重新显示时，左栏仍按原来的条件。"""
    request.GET = _query(request)

