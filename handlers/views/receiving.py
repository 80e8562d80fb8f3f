"""单位一侧：申请退回、申请延期、会前对拟交办提异议。"""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lianluo.accounts.decorators import roles_required
from lianluo.statemachine import DomainError
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.actions.attaching import add_attachment
from suggestions.models import Attachment, Purpose

from .. import access, decisions
from ..actions import assigning, extending, receiving, returning
from ..forms.assigning import ObjectionForm
from ..forms.receiving import ExtensionForm, ReturnForm
from ..models import Assignment, AssignmentStatus, Extension, ProposedAssignment, ReturnRequest
from ..unitbook import UnitBook
from .inbox import UNIT_ROLES

#: 可能已有答复送审的状态
REPLYING = (AssignmentStatus.HANDLING, AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED)


def _attach(assignment: Assignment, uploads, purpose: str, about: str, actor) -> None:
    for upload in uploads:
        add_attachment(assignment.suggestion, upload, purpose=purpose, about=about, actor=actor)


@require_http_methods(["GET", "POST"])
@roles_required(*UNIT_ROLES)
def request_return(request, pk: int):
    """申请退回；过了期限的，说明找谁，什么也不存。"""
    assignment, today = access.access_assignment(request.user, pk, for_="ask_return"), clock.today()
    if request.method == "GET" and assignment.status == AssignmentStatus.RETURN_REQUESTED:
        return redirect("handlers:return_done", pk=assignment.return_requests.latest("pk").pk)
    if request.method == "GET" and assignment.status in REPLYING and returning.reply_under_way(assignment):
        context = {"assignment": assignment, "case": assignment.suggestion}
        return render_page(request, "handlers/receiving/return_refused.html", None, context)
    window = receiving.return_window(assignment, today)
    if not window.is_open and assignment.status in ("pending", "accepted", "handling"):
        return _too_late(request, assignment, window)
    book = UnitBook(assignment.suggestion.session, today)
    again = returning.earlier_requests(assignment) > 0
    uploaded = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = ReturnForm(*uploaded, book=book, assignment=assignment, again=again), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _save_return(assignment, data, request.user, today))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    context = {"assignment": assignment, "case": assignment.suggestion, "form": form, "window": window, "again": again}
    return render_page(request, "handlers/receiving/return.html", None, context, status=status)


def _save_return(assignment, data: dict, actor, today) -> str:
    row = receiving.request_return(
        assignment, ground=data["ground"], reason=data["reason"], proposed_unit=data["proposed_unit"],
        head_signed=data.get("head_signed", False), actor=actor, today=today,
    )
    _attach(assignment, data["files"], Purpose.RETURN, f"return:{row.pk}", actor)
    return reverse("handlers:return_done", args=[row.pk])


def _too_late(request, assignment, window):
    """期限已过：不是错误，说明怎样电话联系。"""
    context = {
        "assignment": assignment, "case": assignment.suggestion, "window": window,
        "decider": decisions.decider_name(assignment),
    }
    return render_page(
        request, "handlers/receiving/return_closed.html", None, context, status=409 if request.method == "POST" else 200
    )


def _own(user, pk: int) -> Assignment:
    """本单位的承办关系；同一件上别的单位的申请不给看，与不存在一样。"""
    assignment = access.access_assignment(user, pk)
    if not access.duties_in(user, assignment.unit_id):
        raise Http404("没有这份申请，或者不在可见范围内")
    return assignment


@require_GET
@roles_required(*UNIT_ROLES)
def return_done(request, pk: int):
    """退回已送出：由谁裁决、到哪天为止。"""
    row = get_object_or_404(ReturnRequest.objects.select_related("proposed_unit"), pk=pk)
    assignment = row.assignment = _own(request.user, row.assignment_id)
    context = {
        "row": row, "assignment": assignment, "case": assignment.suggestion,
        "decider": decisions.decider_name(assignment, is_disputed=returning.is_disputed(row)),
    }
    return render_page(request, "handlers/receiving/return_done.html", None, context)


