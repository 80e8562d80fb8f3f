"""合成评分表：逐项得分，不适用的按比例放大其余各项，附加分封顶。"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .criteria import OF_ROOMS, Criterion, Score, exact
from .facts import RoomFacts

FULL = Decimal(100)


@dataclass(frozen=True)
class Line:
    """评分表的一项。``score`` 为空的不适用。"""

    criterion: Criterion
    score: Score | None

    @property
    def points(self) -> Decimal:
        return self.score.points if self.score else Decimal(0)


@dataclass(frozen=True)
class Part:
    """算总分要用的一项：满分、得分、适不适用、是不是附加分。"""

    most: Decimal
    points: Decimal
    applies: bool = True
    is_bonus: bool = False


@dataclass(frozen=True)
class Totals:
    """基础分（百分制）、附加分、总分。"""

    base: Decimal
    bonus: Decimal

    @property
    def total(self) -> Decimal:
        return self.base + self.bonus


def totals(parts: Iterable[Part], bonus_cap: Decimal) -> Totals:
    """基础分 = 适用各项得分之和 × 100 ÷ 适用各项满分之和；附加分合计封顶。没有适用项的，基础分为零。"""
    parts = list(parts)
    counted = [one for one in parts if one.applies and not one.is_bonus]
    whole = sum((one.most for one in counted), Decimal(0))
    gained = sum((one.points for one in counted), Decimal(0))
    bonus = sum((one.points for one in parts if one.is_bonus), Decimal(0))
    return Totals(exact(gained * FULL / whole) if whole else exact(0), exact(min(bonus, bonus_cap)))


@dataclass(frozen=True)
class Computed:
    """一个处室算出来的一张表。"""

    room: RoomFacts
    lines: list[Line]
    totals: Totals


def default_items() -> list[dict]:
    """缺省方案的各项：代码、满分、每次扣加多少。"""
    return [
        {"code": one.code, "points": str(one.most), "each": {key: str(value) for key, value in one.each.items()}}
        for one in OF_ROOMS
    ]


def criteria_of(items: list[dict]) -> list[Criterion]:
    """方案里的各项；方案没有写的项不考。"""
    written = {one["code"]: one for one in items}
    return [
        kind(written[kind.code]["points"], written[kind.code].get("each"))
        for kind in OF_ROOMS if kind.code in written
    ]


def compute(room: RoomFacts, items: list[dict], bonus_cap: Decimal) -> Computed:
    """算一个处室（CZ-27）。"""
    lines = [Line(one, one.score(room) if one.applies(room) else None) for one in criteria_of(items)]
    parts = [
        Part(line.criterion.most, line.points, line.score is not None, line.criterion.is_bonus) for line in lines
    ]
    return Computed(room, lines, totals(parts, bonus_cap))


def ranked(sheets: list) -> list[tuple[int, object]]:
    """按总分排名；同分同名次，名次跳过并列的个数。``sheets`` 各有 ``final``。"""
    found, place, last = [], 0, None
    for number, sheet in enumerate(sorted(sheets, key=lambda one: -one.final.total), start=1):
        if sheet.final.total != last:
            place, last = number, sheet.final.total
        found.append((place, sheet))
    return found
