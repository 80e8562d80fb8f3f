"""演示里的工作簿：一次会议的真实标题、虚构的人，提交日期平移到演示的会期，再从导入的正门进来。"""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianluo.documents.cells import Cell
from suggestions.actions.importing import import_file
from suggestions.models import Suggestion

from .agenda import Agenda
from .people import DATA, Province

NAME = "session-workbook.xlsx"
HEADING = "提交日期"


def take_workbook(province: Province, intake, agenda: Agenda, closed_on: date) -> int:
    """闭会那天把工作簿整份导入，各件照常往下办；返回件数。"""
    content, count = _moved_to(province.session.opened_on + timedelta(days=1))
    agenda.at(closed_on, lambda day: _bring_in(province, intake, content, day), hour=8)
    return count


def _moved_to(first: date) -> tuple[bytes, int]:
    """整份平移：最早的提交日期落在 ``first``，其余跟着移。"""
    book = load_workbook(DATA / NAME)
    cells = _dated(book.worksheets[0])
    shift = first - min(cells.values())
    for cell, day in cells.items():
        cell.value = day + shift
    moved = BytesIO()
    book.save(moved)
    return moved.getvalue(), len(cells)


def _dated(sheet: Worksheet) -> dict:
    """提交日期一列：格 → 日期。表头在标题行之下。"""
    rows = iter(sheet.iter_rows())
    place = next(cell.column - 1 for row in rows for cell in row if cell.value == HEADING)
    return {
        row[place]: Cell(row[place].coordinate, row[place].value, "text").date()
        for row in rows if row[place].value
    }


def _bring_in(province: Province, intake, content: bytes, day: date) -> None:
    report = import_file(BytesIO(content), name=NAME, session=province.session, actor=intake.clerk, today=day)
    if not report.ok:
        raise ValueError(f"演示的工作簿没有导入：{'；'.join(one.message for one in report.errors)}")
    for case in Suggestion.objects.filter(batch=report.batch_id).order_by("pk"):
        if case.status == "submitted":
            intake.register(case, day)
        else:
            intake.take(case.pk, day)
