"""单位撤并：未答复的件转给承接单位，交办时的名称不改（机构改革后各地通行做法）。"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, move
from suggestions.locking import lock_case

from .. import deadlines, lifecycle
from ..models import Assignment, AssignmentRole, Unit
from ..models.assignment import LIVE


@dataclass
class Succession:
    """结果：转过去的、因承接单位已在件上而并掉的、转不过去要人工处理的。"""

    moved: list[Assignment] = field(default_factory=list)
    ended: list[Assignment] = field(default_factory=list)
    left: list[Assignment] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        parts = [f"{len(self.moved)} 个承办关系已转给承接单位"]
        if self.ended:
            parts.append(f"{len(self.ended)} 个因承接单位已在件上而并掉")
        if self.left:
            names = "、".join(row.suggestion.shown_number for row in self.left)
            parts.append(f"{names} 的承接单位已答复自己的部分，到交办页另定单位")
        return "；".join(parts)


def check_succession(unit: Unit, successor: Unit, on: date) -> None:
    """承接单位当天有效、同级、不是自己。"""
    if successor.pk == unit.pk:
        raise DomainError("承接单位不能是本单位", field="successor")
    if successor.congress_id != unit.congress_id:
        raise DomainError(f"“{successor}”不是本级人大的承办单位，换一个", field="successor")
    if successor.valid_to and successor.valid_to <= on:
        raise DomainError(f"“{successor}”已于 {successor.valid_to} 撤并，换一个", field="successor")
    if successor.valid_from and successor.valid_from > on:
        raise DomainError(f"“{successor}”自 {successor.valid_from} 起才成立，撤并日期改到那天或以后", field="valid_to")


@transaction.atomic
def succeed_unit(unit: Unit, successor: Unit, *, on: date, actor) -> Succession:
    """单位自 ``on`` 起撤并，未答复的承办关系转给承接单位，逐件留痕；台账随单位走。"""
    check_succession(unit, successor, on)
    done = Succession()
    open_rows = Assignment.objects.unanswered().filter(unit=unit).order_by("suggestion_id", "pk")
    for pk in list(open_rows.values_list("pk", flat=True)):
        _pass_on(pk, unit, successor, on, actor, done)
    Unit.objects.filter(pk=unit.pk).update(valid_to=on, successor=successor)
    unit.valid_to, unit.successor = on, successor
    record(
        "unit.succeeded", actor=actor, target=unit, successor=successor.pk, successor_name=successor.name, on=on,
        moved=len(done.moved), ended=len(done.ended), left=len(done.left),
    )
    return done


def _pass_on(pk: int, unit: Unit, successor: Unit, on: date, actor, done: Succession) -> None:
    """锁件、重读，再看承接单位是不是已在这件上。"""
    case = lock_case(Assignment.objects.values_list("suggestion_id", flat=True).get(pk=pk))
    row = Assignment.objects.unanswered().select_related("unit", "suggestion").filter(pk=pk, unit=unit).first()
    if row is None:  # 等锁的时候已经答复或改办
        return
    there = case.assignments.filter(unit=successor, status__in=LIVE).select_related("unit").first()
    if there is None or _gave_way(there, row, on, actor):
        hand_to_successor(row, successor, on=on, actor=actor)
        done.moved.append(row)
    elif _absorbed(there, row, on, actor):
        done.ended.append(row)
    else:
        done.left.append(row)


def _gave_way(there: Assignment, row: Assignment, on: date, actor) -> bool:
    """承接单位原来只是会办、现要接主办的：先结束它的会办关系。"""
    if there.role != AssignmentRole.ASSIST or row.role == AssignmentRole.ASSIST:
        return False
    return _end(there, "由会办改为牵头", on, actor)


def _absorbed(there: Assignment, row: Assignment, on: date, actor) -> bool:
    """承接单位已在这件上：会办并掉，分办的内容并入它的那一份。"""
    if row.role == AssignmentRole.ASSIST:
        return _end(row, "并入承接单位，不再会办", on, actor)
    if there.status not in lifecycle.REASSIGN.sources:
        return False
    there.part = f"{there.part}；{row.part}"[:200]
    there.save(update_fields=["part"])
    return _end(row, "并入承接单位办理", on, actor)


def _end(row: Assignment, reason: str, on: date, actor) -> bool:
    if row.status not in lifecycle.REASSIGN.sources:
        return False
    deadlines.close_dues(row, reason, on)
    move(row, lifecycle.REASSIGN, actor=actor, reason=reason, new_unit="")
    return True


def hand_to_successor(row: Assignment, successor: Unit, *, on: date, actor) -> None:
    """换单位，不换名称、角色、期限；原单位内部的分派作废，由承接单位重新分派。"""
    data = {
        "old_unit": row.unit.name, "new_unit": successor.name, "on": on,
        "allotments": [str(one) for one in row.allotments.select_related("division")],
    }
    row.allotments.all().delete()
    row.unit, row.responsible_leader = successor, None
    row.save(update_fields=["unit", "responsible_leader"])
    record("assignment.succeeded", actor=actor, target=row, reason=f"{data['old_unit']}撤并", **data)


def succeed_round(row: Assignment, *, actor, today: date) -> None:
    """撤并之后才启动的再办理：直接由承接单位办；承接单位已在件上的，仍由人工定。"""
    unit = row.unit
    if unit.successor is None or unit.valid_to is None or unit.valid_to > today:
        return
    if not Assignment.objects.filter(suggestion=row.suggestion_id, unit=unit.successor, status__in=LIVE).exists():
        hand_to_successor(row, unit.successor, on=today, actor=actor)
