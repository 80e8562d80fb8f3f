"""交办会：建立、送单位征求意见、会上一次交办全部拟定的件（RD-01）。"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lianluo.audit import context, record
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, Stale, move, require
from lianluo.workdays import clock
from suggestions.models import Suggestion

from .. import lifecycle
from ..models import AssignmentMeeting, MeetingStatus, ProposedAssignment
from .assigning import hand_out, lock_plans

#: 只列这么多条缺项，其余给总数
SHOWN = 20


@dataclass(frozen=True)
class HandOver:
    """一场交办会交办的结果：件数、件次、单位数。"""

    meeting: AssignmentMeeting
    cases: int
    assignments: int
    units: int

    def get_absolute_url(self) -> str:
        return f"/office/meetings/{self.meeting.pk}/"


@transaction.atomic
def prepare_meeting(
    *, session, name: str, held_on: date, place: str = "", chair: str = "", actor, today: date
) -> AssignmentMeeting:
    """建立交办会，并把这次会议还没有归会的拟交办都列进来。"""
    if held_on < session.opened_on:
        raise DomainError(f"交办会不能早于开幕（{session.opened_on}）", field="held_on")
    meeting = AssignmentMeeting.objects.create(
        session=session, name=name.strip(), held_on=held_on, place=place.strip(), chair=chair.strip(), made_by=actor
    )
    taken = waiting_proposals(session).update(meeting=meeting)
    record("meeting.prepared", actor=actor, target=meeting, held_on=held_on, proposals=taken)
    return meeting


def waiting_proposals(session):
    """还没有归会、也没有交办的拟交办。"""
    return ProposedAssignment.objects.filter(
        suggestion__session=session, suggestion__status="registered", meeting__isnull=True
    )


@transaction.atomic
def change_meeting(
    meeting: AssignmentMeeting, *, name: str, held_on: date, place: str = "", chair: str = "", actor, today: date
) -> AssignmentMeeting:
    """改会议的名称、日期、地点、主持；已交办的不再改。"""
    row = lock_meeting(meeting)
    if row.status != MeetingStatus.PREPARING:
        raise NotAllowed(f"“{row}”已经交办，不再修改")
    row.name, row.held_on, row.place, row.chair = name.strip(), held_on, place.strip(), chair.strip()
    row.save(update_fields=["name", "held_on", "place", "chair"])
    record("meeting.changed", actor=actor, target=row, held_on=held_on)
    return row


@transaction.atomic
def announce_proposals(meeting: AssignmentMeeting, *, actor, today: date) -> int:
    """把拟交办送各单位看，会前可提异议；返回单位数。"""
    row = lock_meeting(meeting)
    require(row, lifecycle.HOLD)
    ready = ready_proposals(row)
    units = sorted(set(ready.values_list("unit_id", flat=True)))
    if not units:
        raise DomainError("还没有拟交办的件，先在交办页拟定单位")
    record("meeting.announced", actor=actor, target=row, units=units, proposals=ready.count())
    return len(units)


@transaction.atomic
def hand_over(meeting: AssignmentMeeting, *, actor, today: date) -> HandOver:
    """会上交办：全部拟定的件在一个事务里交办，办期自今天起算；一件不成立，全部不办。"""
    row = lock_meeting(meeting)
    if row.status == MeetingStatus.HELD:
        raise Stale(f"“{row}”已于 {clock_of(row)} 交办")
    require(row, lifecycle.HOLD)
    _check_obstacles(row, today)
    pks = list(ready_proposals(row).order_by("suggestion_id").values_list("suggestion_id", flat=True).distinct())
    if not pks:
        raise DomainError("还没有拟交办的件，先在交办页拟定单位")
    assignments = hand_out(lock_plans(pks, None, today), meeting=row, actor=actor, today=today)
    units = Counter(assignment.unit_id for assignment in assignments)
    result = HandOver(row, len(pks), len(assignments), len(units))
    move(
        row, lifecycle.HOLD, actor=actor, fields={"handed_over_at": context.moment()},
        cases=result.cases, assignments=result.assignments, units=sorted(units),
    )
    return result


def ready_proposals(meeting: AssignmentMeeting):
    """列入这场交办会、还没有交办的拟交办。"""
    return ProposedAssignment.objects.filter(meeting=meeting, suggestion__status="registered")


def lock_meeting(meeting: AssignmentMeeting) -> AssignmentMeeting:
    """锁住交办会：两人同时按交办，后到的看到已交办。"""
    rows = AssignmentMeeting.objects.select_for_update(of=("self",)).select_related("session__profile")
    return rows.get(pk=meeting.pk)


def clock_of(meeting: AssignmentMeeting) -> str:
    """交办的时刻。"""
    moment = meeting.handed_over_at
    return moment.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M") if moment else ""


def obstacles(meeting: AssignmentMeeting, today: date) -> list[Missing]:
    """交办之前还要做的：未裁定的异议、撤并了的单位。"""
    rows = ready_proposals(meeting).select_related("suggestion__session", "unit")
    objected = rows.filter(objected_at__isnull=False, upheld__isnull=True)
    gone = rows.filter(unit__valid_to__lt=today)
    missing = [
        Missing(f"{row.suggestion.shown_number}：“{row.unit}”的异议还没有裁定", f"/office/objections/{row.pk}/")
        for row in objected
    ]
    return missing + [
        Missing(f"{row.suggestion.shown_number}：“{row.unit}”已撤并，另选单位", f"/office/board/?s={row.suggestion_id}")
        for row in gone
    ]


def without_taker(meeting: AssignmentMeeting):
    """这次会议已登记而没有拟定单位的件；不拦交办，会后再交。"""
    rows = Suggestion.objects.of_session(meeting.session_id).awaiting_assignment()
    return rows.filter(proposals__isnull=True).order_by("number")


def _check_obstacles(meeting: AssignmentMeeting, today: date) -> None:
    missing = obstacles(meeting, today)
    if missing:
        raise Incomplete("还不能交办", missing[:SHOWN])
