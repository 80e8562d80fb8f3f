"""答复雷同的并排看；一对一结对的对接卡。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import signed_in
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import likeness as alike_replies
from ..actions import sheeting
from ..case_plans import access_inside
from ..forms.sheet import NoteForm
from ..mechanisms.facts import Case
from ..models import Reply


@signed_in
def likeness(request: HttpRequest, pk: int) -> HttpResponse:
    """与本单位近年答复雷同的：两份并排，相同的句子标出；改写，或者说明为什么相同。"""
    assignment = access_inside(request.user, pk, "sheet")
    case = Case(assignment, clock.today())
    initial = {"note": case.sheet.likeness_note}
    form, status = NoteForm(request.POST or None, label="为什么相同", initial=initial), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: sheeting.explain_likeness(
            assignment, note=data["note"], actor=request.user, today=case.today
        ))
        if outcome.ok:
            messages.success(request, "说明已存")
            return outcome.redirect(reverse("handlers:sheet", args=[assignment.pk]))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "reply": case.reply,
        "pairs": _pairs(case.reply, request.user) if case.reply else [], "note": case.sheet.likeness_note,
    }
    return render_page(request, "handlers/plans/likeness.html", None, context, status=status)


def _pairs(reply: Reply, user) -> list[dict]:
    """各份雷同的；此人看不到的那一份只说有多像，不给原文。"""
    pairs = []
    for found in alike_replies.alike(reply):
        seen = Reply.objects.visible_to(user).filter(pk=found.reply.pk).exists()
        mine, theirs, phrases = alike_replies.side_by_side(reply, found.reply) if seen else ("", "", [])
        pairs.append({
            "found": found, "seen": seen, "mine": alike_replies.marked(mine, phrases),
            "theirs": alike_replies.marked(theirs, phrases), "number": len(phrases),
        })
    return pairs


@require_GET
@signed_in
def partner_card(request: HttpRequest, pk: int) -> HttpResponse:
    """对接卡：责任人与领衔代表各一栏，可以打印（MZ-20）。"""
    assignment = access_inside(request.user, pk)
    case = Case(assignment, clock.today())
    context = {
        "assignment": assignment, "case": assignment.suggestion, "partner": case.sheet.partner,
        "deputy": assignment.suggestion.lead_deputy, "back": reverse("handlers:sheet", args=[assignment.pk]),
        "printed_on": case.today, "sheet": case.sheet,
    }
    return render_page(request, "print/partner_card.html", None, context)
