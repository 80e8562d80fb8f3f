"""出差登记：去哪里、谁去、为什么；顺路去见沿途还没有见过面的代表（JT-18）。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden

from ..access import may_in_unit
from ..models import Activity, ActivityKind, ActivityMember, Matter, Post, Stage, Unit


@transaction.atomic
def register_trip(
    unit: Unit, *, prefecture: str, happened_on: date, members: Sequence[Post], subject: str, actor, today: date
) -> Activity:
    """登记一次出差。"""
    if not may_in_unit(actor, unit.pk, "contact"):
        raise Forbidden("由本单位的人登记出差")
    if not prefecture.strip():
        raise DomainError("选择去哪个市州", field="prefecture")
    if not members:
        raise DomainError("选择出差的人", field="members")
    if any(post.unit_id != unit.pk for post in members):
        raise DomainError("出差的人从本单位里选", field="members")
    trip = Activity.objects.create(
        unit=unit, kind=ActivityKind.MEETING, matter=Matter.TRIP, stage=Stage.DURING, happened_on=happened_on,
        place=prefecture.strip(), subject=subject.strip(), content=subject.strip(), recorded_by=actor,
    )
    ActivityMember.objects.bulk_create(
        ActivityMember(
            activity=trip, post=post, name=post.name, title=post.title or post.get_duty_display(), duty=post.duty,
            rank=post.rank,
        )
        for post in members
    )
    record("trip.registered", actor=actor, target=trip, place=trip.place, happened_on=happened_on,
           members=[post.name for post in members])
    return trip
