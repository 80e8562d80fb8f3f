"""登记成果：建议转化成的政策文件、改革事项、地方立法（MZ-13）。没有文号的不算已出台。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden
from suggestions.locking import lock_case

from ..access import may_in_unit
from ..models import Assignment, Outcome, OutcomeKind, OutcomeStage, Unit


@transaction.atomic
def record_outcome(
    unit: Unit, outcome: Outcome | None = None, *, kind: str, title: str, stage: str, happened_on: date,
    assignments: Sequence[Assignment], document_number: str = "", actor, today: date,
) -> Outcome:
    """登记一项成果，或者改它的进度、文号；可由几件转化而来，每件上留一条痕。"""
    if not may_in_unit(actor, unit.pk, "sheet"):
        raise Forbidden("由本单位的人登记成果")
    _check(unit, kind, title, stage, happened_on, assignments, today)
    rows = sorted({row.pk: row for row in assignments}.values(), key=lambda row: row.suggestion_id)
    for row in rows:
        lock_case(row.suggestion_id)
    made = outcome is None
    outcome = outcome or Outcome(unit=unit, added_by=actor)
    outcome.kind, outcome.title, outcome.stage, outcome.happened_on = kind, title.strip(), stage, happened_on
    outcome.document_number = document_number.strip()
    outcome.save()
    outcome.assignments.set(rows)
    for row in rows:
        record(
            "outcome.recorded" if made else "outcome.changed", actor=actor, target=row, outcome=outcome.pk,
            title=outcome.title, stage=outcome.get_stage_display(), document_number=outcome.document_number,
        )
    return outcome


def _check(
    unit: Unit, kind: str, title: str, stage: str, happened_on: date, assignments: Sequence[Assignment], today: date
) -> None:
    if kind not in OutcomeKind.values:
        raise DomainError("选择成果的种类", field="kind")
    if stage not in OutcomeStage.values:
        raise DomainError("选择进度", field="stage")
    if not title.strip():
        raise DomainError("填写成果的名称", field="title")
    if happened_on > today:
        raise DomainError("日期不能晚于今天", field="happened_on")
    if not assignments:
        raise DomainError("选择由哪些件转化而来", field="assignments")
    if any(row.unit_id != unit.pk or row.status == "reassigned" for row in assignments):
        raise DomainError("件从交给本单位的件里选", field="assignments")
