"""件页：一件一页，分栏看；右侧是期限、在谁手里、还差什么、下一步、电话。"""
from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BigIntegerField, DateField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from handlers.models import Assignment, Duty, Extension, Post
from lianluo.accounts.decorators import signed_in
from lianluo.accounts.roles import Role
from lianluo.statements import Blank, Statement
from lianluo.web.render import render_page
from lianluo.workdays import clock
from suggestions.access import access_suggestion
from suggestions.models import Series, Suggestion

from .. import panels, reminding
from ..case_tabs import TABS, Tab, tabs_for
from ..standing import standing

#: 只有代表身份的人看自己的页，不看工作页
DEPUTY_ONLY = frozenset({Role.DEPUTY.value})
#: 谁看得到提醒预览：办公室与承办单位
WATCHES_REMINDERS = (
    Role.NPC_OFFICE, Role.GOV_OFFICE, Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE, Role.DEPT_HEAD, Role.HANDLER,
)


def find(user, code: str, number: str) -> Suggestion:
    """由届次与编号找件；看不到与没有一样是 404。"""
    series = Series.BETWEEN if number.startswith("b") else Series.SESSION
    digits = number.removeprefix("b")
    if not (digits.isdecimal() and digits.isascii() and len(digits) < 9):
        raise Http404("没有这个编号")
    return access_suggestion(user, session__code=code, series=series, number=int(digits))


@require_safe
@signed_in
def by_id(request, pk: int):
    """未登记的件按内部号打开；已登记的转到编号地址。"""
    suggestion = access_suggestion(request.user, pk)
    if suggestion.number is not None:
        return redirect(suggestion.get_absolute_url())
    return _page(request, suggestion, request.GET.get("tab", "overview"))


@require_safe
@signed_in
def show(request, code: str, number: str, tab: str = "overview"):
    """件页的一栏。"""
    return _page(request, find(request.user, code, number), tab)


def _assignments():
    """承办关系，带单位、单位的联络员（姓名 电话）、有没有延期等着批。"""
    liaison = Post.objects.valid(Blank("today", DateField())).with_duty(Duty.LIAISON).filter(unit=OuterRef("unit"))
    named = liaison.order_by("id").values_list(Concat("name", Value(" "), "phone"))
    asked = Extension.objects.filter(assignment=OuterRef("pk"), granted__isnull=True)
    found = Assignment.objects.filter(suggestion_id=Blank("case", BigIntegerField())).annotate(
        liaison=Subquery(named[:1]), asks_extension=Exists(asked)
    )
    return found.select_related("unit", "result_class", "replaces").order_by("id")


ASSIGNMENTS = Statement(_assignments)


def assignments_of(case: Suggestion) -> list[Assignment]:
    """件（已并案的看主件）的承办关系，含改办走的。"""
    return ASSIGNMENTS.objects(case=case.merged_into_id or case.pk, today=clock.today())


def _page(request, case: Suggestion, code: str):
    if request.user.roles == DEPUTY_ONLY:
        return redirect("deputy:case", pk=case.pk)
    assignments = assignments_of(case)
    tabs = tabs_for(request.user, assignments)
    tab = next((one for one in tabs if one.code == code), None)
    if tab is None:
        raise Http404("没有这一栏")
    context = {
        "case": case, "assignments": assignments, "tabs": list(_links(case, tabs, tab)), "panel_template": tab.template,
        "standing": standing(case, assignments, request.user, today=clock.today()),
        "milestones": panels.milestones(case, assignments) if tab.code == "overview" else (),
        "sees_reminders": request.user.has_role(*WATCHES_REMINDERS), **tab.context(request, case),
    }
    return render_page(request, "supervision/case/page.html", None, context)


def _links(case: Suggestion, tabs: list[Tab], current: Tab) -> Iterator[tuple[int, str, str, bool]]:
    """分栏的（数字键、标题、地址、是不是这一栏）；未登记的件没有编号，栏写在参数里。"""
    base = case.get_absolute_url()
    for key, tab in enumerate(tabs, 1):
        inside = "" if tab is TABS[0] else f"{tab.code}/"
        yield key, tab.label, f"{base}?tab={tab.code}" if case.number is None else base + inside, tab is current


@require_safe
@signed_in
def reminders(request, pk: int):
    """「谁会在什么时候收到什么」：发过的、将发的提醒。"""
    case = access_suggestion(request.user, pk)
    if not request.user.has_role(*WATCHES_REMINDERS):
        raise Http404("没有这一页")
    context = {"case": case, "main": case.main, "sent": reminding.sent(case.main),
               "coming": reminding.coming(case.main, clock.today())}
    return render_page(request, "supervision/case/reminders.html", None, context)
