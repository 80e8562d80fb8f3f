"""办公室一侧的裁决：异议、退回、延期，和特批逾期退回。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock, rules
from suggestions.models import Purpose

from .. import access, deadlines, decisions
from ..actions import assigning, extending, receiving, returning
from ..forms.assigning import ObjectionDecisionForm
from ..forms.receiving import ExtensionDecisionForm, LateReturnForm, ReturnDecisionForm
from ..models import Assignment, Extension, ProposedAssignment, ReturnRequest
from ..unitbook import UnitBook
from .board import OFFICES
from .receiving import papers

CASE = ("assignment__suggestion__session__term", "assignment__suggestion__lead_deputy", "assignment__unit")


@require_http_methods(["GET", "POST"])
@roles_required(*OFFICES)
def objection(request, pk: int):
    """裁定一条异议：维持或改交。"""
    row = get_object_or_404(
        ProposedAssignment.objects.select_related(
            "unit", "objection_unit", "objected_by", "meeting", "suggestion__session__term", "suggestion__lead_deputy"
        ).filter(objected_at__isnull=False), pk=pk,
    )
    book = UnitBook(row.suggestion.session, clock.today())
    form, status = ObjectionDecisionForm(request.POST or None, book=book, suggested=row.objection_unit_id), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: assigning.decide_objection(
            row, upheld=data["upheld"] == "keep", note=data["note"], new_unit=data["unit"], actor=request.user,
            today=clock.today(),
        ))
        if outcome.ok:
            messages.success(request, f"{row.suggestion.shown_number} 的异议已裁定")
            return outcome.redirect(_after_objection(row))
        status = outcome.status
    context = {"row": row, "case": row.suggestion, "form": form, "requests": row.suggestion.requests.all()}
    return render_page(request, "handlers/deciding/objection.html", None, context, status=status)


def _after_objection(row: ProposedAssignment) -> str:
    if row.meeting_id:
        return reverse("handlers:meeting", args=[row.meeting_id])
    return reverse("handlers:board") + "?state=objected"


@require_GET
@roles_required(*OFFICES)
def returns(request):
    """退回申请：待裁决的在前，归我裁决的标出。"""
    rows = ReturnRequest.objects.select_related(*CASE, "proposed_unit").order_by("-pk")
    tab = request.GET.get("tab", "mine")
    chosen = {
        "mine": decisions.returns_to_decide(request.user), "pending": decisions.pending_returns(),
        "decided": rows.filter(granted__isnull=False),
    }
    if tab not in chosen:
        raise Http404("没有这一栏")
    found = chosen[tab].select_related(*CASE, "proposed_unit")
    page = paginate(request, found.order_by("decide_by_on", "pk") if tab != "decided" else found)
    context = {"page": page, "tab": tab, "tabs": _tabs(tab)}
    return render_page(request, "handlers/deciding/returns.html", None, context)


def _tabs(tab: str) -> list[dict]:
    labels = (("mine", "待我裁决"), ("pending", "全部待裁决"), ("decided", "已裁决"))
    return [{"code": code, "label": label, "here": code == tab} for code, label in labels]


@require_http_methods(["GET", "POST"])
@roles_required(*OFFICES)
def decide_return(request, pk: int):
    """裁决一份退回；已裁决的只看。"""
    row = get_object_or_404(ReturnRequest.objects.select_related(*CASE, "proposed_unit", "decided_by"), pk=pk)
    disputed, today = returning.is_disputed(row), clock.today()
    mine = row.granted is None and access.may_decide(request.user, row.assignment, disputed=disputed)
    if request.method == "POST" and row.granted is None and not mine:
        raise PermissionDenied(f"这份退回由{decisions.decider_name(row.assignment, is_disputed=disputed)}裁决")
    form, status = _return_form(request, row, today), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: receiving.decide_return(
            row, granted=data["granted"] == "yes", note=data["note"], new_unit=data["unit"],
            keep_deadline=data["keep"], actor=request.user, today=today,
        ))
        if outcome.ok:
            messages.success(request, f"{row.assignment.suggestion.shown_number} 的退回已裁决")
            return outcome.redirect(reverse("handlers:return_decision", args=[row.pk]))
        status = outcome.status
    context = {
        "row": row, "assignment": row.assignment, "case": row.assignment.suggestion, "form": form, "mine": mine,
        "disputed": disputed, "decider": decisions.decider_name(row.assignment, is_disputed=disputed),
        "history": _earlier(row), "too_many": len(_earlier(row)) + 1 >= returning.TOO_MANY,
        "contacted": row.assignment.activity_cases.count(), "papers": papers(Purpose.RETURN, f"return:{row.pk}"),
        "requests": row.assignment.suggestion.requests.all(), "today": today,
    }
    return render_page(request, "handlers/deciding/return.html", None, context, status=status)


def _return_form(request, row: ReturnRequest, today) -> ReturnDecisionForm:
    book = UnitBook(row.assignment.suggestion.session, today)
    keep = rules.profile_of(row.assignment.profile_code).setting("deadline_after_reassign")
    due = deadlines.governing_due(row.assignment)
    return ReturnDecisionForm(
        request.POST or None, request_row=row, book=book, keep=keep if due and due.due_on >= today else "restart",
        units=decisions.units_open_to(request.user, book.units, row.assignment),
    )


def _earlier(row: ReturnRequest) -> list[ReturnRequest]:
    """这一件此前的退回。"""
    found = ReturnRequest.objects.filter(assignment__suggestion=row.assignment.suggestion_id, pk__lt=row.pk)
    return list(found.select_related("assignment", "proposed_unit").order_by("pk"))


@require_GET
@roles_required(*OFFICES)
def extensions(request):
    """延期申请：待批复的在前。"""
    tab = request.GET.get("tab", "mine")
    chosen = {
        "mine": decisions.extensions_to_decide(request.user), "pending": decisions.pending_extensions(),
        "decided": Extension.objects.filter(granted__isnull=False),
    }
    if tab not in chosen:
        raise Http404("没有这一栏")
    page = paginate(request, chosen[tab].select_related(*CASE).order_by("old_due_on", "pk"))
    return render_page(request, "handlers/deciding/extensions.html", None, {
        "page": page, "tab": tab, "tabs": [one | {"label": one["label"].replace("裁决", "批复")} for one in _tabs(tab)],
    })


@require_http_methods(["GET", "POST"])
@roles_required(*OFFICES)
def decide_extension(request, pk: int):
    """批复一份延期；已批复的只看。"""
    row = get_object_or_404(Extension.objects.select_related(*CASE, "decided_by"), pk=pk)
    mine = row.granted is None and access.may_decide(request.user, row.assignment, disputed=False)
    if request.method == "POST" and row.granted is None and not mine:
        raise PermissionDenied(f"这份延期由{decisions.decider_name(row.assignment)}批复")
    due = deadlines.governing_due(row.assignment)
    limit = extending.latest_allowed(row.assignment, due) if due else row.asked_until
    form, status = ExtensionDecisionForm(request.POST or None, asked_until=row.asked_until, limit=limit), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: extending.decide_extension(
            row, granted=data["granted"] == "yes", note=data["note"], granted_until=data["granted_until"],
            actor=request.user, today=clock.today(),
        ))
        if outcome.ok:
            messages.success(request, f"{row.assignment.suggestion.shown_number} 的延期已批复")
            return outcome.redirect(reverse("handlers:extension_decision", args=[row.pk]))
        status = outcome.status
    context = {
        "row": row, "assignment": row.assignment, "case": row.assignment.suggestion, "form": form, "mine": mine,
        "decider": decisions.decider_name(row.assignment), "limit": limit, "due": due,
        "papers": papers(Purpose.EXTENSION, f"extension:{row.pk}"),
        "history": row.assignment.extensions.filter(pk__lt=row.pk),
    }
    return render_page(request, "handlers/deciding/extension.html", None, context, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(Role.NPC_OFFICE)
def permit_late_return(request, pk: int):
    """特批逾期退回。"""
    assignment = get_object_or_404(
        Assignment.objects.select_related("unit", "suggestion__session__term", "suggestion__lead_deputy"), pk=pk
    )
    form, status = LateReturnForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: receiving.permit_late_return(
            assignment, **data, actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            messages.success(request, f"已准许{assignment.unit_name}补提退回")
            return outcome.redirect(f"{assignment.suggestion.get_absolute_url()}handling/")
        status = outcome.status
    context = {
        "assignment": assignment, "case": assignment.suggestion, "form": form,
        "window": receiving.return_window(assignment, clock.today()),
    }
    return render_page(request, "handlers/deciding/late_return.html", None, context, status=status)
