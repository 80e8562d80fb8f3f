"""办理单的各页：看、填、批注、厅长信、例外。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import sheets
from ..access import access_assignment, access_sheet, duties_in, may_in_unit
from ..actions import bureaus, sheeting, waiving, writing
from ..forms.sheet import LeaderLetterForm, NoteForm, SheetForm, WaiverDecisionForm, WaiverForm
from ..mechanisms.catalogue import CATALOGUE
from ..mechanisms.facts import Case
from ..models import Assignment, Duty, Waiver
from ..ways import recommend


@require_GET
@signed_in
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """一件走到哪一步、定下了什么、还缺什么、接下来做什么。"""
    assignment = access_sheet(request.user, pk)
    case = Case(assignment, clock.today())
    context = {
        "assignment": assignment, "case": assignment.suggestion, "sheet": sheets.compose(case),
        "settled": sheets.settled(case), "contact": sheets.contact_plan(case),
        "plans": sheets.plan_links(case, may_edit=may_in_unit(request.user, assignment.unit_id, "sheet")),
        "mechanisms": sheets.mechanisms_of(case), "case_waived": bool(case.waivers),
        "may_edit": assignment.status in sheeting.IN_HAND and may_in_unit(request.user, assignment.unit_id, "sheet"),
        "may_waive": may_in_unit(request.user, assignment.unit_id, "adopt"),
        "may_contact": may_in_unit(request.user, assignment.unit_id, "contact"),
        "has_fields": bool(SheetForm(case=case).fields), "campaigns": assignment.tags.all(),
        "tasks": bureaus.tasks_of(assignment),
    }
    return render_page(request, "handlers/sheet/sheet.html", None, context)


def back(assignment: Assignment) -> str:
    """办理单的地址。"""
    return reverse("handlers:sheet", args=[assignment.pk])


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """填办理单。"""
    assignment = access_assignment(request.user, pk, for_="sheet")
    today = clock.today()
    case = Case(assignment, today)
    form, status = SheetForm(request.POST or None, case=case), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: sheeting.save_sheet(
            assignment, data=form.values(), partner_reason=data.get("partner_reason", ""), actor=request.user,
            today=today,
        ))
        if outcome.ok:
            messages.success(request, "办理单已存")
            return outcome.redirect(back(assignment))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion,
        "best": recommend(case) if "way" in form.fields else None,
    }
    return render_page(request, "handlers/sheet/edit.html", None, context, status=status)


@signed_in
def disagreement(request: HttpRequest, pk: int) -> HttpResponse:
    """没有达成一致，分管领导批注。"""
    assignment = access_assignment(request.user, pk, for_="sheet")
    if not duties_in(request.user, assignment.unit_id) & {Duty.HEAD, Duty.DEPUTY_HEAD}:
        raise PermissionDenied("由分管领导或主要负责人批注")
    today = clock.today()
    case = Case(assignment, today)
    initial = {"note": case.sheet.disagreement_note}
    form, status = NoteForm(request.POST or None, label="批注", initial=initial), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: sheeting.note_disagreement(
            assignment, note=data["note"], actor=request.user, today=today
        ))
        if outcome.ok:
            messages.success(request, "批注已存，可以送审")
            return outcome.redirect(back(assignment))
        status = outcome.status
    talks = [row for row in case.contacts_in() if row.agreement]
    context = {"form": form, "assignment": assignment, "case": assignment.suggestion, "talks": talks}
    return render_page(request, "handlers/sheet/disagreement.html", None, context, status=status)


@signed_in
def leader_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """厅长写信：底稿填好称呼和事由，登记送出。"""
    assignment = access_assignment(request.user, pk, for_="contact")
    today = clock.today()
    initial = {"text": writing.template_for(assignment), "sent_on": today}
    form, status = LeaderLetterForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: writing.write_leader_letter(
            assignment, actor=request.user, today=today, **data
        ))
        if outcome.ok:
            messages.success(request, "厅长信已登记")
            return outcome.redirect()
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion,
        "letters": writing.letters_of(assignment), "head": Case(assignment, today).head,
    }
    return render_page(request, "handlers/sheet/leader_letter.html", None, context, status=status)


@signed_in
def waiver(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """申请一条机制的例外。"""
    assignment = access_assignment(request.user, pk, for_="adopt")
    if code not in CATALOGUE:
        raise Http404("机制库里没有这一条")
    today = clock.today()
    form, status = WaiverForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: waiving.ask_waiver(
            assignment, code=code, reason=data["reason"], actor=request.user, today=today
        ))
        if outcome.ok:
            messages.success(request, "已送联工委批复")
            return outcome.redirect(back(assignment))
        status = outcome.status
    context = {"form": form, "assignment": assignment, "case": assignment.suggestion, "one": CATALOGUE[code]}
    return render_page(request, "handlers/sheet/waiver.html", None, context, status=status)


CASE = ("assignment__suggestion__session__term", "assignment__suggestion__lead_deputy", "assignment__unit", "asked_by")


@require_GET
@roles_required(Role.NPC_OFFICE)
def waivers(request: HttpRequest) -> HttpResponse:
    """例外申请：待批复的在前。"""
    rows = Waiver.objects.select_related(*CASE)
    context = {
        "pending": [_shown(row) for row in rows.filter(granted__isnull=True).order_by("pk")],
        "decided": [_shown(row) for row in rows.filter(granted__isnull=False)[:50]],
    }
    return render_page(request, "handlers/sheet/waivers.html", None, context)


def _shown(row: Waiver) -> dict:
    return {"row": row, "one": CATALOGUE[row.code]}


@roles_required(Role.NPC_OFFICE)
def waiver_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """批复一份例外。"""
    row = get_object_or_404(Waiver.objects.select_related(*CASE), pk=pk)
    form, status = WaiverDecisionForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: waiving.decide_waiver(
            row, granted=data["granted"] == "yes", note=data["note"], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            messages.success(request, "已批复")
            return outcome.redirect(reverse("handlers:waivers"))
        status = outcome.status
    context = {
        "form": form, "row": row, "one": CATALOGUE[row.code], "case": row.assignment.suggestion,
        "assignment": row.assignment,
    }
    return render_page(request, "handlers/sheet/waiver_decide.html", None, context, status=status)
