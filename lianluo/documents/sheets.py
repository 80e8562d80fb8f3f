"""逐行读一张工作表的 XML：只向前、不建树，内存与表的大小无关。

openpyxl 负责打开工作簿（见 packages.py）；格子自己读，因为它遇到一个 NaN 就整个文件抛 ValueError，
丢掉数字原来的位数，也不报地址。这里每格都带地址，坏的一格只坏那一格。行数、格数、元素数都有上限。
"""
from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from .cells import LONGEST, Cell
from .excel_values import Overlong, put_iso_date, put_number, put_serial, put_text, unescape
from .problems import FileRefused, damaged

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_ROWS = 300_000  # 连只有格式的空行在内
MOST_CELLS = 2_000_000
MOST_ELEMENTS = 6_000_000
_BLOCK = 1 << 20
_LONGEST_TOKEN = 4 << 20  # 一个标签、注释最长的字节
_DEEPEST = 32  # 标签套几层；正常的表不过十层
_MOST_NAMES = 2_000  # 不同的标签名与属性名
_REFERENCE = re.compile(r"([A-Za-z]+)([0-9]+)")
_PICTURE = re.compile(r"^=?\s*(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)


@dataclass
class SheetRow:
    """一行里有内容的格，按列号排。``width`` 是 CSV 这一行的栏数。"""

    number: int
    cells: dict[int, Cell] = field(default_factory=dict)
    hidden: bool = False
    width: int | None = None


class XmlStream(ABC):
    """把一个部件喂给 expat；子类写 start、end。只认本名，不管命名空间前缀。"""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.elements = self.depth = 0
        self._text: list[str] = []
        self._length = 0

    def feed(self, source: IO[bytes]) -> Iterator[None]:
        """每喂一块停一下，让调用者取走已读好的。"""
        fed = 0
        try:
            while block := source.read(_BLOCK):
                self.parser.Parse(block)
                fed += len(block)
                if fed - self.parser.CurrentByteIndex > _LONGEST_TOKEN or len(self.parser.intern) > _MOST_NAMES:
                    raise damaged()
                yield
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged() from error
        yield

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """标签开始。"""

    @abstractmethod
    def end(self, name: str) -> None:
        """标签结束。"""

    def capture(self) -> None:
        """从这里开始收文字。"""
        self._text, self._length = [], 0
        self.parser.CharacterDataHandler = self._data

    def captured(self) -> str:
        """收到的文字；太长的只留开头。"""
        self.parser.CharacterDataHandler = None
        text = "".join(self._text)
        return Overlong.of(text[:50], self._length) if self._length > LONGEST else text

    def _data(self, data: str) -> None:
        if self._length <= LONGEST:
            self._text.append(data)
        self._length += len(data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS or self.depth > _DEEPEST:
            raise FileRefused("表格的结构太复杂，把数据复制到新的工作簿再上传", code="unsafe")
        self.start(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.end(name.rpartition(":")[2])

    def _doctype(self, *_args) -> None:
        raise damaged()


class SharedStrings(XmlStream):
    """共享字符串表：各段文字连起来，注音（rPh）不算。"""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "t" and not self._phonetic:
            self.capture()

    def end(self, name: str) -> None:
        if name == "t" and not self._phonetic:
            self._parts.append(self.captured())
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append(joined(self._parts))
            if len(self.strings) > MOST_CELLS:
                raise FileRefused("表格的文字太多，分成几份后再上传", code="unsafe")

    @classmethod
    def read(cls, source: IO[bytes]) -> list[str]:
        table = cls()
        for _ in table.feed(source):
            pass
        return table.strings


def joined(parts: list[str]) -> str:
    """富文本的各段连成一句。"""
    if len(parts) == 1:
        return parts[0] if isinstance(parts[0], Overlong) else unescape(parts[0])
    length = sum(getattr(part, "length", len(part)) for part in parts)
    text = "".join(parts)
    return Overlong.of(text[:50], length) if length > LONGEST else unescape(text)


class SheetReader(XmlStream):
    """一张工作表。迭代得到 SheetRow；读完后 ``merged`` 是合并区域。"""

    def __init__(self, name: str, strings: list[str], date_styles: frozenset[int], *, is_1904: bool) -> None:
        super().__init__()
        self.name = name
        self.merged: list[str] = []
        self.pictures: list[Cell] = []
        self._strings, self._date_styles, self._is_1904 = strings, date_styles, is_1904
        self._ready: deque[SheetRow] = deque()
        self._row: SheetRow | None = None
        self._line = self._rows = self._cells = self._column = 0
        self._attributes: dict[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._parts: list[str] = []
        self._phonetic = False

    def rows(self, source: IO[bytes]) -> Iterator[SheetRow]:
        for _ in self.feed(source):
            while self._ready:
                yield self._ready.popleft()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" and self._row is not None:
            self._open_cell(attributes)
        elif name in ("v", "f", "t"):
            if self._row is not None and not self._phonetic:
                self.capture()
        elif name == "row":
            self._open_row(attributes)
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell" and len(self.merged) < MOST_ROWS:
            self.merged.append(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if self._row is None:
            return
        if name == "v":
            self._value = self.captured()
        elif name == "f":
            self._formula = self.captured()
        elif name == "t" and not self._phonetic:
            self._parts.append(self.captured())
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._close_cell()
        elif name == "row":
            self._close_row()

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise FileRefused(
                f"工作表“{self.name}”有 {MOST_ROWS:,} 行以上，删除末尾多余的空行后再上传", code="size", sheet=self.name
            )
        written = attributes.get("r", "")
        number = int(written) if re.fullmatch(r"[0-9]{1,7}", written) else self._line + 1
        if not self._line < number <= LAST_ROW:
            raise damaged(f"第 {number} 行的位置不对", sheet=self.name, line=number)
        self._line, self._column = number, 0
        self._row = SheetRow(number, hidden=attributes.get("hidden") in ("1", "true"))

    def _close_row(self) -> None:
        self._ready.append(self._row)
        self._row = None

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise FileRefused("表格的格子太多，删除多余的列后再上传", code="size", sheet=self.name)
        self._attributes = attributes
        self._value = self._formula = None
        self._parts = []
        column = self._column_of(attributes.get("r"))
        if column <= self._column:
            raise damaged(f"{attributes.get('r')} 出现两次或次序不对", sheet=self.name, cell=attributes.get("r"))
        self._column = column

    def _column_of(self, reference: str | None) -> int:
        """列号；超出 XFD 或行号对不上的是坏文件。"""
        if reference is None:
            reference = f"{get_column_letter(min(self._column, LAST_COLUMN) + 1)}{self._line}"
        match = _REFERENCE.fullmatch(reference)
        letters = match.group(1).upper() if match else ""
        column = column_index_from_string(letters) if 0 < len(letters) <= 3 else LAST_COLUMN + 1
        if column > LAST_COLUMN:
            raise damaged(f"{reference[:12]} 超出了最后一列 XFD", sheet=self.name, cell=reference[:12])
        if int(match.group(2)[:8]) != self._line:
            raise damaged(f"{reference[:12]} 的行号不对", sheet=self.name, cell=reference[:12])
        return column

    def _close_cell(self) -> None:
        kind = self._attributes.get("t", "n")
        if self._value is None and self._formula is None and not self._parts:
            return
        address = f"{get_column_letter(self._column)}{self._line}"
        cell = self._fill(Cell(address, sheet=self.name, line=self._line, column=self._column), kind)
        if cell.kind != "empty" or cell.trouble:
            self._row.cells[self._column] = cell

    def _fill(self, cell: Cell, kind: str) -> Cell:
        value = self._value
        if self._is_picture(kind):
            cell.kind = "image"
            self.pictures.append(cell)
            return cell
        if kind == "inlineStr":
            return put_text(cell, joined(self._parts))
        if not value:
            return self._without_value(cell, kind)
        if kind == "s":
            return put_text(cell, self._shared(cell, value))
        if kind == "str":
            return put_text(cell, joined([value]))
        if kind == "b":
            cell.kind, cell.value = "boolean", value.strip() in ("1", "true")
            return cell
        if kind == "e":
            cell.kind, cell.value = "error", value[:20]
            cell.trouble = f"是错误值 {cell.value}，改填实际内容"
            return cell
        return self._number(cell, kind, value.strip())

    def _is_picture(self, kind: str) -> bool:
        if _PICTURE.match(self._formula or "") or (kind == "str" and _PICTURE.match(self._value or "")):
            return True
        return kind == "e" and "vm" in self._attributes

    def _without_value(self, cell: Cell, kind: str) -> Cell:
        """公式没存结果的不能当空格；结果就是空文字的是空格。"""
        if self._formula is not None and kind != "str":
            cell.kind = "formula"
            cell.trouble = "是公式，没有保存算出的结果，改填结果，或用 WPS 或 Excel 打开保存一次"
        return cell

    def _number(self, cell: Cell, kind: str, written: str) -> Cell:
        if kind == "d":
            return put_iso_date(cell, written)
        style = self._attributes.get("s", "")
        if style.isascii() and style.isdigit() and int(style[:9]) in self._date_styles:
            return put_serial(cell, written, is_1904=self._is_1904)
        return put_number(cell, written)

    def _shared(self, cell: Cell, value: str) -> str:
        index = int(value) if re.fullmatch(r"[0-9]{1,8}", value.strip()) else -1
        if not 0 <= index < len(self._strings):
            raise damaged(f"{cell.address} 的文字找不到", sheet=self.name, cell=cell.address)
        return self._strings[index]
