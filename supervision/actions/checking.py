"""专项督查：办公室每月一次，把逾期、快到期、还没有沟通过的件列出来逐件查（财政厅 CZ-12）。"""
from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from handlers.access import may_in_unit
from handlers.mechanisms import policies
from handlers.models import ActivityCase, Assignment, Unit
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden
from suggestions.locking import lock_case

from ..models import Board, Directive, DirectiveCase, DirectiveKind
from ..querysets import UNANSWERED, soon_until

CODE = "CZ-12"


def period_of(today: date) -> str:
    """哪一期：一个月一期。"""
    return f"{today:%Y-%m}"


def to_check(unit: Unit, today: date) -> list[tuple[Assignment, str]]:
    """要查的件和为何列入：逾期、五个工作日内到期、还没有与代表沟通。"""
    talked = ActivityCase.objects.standing().filter(assignment=OuterRef("pk"))
    rows = Assignment.objects.live().filter(unit=unit, status__in=UNANSWERED).annotate(talked=Exists(talked))
    soon = soon_until(today)
    found = [(one, _why(one, today, soon)) for one in rows.order_by("due_on", "id")]
    return [(one, why) for one, why in found if why]


def _why(one: Assignment, today: date, soon: date) -> str:
    if one.due_on and one.due_on < today:
        return f"逾期 {(today - one.due_on).days} 天"
    if one.due_on and one.due_on <= soon:
        return f"{one.due_on} 到期"
    return "还没有与代表沟通" if one.answers_deputy and not one.talked else ""


@transaction.atomic
def open_checks(unit: Unit, period: str, *, actor=None, today: date) -> Directive | None:
    """开一期督查单；没有起用、没有要查的、这一期开过了的，什么也不做。"""
    if CODE not in policies.active_codes(unit, today):
        return None
    Unit.objects.select_for_update().get(pk=unit.pk)
    if Directive.objects.filter(unit=unit, kind=DirectiveKind.CHECK, period=period).exists():
        return None
    rows = to_check(unit, today)
    if not rows:
        return None
    directive = Directive.objects.create(
        unit=unit, kind=DirectiveKind.CHECK, board=Board.SUGGESTIONS, period=period, issued_on=today, issued_by=actor,
        title=f"{period} 代表建议办理专项督查",
    )
    DirectiveCase.objects.bulk_create(DirectiveCase(directive=directive, assignment=one, why=why) for one, why in rows)
    record("check.opened", actor=actor, target=directive, unit=unit.short, period=period, cases=len(rows))
    return directive


def open_all(today: date) -> int:
    """每个起用了的单位各看一眼；返回新开的份数。"""
    opened = [open_checks(unit, period_of(today), today=today) for unit in Unit.objects.active(today).order_by("id")]
    return sum(one is not None for one in opened)


@transaction.atomic
def enter_result(row: DirectiveCase, *, result: str, actor, today: date) -> DirectiveCase:
    """录入一件的督查结果；录错了的再录一次，以后一次为准，前一次在留痕里。"""
    lock_case(row.assignment.suggestion_id)
    row = DirectiveCase.objects.select_related("directive", "assignment").get(pk=row.pk)
    if not may_in_unit(actor, row.directive.unit_id, "check"):
        raise Forbidden("督查结果由本单位办公室或厅领导录入")
    if not result.strip():
        raise DomainError("写明督查结果", field="result")
    old, row.result, row.checked_on, row.checked_by = row.result, result.strip(), today, actor
    row.save(update_fields=["result", "checked_on", "checked_by"])
    record("check.entered", actor=actor, target=row, result=row.result, old=old)
    return row
