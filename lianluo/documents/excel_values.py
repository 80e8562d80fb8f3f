"""工作表里的原文怎样变成值：数字、日期、转义。坏在哪里，用一句话带着。"""
from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from .cells import LONGEST, Cell

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BASE_1900 = datetime(1899, 12, 30)
_BASE_1904 = datetime(1904, 1, 1)
_TOO_LATE = {False: 2_958_466, True: 2_957_004}  # 10000-01-01
_MOST_DIGITS = 15


class Overlong(str):
    """超过一格上限的文字：只留开头，记下原来的字数。"""

    length: int

    @classmethod
    def of(cls, head: str, length: int) -> Overlong:
        self = cls(head)
        self.length = length
        return self


def unescape(text: str) -> str:
    """还原 OOXML 的 _x000D_ 一类转义；成对的代理项合成一个字。"""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def put_text(cell: Cell, text: str) -> Cell:
    """文字格；太长、含空字符、含半个字的，说明不能用。"""
    if isinstance(text, Overlong):
        cell.kind, cell.value = "text", str(text)
        cell.trouble = f"有 {text.length:,} 个字，一格最多 {LONGEST:,} 个字，缩短后再导入"
        return cell
    cell.kind, cell.value = ("text", text) if text else ("empty", None)
    if len(text) > LONGEST:
        return put_text(cell, Overlong.of(text[:50], len(text)))
    if "\0" in text:
        cell.trouble = "含有空字符（NUL），重新输入"
    elif _SURROGATE.search(text):
        cell.trouble = "含有不完整的字符，重新输入"
    return cell


def put_number(cell: Cell, written: str) -> Cell:
    """数字格，保留原来写的每一位。"""
    cell.kind, cell.value = "number", written[:64]
    try:
        number = Decimal(written) if len(written) <= 64 else Decimal("Infinity")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        cell.trouble = "不是能用的数字，重新填写"
    elif number.adjusted() >= _MOST_DIGITS:
        cell.trouble = f"的数字超过 {_MOST_DIGITS} 位，后面的位数已丢失，把单元格设为文本后重新填写"
    else:
        cell.value = number
    return cell


def put_serial(cell: Cell, written: str, *, is_1904: bool) -> Cell:
    """日期格：Excel 存的是天数。1900 年 3 月 1 日以前的天数，Excel 自己就多算一天，不收。"""
    put_number(cell, written)
    if cell.trouble:
        return cell
    number = cell.value
    cell.kind = "date"
    if 0 <= number < 1 and not is_1904:
        cell.trouble = "只有时刻，没有日期，填写日期"
    elif int(number) == 60 and not is_1904:
        cell.trouble = "是 1900-02-29，这一天不存在，核对日期"
    elif number < (0 if is_1904 else 61):
        cell.trouble = f"的日期值是 {number}，不是 1900 年 3 月以后的日期，核对日期"
    elif number >= _TOO_LATE[is_1904]:
        cell.trouble = "晚于 9999 年，核对日期"
    else:
        cell.value = _moment(number, is_1904)
    return cell


def _moment(number: Decimal, is_1904: bool) -> datetime:
    base = _BASE_1904 if is_1904 else _BASE_1900
    days = int(number)
    return base + timedelta(days=days, seconds=min(round((number - days) * 86_400), 86_399))


def put_iso_date(cell: Cell, written: str) -> Cell:
    """t="d" 的格：ISO 8601 文字。"""
    cell.kind, cell.value = "date", written[:64]
    try:
        cell.value = datetime.combine(date.fromisoformat(written.strip()[:10]), datetime.min.time())
    except ValueError:
        cell.trouble = "不是日期，按 2026-03-31 的样子填写"
    return cell
