"""单位一侧的代表留言：列表按期限排，往来一页看完、一页回应。"""
from __future__ import annotations

from django.contrib import messages as shown_messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import threads as rows
from ..access import may_in_unit
from ..access_serving import access_thread, cases_between, own_unit
from ..actions import messaging
from ..counterparts import Pairing
from ..forms.serving import MessageForm
from .serving import UNIT


@require_GET
@roles_required(*UNIT)
def messages(request: HttpRequest) -> HttpResponse:
    """代表留言：没有回应的按期限在前，过了期限的标红。"""
    unit, today = own_unit(request.user), clock.today()
    found = rows.of_unit(request.user, unit)
    context = {
        "unit": unit, "here": "messages", "owed": sum(one.owed is not None for one in found),
        "lines": [(one, one.is_late(today)) for one in found], "days": messaging.ANSWER_DAYS,
    }
    return render_page(request, "handlers/serving/messages.html", None, context)


@roles_required(*UNIT)
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """与一名代表的往来；也可以先写给代表。"""
    unit, today = own_unit(request.user), clock.today()
    deputy = access_thread(request.user, unit, pk)
    cases = cases_between(deputy, unit).visible_to(request.user)
    form, status = MessageForm(request.POST or None, cases=cases), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _send(unit, deputy, data, request.user, today))
        if outcome.ok:
            shown_messages.success(request, f"已发给{deputy.name}代表")
            return outcome.redirect()
        status = outcome.status
    found = rows.seen(request.user).filter(unit=unit, deputy=deputy).select_related("suggestion__session")
    context = {
        "unit": unit, "deputy": deputy, "form": form, "rows": found, "here": "messages", "today": today,
        "counterpart": Pairing(unit, today).post_for(deputy), "cases": cases,
        "may_serve": may_in_unit(request.user, unit.pk, "serve"),
    }
    return render_page(request, "handlers/serving/thread.html", None, context, status=status)


def _send(unit, deputy, data: dict, user, today) -> str:
    messaging.send_message(
        unit, deputy, text=data["text"], suggestion=data.get("suggestion"), actor=user, today=today
    )
    return reverse("handlers:thread", args=[deputy.pk])
