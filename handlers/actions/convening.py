"""会议研究：党组会、厅务会、专题会研究代表建议办理（科技厅 KJ-02）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden
from suggestions.locking import lock_case

from ..access import may_in_unit
from ..models import Activity, ActivityCase, ActivityKind, Assignment, Matter, Stage, Unit


@transaction.atomic
def hold_unit_meeting(
    unit: Unit, *, organ: str, happened_on: date, subject: str, content: str, assignments: Sequence[Assignment] = (),
    actor, today: date,
) -> Activity:
    """登记一次会议：哪一级会、议题、决议、关联的件；不计入与代表的沟通。"""
    if not may_in_unit(actor, unit.pk, "convene"):
        raise Forbidden("会议由联络员或厅领导登记")
    _check(unit, organ, happened_on, subject, content, assignments, today)
    for pk in sorted({one.suggestion_id for one in assignments}):
        lock_case(pk)
    meeting = Activity.objects.create(
        unit=unit, kind=ActivityKind.MEETING, matter=Matter.UNIT_MEETING, stage=Stage.DURING, organ=organ,
        happened_on=happened_on, subject=subject.strip(), content=content.strip(), recorded_by=actor,
    )
    told = {"organ": meeting.get_organ_display(), "happened_on": happened_on, "subject": meeting.subject}
    for one in assignments:
        case = ActivityCase.objects.create(activity=meeting, assignment=one)
        record("unit_meeting.held", actor=actor, target=case, **told)
    if not assignments:
        record("unit_meeting.held", actor=actor, target=meeting, **told)
    return meeting


def _check(unit, organ, happened_on, subject, content, assignments, today) -> None:
    if not organ:
        raise DomainError("选择是哪一级会议", field="organ")
    if happened_on > today:
        raise DomainError("会议日期不能晚于今天", field="happened_on")
    if not subject.strip():
        raise DomainError("写明议题", field="subject")
    if not content.strip():
        raise DomainError("写明决议", field="content")
    if any(one.unit_id != unit.pk for one in assignments):
        raise DomainError("关联的件从本单位的件里选", field="assignments")
