"""写工作簿和 CSV：台账、模板、导出。文字永远是文字，不会变成公式。

样式：第一行表头，冻结；第二行可带「※」说明，再导入时略过；编号、电话一类的列设为文本格式；
A4 横排、每页重复表头、页脚「第 x 页 共 y 页」；另附「填写说明」「代码表」，代码表里的列做成下拉。
"""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from .annotating import annotate
from .cells import LONGEST
from .csvtext import neutralise
from .safecells import TextCells, escaped, saved, sheet_title

__all__ = ["CSV_TYPE", "XLSX_TYPE", "SheetColumn", "annotate", "write_csv", "write_workbook"]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
NOTES_SHEET, LISTS_SHEET = "填写说明", "代码表"
_LAST_ROW = 20_001  # 下拉管到导入上限那一行
_HEADER_FILL = PatternFill("solid", fgColor="FFE4EFFB")
_THIN = Side(style="thin", color="FFB8C2CC")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)


@dataclass(frozen=True)
class SheetColumn:
    """要写的一列。

    ``kind``：text（文本格式）、number、date。``choices`` 是代码表里的列名。``note`` 写进第二行说明和填写说明。
    ``hidden`` 用于 _id、_rev；``total`` 在末行加合计公式。
    """

    key: str
    heading: str
    width: int = 14
    kind: str = "text"
    note: str = ""
    choices: str = ""
    hidden: bool = False
    total: bool = False


def write_workbook(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Mapping | Sequence],
    *,
    notes: Sequence[str] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
    filename: str = "",
    note_row: bool = False,
) -> bytes:
    """一份 .xlsx 的字节。``rows`` 每行是「键→值」或按列次序的值；``filename`` 记在页脚，打印后知道出自哪个文件。"""
    lists = lists or {}
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, ""
    sheet = book.create_sheet(sheet_title(title))
    _lay_out(sheet, title, columns, filename)
    text = TextCells(sheet)
    sheet.append([_heading(text, column) for column in columns])
    if note_row:
        sheet.append([text(f"※{column.note}") if column.note or at == 0 else None for at, column in enumerate(columns)])
    count = _write_rows(text, columns, rows)
    _write_totals(text, columns, count + (2 if note_row else 1))
    _write_notes(book, columns, notes, lists)
    _write_lists(book, sheet, columns, lists)
    return saved(book)


def write_csv(columns: Sequence[SheetColumn], rows: Iterable[Mapping | Sequence]) -> bytes:
    """带 BOM 的 UTF-8 CSV，引导符已中和；表格软件双击打开不乱码、不执行。"""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    shown = [place for place, column in enumerate(columns) if not column.hidden]
    writer.writerow([neutralise(columns[place].heading) for place in shown])
    for row in rows:
        values = _values(columns, row)
        writer.writerow([_csv_value(values[place]) for place in shown])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _lay_out(sheet, title: str, columns: Sequence[SheetColumn], filename: str) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.center.text = _printed(title)
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.oddFooter.left.text = _printed(filename) or None
    for index, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width, dimension.hidden = column.width, column.hidden
        if column.kind == "text":
            dimension.number_format = "@"


def _printed(text: str) -> str:
    """页眉页脚里 & 是命令，写两个才是它自己。"""
    return escaped(text).replace("&", "&&")


def _heading(text: TextCells, column: SheetColumn) -> WriteOnlyCell:
    cell = text(column.heading)
    cell._style = copy(cell._style)
    cell.font, cell.border, cell.fill, cell.alignment = Font(bold=True), _BOX, _HEADER_FILL, _CENTRE
    return cell


def _write_rows(text: TextCells, columns: Sequence[SheetColumn], rows: Iterable) -> int:
    count = 0
    for row in rows:
        pairs = zip(columns, _values(columns, row), strict=True)
        text.sheet.append([_cell(text, column, value) for column, value in pairs])
        count += 1
    return count


def _values(columns: Sequence[SheetColumn], row: Mapping | Sequence) -> list:
    return [row.get(column.key) for column in columns] if isinstance(row, Mapping) else list(row)


def _cell(text: TextCells, column: SheetColumn, value) -> WriteOnlyCell | None:
    if value is None or value == "":
        return None
    if column.kind == "number" and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return WriteOnlyCell(text.sheet, value=value)
    if column.kind == "date" and isinstance(value, date):
        return text.day(value.date() if isinstance(value, datetime) else value)
    return text(_text(value))


def _text(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def _csv_value(value) -> str:
    """数字、日期照写，文字要中和。"""
    if type(value) is str:
        return neutralise(value)
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal | date) and not isinstance(value, bool):
        return _text(value)
    return neutralise(_text(value))


def _write_totals(text: TextCells, columns: Sequence[SheetColumn], last: int) -> None:
    """合计用公式，导出后在 WPS 里改数也跟着变。"""
    if not any(column.total for column in columns):
        return
    row = []
    for index, column in enumerate(columns, 1):
        letter = get_column_letter(index)
        row.append(f"=SUM({letter}2:{letter}{last})" if column.total else None)
    if row[0] is None:
        row[0] = text("合计")
    text.sheet.append(row)


def _write_notes(book: Workbook, columns: Sequence[SheetColumn], notes: Sequence[str], lists: Mapping) -> None:
    """「填写说明」：总的几条，然后每列一行。"""
    noted = [column for column in columns if not column.hidden and (column.note or column.choices)]
    if not notes and not noted:
        return
    sheet = book.create_sheet(NOTES_SHEET)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 60
    text = TextCells(sheet)
    for note in notes:
        sheet.append([None, text(note)])
    for column in noted:
        allowed = "、".join(lists.get(column.choices, ()))
        explained = "；".join(part for part in (column.note, f"可填：{allowed}" if allowed else "") if part)
        sheet.append([text(column.heading), text(explained[:LONGEST])])


def _write_lists(book: Workbook, sheet, columns: Sequence[SheetColumn], lists: Mapping[str, Sequence[str]]) -> None:
    """「代码表」一列一种代码，主表的列下拉引用它。"""
    if not lists:
        return
    codes = book.create_sheet(LISTS_SHEET)
    text = TextCells(codes)
    codes.append([text(name) for name in lists])
    for values in zip_longest(*lists.values()):
        codes.append([text(value) if value else None for value in values])
    letters = {name: get_column_letter(index) for index, name in enumerate(lists, 1)}
    for index, column in enumerate(columns, 1):
        if lists.get(column.choices):
            _drop_down(sheet, get_column_letter(index), column, letters[column.choices], len(lists[column.choices]))


def _drop_down(sheet, letter: str, column: SheetColumn, source: str, count: int) -> None:
    """整列下拉，值取自代码表的一列。"""
    area = f"{quote_sheetname(LISTS_SHEET)}!${source}$2:${source}${count + 1}"
    rule = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = column.heading, f"从下拉里选择{column.heading}"
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.data_validations.append(rule)
