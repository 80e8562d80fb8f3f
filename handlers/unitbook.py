"""交办时手边的单位簿：有效的单位，和各单位本次会议的主办、会办件数。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count

from lianluo.audit.remembering import remembered

from .models import Assignment, Unit
from .models.meeting import ANSWERING_ROLES


@dataclass(frozen=True)
class Load:
    """本次会议已交办给它的件数：主办（含独办、分办）与会办。"""

    leading: int = 0
    assisting: int = 0

    def __str__(self) -> str:
        return f"主办 {self.leading} / 会办 {self.assisting}"


@dataclass
class UnitBook:
    """一次请求里取一次。"""

    session: object
    today: date

    @cached_property
    def _all(self) -> list[Unit]:
        found = Unit.objects.filter(congress=self.session.term.congress_id)
        return list(found.order_by("kind", "id"))

    @cached_property
    def units(self) -> list[Unit]:
        """今天有效的单位，按类别与次序。"""
        return [unit for unit in self._all if unit.valid_to is None or unit.valid_to >= self.today]

    @cached_property
    def successors(self) -> dict[int, int | None]:
        """已撤并的单位 → 承接单位。"""
        gone = (unit for unit in self._all if unit.valid_to is not None and unit.valid_to < self.today)
        return {unit.pk: unit.successor_id for unit in gone}

    @cached_property
    def by_id(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in self.units}

    @property
    def choices(self) -> list[tuple[int, str]]:
        """下拉框的选项：写简称，按全称也找得到。"""
        return [(unit.pk, unit.short) for unit in self.units]

    @cached_property
    def _loads(self) -> dict[int, Load]:
        return remembered(("handlers.loads", self.session.pk), lambda: loads_of(self.session))

    def load(self, unit_id: int) -> Load:
        """某单位本次会议的件数。"""
        return self._loads.get(unit_id, Load())

    @cached_property
    def _notes(self) -> dict[str, dict[str, str]]:
        return {str(unit.pk): self._note(unit) for unit in self.units}

    def _note(self, unit: Unit) -> dict[str, str]:
        note = f"本次{self.load(unit.pk)}"
        return {"full": unit.name, "initials": unit.initials, "pinyin": unit.pinyin, "note": note}

    def note(self, value) -> dict[str, str]:
        """下拉框选项的补充：全称、拼音首字母、件数。"""
        return self._notes.get(str(value), {})


def loads_of(session) -> dict[int, Load]:
    """各单位本次会议的件数，一条查询；改办、撤销的不算。"""
    rows = Assignment.objects.live().filter(suggestion__session=session).values("unit_id", "role")
    counted: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows.annotate(number=Count("pk")).order_by():
        counted[row["unit_id"]][0 if row["role"] in ANSWERING_ROLES else 1] += row["number"]
    return {unit_id: Load(*pair) for unit_id, pair in counted.items()}
