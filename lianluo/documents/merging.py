"""正文里的合并单元格：竖着合并的，下面几格没有自己的内容。

规则（declared）：缺省逐格报出地址，让人取消合并后逐行填；选择「按首格内容填下去」时填下去并提醒。
横着合并的只认首格。
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from openpyxl.utils import range_boundaries

from .cells import Cell
from .problems import Problem, damaged

if TYPE_CHECKING:
    from .tables import Row, Table

_MOST = 2_000_000  # 合并区域盖住的行总数，再多就是互相重叠的坏文件


def treat_merged(ranges: Iterable[str], table: Table, *, fill: bool) -> None:
    """``ranges`` 形如 D2:D4；改动或报告 ``table`` 的行。"""
    rows = {row.number: row for row in table.rows}
    keys = {cell.column: key for key, cell in table.columns.items()}
    seen = 0
    for reference in ranges:
        left, top, bottom = _boundaries(reference, table)
        if left not in keys or bottom <= top or top <= table.header_line:
            continue
        seen += min(bottom - top, len(rows))
        if seen > _MOST:
            raise damaged("合并单元格互相重叠", sheet=table.sheet)
        below = [(row, keys[left]) for row in _between(rows, top + 1, bottom) if row[keys[left]].is_blank]
        first = rows[top][keys[left]] if top in rows else None
        _settle(reference, first, below, table, fill=fill)


def _boundaries(reference: str, table: Table) -> tuple[int, int, int]:
    try:
        left, top, _right, bottom = range_boundaries(reference)
    except (ValueError, TypeError):
        left = top = bottom = None
    if None in (left, top, bottom):
        raise damaged("合并单元格的位置不对", sheet=table.sheet)
    return left, top, bottom


def _between(rows: dict[int, Row], top: int, bottom: int) -> Iterator[Row]:
    if bottom - top < len(rows):
        return (rows[number] for number in range(top, bottom + 1) if number in rows)
    return (row for number, row in rows.items() if top <= number <= bottom)


def _settle(reference: str, first: Cell | None, covered: list[tuple], table: Table, *, fill: bool) -> None:
    if fill and first is not None and covered:
        for row, key in covered:
            cell = row[key]
            cell.value, cell.kind, cell.trouble = first.value, first.kind, first.trouble
        names = "、".join(row[key].address for row, key in covered[:10])
        message = f"{reference} 是合并单元格，已按首格内容填入 {names}"
        table.warnings.append(Problem(table.sheet, first.address, first.line, message))
        return
    for row, key in covered:
        cell = row[key]
        cell.trouble = f"在合并单元格 {reference} 里，没有自己的内容，取消合并后逐行填写"
        table.add(cell, cell.heading + cell.trouble)
