"""「怎样算出来的」：一条时限从起算到到期，逐日说明。看得到件的人都看得到。"""
from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from lianluo.accounts.decorators import signed_in
from lianluo.web.render import render_page
from suggestions.access import access_suggestion
from suggestions.models import SuggestionDue

from ..models import AssignmentDue

KINDS = {"assignment": (AssignmentDue, "assignment"), "suggestion": (SuggestionDue, "suggestion")}


@require_GET
@signed_in
def explain(request, kind: str, pk: int):
    """一条时限的说明。"""
    if kind not in KINDS:
        raise Http404("没有这种时限")
    model, owner = KINDS[kind]
    due = get_object_or_404(model.objects.select_related(owner), pk=pk)
    owned = getattr(due, owner)
    case = access_suggestion(request.user, owned.suggestion_id if kind == "assignment" else owned.pk)
    context = {
        "due": due, "name": due.name if kind == "assignment" else f"{due.get_rule_code_display()}期限", "case": case,
        "unit_name": owned.unit_name if kind == "assignment" else "", "explanation": due.explain(),
        "deputy_url": f"/my/{case.pk}/",
    }
    return render_page(request, "handlers/due.html", None, context)
