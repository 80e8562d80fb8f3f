"""认表头：哪一行是表头，哪一列是什么，重复、缺少和不认识的列。"""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from lianluo.text import fold

from .cells import Cell
from .problems import FileRefused, Problem
from .sheets import SheetRow

WITHIN = 10  # 表头在前几行里找
PROBLEM_HEADING = "问题"  # 批注副本的第一列，再导入时略过
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[\s*:]")


@dataclass(frozen=True)
class Column:
    """要的一列：程序里的名字、表头、别名、是否必须有这一列。"""

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Header:
    """找到的表头：行号、列号到列的对应、这一行全部的格。"""

    line: int
    found: dict[int, Column]
    cells: dict[int, Cell]

    @property
    def width(self) -> int:
        return max(self.cells)


def find_header(head: Iterable[SheetRow], columns: Sequence[Column]) -> Header | None:
    """前 10 行里对上列最多的一行；至少对上两列（只要一列的表，一列就够）。"""
    names = {heading_key(name): column for column in columns for name in (column.heading, *column.aliases)}
    best: Header | None = None
    most = min(2, len(columns)) - 1
    for row in head:
        if row.number > WITHIN:
            break
        found = {i: names[key] for i, cell in row.cells.items() if (key := heading_key(cell.value)) in names}
        if len(set(found.values())) > most:
            most, best = len(set(found.values())), Header(row.number, found, row.cells)
    return best


def heading_key(value: object) -> str:
    """表头的比较形：去空格、星号、冒号、括号里的话，全半角与大小写不论。"""
    text = fold(value) if isinstance(value, str) else ""
    return _ASIDE.sub("", text) or text


def check_columns(header: Header, columns: Sequence[Column], sheet: str | None) -> None:
    """重复的列、缺少的必需列：整份不收，一次说全。"""
    problems = [*_duplicates(header, sheet), *_missing(header, columns, sheet)]
    if problems:
        sentence = "；".join(dict.fromkeys(problem.message for problem in problems))
        raise FileRefused(sentence, code="content", problems=problems)


def _duplicates(header: Header, sheet: str | None) -> list[Problem]:
    problems = []
    for column in dict.fromkeys(header.found.values()):
        places = [
            f"{get_column_letter(index)}{header.line}" for index, found in header.found.items() if found is column
        ]
        if len(places) > 1:
            message = f"{'、'.join(places)} 都是“{column.heading}”列，只留一列"
            cells = places if sheet else [None] * len(places)
            problems += [Problem(sheet, cell, header.line, message) for cell in cells]
    return problems


def _missing(header: Header, columns: Sequence[Column], sheet: str | None) -> list[Problem]:
    present = set(header.found.values())
    return [
        Problem(sheet, None, header.line, f"缺少“{column.heading}”列，补上这一列后再上传")
        for column in columns
        if column.required and column not in present
    ]


def unknown_columns(header: Header, sheet: str | None) -> list[Problem]:
    """不认识的列：点名，不导入。"""
    return [
        Problem(sheet, cell.address, header.line, f"不认识的列“{cell.value}”没有导入")
        for index, cell in header.cells.items()
        if index not in header.found and heading_key(cell.value) not in ("", PROBLEM_HEADING)
    ]
