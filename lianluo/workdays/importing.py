"""读一年的放假安排：CSV，列为 日期、是否上班、名称、来源，认得常见的别名。

一处不对就整份不收，逐行说明；上班的周一至周五、没有名称的周末不必写，写了也不算错。
"""
from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lianluo.documents.cells import shown
from lianluo.statemachine import DomainError, Missing
from lianluo.web.dates import normal, parse_day

from .arithmetic import SATURDAY

MOST_BYTES = 1_000_000
HEADER_ROWS = 5
ALIASES = {
    "day": {"日期", "放假日期", "调休日期", "日子", "date", "day"},
    "works": {"是否上班", "上班", "是否工作日", "工作日", "安排", "类型", "休班", "is_workday"},
    "name": {"名称", "节日", "节日名称", "假期", "假日", "说明", "name"},
    "source": {"来源", "依据", "通知", "文号", "放假通知", "source"},
}
YES = {"上班", "班", "是", "1", "true", "工作", "工作日", "调休", "调休上班", "补班"}
NO = {"放假", "休", "否", "0", "false", "休息", "假", "节假日", "休假"}


@dataclass(frozen=True)
class FileDay:
    """文件里的一天。"""

    day: date
    is_workday: bool
    name: str
    source: str


@dataclass(frozen=True)
class YearFile:
    """读好的一年。"""

    year: int
    source: str
    days: tuple[FileDay, ...]


class CalendarFileRefused(DomainError):
    """文件不收：逐处说明。"""

    def __init__(self, problems: list[str]) -> None:
        shown = "；".join(problems[:10]) + ("……" if len(problems) > 10 else "")
        many = f"文件里有 {len(problems)} 处需要修改：" if len(problems) > 1 else ""
        super().__init__(many + shown, field="file", missing=[Missing(problem) for problem in problems])


def read_year(content: bytes, *, year: int | None = None, source: str = "") -> YearFile:
    """读出一年的安排；``year`` 不给时取文件里最多的那一年。"""
    table = _rows(_text(content))
    columns, first = _header(table)
    problems: list[str] = []
    days = list(_days(table[first:], first + 1, columns, problems))
    if not problems and not days:
        problems.append("文件里没有日期，至少写一天")
    if problems:
        raise CalendarFileRefused(problems)
    year = year or Counter(row.day.year for row in days).most_common(1)[0][0]
    return _checked(year, source.strip(), days)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise CalendarFileRefused(["文件超过 1 MB，一年的安排用不着这么大，检查是否选错了文件"])
    if content[:2] == b"PK" or b"\0" in content:
        raise CalendarFileRefused(["这不是文本文件；Excel 表格先另存为 CSV 再选"])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarFileRefused(["文字编码认不出，另存为 UTF-8 编码的 CSV 再选"])


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first else ","
    try:
        table = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        return [[normal(cell) for cell in row] for row in table]
    except csv.Error:
        raise CalendarFileRefused(["文件不是规整的 CSV，用表格软件打开后另存为 CSV 再选"]) from None


def _header(table: list[list[str]]) -> tuple[dict[str, int], int]:
    """找到列名那一行；返回列的位置与正文从第几行起。"""
    for number, row in enumerate(table[:HEADER_ROWS], start=1):
        named = {key: _position(row, names) for key, names in ALIASES.items()}
        if named["day"] is not None and named["works"] is not None:
            return {key: place for key, place in named.items() if place is not None}, number
    raise CalendarFileRefused(["没有找到列名，首行写：日期,是否上班,名称,来源"])


def _position(row: list[str], names: set[str]) -> int | None:
    return next((place for place, cell in enumerate(row) if cell.lower() in names), None)


def _days(
    rows: list[list[str]], first: int, columns: dict[str, int], problems: list[str]
) -> Iterator[FileDay]:
    seen: dict[date, int] = {}
    for line, row in enumerate(rows, start=first):
        cell = {key: row[place] if place < len(row) else "" for key, place in columns.items()}
        if not any(cell.values()):
            continue
        day, works = parse_day(cell["day"]), _works(cell["works"])
        problem = _problem(cell, day, works, seen)
        if problem:
            problems.append(f"第 {line} 行：{problem}")
            continue
        seen[day] = line
        yield FileDay(day, works, cell.get("name", "")[:40], cell.get("source", "")[:120])


def _works(text: str) -> bool | None:
    word = text.lower()
    return True if word in YES else False if word in NO else None


def _problem(cell: dict[str, str], day: date | None, works: bool | None, seen: dict[date, int]) -> str:
    if day is None:
        return f"日期“{shown(cell['day'])}”认不出，写成 2027-01-01"
    if works is None:
        return f"是否上班“{shown(cell['works'])}”认不出，写“上班”或“放假”"
    return f"{day} 在第 {seen[day]} 行已经写过" if day in seen else ""


def _checked(year: int, source: str, days: list[FileDay]) -> YearFile:
    """只留例外的日子；别的年份只许上一年十二月（跨年的元旦调休）。"""
    strange = [row.day for row in days if row.day.year != year and (row.day.year, row.day.month) != (year - 1, 12)]
    if strange:
        raise CalendarFileRefused([f"{strange[0]} 不在{year}年，一份文件只写一年"])
    kept = tuple(sorted((row for row in days if _is_exception(row)), key=lambda row: row.day))
    if not any(not row.is_workday and row.day.year == year for row in kept):
        raise CalendarFileRefused([f"文件里没有{year}年的放假日，检查“是否上班”一列"])
    source = source or next((row.source for row in kept if row.source), "")
    if not source:
        raise DomainError("填写放假通知的文号或名称，或者在文件里写“来源”一列", field="source")
    return YearFile(year, source[:120], kept)


def _is_exception(row: FileDay) -> bool:
    weekend = row.day.weekday() >= SATURDAY
    return weekend if row.is_workday else not weekend or bool(row.name)
