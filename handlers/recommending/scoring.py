"""推荐的算法：纯函数，每个推荐都有一句理由，最多五个。"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..models import Unit
from ..wishes import Wish

MOST = 5
#: 代表点名的单位排在前面；同类办过的按占比排，只办过一次或占比不到一成的不荐
EXACT_WISH, NEAR_WISH, LEAST_SHARE, LEAST_NUMBER = 100, 60, 10, 2


@dataclass(frozen=True)
class Recommendation:
    """一个推荐的单位、分数、理由。"""

    unit: Unit
    score: int
    reasons: tuple[str, ...]


def recommend(
    wishes: Sequence[Wish], history: Mapping[int, int], units: Sequence[Unit], *, category_name: str = ""
) -> list[Recommendation]:
    """按分数从高到低；分数相同的按单位次序。撤并单位的旧账先用 :func:`inherited` 折算。"""
    found: dict[int, tuple[int, list[str]]] = {}
    for score, unit_id, reason in [*_from_wishes(wishes), *_from_history(history, category_name)]:
        old, reasons = found.get(unit_id, (0, []))
        found[unit_id] = (old + score, [*reasons, reason])
    listed = [Recommendation(unit, *_sealed(found[unit.pk])) for unit in units if unit.pk in found]
    return sorted(listed, key=lambda item: -item.score)[:MOST]


def inherited(history: Mapping[int, int], successors: Mapping[int, int | None]) -> dict[int, int]:
    """把撤并单位的次数折算到承接单位名下；没有承接单位的略去。"""
    total: dict[int, int] = {}
    for unit_id, number in history.items():
        seen = set()
        while unit_id in successors and unit_id not in seen:
            seen.add(unit_id)
            unit_id = successors[unit_id]
        if unit_id is not None:
            total[unit_id] = total.get(unit_id, 0) + number
    return total


def _sealed(pair: tuple[int, list[str]]) -> tuple[int, tuple[str, ...]]:
    return pair[0], tuple(pair[1])


def _from_wishes(wishes: Sequence[Wish]):
    for wish in wishes:
        if wish.unit is None:
            continue
        if wish.exact:
            yield EXACT_WISH, wish.unit.pk, "代表希望由它承办"
        else:
            yield NEAR_WISH, wish.unit.pk, f"代表写的是“{wish.text}”，名称最接近"


def _from_history(history: Mapping[int, int], category_name: str):
    total = sum(history.values())
    for unit_id, number in history.items():
        share = number * 100 // total
        if share >= LEAST_SHARE and number >= LEAST_NUMBER:
            yield share, unit_id, f"“{category_name}”类办过的 {total} 件次中，{number} 件次由它主办"
