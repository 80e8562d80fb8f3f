"""办公室看谁还没有反馈、催填；单位看对自己的评价（提交以后才有）。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.statemachine import DomainError
from lianluo.text.numbers import ints_of
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.workdays import clock

from .. import evaluation_lists as lists
from ..access import READS_ALL, may, units_of
from ..actions import evaluating
from ..filters_evaluating import DeliveryFilter, EvaluationFilter
from ..models import Delivery

office_only = roles_required(Role.NPC_OFFICE)
MOST_AT_ONCE = 500


@require_safe
@signed_in
def evaluations(request: HttpRequest) -> HttpResponse:
    """评价与再办理：分栏列出。"""
    user = request.user
    if not user.has_role(*READS_ALL) and not units_of(user):
        raise PermissionDenied("这一页不归当前账号办理")
    tabs = lists.tabs_for(user)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else next(iter(tabs))
    rows = lists.rows_of(user, tab)
    kind = DeliveryFilter if tab in ("awaiting", "unreturned") else EvaluationFilter
    shown = kind(request.GET, queryset=rows, request=request)
    return render_page(request, "handlers/evaluations.html", "handlers/_evaluation_table.html", {
        "tab": tab, "filter": shown, "page": paginate(request, shown.qs), "may_act": may(user, "proxy_evaluation"),
        "tabs": [(code, label, _counted(user, code)) for code, label in tabs.items()],
        "escalated": lists.escalated().count() if may(user, "start_round") else 0, "today": clock.today(),
    })


def _counted(user, tab: str) -> int | None:
    """只数要办的那一栏。"""
    return lists.awaiting().order_by().count() if tab == "awaiting" else None


@require_POST
@office_only
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """催一份。"""
    row = Delivery.objects.select_related("deputy").filter(pk=pk).first()
    if row is None:
        return redirect("handlers:evaluations")
    try:
        evaluating.urge_evaluation(row, actor=request.user, today=clock.today())
        messages.success(request, f"已催{row.deputy.name}代表")
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect(_back(request))


@require_POST
@office_only
def urge_many(request: HttpRequest) -> HttpResponse:
    """催所选的各份；今天催过的、刚交回来的略过并说明。"""
    done, skipped = 0, []
    for row in _selected(request):
        try:
            evaluating.urge_evaluation(row, actor=request.user, today=clock.today())
            done += 1
        except DomainError as error:
            skipped.append(error.sentence)
    if done or not skipped:
        messages.success(request, f"已催 {done} 名代表" if done else "勾选要催的代表")
    if skipped:
        messages.warning(request, f"略过 {len(skipped)} 名：{'；'.join(dict.fromkeys(skipped[:3]))}")
    return redirect(_back(request))


def _selected(request: HttpRequest):
    """勾选的；“选中全部”按现在的筛选条件取。"""
    rows = lists.awaiting()
    if request.POST.get("all"):
        return list(DeliveryFilter(request.GET, queryset=rows, request=request).qs[:MOST_AT_ONCE])
    picked = ints_of(request.POST.getlist("pk"))
    return list(rows.filter(pk__in=picked[:MOST_AT_ONCE]))


def _back(request: HttpRequest) -> str:
    """回到按下按钮的那一件，或者原来的栏和筛选。"""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    query = request.GET.urlencode()
    return reverse("handlers:evaluations") + (f"?{query}" if query else "")