@require_http_methods(["GET", "POST"])
@roles_required(*UNIT_ROLES)
def request_extension(request, pk: int):
    """申请延期；不能延的，说明为什么。"""
    assignment, today = access.access_assignment(request.user, pk, for_="ask_extension"), clock.today()
    waiting = assignment.extensions.filter(granted__isnull=True).first()
    if waiting is not None and request.method == "GET":
        return redirect("handlers:extension_done", pk=waiting.pk)
    try:
        due = extending.extendable_due(assignment, today)
    except DomainError as error:
        context = {"assignment": assignment, "case": assignment.suggestion, "sentence": error.sentence}
        return render_page(
            request, "handlers/receiving/extension_closed.html", None, context,
            status=error.status if request.method == "POST" else 200,
        )
    limit = extending.latest_allowed(assignment, due)
    uploaded = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = ExtensionForm(*uploaded, limit=limit), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _save_extension(assignment, data, request.user, today))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    context = {"assignment": assignment, "case": assignment.suggestion, "form": form, "due": due, "limit": limit}
    return render_page(request, "handlers/receiving/extension.html", None, context, status=status)


def _save_extension(assignment, data: dict, actor, today) -> str:
    files = data.pop("files")
    row = extending.request_extension(assignment, **data, actor=actor, today=today)
    _attach(assignment, files, Purpose.EXTENSION, f"extension:{row.pk}", actor)
    return reverse("handlers:extension_done", args=[row.pk])


@require_GET
@roles_required(*UNIT_ROLES)
def extension_done(request, pk: int):
    """延期申请已送出：由谁批复。"""
    row = get_object_or_404(Extension, pk=pk)
    assignment = _own(request.user, row.assignment_id)
    context = {
        "row": row, "assignment": assignment, "case": assignment.suggestion,
        "decider": decisions.decider_name(assignment),
    }
    return render_page(request, "handlers/receiving/extension_done.html", None, context)


def papers(purpose: str, about: str):
    """一份申请所附的材料。"""
    return Attachment.objects.filter(purpose=purpose, about=about)


# ── 拟交办征求意见 ──
def _proposals(user):
    """拟交给本单位的件（还没有交办）。"""
    units = [unit.pk for unit in access.units_of(user)]
    rows = ProposedAssignment.objects.filter(unit__in=units, suggestion__status="registered")
    return rows.select_related("unit", "meeting", "objection_unit", "suggestion__session__term",
                               "suggestion__delegation", "suggestion__lead_deputy")


@require_GET
@roles_required(*UNIT_ROLES)
def proposals(request):
    """拟交本单位的件，会前可提异议。"""
    page = paginate(request, _proposals(request.user).order_by("suggestion__number", "id"))
    context = {"page": page, "units": access.units_of(request.user)}
    return render_page(request, "handlers/receiving/proposals.html", None, context)


@require_http_methods(["GET", "POST"])
@roles_required(*UNIT_ROLES)
def object_to(request, pk: int):
    """看一件拟交办的原文，有异议的写明理由。"""
    proposal = _proposals(request.user).filter(pk=pk).first()
    if proposal is None:
        raise Http404("没有这条拟交办，或者已经交办")
    may = access.may_in_unit(request.user, proposal.unit_id, "ask_return")
    book = UnitBook(proposal.suggestion.session, clock.today())
    form, status = ObjectionForm(request.POST or None, book=book, own_unit_id=proposal.unit_id), 200
    if request.method == "POST" and may:
        outcome = submit(request, form, lambda data: assigning.object_to_proposal(
            proposal, reason=data["reason"], unit=data["unit"], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            messages.success(request, f"{proposal.suggestion.shown_number} 的异议已送联工委，会前裁定")
            return outcome.redirect(reverse("handlers:proposals"))
        status = outcome.status
    context = {"proposal": proposal, "case": proposal.suggestion, "form": form, "may": may,
               "requests": proposal.suggestion.requests.all()}
    return render_page(request, "handlers/receiving/proposal.html", None, context, status=status)
