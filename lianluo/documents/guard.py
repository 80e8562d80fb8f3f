"""导入的门卫：站在一切解析器前面，认清文件是什么，不是 .xlsx 或 .csv 就说清怎么办。

上限（decisions「Import limits」）：传来 10 MB，解开 100 MB，超过 5 MB 时不超过 100 倍，部件 200 个。
"""
from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass

from . import archives, ole
from .archives import IMPORT, MB, Limits
from .problems import FileRefused, damaged

XLSX, CSV = "xlsx", "csv"
_SAVE_AS = "在 WPS 或 Excel 中另存为 .xlsx 后再上传"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe")
_MAIN_PARTS = (
    ("xl/workbook.bin", "xlsb"),
    ("xl/workbook.xml", "xlsx"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
    ("content.xml", "odf"),
)
_MACRO_PART = re.compile(r"(^|/)(vbaProject|vbaData)[^/]*$|(^|/)macrosheets/", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|svg|\?php|script|head|body|table|meta|!--)", re.IGNORECASE)
_SENTENCES = {
    "encrypted": ("password", "文件有打开密码，在 WPS 或 Excel 中取消密码后再上传"),
    "xls": ("type", "这是旧版 .xls 文件，" + _SAVE_AS),
    "et": ("type", "这是 WPS 表格 .et 文件，在 WPS 中另存为 .xlsx 后再上传"),
    "macro": ("macro", "文件含有宏，另存为不含宏的 .xlsx 后再上传"),
    "xlsb": ("type", "这是二进制工作簿 .xlsb，" + _SAVE_AS),
    "doc": ("type", "这不是 xlsx 表格，内容是 Word 或 WPS 文字文档，把表格复制到新的工作簿，存为 .xlsx 后再上传"),
    "docx": ("type", "这不是 xlsx 表格，内容是 Word 文档，把表格复制到新的工作簿，存为 .xlsx 后再上传"),
    "ppt": ("type", "这不是 xlsx 表格，内容是演示文稿，选择表格文件后再上传"),
    "pptx": ("type", "这不是 xlsx 表格，内容是演示文稿，选择表格文件后再上传"),
    "ofd": ("type", "这不是 xlsx 表格，内容是 OFD 版式文件，选择表格文件后再上传"),
    "odf": ("type", "这是 OpenDocument 文件，" + _SAVE_AS),
    "zip": ("type", "这不是 xlsx 表格，内容是压缩包，解压后上传里面的表格"),
    "pdf": ("type", "这不是 xlsx 表格，内容是 PDF，选择表格文件后再上传"),
    "picture": ("type", "这不是 xlsx 表格，内容是图片，选择表格文件后再上传"),
    "markup": ("type", "这不是 xlsx 表格，内容是网页，用 WPS 或 Excel 打开后另存为 .xlsx 再上传"),
    "program": ("type", "这不是 xlsx 表格，内容是程序，选择表格文件后再上传"),
    "unknown": ("type", "这不是 xlsx 表格，内容认不出来，" + _SAVE_AS),
}


@dataclass(frozen=True)
class TableFile:
    """门卫放行的文件：kind 是 xlsx 或 csv；xlsx 带着打开的压缩包。"""

    content: bytes
    kind: str
    archive: zipfile.ZipFile | None = None


def check_table_file(file, *, name: str | None = None) -> TableFile:
    """放行或抛 FileRefused。``file`` 是上传件、打开的文件或字节串；``name`` 缺省取上传件的名字。"""
    name = name if name is not None else getattr(file, "name", "") or ""
    content = read_bounded(file, IMPORT)
    extension = extension_of(name)
    found = sniff(content)
    if found == "ole":
        raise _refuse(_old_office(content, extension))
    if extension == "et":
        raise _refuse("et")
    if extension not in (XLSX, CSV) and not (extension == "xlsm" and found == "zip"):
        raise FileRefused("只接受 .xlsx 和 .csv 表格，" + _SAVE_AS, code="type")
    return _xlsx(content, extension) if found == "zip" else _csv(content, extension, found)


def read_bounded(file, limits: Limits) -> bytes:
    """读出全部内容，多读一个字节就知道超没超。"""
    if file is None:
        raise FileRefused("选择要上传的文件", code="none")
    content = file if isinstance(file, bytes) else _read(file, limits.sent + 1)
    if not content:
        raise FileRefused("文件是空的（0 字节），检查后重新选择文件", code="empty")
    if len(content) > limits.sent:
        raise FileRefused(f"文件超过 {limits.sent // MB} MB，缩小或分成几份后再上传", code="size")
    return content


def _read(file, most: int) -> bytes:
    if hasattr(file, "seek"):
        file.seek(0)
    return file.read(most)


def extension_of(name: str) -> str:
    """小写扩展名，不带点；尾部空格不算。"""
    stem, dot, extension = name.strip().rpartition(".")
    return extension.strip().lower() if dot else ""


def sniff(content: bytes) -> str:
    """按开头的字节认：zip、ole、pdf、picture、program、markup、text、unknown。"""
    if content.startswith((archives.ZIP_MAGIC, b"PK\x05\x06")):
        return "zip"
    if content.startswith(ole.MAGIC):
        return "ole"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if b"\0" in content[:512]:  # 短的标志也可能是文本的头两个字母，文本里没有空字符
        if content.startswith(_PICTURES):
            return "picture"
        if content.startswith(_PROGRAMS):
            return "program"
    if content.startswith(b"#!"):
        return "program"
    if _MARKUP.match(content[:512].removeprefix(b"\xef\xbb\xbf")):
        return "markup"
    return "text" if _is_text(content) else "unknown"


def _is_text(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in content[:4096]


def package_kind(names: set[str]) -> str:
    """压缩包里装的是什么：看主部件，含宏的一律是 macro。"""
    if any(_MACRO_PART.search(name) for name in names):
        return "macro"
    return next((kind for part, kind in _MAIN_PARTS if part in names), "zip")


def is_macro_enabled(archive: zipfile.ZipFile) -> bool:
    """内容类型写着 macroEnabled 的，即使没有 vbaProject 也算含宏。"""
    try:
        info = archive.getinfo("[Content_Types].xml")
    except KeyError:
        return False
    return info.file_size <= MB and b"macroenabled" in archive.read(info).lower()


def _old_office(content: bytes, extension: str) -> str:
    kind = ole.kind(content)
    if extension == "et" and kind in ("xls", "unknown"):
        return "et"
    return kind


def _refuse(kind: str) -> FileRefused:
    code, sentence = _SENTENCES[kind]
    return FileRefused(sentence, code=code)


def _xlsx(content: bytes, extension: str) -> TableFile:
    archive = archives.check(content, IMPORT)
    kind = package_kind(set(archive.namelist()))
    if kind != "xlsx":
        raise _refuse(kind)
    if extension == "xlsm" or is_macro_enabled(archive):
        raise _refuse("macro")
    if extension == CSV:
        raise FileRefused("扩展名是 .csv，内容却是 xlsx 表格，把扩展名改为 .xlsx 后再上传", code="type")
    if "[Content_Types].xml" not in archive.namelist():
        raise damaged()
    return TableFile(content, XLSX, archive)


def _csv(content: bytes, extension: str, found: str) -> TableFile:
    if extension == CSV and found in ("text", "unknown"):
        return TableFile(content, CSV)
    if extension == XLSX and found == "text":
        raise FileRefused("这不是 xlsx 表格，内容是文本，如果是 CSV，把扩展名改为 .csv 后再上传", code="type")
    raise _refuse(found)
