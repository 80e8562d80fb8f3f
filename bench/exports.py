"""导出一万件要多久：CSV 不超过半秒，工作簿不超过 openpyxl 空写同样单元格的一倍半。算处理器的时间，不受别的程序拖累。"""
from __future__ import annotations

import io
import time
from collections.abc import Callable

from openpyxl import Workbook

from lianluo.documents.workbooks import write_csv, write_workbook
from suggestions import exporting
from suggestions.models import Suggestion

ROWS, MOST_CSV_SECONDS, MOST_XLSX_TIMES, ROUNDS = 10_000, 0.5, 1.5, 3


def measure() -> int:
    """量两种导出，返回没有达到的项数。"""
    columns = exporting.columns()
    cells = [[row[column.key] for column in columns] for row in _rows()]
    bare = _seconds(lambda: _bare(cells))
    book = _seconds(lambda: write_workbook("建议列表", columns, cells))
    text = _seconds(lambda: write_csv(columns, cells))
    fetched = _seconds(lambda: list(_rows()))
    slow_text, slow_book = text > MOST_CSV_SECONDS, book > bare * MOST_XLSX_TIMES
    print(f"取 {len(cells)} 件：{fetched:.2f} 秒")
    print(f"写 CSV：{text:.2f} 秒，要求 {MOST_CSV_SECONDS} 秒以内{'  ✗' if slow_text else ''}")
    print(f"写工作簿：{book:.2f} 秒，为 openpyxl 空写 {bare:.2f} 秒的 {book / bare:.2f} 倍，"
          f"要求 {MOST_XLSX_TIMES} 倍以内{'  ✗' if slow_book else ''}")
    return slow_text + slow_book


def _rows():
    found = Suggestion.objects.filed().order_by("-number", "-id")[:ROWS]
    return exporting.rows(found, private=True)


def _bare(cells: list[list]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in cells:
        sheet.append(row)
    book.save(io.BytesIO())


def _seconds(action: Callable[[], object]) -> float:
    """三次里最快的一次。"""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return min(times)
