"""批量交办：勾选 → 同一主办会办（或各按拟交办）→ 核对 → 办。"""
from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.views.decorators.http import require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.congresses.models import current_session
from lianluo.statemachine import DomainError
from lianluo.text.numbers import ints_of
from lianluo.web.render import redirect_to, render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access, choosing
from .. import board as boarding
from ..actions import assigning
from ..deadlines import Reckoner, governing_codes
from ..forms.assigning import ChoiceForm, PlainForm
from ..unitbook import UnitBook
from .board import OFFICES, _query

#: 一批最多这么多件
MOST = 500


@dataclass(frozen=True)
class Line:
    """核对页的一行：件、单位、期限、问题。"""

    case: object
    choices: list
    due_on: object
    problem: str


@require_POST
@roles_required(*OFFICES)
def batch(request):
    """按步骤走：choose 选单位，check 核对，propose 与 assign 办。"""
    step = request.POST.get("do", "choose")
    if step == "assign" and not access.may(request.user, "assign"):
        raise PermissionDenied("交办由联工委办理，政府办公厅可以拟交办")
    today = clock.today()
    session = boarding.session_of(_query(request)) or current_session()
    cases = _ticked(request, session)
    if not cases:
        messages.warning(request, "先勾选要交办的件")
        return redirect_to(request, _back(request))
    own = request.POST.get("own") == "1"
    book = UnitBook(session, today)
    form = PlainForm(request.POST) if own else ChoiceForm(
        None if step == "choose" else request.POST, book=book, today=today
    )
    if step in ("propose", "assign"):
        return _do(request, cases, form, own, step, today)
    if step == "check" or own:
        return _check(request, cases, form, own, today)
    return _page(request, "choose", cases, form, own)


def _ticked(request, session) -> list:
    """勾选的件；“选中全部”按现在的筛选取。"""
    rows = boarding.waiting(session)
    if request.POST.get("all") == "1":
        rows = boarding.filtered(_query(request), session).qs
    else:
        keys = {key for text in request.POST.getlist("pk") for key in ints_of(text.split(","))}
        rows = rows.filter(pk__in=keys)
    found = rows.select_related("session__profile", "session__term", "lead_deputy", "category").order_by("number")
    return list(found.prefetch_related("proposals__unit")[:MOST])


def _check(request, cases, form, own: bool, today):
    if not form.is_valid():
        return _page(request, "choose", cases, form, own, status=422)
    choices = None if own else form.cleaned_data["choices"]
    lines = _lines(cases, choices, today)
    return _page(request, "check", cases, form, own, lines=lines)


def _lines(cases, choices, today) -> list[Line]:
    reckoner, lines = Reckoner(), []
    for case in cases:
        chosen = choices if choices is not None else choosing.choices_of(case.proposals.all())
        problem = ""
        try:
            assigning.check_plan(assigning.Plan(case, chosen), today)
        except DomainError as error:
            problem = error.sentence
        lines.append(Line(case, chosen, _earliest(case, chosen, reckoner, today), problem))
    return lines


def _earliest(case, choices, reckoner: Reckoner, today):
    """核对页上先看到的期限：各单位中最早的。"""
    code = case.session.profile.code
    rules = {governing_codes(choice.role)[0] for choice in choices}
    started = [rule for rule in rules if reckoner.base(code, rule) == "assigned"]
    return min((reckoner.due(code, rule, today).due_on for rule in started), default=None)


def _do(request, cases, form, own: bool, step: str, today):
    def save(data: dict):
        choices = None if own else data["choices"]
        if step == "assign":
            assigning.assign_many(cases, choices=choices, actor=request.user, today=today)
        else:
            _propose_all(cases, choices, request.user, today)
        return _back(request)

    outcome = submit(request, form, save)
    if outcome.ok:
        if not outcome.repeated:
            verb = "交办" if step == "assign" else "拟交办"
            messages.success(request, f"已{verb} {len(cases)} 件")
        return outcome.redirect(_back(request))
    lines = _lines(cases, None if own else form.cleaned_data.get("choices", []), today)
    return _page(request, "check", cases, form, own, status=outcome.status, lines=lines)


@transaction.atomic
def _propose_all(cases, choices, actor, today) -> None:
    meeting = boarding.preparing_meeting(cases[0].session)
    for case in cases:
        assigning.propose_assignment(case, choices=choices, meeting=meeting, actor=actor, today=today)


def _page(request, name: str, cases, form, own: bool, status: int = 200, lines=(), **more):
    """核对页只办得成的往下走：还不能办的留在交办台，不带着一批一起被退回。"""
    ready = [line.case for line in lines if not line.problem] if lines else cases
    context = {
        "cases": cases, "form": form, "own": own, "keys": ",".join(str(case.pk) for case in ready),
        "lines": lines, "ready": len(ready), "problems": len(cases) - len(ready),
        "query": request.POST.get("query", ""), "back": _back(request),
        "may_assign": access.may(request.user, "assign"), "carried": _carried(form, own), **more,
    }
    return render_page(request, f"handlers/board/batch_{name}.html", None, context, status=status)


def _carried(form, own: bool) -> list[tuple[str, str]]:
    """核对页带着走的选择。"""
    if own or not form.is_bound:
        return []
    return [(name, value) for name in form.fields for value in form.data.getlist(name) if value]


def _back(request) -> str:
    query = boarding.kept_query(_query(request))
    return reverse("handlers:board") + (f"?{query}" if query else "")
