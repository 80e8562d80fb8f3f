"""读一张导入的表：认表头、按列取格、把问题一次列全。

规则（declared）：
* 只读一张可见的工作表：第一张在前 10 行里认得出表头的；隐藏的和没读的工作表点名提醒。
* 表头是前 10 行里对上列名（或别名）最多的一行；列名不计空格、星号、冒号、括号里的话、全半角。
* 同一列出现两次、缺必需的列：整份不收，指出格或列名。不认识的列点名提醒，不导入。
* 表头下面整行以「※」或「说明：」开头的是填写说明，不导入。空行略过。最多 20,000 行。
* 合并单元格见 merging.py；CSV 各行栏数要与表头一致，末尾多出的空栏不算。
* 隐藏的行照样导入并提醒；单元格里的图片不导入并提醒。
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from openpyxl.utils import get_column_letter

from .cells import BadCell, Cell
from .guard import check_table_file
from .headings import Column, Header, check_columns, unknown_columns
from .merging import treat_merged
from .problems import FileRefused, Problem
from .rare import rare_characters
from .sheets import SheetRow
from .sources import Source, open_source

__all__ = ["MOST_ROWS", "Cell", "Column", "Row", "Table", "read_table"]

MOST_ROWS = 20_000
_NOTES = ("※", "说明：", "说明:", "填写说明")


@dataclass
class Row:
    """一行数据。按类型取值；取不成的记进表的问题，得到空值，接着读下一格。"""

    number: int
    cells: dict[str, Cell]
    table: Table = field(repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """到目前为止这一行没有问题。"""
        return self.number not in self.table.bad_lines

    def __getitem__(self, key: str) -> Cell:
        """这一列的格；空格子用到时才造。"""
        if key not in self.cells:
            self.cells[key] = self.table.blank(key, self.number)
        return self.cells[key]

    def text(self, key: str, *, required: bool = False, max_length: int | None = None) -> str:
        return self._read(key, "text", required=required, max_length=max_length) or ""

    def date(self, key: str, *, required: bool = False) -> date | None:
        return self._read(key, "date", required=required)

    def phone(self, key: str, *, required: bool = False) -> str:
        return self._read(key, "phone", required=required) or ""

    def integer(self, key: str, *, required: bool = False) -> int | None:
        return self._read(key, "integer", required=required)

    def problem(self, key: str, message: str) -> None:
        """业务上的问题，例如代表团不存在；指到这一格。"""
        self.table.add(self[key], message)

    def warn(self, key: str, message: str) -> None:
        """提醒：照样导入。"""
        cell = self[key]
        self.table.warnings.append(Problem(cell.sheet, cell.address, cell.line, message))

    def _read(self, key: str, kind: str, **options):
        cell = self[key]
        try:
            return getattr(cell, kind)(**options)
        except BadCell as error:
            self.table.add(cell, str(error))
            return None


@dataclass
class Table:
    """读好的表。``columns`` 是列键到表头格；``problems`` 随取值增加。"""

    sheet: str | None
    header_line: int
    columns: dict[str, Cell]
    headings: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    bad_lines: set[int] = field(default_factory=set)
    _problems: dict[tuple[int, int, str], Problem] = field(default_factory=dict, repr=False)

    @property
    def problems(self) -> list[Problem]:
        """按行列排；一格只报第一个问题。"""
        return [self._problems[place] for place in sorted(self._problems)]

    def add(self, cell: Cell, message: str) -> None:
        place = (cell.line or 0, cell.column, cell.heading)
        self._problems.setdefault(place, Problem(cell.sheet, cell.address, cell.line, message))
        self.bad_lines.add(cell.line)

    def blank(self, key: str, line: int) -> Cell:
        """空格子，地址照样说得出；文件里没有这一列就没有地址。"""
        column = self.columns[key].column if key in self.columns else 0
        address = f"{get_column_letter(column)}{line}" if column and self.sheet else None
        return Cell(address, sheet=self.sheet, line=line, column=column, heading=self.headings[key])


def read_table(
    file, columns: Sequence[Column], *, name: str | None = None, merged: Literal["report", "fill"] = "report"
) -> Table:
    """门卫放行后读表。整份不收抛 FileRefused；逐格的问题在 ``table.problems``。

    ``file``：上传件、打开的二进制文件或字节串；``name`` 缺省取上传件的名字，决定按 xlsx 还是 CSV 读。
    """
    source = open_source(check_table_file(file, name=name), columns)
    header = source.header
    check_columns(header, columns, source.sheet)
    table = Table(
        source.sheet,
        header.line,
        {found.key: header.cells[index] for index, found in header.found.items()},
        {column.key: column.heading for column in columns},
    )
    table.warnings = [*source.warnings, *unknown_columns(header, source.sheet)]
    _fill(table, source)
    if source.reader:
        treat_merged(source.reader.merged, table, fill=merged == "fill")
        table.warnings += _pictures(source)
    for row in table.rows:
        _check_cells(row)
    return table


def _fill(table: Table, source: Source) -> None:
    header, hidden, headless = source.header, [], set()
    for row in source.rows:
        if row.number <= header.line or _is_notes(row, header):
            continue
        if not _fits(row, header, table):
            continue
        headless.update(row.cells.keys() - header.cells.keys())
        if not any(index in row.cells and not row.cells[index].is_blank for index in header.found):
            continue
        if len(table.rows) >= MOST_ROWS:
            raise FileRefused(f"一次最多导入 {MOST_ROWS:,} 行，分成几份后再上传", code="size", sheet=source.sheet)
        table.rows.append(_row(row, header, table))
        if row.hidden:
            hidden.append(row.number)
    if not table.rows and not table.bad_lines:
        raise FileRefused(
            f"{source.where}只有表头，没有数据行，填写后再上传", code="content", sheet=source.sheet, line=header.line
        )
    table.warnings += _overlooked(source.sheet, hidden, headless)


def _is_notes(row: SheetRow, header: Header) -> bool:
    """表头下面那一行填写说明。"""
    if row.number != header.line + 1 or not row.cells:
        return False
    values = [cell.value for cell in row.cells.values() if not cell.is_blank]
    return bool(values) and all(isinstance(value, str) and value.lstrip().startswith(_NOTES) for value in values)


def _fits(row: SheetRow, header: Header, table: Table) -> bool:
    """CSV 的栏数与表头对得上；空行不论。"""
    if row.width is None or not row.cells:
        return True
    if row.width >= header.width and max(row.cells) <= header.width:
        return True
    message = f"这一行有 {row.width} 栏，表头有 {header.width} 栏，核对逗号和引号"
    table.add(Cell(None, line=row.number), message)
    return False


def _row(row: SheetRow, header: Header, table: Table) -> Row:
    cells = {}
    for index, column in header.found.items():
        cell = row.cells.get(index)
        if cell is not None:
            cell.heading = column.heading
            cells[column.key] = cell
    return Row(row.number, cells, table)


def _check_cells(row: Row) -> None:
    """坏格报问题，少见的字提醒。"""
    for key, cell in row.cells.items():
        if cell.trouble:
            row.table.add(cell, cell.heading + cell.trouble)
        elif isinstance(cell.value, str):
            for sentence in rare_characters(cell.value):
                row.warn(key, cell.heading + sentence)


def _pictures(source: Source) -> list[Problem]:
    return [
        Problem(
            source.sheet,
            cell.address,
            cell.line,
            f"第 {cell.line} 行 {get_column_letter(cell.column)} 列是图片，不会导入",
        )
        for cell in source.reader.pictures
    ]


def _overlooked(sheet: str | None, hidden: list[int], headless: set[int]) -> list[Problem]:
    warnings = []
    if hidden:
        lines = "、".join(str(number) for number in hidden[:10]) + ("等" if len(hidden) > 10 else "")
        warnings.append(Problem(sheet, None, None, f"隐藏的行也导入了：第 {lines} 行"))
    if headless:
        letters = "、".join(get_column_letter(index) for index in sorted(headless)[:10])
        warnings.append(Problem(sheet, None, None, f"没有表头的列没有导入：{letters} 列"))
    return warnings
