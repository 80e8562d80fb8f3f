"""分派处室和人。"""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from lianluo.accounts.decorators import signed_in
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import access_assignment
from ..actions import planning
from ..forms.planning import AllotForm


@signed_in
def allot(request: HttpRequest, pk: int) -> HttpResponse:
    """五定：一页填完，分派即转入办理。"""
    assignment = access_assignment(request.user, pk, for_="allot")
    today = clock.today()
    posted = request.POST if request.method == "POST" else None
    form = AllotForm(posted, assignment=assignment, today=today)
    status = 200
    if request.method == "POST":
        outcome = submit(
            request, form,
            lambda data: planning.allot_assignment(assignment, actor=request.user, today=today, **data),
        )
        if outcome.ok:
            if not outcome.repeated:
                division, officer = form.cleaned_data["lead_division"], form.cleaned_data["officer"]
                messages.success(request, f"已分派给{division}，承办人 {officer.name}")
            return outcome.redirect(f"{assignment.suggestion.main.get_absolute_url()}handling/")
        status = outcome.status
    context = {"form": form, "assignment": assignment, "case": assignment.suggestion}
    return render_page(request, "handlers/allot.html", None, context, status=status)
