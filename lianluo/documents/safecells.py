"""写工作簿用的格子：文字永远是文字，XML 放不下的字符按 OOXML 转义；同样的内容存成同样的字节。"""
from __future__ import annotations

import io
import re
import shutil
import zipfile
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.writer.excel import ExcelWriter

from .cells import LONGEST

RED = PatternFill("solid", fgColor="FFFDE8E8")
_TOP = Alignment(vertical="top", wrap_text=True)
_SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_BAD_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class TextCells:
    """一张只写工作表里的文字格与日期格。样式只算一次、各格共用，两万行也快；要另加样式的先复制 ``_style``。"""

    def __init__(self, sheet) -> None:
        self.sheet = sheet
        plain, red, day = WriteOnlyCell(sheet), WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        for cell in (plain, red):
            cell.number_format, cell.alignment = "@", _TOP
        red.fill, day.number_format = RED, "yyyy-mm-dd"
        self._plain, self._red, self._day = plain._style, red._style, day._style

    def __call__(self, text: str, *, red: bool = False) -> WriteOnlyCell:
        """「=1+1」也只是文字；一格放不下的写到放得下为止，并在末尾说明全文多少字。"""
        if len(text) > LONGEST:
            note = f"……（一格放不下，全文 {len(text):,} 字，见系统）"
            text = text[: LONGEST - len(note)] + note
        cell = WriteOnlyCell(self.sheet)
        cell._value, cell.data_type = escaped(text), "s"  # 不经 value，它会把「=」开头的认作公式
        cell._style = self._red if red else self._plain
        return cell

    def day(self, value: date) -> WriteOnlyCell:
        """日期格。"""
        cell = WriteOnlyCell(self.sheet)
        cell._value, cell.data_type, cell._style = value, "d", self._day
        return cell


def escaped(text: str) -> str:
    """回车一类写成 _x000D_；原文里本来就像转义的，下划线写成 _x005F_ 护住。"""
    return _ILLEGAL.sub(lambda match: "_x005F_" if match.group() == "_" else f"_x{ord(match.group()):04X}_", text)


def sheet_title(title: str) -> str:
    """工作表名：去掉不许用的字符，最长 31 字。"""
    return _BAD_TITLE.sub(" ", title).strip("' ")[:31] or "数据"


def saved(book: Workbook) -> bytes:
    """工作簿的字节，不含保存时刻：导出、导入、再导出，两份相同。"""
    draft, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED)).save()  # 底稿不压缩，压一遍就够
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            _copy(source, target, name)
    return out.getvalue()


def _copy(source: zipfile.ZipFile, target: zipfile.ZipFile, name: str) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    if name == "docProps/core.xml":
        target.writestr(entry, _SAVED_AT.sub(rb"\g<1>2000-01-01T00:00:00Z", source.read(name)))
        return
    with source.open(name) as part, target.open(entry, "w") as copied:
        shutil.copyfileobj(part, copied, 1 << 20)
