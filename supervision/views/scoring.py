"""处室考核：各年方案、一年各处室的分、一张评分表、人工加减分、更正单（财政厅 CZ-27、CZ-28）。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from handlers.access import ROLE_OF_DUTY, may_in_unit, posts_of, units_of
from handlers.access_serving import own_unit
from lianluo.accounts.decorators import roles_required
from lianluo.statemachine import DomainError
from lianluo.web.render import redirect_to, render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import exporting_scoring
from ..actions import scoring as actions
from ..forms.scoring import ComputeForm, CorrectForm, MarkForm, PointsForm, SchemeForm, WithdrawForm, last_day
from ..models import ScoreItem, ScoreMark, ScoreSheet, ScoreStatus, ScoringScheme
from ..scoring.sheet import ranked

UNIT = tuple(dict.fromkeys(ROLE_OF_DUTY.values()))


def _scheme(user, pk: int, capability: str = "") -> ScoringScheme:
    """取本单位一年的方案：别的单位的 404，无权办 403。"""
    mine = [unit.pk for unit in units_of(user)]
    found = ScoringScheme.objects.select_related("unit").filter(unit__in=mine, pk=pk).first()
    if found is None:
        raise Http404("没有这一年的考核，或者不是本单位的")
    if capability and not may_in_unit(user, found.unit_id, capability):
        raise PermissionDenied("处室考核由本单位的联络员、分管领导或主要负责人办理")
    return found


def _sheets(user, scheme: ScoringScheme):
    rows = ScoreSheet.objects.visible_to(user).filter(scheme=scheme)
    return rows.select_related("scheme", "division", "unit").prefetch_related("items__corrections")


@roles_required(*UNIT)
def schemes(request: HttpRequest) -> HttpResponse:
    """各年的考核；联络员、厅领导可以开今年的。"""
    unit, today = own_unit(request.user), clock.today()
    form, status = SchemeForm(request.POST or None, initial={"year": today.year}), 200
    if request.method == "POST":
        own_unit(request.user, "appraise")
        outcome = submit(request, form, lambda data: actions.make_scheme(
            unit, year=data["year"], actor=request.user, today=today
        ))
        if outcome.ok:
            found = outcome.result
            return outcome.redirect(reverse("supervision:scheme", args=[found.pk]) if found else "")
        status = outcome.status
    context = {
        "unit": unit, "form": form, "rows": ScoringScheme.objects.filter(unit=unit),
        "may": may_in_unit(request.user, unit.pk, "appraise"),
    }
    return render_page(request, "supervision/scoring/list.html", None, context, status=status)


@require_GET
@roles_required(*UNIT)
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """一年各处室的分，按名次；锁定了的导出到年度绩效。"""
    found = _scheme(request.user, pk)
    sheets = list(_sheets(request.user, found))
    may = may_in_unit(request.user, found.unit_id, "appraise")
    if request.GET.get("export") == "xlsx":
        if not may:
            raise PermissionDenied("年度绩效由本单位的联络员、厅领导导出")
        locked = [one for one in sheets if one.status == ScoreStatus.LOCKED]
        if not locked:
            raise DomainError("还没有锁定的评分表，锁定以后再导出到年度绩效")
        return exporting_scoring.appraisal(found, locked)
    context = {
        "scheme": found, "unit": found.unit, "ranked": ranked(sheets), "may": may,
        "drafts": sum(one.status == ScoreStatus.DRAFT for one in sheets),
        "locked": sum(one.status == ScoreStatus.LOCKED for one in sheets),
        "marks": _marks(found) if may else [], "whole": _is_wide(request.user, found.unit_id),
    }
    return render_page(request, "supervision/scoring/scheme.html", None, context)


def _is_wide(user, unit_id: int) -> bool:
    return may_in_unit(user, unit_id, "appraise")


def _marks(scheme: ScoringScheme):
    return scheme.marks.select_related("division", "made_by", "assignment__suggestion__session")


@roles_required(*UNIT)
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改各项满分和权重。"""
    found = _scheme(request.user, pk, "appraise")
    form, status = PointsForm(request.POST or None, scheme=found), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.change_scheme(
            found, points=form.points(), bonus_cap=data["bonus_cap"], weight=data["weight"], actor=request.user
        ))
        if outcome.ok:
            messages.success(request, "方案改好了，重新核算后生效")
            return outcome.redirect(reverse("supervision:scheme", args=[pk]))
        status = outcome.status
    return render_page(request, "supervision/scoring/form.html", None, {
        "scheme": found, "form": form, "title": "改考核方案", "button": "保存方案",
        "lede": "基础分合计须为 100；满分写 0 的项不考",
    }, status=status)


@roles_required(*UNIT)
def scheme_compute(request: HttpRequest, pk: int) -> HttpResponse:
    """按截止日核算各处室。"""
    found, today = _scheme(request.user, pk, "appraise"), clock.today()
    form, status = ComputeForm(request.POST or None, initial={"cutoff_on": last_day(found.year, today)}), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.compute_sheets(
            found, cutoff_on=data["cutoff_on"], actor=request.user, today=today
        ))
        if outcome.ok:
            messages.success(request, f"核算了 {len(outcome.result or [])} 个处室")
            return outcome.redirect(reverse("supervision:scheme", args=[pk]))
        status = outcome.status
    return render_page(request, "supervision/scoring/form.html", None, {
        "scheme": found, "form": form, "title": "核算处室评分", "button": "核算",
        "lede": "按截止那天的事实逐项算，存下怎样算的和凭据；已经确认、锁定的处室不动",
    }, status=status)


