"""打开工作簿：工作表清单、共享文字、日期样式、年代起点。格子由 sheets.py 读。

用 openpyxl 的只读方式（read_only、data_only、不跟外部链接），只取这四样；严格 OOXML（ISO 29500 Strict）的
命名空间换成通行的再读。任何部件缺失、错乱都归为「文件已损坏」。
"""
from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .archives import MB
from .guard import TableFile
from .problems import FileRefused, damaged
from .sheets import SharedStrings, SheetReader, SheetRow

_MOST_PART = 4 * MB  # 目录、样式一类部件解开后的上限
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument", b"http://schemas.openxmlformats.org/officeDocument/2006"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
)


@dataclass(frozen=True)
class Sheet:
    """一张工作表：名字、可见否、在压缩包里的位置。"""

    name: str
    visible: bool
    target: str


class _Archive(zipfile.ZipFile):
    """读小部件时限大小，严格命名空间换成通行的。"""

    def read(self, name, pwd=None):
        info = self.getinfo(name) if isinstance(name, str) else name
        if info.file_size > _MOST_PART:
            raise FileRefused("工作簿的样式或目录太大，把数据复制到新的工作簿再上传", code="unsafe")
        content = super().read(info, pwd)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        return content


class _Reader(ExcelReader):
    """只读需要的部件：不读属性、主题、图表、批注、外部链接。"""

    def read(self) -> None:
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)

    def sheets(self) -> list[Sheet]:
        found = []
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                raise damaged(f"缺少工作表“{sheet.name}”")
            if "chartsheet" not in relation.Type:
                found.append(Sheet(sheet.name, sheet.state == "visible", relation.target))
        return found


def _read(content: bytes) -> _Reader:
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.archive = _Archive(io.BytesIO(content))
    with warnings.catch_warnings():  # 缺省样式一类的提醒，与内容无关
        warnings.simplefilter("ignore")
        reader.read()
    return reader


class Package:
    """一个打开的工作簿。"""

    def __init__(self, file: TableFile) -> None:
        try:
            self._reader = _read(file.content)
            self.sheets = self._reader.sheets()
            self._strings = self._shared_strings()
        except FileRefused:
            raise
        except Exception as error:  # openpyxl 对坏文件抛九种异常，都是同一件事
            raise damaged() from error
        book = self._reader.wb
        self._is_1904 = book.epoch == CALENDAR_MAC_1904
        self._date_styles = frozenset(book._date_formats) - frozenset(book._timedelta_formats)

    def _shared_strings(self) -> list[str]:
        part = self._reader.package.find(SHARED_STRINGS)
        if part is None:
            return []
        with self._reader.archive.open(part.PartName[1:]) as source:
            return SharedStrings.read(source)

    def open(self, sheet: Sheet) -> tuple[SheetReader, Iterator[SheetRow]]:
        """读表器和行的迭代器；行要用时才读。"""
        reader = SheetReader(sheet.name, self._strings, self._date_styles, is_1904=self._is_1904)
        return reader, self._rows(reader, sheet)

    def _rows(self, reader: SheetReader, sheet: Sheet) -> Iterator[SheetRow]:
        with self._reader.archive.open(sheet.target) as source:
            yield from reader.rows(source)
