"""督查督办：“代表建议”单独一块；各期督查单，逐件录入结果。困难的上报、协调、解决也在这里。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_GET

from handlers.access import UNIT_WIDE, access_assignment, may_in_unit, posts_of
from handlers.mechanisms import policies
from handlers.models import Assignment
from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from ..access import access_entry
from ..actions import checking, difficulties
from ..forms.difficulties import CheckResultForm, CoordinateForm, DifficultyForm, SettleForm
from ..models import Board, Directive, DirectiveCase, DirectiveKind, LedgerEntry, LedgerKind
from ..querysets import OWED, of_light

WIDE_ROLES = (Role.UNIT_HEAD, Role.UNIT_LEADER, Role.UNIT_OFFICE)
UNIT_ROLES = (*WIDE_ROLES, Role.DEPT_HEAD, Role.HANDLER)


def checks_for(user):
    """看得到的督查单：本单位领导和联络员看本单位的。"""
    units = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    return Directive.objects.filter(kind=DirectiveKind.CHECK, unit__in=units)


@require_GET
@roles_required(*WIDE_ROLES)
def board(request):
    """一个板块的督查督办：专项督查各期、困难与逾期各几条。"""
    chosen = request.GET.get("board") or Board.SUGGESTIONS
    if chosen not in Board.values:
        raise Http404("没有这个板块")
    user, today = request.user, clock.today()
    units = [post.unit for post in posts_of(user) if post.duty in UNIT_WIDE]
    rows = checks_for(user).filter(board=chosen).annotate(
        number=Count("cases"), entered=Count("cases", filter=~Q(cases__result=""))
    )
    entries = LedgerEntry.objects.visible_to(user)
    counted = entries.order_by().aggregate(
        owed=Count("pk", filter=OWED), red=Count("pk", filter=of_light("red", today)),
        difficulties=Count("pk", filter=OWED & Q(kind=LedgerKind.DIFFICULTY)),
    )
    context = {
        "rows": rows.select_related("unit")[:60], "boards": Board.choices, "chosen": chosen, "counted": counted,
        "on": any(checking.CODE in policies.active_codes(unit, today) for unit in dict.fromkeys(units)),
    }
    return render_page(request, "supervision/checks/board.html", None, context)


@require_GET
@roles_required(*WIDE_ROLES)
def check(request, pk: int):
    """一期督查单：各件为何列入，查得怎样。"""
    found = checks_for(request.user).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份督查单，或者不是本单位的")
    cases = found.cases.select_related(
        "assignment__suggestion__session", "assignment__suggestion__lead_deputy", "checked_by"
    ).prefetch_related("assignment__allotments__division", "assignment__allotments__officer").order_by("id")
    may_enter = may_in_unit(request.user, found.unit_id, "check")
    return render_page(
        request, "supervision/checks/check.html", None, {"check": found, "cases": cases, "may_enter": may_enter}
    )


@roles_required(*WIDE_ROLES)
def check_result(request, pk: int):
    """录入一件的督查结果。"""
    row = DirectiveCase.objects.filter(directive__in=checks_for(request.user), pk=pk).select_related(
        "directive", "assignment__suggestion__session", "assignment__suggestion__lead_deputy"
    ).first()
    if row is None:
        raise Http404("督查单上没有这一件，或者不是本单位的")
    form, status = CheckResultForm(request.POST or None, initial={"result": row.result}), 200
    back = reverse("supervision:check", args=[row.directive_id])
    if request.method == "POST":
        outcome = submit(request, form, lambda data: checking.enter_result(
            row, result=data["result"], actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            messages.success(request, "督查结果已录入")
            return outcome.redirect(back)
        status = outcome.status
    context = {"form": form, "row": row, "case": row.assignment.suggestion, "back": back}
    return render_page(request, "supervision/checks/result.html", None, context, status=status)


# ── 困难 ──
@signed_in
def difficulty_new(request, pk: int):
    """报一个困难；报完回到件的「督办」栏。"""
    assignment: Assignment = access_assignment(request.user, pk, for_="progress")
    today = clock.today()
    form = DifficultyForm(request.POST or None, unit_id=assignment.unit_id, today=today, initial={
        "owner": assignment.responsible_leader_id,
    })
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: difficulties.raise_difficulty(
            assignment, actor=request.user, today=today, **data
        ))
        if outcome.ok:
            messages.success(request, "困难已上报，责任人会收到通知")
            return outcome.redirect(f"{assignment.suggestion.get_absolute_url()}ledger/")
        status = outcome.status
    context = {"form": form, "case": assignment.suggestion, "assignment": assignment}
    return render_page(request, "supervision/checks/difficulty_new.html", None, context, status=status)


@roles_required(*UNIT_ROLES)
def difficulty_coordinate(request, pk: int):
    """记一次协调。"""
    entry = _difficulty(request.user, pk)
    form = CoordinateForm(request.POST or None, initial={"happened_on": clock.today()})
    return _act(request, entry, form, "记协调", difficulties.coordinate, "协调情况已记下")


@roles_required(*UNIT_ROLES)
def difficulty_settle(request, pk: int):
    """写明解决的结果。"""
    entry = _difficulty(request.user, pk)
    if not difficulties.may_settle(request.user, entry):
        raise PermissionDenied("困难由责任人或厅领导了结，提出的人不能自己了结")
    return _act(request, entry, SettleForm(request.POST or None), "写明解决结果", difficulties.settle, "困难已了结")


def _difficulty(user, pk: int) -> LedgerEntry:
    entry = access_entry(user, pk, for_="progress")
    if entry.kind != LedgerKind.DIFFICULTY:
        raise Http404("这一条不是困难")
    return entry


def _act(request, entry: LedgerEntry, form, heading: str, action, said: str):
    """两张表同一个样子，办完回到条目。"""
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: action(entry, actor=request.user, today=clock.today(), **data))
        if outcome.ok:
            messages.success(request, said)
            return outcome.redirect(reverse("supervision:ledger_entry", args=[entry.pk]))
        status = outcome.status
    context = {"entry": entry, "form": form, "heading": heading}
    return render_page(request, "supervision/checks/difficulty.html", None, context, status=status)
