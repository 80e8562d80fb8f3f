"""各种率：每个率一个函数，公式和分母写在说明里；页面、表格、考核问的是同一个。分母为零写“—”。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from handlers.models import ActivityCase, Allotment, AllotmentRole, Assignment
from lianluo.workdays.arithmetic import add_months

#: 没有分到处室的
NO_ROOM = "还没有分派"


@dataclass(frozen=True)
class Share:
    """几分之几；分母为零的写一横。"""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        return f"{self.part / self.whole:.1%}" if self.whole else "—"

    @property
    def fraction(self) -> str:
        return f"{self.part}/{self.whole}"


@dataclass(frozen=True)
class Met:
    """一个应答复件次见没见过面：交办日、首次答复日、最早一次当面沟通的日子、那一次是不是补录的。"""

    pk: int
    unit_id: int
    unit: str
    room: str
    assigned_on: date
    answered_on: date | None
    met_on: date | None
    backfilled: bool

    def is_met(self, until: date) -> bool:
        """首次答复以前当面沟通过；当天送达当天见的不算，同一件见几次只算一次。"""
        if self.met_on is None or self.met_on > until:
            return False
        return self.answered_on is None or self.met_on < self.answered_on


def owed_answers(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """应答复件次 M：独办、主办、分办，没有撤回、没有改出的。"""
    return rows.live().answering().exclude(suggestion__status="withdrawn")


def facts_of_meeting(rows: QuerySet[Assignment]) -> list[Met]:
    """应答复件次的见面情况，一条查询；说“未联系过我”的不算。"""
    talks = ActivityCase.objects.standing().face_to_face().filter(assignment=OuterRef("pk"))
    first = talks.order_by("activity__happened_on", "activity")
    lead = Allotment.objects.filter(assignment=OuterRef("pk"), role=AllotmentRole.LEAD)
    found = owed_answers(rows).annotate(
        met_on=Subquery(first.values("activity__happened_on")[:1]),
        late=Subquery(first.values("activity__backfilled")[:1]), room=Subquery(lead.values("division__name")[:1]),
    ).order_by("unit", "pk")
    names = ("pk", "unit_id", "unit__short", "room", "assigned_on", "answered_on", "met_on", "late")
    return [
        Met(pk, unit_id, unit, room or NO_ROOM, assigned_on, answered_on, met_on, bool(late))
        for pk, unit_id, unit, room, assigned_on, answered_on, met_on, late in found.values_list(*names)
    ]


def meeting_rate(found: Iterable[Met], until: date) -> Share:
    """见面率 = 首次答复前当面沟通过的 M ÷ M，截至 ``until``（JT-19）。"""
    counted = [one for one in found if one.assigned_on <= until]
    return Share(sum(one.is_met(until) for one in counted), len(counted))


def backfilled(found: Iterable[Met], until: date) -> int:
    """见了面的里头，那一次是补录的有几件次；照样算，但标出来。"""
    return sum(one.backfilled and one.is_met(until) for one in found)


def by_unit(found: Iterable[Met]) -> dict[tuple[int, str], list[Met]]:
    """（单位主键、简称）→ 各件次。"""
    groups = defaultdict(list)
    for one in found:
        groups[one.unit_id, one.unit].append(one)
    return dict(groups)


def by_room(found: Iterable[Met]) -> dict[str, list[Met]]:
    """牵头处室 → 各件次；没有分派的在最后。"""
    groups = defaultdict(list)
    for one in found:
        groups[one.room].append(one)
    return dict(sorted(groups.items(), key=lambda pair: pair[0] == NO_ROOM))


def by_month(found: list[Met], year: int, until: date) -> list[tuple[int, Share]]:
    """各月末的见面率（到那天为止交来的为分母）；没有到的月份不列，本月算到 ``until``。"""
    firsts = [date(year, month, 1) for month in range(1, 13)]
    ends = [min(add_months(first, 1) - timedelta(days=1), until) for first in firsts if first <= until]
    return [(end.month, meeting_rate(found, end)) for end in ends]