@require_POST
@roles_required(*UNIT)
def scheme_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """公示核算好的。"""
    found = _scheme(request.user, pk, "appraise")
    number = actions.publish_sheets(found, actor=request.user, today=clock.today())
    messages.success(request, f"公示了 {number} 个处室的评分，由各处处长确认")
    return redirect_to(request, reverse("supervision:scheme", args=[pk]))


@roles_required(*UNIT)
def mark_new(request: HttpRequest, pk: int) -> HttpResponse:
    """记一次人工加减分。"""
    found = _scheme(request.user, pk, "appraise")
    form, status = MarkForm(request.POST or None, scheme=found), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.add_mark(
            found, actor=request.user, today=clock.today(), **data
        ))
        if outcome.ok:
            messages.success(request, "记下了，重新核算后计入")
            return outcome.redirect(reverse("supervision:scheme", args=[pk]))
        status = outcome.status
    return render_page(request, "supervision/scoring/form.html", None, {
        "scheme": found, "form": form, "title": "记人工加减分", "button": "记下",
        "lede": "系统看不出来的：答复质量的扣分，表扬、经验刊发的加分",
    }, status=status)


@roles_required(*UNIT)
def mark_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销一次人工加减分。"""
    mark = ScoreMark.objects.select_related("scheme", "division").filter(pk=pk).first()
    if mark is None:
        raise Http404("没有这一条加减分")
    found = _scheme(request.user, mark.scheme_id, "appraise")
    form, status = WithdrawForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.withdraw_mark(mark, actor=request.user, **data))
        if outcome.ok:
            messages.success(request, "撤销了，重新核算后生效")
            return outcome.redirect(reverse("supervision:scheme", args=[found.pk]))
        status = outcome.status
    return render_page(request, "supervision/scoring/form.html", None, {
        "scheme": found, "form": form, "title": "撤销人工加减分", "button": "撤销",
        "lede": f"{mark.division}：{mark.get_kind_display()}，{mark.ground}",
    }, status=status)


def _sheet(user, pk: int) -> ScoreSheet:
    rows = ScoreSheet.objects.visible_to(user).select_related("scheme", "division", "unit", "confirmed_by")
    found = rows.prefetch_related("items__corrections__made_by").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这张评分表，或者不在可见范围内")
    return found


@require_GET
@roles_required(*UNIT)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """一张评分表：逐项几分、怎样算的、凭哪几件。"""
    found = _sheet(request.user, pk)
    user = request.user
    context = {
        "sheet": found, "scheme": found.scheme, "final": found.final, "items": list(found.items.all()),
        "may_confirm": found.status == ScoreStatus.PUBLISHED and actions.may_confirm(user, found),
        "may_lock": found.status == ScoreStatus.CONFIRMED and may_in_unit(user, found.unit_id, "lock_score")
        and found.computed_by_id != user.pk,
        "may_correct": found.status in (ScoreStatus.CONFIRMED, ScoreStatus.LOCKED)
        and may_in_unit(user, found.unit_id, "lock_score"),
    }
    return render_page(request, "supervision/scoring/sheet.html", None, context)


@require_POST
@roles_required(*UNIT)
def sheet_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """处长确认。"""
    actions.confirm_sheet(_sheet(request.user, pk), actor=request.user, today=clock.today())
    messages.success(request, "确认了，由厅领导锁定")
    return redirect_to(request, reverse("supervision:score_sheet", args=[pk]))


@require_POST
@roles_required(*UNIT)
def sheet_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """厅领导锁定。"""
    actions.lock_sheet(_sheet(request.user, pk), actor=request.user, today=clock.today())
    messages.success(request, "锁定了，可以导出到年度绩效；以后要改只能开更正单")
    return redirect_to(request, reverse("supervision:score_sheet", args=[pk]))


@roles_required(*UNIT)
def item_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """开更正单。"""
    item = ScoreItem.objects.filter(pk=pk).select_related("sheet").prefetch_related("corrections").first()
    if item is None:
        raise Http404("没有这一项")
    found = _sheet(request.user, item.sheet_id)
    if not any(may_in_unit(request.user, post.unit_id, "lock_score") for post in posts_of(request.user)):
        raise PermissionDenied("更正单由本单位的厅领导开")
    form, status = CorrectForm(request.POST or None, item=item), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: actions.correct_item(
            item, actor=request.user, today=clock.today(), **data
        ))
        if outcome.ok:
            messages.success(request, "更正单开好了，总分按更正后的重算")
            return outcome.redirect(reverse("supervision:score_sheet", args=[found.pk]))
        status = outcome.status
    return render_page(request, "supervision/scoring/form.html", None, {
        "scheme": found.scheme, "form": form, "title": f"更正“{item.name}”", "button": "开更正单",
        "lede": f"{found.division}：原得分 {item.points}，{item.explanation}",
    }, status=status)
