"""处室考核：定方案、核算、公示、确认、锁定；锁定以后只能开更正单（财政厅 CZ-27、CZ-28）。"""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from handlers.access import may_in_unit, posts_of
from handlers.models import Assignment, Division, Duty, Unit
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, move

from .. import lifecycle
from ..models import MarkKind, ScoreCorrection, ScoreItem, ScoreMark, ScoreSheet, ScoreStatus, ScoringScheme
from ..scoring import facts
from ..scoring.criteria import OF_ROOMS
from ..scoring.sheet import Computed, compute, default_items

OPEN = (ScoreStatus.DRAFT, ScoreStatus.PUBLISHED)


def _own(actor, unit_id: int) -> None:
    if not may_in_unit(actor, unit_id, "appraise"):
        raise Forbidden("处室考核由本单位的联络员、分管领导或主要负责人办理")


@transaction.atomic
def make_scheme(unit: Unit, *, year: int, actor, today: date) -> ScoringScheme:
    """开一年的处室考核，各项照缺省方案。一年一份。"""
    _own(actor, unit.pk)
    Unit.objects.select_for_update().get(pk=unit.pk)
    if not 2000 <= year <= today.year:
        raise DomainError(f"年度在 2000 到 {today.year} 之间", field="year")
    if ScoringScheme.objects.filter(unit=unit, year=year).exists():
        raise NotAllowed(f"{year} 年的处室考核已经开了")
    scheme = ScoringScheme.objects.create(
        congress=unit.congress, unit=unit, year=year, name="处室办理工作考核", items=default_items(), made_by=actor,
    )
    record("scheme.made", actor=actor, target=scheme, unit=unit.short, year=year)
    return scheme


@transaction.atomic
def change_scheme(
    scheme: ScoringScheme, *, points: dict[str, Decimal], bonus_cap: Decimal, weight: Decimal, actor
) -> ScoringScheme:
    """改各项满分、附加分上限、占绩效的权重；有处室确认了的不再改。"""
    scheme = _locked(scheme, actor)
    if scheme.sheets.exclude(status__in=OPEN).exists():
        raise NotAllowed("已有处室确认了评分，方案不再改")
    bonus = {one.code for one in OF_ROOMS if one.is_bonus}
    base = sum((value for code, value in points.items() if code not in bonus), Decimal(0))
    if base != 100:
        raise DomainError(f"各项基础分合计须为 100，现在是 {base.normalize():f}")
    scheme.items = [
        {**one, "points": str(points[one["code"]])} for one in scheme.items if points.get(one["code"], 0) > 0
    ] + [one for one in default_items() if points.get(one["code"], 0) > 0 and not _has(scheme, one["code"])]
    scheme.bonus_cap, scheme.weight = bonus_cap, weight
    scheme.save(update_fields=["items", "bonus_cap", "weight"])
    record("scheme.changed", actor=actor, target=scheme, points={key: str(value) for key, value in points.items()})
    return scheme


def _has(scheme: ScoringScheme, code: str) -> bool:
    return any(one["code"] == code for one in scheme.items)


def _locked(scheme: ScoringScheme, actor) -> ScoringScheme:
    _own(actor, scheme.unit_id)
    return ScoringScheme.objects.select_for_update().get(pk=scheme.pk)


@transaction.atomic
def add_mark(
    scheme: ScoringScheme, *, division: Division, kind: str, ground: str, assignment: Assignment | None = None,
    actor, today: date,
) -> ScoreMark:
    """记一次人工加减分；凭据必填。"""
    scheme = _locked(scheme, actor)
    if division.unit_id != scheme.unit_id:
        raise DomainError("不是本单位的处室", field="division")
    if assignment is not None and assignment.unit_id != scheme.unit_id:
        raise DomainError("不是交给本单位的件", field="assignment")
    if kind not in MarkKind.values:
        raise DomainError("选择事由", field="kind")
    if not ground.strip():
        raise DomainError("写明凭什么", field="ground")
    if scheme.sheets.filter(division=division).exclude(status__in=OPEN).exists():
        raise NotAllowed(f"{division}已经确认评分，要改只能开更正单")
    mark = ScoreMark.objects.create(
        scheme=scheme, division=division, kind=kind, assignment=assignment, ground=ground.strip(), made_on=today,
        made_by=actor,
    )
    record("score.marked", actor=actor, target=mark, division=division.name, kind=mark.get_kind_display(),
           ground=mark.ground)
    return mark


@transaction.atomic
def withdraw_mark(mark: ScoreMark, *, reason: str, actor) -> ScoreMark:
    """撤销一次人工加减分，写明理由。"""
    scheme = _locked(mark.scheme, actor)
    mark = ScoreMark.objects.select_related("division").get(pk=mark.pk)
    if not reason.strip():
        raise DomainError("写明撤销的理由", field="reason")
    if mark.withdrawn_reason:
        raise NotAllowed("这一条已经撤销")
    if scheme.sheets.filter(division=mark.division_id).exclude(status__in=OPEN).exists():
        raise NotAllowed(f"{mark.division}已经确认评分，要改只能开更正单")
    mark.withdrawn_reason = reason.strip()
    mark.save(update_fields=["withdrawn_reason"])
    record("score.mark_withdrawn", actor=actor, target=mark, reason=mark.withdrawn_reason)
    return mark


