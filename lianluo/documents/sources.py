"""打开一张表：xlsx 选出要读的工作表，CSV 解码分行，都变成一行行 SheetRow 和找到的表头。"""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from . import csvtext
from .cells import Cell
from .excel_values import put_text
from .guard import XLSX, TableFile
from .headings import WITHIN, Column, Header, find_header
from .packages import Package, Sheet
from .problems import FileRefused, Problem
from .sheets import SheetReader, SheetRow

OWN_SHEETS = ("填写说明", "代码表")  # 本系统模板自带的，不必提醒


@dataclass
class Source:
    """打开了的表。``rows`` 只能走一遍；走完后 ``reader`` 才知道合并区域。"""

    sheet: str | None
    head: list[SheetRow]
    rest: Iterator[SheetRow]
    reader: SheetReader | None = None
    header: Header | None = None
    warnings: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[SheetRow]:
        return itertools.chain(self.head, self.rest)

    @property
    def where(self) -> str:
        return f"工作表“{self.sheet}”" if self.sheet else "文件"


def open_source(file: TableFile, columns: Sequence[Column]) -> Source:
    """带着表头的表；没有表头就拒收。"""
    source = _xlsx(file, columns) if file.kind == XLSX else _csv(file)
    source.header = source.header or find_header(source.head, columns)
    if source.header is None:
        raise _no_header(source, columns)
    return source


def _xlsx(file: TableFile, columns: Sequence[Column]) -> Source:
    """第一张认得出表头的可见工作表；都认不出就是第一张可见的。"""
    package = Package(file)
    visible = [sheet for sheet in package.sheets if sheet.visible]
    if not visible:
        raise FileRefused("没有可见的工作表，取消隐藏后再上传", code="content")
    for sheet in visible:
        source = _peek(package, sheet)
        source.header = find_header(source.head, columns)
        if source.header:
            source.warnings = _left_out(package.sheets, sheet)
            return source
    return _peek(package, visible[0])


def _peek(package: Package, sheet: Sheet) -> Source:
    reader, rows = package.open(sheet)
    head: list[SheetRow] = []
    for row in rows:
        head.append(row)
        if row.number >= WITHIN:
            break
    return Source(sheet.name, head, rows, reader)


def _left_out(sheets: Sequence[Sheet], chosen: Sheet) -> list[Problem]:
    hidden = [sheet.name for sheet in sheets if not sheet.visible]
    others = [sheet.name for sheet in sheets if sheet.visible and sheet is not chosen and sheet.name not in OWN_SHEETS]
    warnings = [Problem(name, None, None, f"工作表“{name}”没有导入，一次只导入一张") for name in others]
    if hidden:
        names = "、".join(hidden)
        warnings.insert(0, Problem(None, None, None, f"{len(hidden)} 张隐藏的工作表没有导入：{names}"))
    return warnings


def _csv(file: TableFile) -> Source:
    rows = csv_rows(csvtext.decode(file.content))
    return Source(None, list(itertools.islice(rows, WITHIN)), rows)


def csv_rows(text: str) -> Iterator[SheetRow]:
    """CSV 的一行行；行号是文件里的行号，引号里换行的记在起始行。"""
    for line, fields in csvtext.records(text):
        cells = {}
        for column, written in enumerate(fields, 1):
            if written:
                cells[column] = put_text(Cell(None, line=line, column=column), csvtext.restore(written))
        yield SheetRow(line, cells, width=len(fields))


def _no_header(source: Source, columns: Sequence[Column]) -> FileRefused:
    if not any(row.cells for row in source.rows):
        return FileRefused(f"{source.where}是空的，填写后再上传", code="content", sheet=source.sheet)
    wanted = "、".join(column.heading for column in columns if column.required) or columns[0].heading
    return FileRefused(
        f"{source.where}前 {WITHIN} 行里没有找到表头，表头要有：{wanted}，下载模板填写后再上传",
        code="template",
        sheet=source.sheet,
    )
