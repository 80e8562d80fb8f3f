"""督办台账：一张表看全部欠着的事，按单位汇总，导出。一条一页在 ``entry``。"""
from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.accounts.roles import Role
from lianluo.audit.remembering import remembered
from lianluo.documents.downloads import bytes_response
from lianluo.text.numbers import ints_of
from lianluo.web.forms import Form
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import exporting
from ..actions import signing_off
from ..filters import filtered, tab_counts
from ..ledger_rows import COLUMNS, tabs, to_row
from ..models import LedgerEntry, LedgerKind
from ..querysets import OWED, READY, SIGNED_OFF, UNSENT, of_light

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: 一次最多批量核准几条
MOST_AT_ONCE = 200
OWING_KINDS = (LedgerKind.HANDLING, LedgerKind.PROMISE)


@require_GET
@signed_in
def index(request):
    """台账首页：默认看在账的，先到期的在上。"""
    today, visible = clock.today(), LedgerEntry.objects.visible_to(request.user)
    found = filtered(request.GET, visible)
    key = ("supervision.tabs", request.user.pk, today)
    shown = tabs(request.GET, remembered(key, lambda: tab_counts(visible, today)))
    known = next((tab["number"] for tab in shown if tab["current"]), None)
    rows = found.qs.with_latest_progress().select_related("suggestion__session", "unit", "assignment").only(*COLUMNS)
    page = paginate(request, rows.by_urgency(), count=found.qs.count() if known is None else known)
    context = {
        "filter": found, "page": page, "rows": [to_row(entry, today) for entry in page], "tabs": shown,
        "decides": request.user.has_role(Role.NPC_OFFICE), "today": today,
    }
    return render_page(request, "supervision/ledger/index.html", "supervision/ledger/_ledger_table.html", context)


@require_GET
@signed_in
def units(request):
    """按单位汇总：各欠多少、逾期多少，点数字就是那些条目。"""
    today = clock.today()
    rows = LedgerEntry.objects.visible_to(request.user).filter(kind__in=OWING_KINDS, unit__isnull=False)
    counted = list(
        rows.order_by().values("unit_id", "unit__short", "unit__phone").annotate(**_numbers(today))
        .order_by("-overdue", "-owed", "unit_id")
    )
    names = list(_numbers(today))
    total = {name: sum(row[name] for row in counted) for name in names}
    before = today.replace(day=1) - timedelta(days=1)
    context = {
        "rows": counted, "total": total, "before": before, "change": total["owed"] - owed_on(rows, before),
        "today": today,
    }
    return render_page(request, "supervision/ledger/units.html", None, context)


def _numbers(today: date) -> dict[str, Count]:
    return {
        "owed": Count("pk", filter=OWED), "overdue": Count("pk", filter=of_light("red", today)),
        "soon": Count("pk", filter=of_light("soon", today)), "ready": Count("pk", filter=READY),
        "promises": Count("pk", filter=OWED & Q(kind=LedgerKind.PROMISE)), "signed": Count("pk", filter=SIGNED_OFF),
        "unsent": Count("pk", filter=UNSENT),
    }


def owed_on(rows, day: date) -> int:
    """某一天终了时在账的条数，由挂账、销号、不再督办的日期倒推。"""
    still = (Q(signed_off_on__isnull=True) | Q(signed_off_on__gt=day)) & (
        Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    )
    return rows.filter(still, opened_on__lte=day).count()


@require_GET
@signed_in
def export(request):
    """导出当前筛选的台账。"""
    today = clock.today()
    rows = filtered(request.GET, LedgerEntry.objects.visible_to(request.user)).qs.most_urgent_first()
    return bytes_response(exporting.ledger_workbook(rows, today), XLSX, f"督办台账-{today}.xlsx")


@require_POST
@roles_required(Role.NPC_OFFICE)
def grant_many(request):
    """批量核准：先核对一遍，确认后逐条核；条件不足的原样留下并说明。"""
    keys = ints_of(request.POST.getlist("pk"))[:MOST_AT_ONCE]
    rows = LedgerEntry.objects.visible_to(request.user).filter(pk__in=keys).with_case().order_by("suggestion_id", "id")
    waiting = reverse("supervision:ledger") + "?state=ready"
    if not keys:
        messages.info(request, "勾选要核准的条目")
        return redirect(waiting)
    form = Form(request.POST)
    if "confirm" not in request.POST:
        return _check_page(request, form, rows.prefetch_related("signing_offs__applied_by", "signing_offs__evidence"))
    outcome = submit(request, form, lambda data: signing_off.grant_many(
        list(rows), actor=request.user, today=clock.today()
    ))
    if outcome.repeated or not outcome.ok:
        return outcome.redirect(waiting)
    done, refused = outcome.result
    return render_page(request, "supervision/ledger/granted.html", None, {"done": done, "refused": refused})


def _check_page(request, form: Form, entries):
    """核对页：每条是谁申请的、说明、佐证；自己申请的标出来，核准不了。"""
    rows = []
    for entry in entries:
        application = next((one for one in entry.signing_offs.all() if one.granted is None), None)
        rows.append({
            "entry": entry, "application": application,
            "own": application is not None and application.applied_by_id == request.user.pk,
        })
    return render_page(request, "supervision/ledger/grant_check.html", None, {"rows": rows, "form": form})