@transaction.atomic
def compute_sheets(scheme: ScoringScheme, *, cutoff_on: date, actor, today: date) -> list[ScoreSheet]:
    """按截止日的事实核算各处室；已经确认、锁定的不动。公示着的退回核算中，须重新公示。"""
    scheme = _locked(scheme, actor)
    if not date(scheme.year, 1, 1) <= cutoff_on <= min(today, date(scheme.year + 1, 6, 30)):
        raise DomainError(f"截止日在 {scheme.year} 年 1 月 1 日到今天之间", field="cutoff_on")
    rooms = facts.gather(scheme.unit, scheme.year, cutoff_on, scheme)
    if not rooms:
        raise DomainError(f"到 {cutoff_on} 还没有分派给处室的件，没有可核算的")
    kept = {one.division_id: one for one in scheme.sheets.select_for_update()}
    done = []
    for room in rooms:
        sheet = kept.get(room.division.pk)
        if sheet is not None and sheet.status not in OPEN:
            continue
        done.append(_store(scheme, sheet, compute(room, scheme.items, scheme.bonus_cap), actor=actor))
    return done


def _store(scheme: ScoringScheme, sheet: ScoreSheet | None, found: Computed, *, actor) -> ScoreSheet:
    """存下一张表：各项连同怎样算的、凭什么，以后不随数据变。"""
    room = found.room
    if sheet is None:
        sheet = ScoreSheet(scheme=scheme, unit_id=scheme.unit_id, division=room.division)
    elif sheet.status == ScoreStatus.PUBLISHED:
        move(sheet, lifecycle.RECOMPUTE, actor=actor, fields={"published_on": None})
    sheet.cutoff_on, sheet.computed_by = room.cutoff, actor
    sheet.base_points, sheet.bonus, sheet.total = found.totals.base, found.totals.bonus, found.totals.total
    sheet.save()
    sheet.items.all().delete()
    ScoreItem.objects.bulk_create(
        ScoreItem(
            sheet=sheet, position=place, code=line.criterion.code, name=line.criterion.name,
            heading=line.criterion.group, is_bonus=line.criterion.is_bonus, most=line.criterion.most,
            applies=line.score is not None, points=line.points,
            explanation=line.score.explanation if line.score else "没有可考的件，不适用",
            evidence=line.score.evidence if line.score else [],
        )
        for place, line in enumerate(found.lines, start=1)
    )
    record("score.computed", actor=actor, target=sheet, division=room.division.name, total=str(sheet.total),
           cutoff_on=sheet.cutoff_on)
    return sheet


@transaction.atomic
def publish_sheets(scheme: ScoringScheme, *, actor, today: date) -> int:
    """公示核算好的各处室；返回张数。"""
    scheme = _locked(scheme, actor)
    rows = list(scheme.sheets.filter(status=ScoreStatus.DRAFT).select_related("division"))
    if not rows:
        raise NotAllowed("没有核算好、等公示的评分表")
    for sheet in rows:
        move(sheet, lifecycle.PUBLISH, actor=actor, fields={"published_on": today}, division=sheet.division.name)
    return len(rows)


@transaction.atomic
def confirm_sheet(sheet: ScoreSheet, *, actor, today: date) -> ScoreSheet:
    """处长确认本处室的评分。"""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).select_related("division").get(pk=sheet.pk)
    if not may_confirm(actor, sheet):
        raise Forbidden("评分由本处室的处长确认")
    move(
        sheet, lifecycle.CONFIRM, actor=actor, fields={"confirmed_on": today, "confirmed_by": actor},
        division=sheet.division.name,
    )
    return sheet


def may_confirm(actor, sheet: ScoreSheet) -> bool:
    """是不是这个处室的处长。"""
    return any(post.division_id == sheet.division_id and post.duty == Duty.DIVISION_HEAD for post in posts_of(actor))


@transaction.atomic
def lock_sheet(sheet: ScoreSheet, *, actor, today: date) -> ScoreSheet:
    """锁定：由厅领导，且不是核算的人。锁定后不再改，要改只能开更正单（CZ-28）。"""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).select_related("division").get(pk=sheet.pk)
    if not may_in_unit(actor, sheet.unit_id, "lock_score"):
        raise Forbidden("评分由本单位的厅领导锁定")
    if sheet.computed_by_id == actor.pk:
        raise Forbidden("核算的人不能锁定，换一位厅领导")
    move(sheet, lifecycle.LOCK, actor=actor, fields={"locked_on": today}, division=sheet.division.name)
    return sheet


@transaction.atomic
def correct_item(item: ScoreItem, *, new_points: Decimal, reason: str, actor, today: date) -> ScoreCorrection:
    """开更正单：原来的分留着，总分按更正后的重算。确认以后才用得着，此前重新核算即可。"""
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).get(pk=item.sheet_id)
    if not may_in_unit(actor, sheet.unit_id, "lock_score"):
        raise Forbidden("更正单由本单位的厅领导开")
    if sheet.status in OPEN:
        raise NotAllowed("还没有确认的，重新核算即可，不用更正单")
    item = ScoreItem.objects.get(pk=item.pk)
    old = item.final_points
    if not item.applies:
        raise NotAllowed("这一项不适用，没有分可更正")
    if not 0 <= new_points <= item.most:
        raise DomainError(f"更正后的分在 0 到 {item.most} 之间", field="new_points")
    if new_points == old:
        raise DomainError(f"现在就是 {old} 分，没有要更正的", field="new_points")
    if not reason.strip():
        raise DomainError("写明更正的理由", field="reason")
    slip = ScoreCorrection.objects.create(
        item=item, old_points=old, new_points=new_points, reason=reason.strip(), made_by=actor, made_on=today
    )
    record("score.corrected", actor=actor, target=sheet, reason=slip.reason, item=item.name, old=str(old),
           new=str(new_points))
    return slip
