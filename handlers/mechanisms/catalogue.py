"""机制目录：编号、单位、简报原话、要求什么、由哪里办到。一行一条，在 ``catalogue.csv``。"""
from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

#: 编号的前两个字母 → 单位
OFFICES = {"KJ": "省科学技术厅", "MZ": "省民政厅", "CZ": "省财政厅", "JT": "省交通运输厅"}
KINDS = {"guard": "守门", "figure": "计数", "record": "记录", "page": "页面"}


@dataclass(frozen=True)
class Mechanism:
    """一条机制。``kind`` 守门的和计数的可以起用、停用；记录和页面谁都能用。``where`` 是办到它的那处代码。"""

    code: str
    office: str
    quote: str
    strength: str
    kind: str
    where: str
    demand: str

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def is_switch(self) -> bool:
        """起用与否有分别的。"""
        return self.kind in ("guard", "figure")


def _read() -> dict[str, Mechanism]:
    with (Path(__file__).parent / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Mechanism(**row) for row in csv.DictReader(file)}


CATALOGUE: dict[str, Mechanism] = _read()
