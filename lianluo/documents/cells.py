"""一格：原样的值、地址，和按需要的类型读出来。读不成就说一句话，不猜、不截、不改。

读法：
* 文字照存，一个字不动；数字读成写出来的样子（2026，不是 2026.0）；逻辑值、错误值不是文字。
* 日期认 Excel 日期格，和写成 2026-03-31、2026/3/31、2026.3.31、2026年3月31日、20260331 的文字；
  两位年份不认；全角数字、空格先折算。
* 电话折算全角数字，去空格、横线、括号和 +86；手机 11 位，座机「区号-号码」。阿拉伯-印度数字等其他数字不折算，一律不收。
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

LONGEST = 32_767  # Excel 一格最多的字数
_DATE = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2}))"
    r"(?:T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_DASHES = re.compile(r"[\s\-‐‑‒–—―()（）·.]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})(?:转([0-9]{1,6}))?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")
_SHOWN = 20  # 消息里引用原文的字数


class BadCell(ValueError):
    """这一格读不成要的类型；文字就是给人看的一句话。"""


@dataclass(slots=True)
class Cell:
    """表里的一格。

    ``kind``：empty、text、number、date、boolean、error、image、formula（没存结果的公式）。
    ``trouble`` 不空时这一格坏了，任何读法都得到「列名 + trouble」这句话。
    """

    address: str | None
    value: object = None
    kind: str = "empty"
    sheet: str | None = None
    line: int | None = None
    column: int = 0
    heading: str = ""
    trouble: str = ""

    @property
    def is_blank(self) -> bool:
        if self.trouble:
            return False
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    def text(self, *, required: bool = False, max_length: int | None = None) -> str:
        """文字原样；空格子得到空串。"""
        if self._absent(required):
            return ""
        if self.kind == "boolean":
            raise BadCell(f"{self.heading}是逻辑值 {self._shown()}，改填文字")
        text = self.value if isinstance(self.value, str) else plain(self.value)
        if max_length and len(text) > max_length:
            raise BadCell(f"{self.heading}有 {len(text):,} 个字，最多 {max_length:,} 个字")
        return text

    def date(self, *, required: bool = False) -> date | None:
        """日期；带时刻的只取日期。"""
        if self._absent(required):
            return None
        if self.kind == "date":
            return self.value.date() if isinstance(self.value, datetime) else self.value
        if self.kind == "boolean":
            raise BadCell(f"{self.heading}是逻辑值 {self._shown()}，按 2026-03-31 的样子填写日期")
        return _to_date(self.heading, plain(self.value))

    def phone(self, *, required: bool = False) -> str:
        """手机 11 位数字；座机写成 0731-85309270。"""
        if self._absent(required):
            return ""
        if self.kind in ("boolean", "date"):
            raise BadCell(f"{self.heading}“{self._shown()}”不是电话号码，填写 11 位手机号")
        return _to_phone(self.heading, plain(self.value))

    def integer(self, *, required: bool = False) -> int | None:
        """整数；写成文字的数字、全角数字也认。"""
        if self._absent(required):
            return None
        written = _compact(plain(self.value))
        if self.kind in ("boolean", "date") or not re.fullmatch(r"[+-]?[0-9]{1,15}(\.0+)?", written):
            raise BadCell(f"{self.heading}“{self._shown()}”不是整数，填写数字")
        return int(Decimal(written))

    def _absent(self, required: bool) -> bool:
        if self.trouble:
            raise BadCell(self.heading + self.trouble)
        if self.is_blank and required:
            raise BadCell(f"填写{self.heading}")
        return self.is_blank

    def _shown(self) -> str:
        return shown(plain(self.value))


def shown(text: str) -> str:
    """消息里引用的原文：一行，不太长。"""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def plain(value: object) -> str:
    """值写出来的样子。"""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.min.time() else "%Y-%m-%d %H:%M")
    return str(value)


def _digits(number: Decimal) -> str:
    """不用科学记数；整数没有小数点。"""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _compact(text: str) -> str:
    """全角折半角，去掉一切空白。"""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _to_date(heading: str, text: str) -> date:
    match = _DATE.fullmatch(_compact(text))
    if not match:
        raise BadCell(f"{heading}“{shown(text)}”看不出年月日，按 2026-03-31 的样子填写")
    month, day = (match["m"], match["d"]) if match["m"] else (match["mm"], match["dd"])
    try:
        return date(int(match["y"]), int(month), int(day))
    except ValueError:
        raise BadCell(f"{heading}“{shown(text)}”这一天不存在，核对日期") from None


def _to_phone(heading: str, text: str) -> str:
    compact = _compact(text)
    if _SCIENTIFIC.fullmatch(compact):
        raise BadCell(f"{heading}“{shown(text)}”成了科学记数，后几位已丢失，把这一列设为文本后重新填写")
    digits = _DASHES.sub("", compact)
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if _MOBILE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        return "-".join(part for part in landline.groups() if part)
    raise BadCell(f"{heading}“{shown(text)}”不是电话号码，填写 11 位手机号，座机写成 0731-85309270")
