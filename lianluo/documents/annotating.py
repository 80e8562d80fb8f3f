"""批注副本：把上传的表抄一份，错的格标红加批注，第一列「问题」写明每行的问题。

只抄可见工作表里的值（文字、数字、日期），不抄公式、宏、链接、隐藏内容；改好后可以直接再上传，「问题」列会略过。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import coordinate_to_tuple

from . import csvtext
from .archives import ZIP_MAGIC
from .cells import LONGEST, Cell, plain
from .guard import CSV, XLSX, check_table_file
from .headings import PROBLEM_HEADING
from .packages import Package
from .problems import Problem
from .safecells import RED, TextCells, saved, sheet_title
from .sheets import SheetRow
from .sources import csv_rows

AUTHOR = "联络"
_LAST_ROW = 50_000  # 再往后的空行不照抄
_LAST_COLUMN = 200
_MOST_COMMENTS = 2_000  # 再多的只标红，批注太多打不开
_MOST_DIGITS = 11  # 手机号以上的长数字写成文字


def annotate(original: bytes, problems: Iterable[Problem], *, header_line: int = 1) -> bytes:
    """``original`` 是上传的原文件；``header_line`` 是 Table.header_line，「问题」写在那一行。"""
    kind = XLSX if original.startswith(ZIP_MAGIC) else CSV
    file = check_table_file(original, name=f"表.{kind}")
    by_sheet: dict[str | None, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_sheet[problem.sheet].append(problem)
    book = Workbook(write_only=True)
    if kind == CSV:
        rows = csv_rows(csvtext.decode(file.content))
        _Copy(book, "数据", by_sheet[None], header_line).write(rows)
    else:
        _copy_sheets(book, Package(file), by_sheet, header_line)
    return saved(book)


def _copy_sheets(book: Workbook, package: Package, by_sheet: dict, header_line: int) -> None:
    for sheet in package.sheets:
        if sheet.visible:
            _reader, rows = package.open(sheet)
            _Copy(book, sheet.name, by_sheet.get(sheet.name), header_line).write(rows)


class _Copy:
    """抄一张工作表。没有问题的照抄，不加列。"""

    def __init__(self, book: Workbook, name: str, problems: list[Problem] | None, header_line: int) -> None:
        self.sheet = book.create_sheet(sheet_title(name))
        self.text = TextCells(self.sheet)
        self.header_line = header_line
        self.shift = 1 if problems else 0
        self.comments = 0
        self.by_line: dict[int, list[Problem]] = defaultdict(list)
        for problem in problems or ():
            self.by_line[problem.line or header_line].append(problem)
        if problems:
            self.sheet.freeze_panes = f"B{header_line + 1}"
            self.sheet.column_dimensions["A"].width = 40

    def write(self, rows: Iterable[SheetRow]) -> None:
        line = 0
        for row in rows:
            while line + 1 < row.number <= _LAST_ROW:
                line += 1
                self.sheet.append([])
            line = row.number
            self.sheet.append(self._row(row))

    def _row(self, row: SheetRow) -> list:
        problems = self.by_line.get(row.number, [])
        wrong = dict(_wrong_columns(problems))
        width = min(max([*row.cells, *wrong, 0]), _LAST_COLUMN)
        cells = [self._cell(row.cells.get(index), wrong.get(index)) for index in range(1, width + 1)]
        return [self._first(row, problems), *cells] if self.shift else cells

    def _first(self, row: SheetRow, problems: list[Problem]):
        sentence = "；".join(dict.fromkeys(problem.message for problem in problems))[:LONGEST]
        if row.number == self.header_line:
            return self._commented(self.text(PROBLEM_HEADING, red=bool(sentence)), sentence)
        return self.text(sentence, red=True) if sentence else None

    def _cell(self, cell: Cell | None, wrong: str | None):
        if wrong is None:
            return self._value(cell) if cell else None
        if cell and cell.kind == "boolean":
            written = WriteOnlyCell(self.sheet, value=cell.value)
            written.fill = RED
            return self._commented(written, wrong)
        return self._commented(self.text(_shown(cell), red=True), wrong)

    def _value(self, cell: Cell):
        if cell.kind == "date" and not cell.trouble:
            written = WriteOnlyCell(self.sheet, value=cell.value)
            written.number_format = "yyyy-mm-dd"
            return written
        if isinstance(cell.value, Decimal) and len(cell.value.as_tuple().digits) < _MOST_DIGITS:
            return WriteOnlyCell(self.sheet, value=cell.value)
        if cell.kind == "boolean":
            return WriteOnlyCell(self.sheet, value=cell.value)
        return self.text(_shown(cell))

    def _commented(self, written: WriteOnlyCell, sentence: str) -> WriteOnlyCell:
        if sentence and self.comments < _MOST_COMMENTS:
            self.comments += 1
            written.comment = Comment(sentence, AUTHOR, height=90, width=260)
        return written


def _wrong_columns(problems: list[Problem]) -> Iterator[tuple[int, str]]:
    for problem in problems:
        if problem.cell:
            yield coordinate_to_tuple(problem.cell)[1], problem.message


def _shown(cell: Cell | None) -> str:
    return plain(cell.value)[:LONGEST] if cell and cell.value is not None else ""
