"""改工作日历：每次改动写明理由、留一条痕，同一事务里重算还在走的到期日。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.urls import reverse

from lianluo.audit import record
from lianluo.statemachine import DomainError

from . import calendar
from .importing import YearFile
from .models import CalendarYear, Holiday
from .recompute import Moved, recompute_open

BY_HAND = "手工录入"


@dataclass(frozen=True)
class Change:
    """一次改动：留痕事件，以及随之移动的到期日。"""

    event: models.Model
    moves: list[Moved]

    def get_absolute_url(self) -> str:
        """结果页：列出移动了的到期日。"""
        return reverse("workdays:change", args=[self.event.pk])


@transaction.atomic
def set_day(
    day: date, *, is_workday: bool | None, name: str = "", source: str = "", reason: str, today: date, actor
) -> Change:
    """把一天改为上班或放假；``is_workday`` 为 None 时恢复常规（周一至周五上班）。"""
    if not reason.strip():
        raise DomainError("填写修改的理由", field="reason")
    calendar.lock()
    row = Holiday.objects.filter(day=day).first()
    before = _facts(row)
    target = _write_day(row, day, is_workday, name.strip(), source.strip(), reason.strip())
    after = None if is_workday is None else _facts(target)
    if before == after:
        raise DomainError("这一天的安排没有变化", field="is_workday")
    return _changed(
        "calendar.day_changed", target, actor=actor, today=today, reason=reason.strip(),
        day=day, before=before, after=after,
    )


@transaction.atomic
def import_year(file: YearFile, *, today: date, actor) -> Change:
    """录入一年的放假安排：文件代替原有各日，手工修改而文件没有提到的日子保留。"""
    calendar.lock()
    days = [row.day for row in file.days]
    replaced = Holiday.objects.filter(day__year=file.year).exclude(source=BY_HAND)
    removed = replaced.count() + Holiday.objects.filter(day__in=days).exclude(pk__in=replaced).count()
    replaced.delete()
    Holiday.objects.filter(day__in=days).delete()
    Holiday.objects.bulk_create(
        Holiday(day=row.day, is_workday=row.is_workday, name=row.name, source=row.source or file.source)
        for row in file.days
    )
    year = _cover(file.year, file.source, today)
    return _changed(
        "calendar.year_imported", year, actor=actor, today=today, year=file.year, notice=file.source,
        days=len(days), replaced=removed,
    )


@transaction.atomic
def cover_year(year: int, *, source: str, today: date, actor) -> Change:
    """标明一年的放假安排已逐日录完，此后涉及这一年的到期日不再是暂定。"""
    if not source.strip():
        raise DomainError("填写放假通知的文号或名称", field="source")
    calendar.lock()
    row = _cover(year, source.strip(), today)
    return _changed("calendar.year_covered", row, actor=actor, today=today, year=year, notice=source.strip())


@transaction.atomic
def uncover_year(year: int, *, reason: str, today: date, actor) -> Change:
    """撤去“已录入”：涉及这一年的到期日重新成为暂定。"""
    if not reason.strip():
        raise DomainError("填写撤去的理由", field="reason")
    calendar.lock()
    row = CalendarYear.objects.filter(year=year).first()
    if row is None:
        raise DomainError(f"{year}年的放假安排本来就没有录入")
    CalendarYear.objects.filter(year=year).delete()
    return _changed("calendar.year_uncovered", row, actor=actor, today=today, reason=reason.strip(), year=year)


def _write_day(
    row: Holiday | None, day: date, is_workday: bool | None, name: str, source: str, reason: str
) -> Holiday:
    if is_workday is None:
        Holiday.objects.filter(day=day).delete()
        return row or Holiday(day=day)
    values = {"is_workday": is_workday, "name": name, "source": source or BY_HAND, "note": reason[:200]}
    return Holiday.objects.update_or_create(day=day, defaults=values)[0]


def _facts(row: Holiday | None) -> dict | None:
    return {"is_workday": row.is_workday, "name": row.name, "source": row.source} if row else None


def _cover(year: int, source: str, today: date) -> CalendarYear:
    return CalendarYear.objects.update_or_create(year=year, defaults={"source": source, "covered_on": today})[0]


def _changed(name: str, target: models.Model, *, actor, today: date, reason: str = "", **data) -> Change:
    event = record(name, actor=actor, target=target, reason=reason, **data)
    moves = recompute_open(actor=actor, today=today, change=event.pk)
    return Change(event, moves)
