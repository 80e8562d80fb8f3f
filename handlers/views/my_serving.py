"""代表自己的页：谁对口联系我、给单位留言、活动邀请的回执。"""
from __future__ import annotations

from django.contrib import messages as shown_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import deputy_desk, serving, threads
from ..access_serving import cases_between, may_talk
from ..actions import messaging
from ..actions.serving import answer_invitation
from ..counterparts import counterparts_of
from ..forms.serving import InvitationForm, MessageForm
from ..models import ActivityDeputy, DeputyMessage, Matter, Unit

deputy_only = roles_required(Role.DEPUTY)


@require_GET
@deputy_only
def messages(request: HttpRequest) -> HttpResponse:
    """与单位的往来，和可以留言的单位：对口联系的在前。"""
    deputy, today = request.user.deputy, clock.today()
    found = threads.of_deputy(deputy)
    talking = {one.other.pk for one in found}
    reachable = threads.reachable(deputy, deputy_desk.own_cases(deputy), today)
    return render_page(request, "handlers/my/messages.html", None, {
        "threads": found, "units": [one for one in reachable if one.unit.pk not in talking],
        "paired": [one for one in reachable if one.counterpart],
    })


@deputy_only
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """与一个单位的往来；无关的单位 404。"""
    deputy, today = request.user.deputy, clock.today()
    unit = Unit.objects.filter(pk=pk, congress=deputy.congress_id).first()
    if unit is None or not may_talk(deputy, unit):
        raise Http404("不能给这个单位留言")
    form, status = MessageForm(request.POST or None, cases=cases_between(deputy, unit)), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _send(unit, deputy, data, request.user, today))
        if outcome.ok:
            shown_messages.success(request, f"已发给{unit.short}，{messaging.ANSWER_DAYS} 天内会回应您")
            return outcome.redirect()
        status = outcome.status
    rows = DeputyMessage.objects.filter(deputy=deputy, unit=unit).select_related("suggestion__session")
    counterpart = next((post for post in counterparts_of(deputy, today) if post.unit_id == unit.pk), None)
    return render_page(request, "handlers/my/thread.html", None, {
        "unit": unit, "rows": rows, "form": form, "counterpart": counterpart, "days": messaging.ANSWER_DAYS,
    }, status=status)


def _send(unit: Unit, deputy, data: dict, user, today) -> str:
    messaging.send_message(
        unit, deputy, text=data["text"], suggestion=data.get("suggestion"), actor=user, today=today
    )
    return reverse("deputy:thread", args=[unit.pk])


@require_GET
@deputy_only
def invitations(request: HttpRequest) -> HttpResponse:
    """活动邀请：等回话的在前。"""
    today = clock.today()
    rows = list(serving.invitations_for(request.user.deputy, today))
    return render_page(request, "handlers/my/invitations.html", None, {
        "waiting": [row for row in rows if not row.answer and row.activity.happened_on >= today],
        "others": [row for row in rows if row.answer or row.activity.happened_on < today], "today": today,
    })


@deputy_only
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """一次邀请：参加还是不能参加，会前可以改。"""
    deputy, today = request.user.deputy, clock.today()
    row = get_object_or_404(
        ActivityDeputy.objects.select_related("activity__unit"), pk=pk, deputy=deputy,
        activity__matter=Matter.INVITATION,
    )
    form = InvitationForm(request.POST or None, initial={"answer": row.answer})
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _answer(row, data["answer"], request.user, today))
        if outcome.ok:
            shown_messages.success(request, "已回复，谢谢您")
            return outcome.redirect()
        status = outcome.status
    return render_page(request, "handlers/my/invitation.html", None, {
        "row": row, "form": form, "over": row.activity.happened_on < today,
    }, status=status)


def _answer(row: ActivityDeputy, answer: str, user, today) -> str:
    answer_invitation(row, answer=answer, actor=user, today=today)
    return reverse("deputy:invitations")
