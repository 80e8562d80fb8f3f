"""责任矩阵：厅领导和处室各负责多少件（科技厅 KJ-10）。合计恒等于件数。"""
from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Subquery

from .models import Allotment, AllotmentRole, Assignment, Division, Post, Unit
from .upcoming import UNANSWERED

#: 还没有定领导、没有分到处室的，地址里写 0
NOBODY = 0


@dataclass
class Line:
    """一位领导的一行：各处室的件数。"""

    pk: int
    name: str
    cells: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(number for _, number in self.cells)


@dataclass(frozen=True)
class Matrix:
    """一张矩阵：处室是列，领导是行，最下是合计。"""

    divisions: list[tuple[int, str]]
    lines: list[Line]
    totals: list[int]

    @property
    def total(self) -> int:
        return sum(self.totals)


def matrix(unit: Unit) -> Matrix:
    """本单位在办的件（主办、会办都在内），按责任领导和牵头处室数。"""
    lead = Allotment.objects.filter(assignment=OuterRef("pk"), role=AllotmentRole.LEAD).values("division")[:1]
    rows = Assignment.objects.live().filter(unit=unit, status__in=UNANSWERED).annotate(room=Subquery(lead)).order_by()
    counted = {
        (row["responsible_leader"] or NOBODY, row["room"] or NOBODY): row["n"]
        for row in rows.values("responsible_leader", "room").annotate(n=Count("pk"))
    }
    divisions = _named(Division.objects.filter(pk__in={room for _, room in counted}), "还没有分派")
    leaders = _named(Post.objects.filter(pk__in={one for one, _ in counted}).order_by("-rank", "id"), "还没有定领导")
    used = {room for _, room in counted}
    columns = [(pk, name) for pk, name in divisions if pk in used]
    lines = [
        Line(pk, name, [(room, counted.get((pk, room), 0)) for room, _ in columns])
        for pk, name in leaders if any(key[0] == pk for key in counted)
    ]
    totals = [sum(line.cells[place][1] for line in lines) for place in range(len(columns))]
    return Matrix(columns, lines, totals)


def _named(rows, nobody: str) -> list[tuple[int, str]]:
    """主键与名称；没有定的排在最后。"""
    return [*((row.pk, row.name) for row in rows), (NOBODY, nobody)]
