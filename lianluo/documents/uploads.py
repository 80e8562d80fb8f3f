"""附件：按内容认类型，只收清单里的；图片重新编码，其余一个字节不动。

收的清单（declared）：PDF、OFD、Word（.docx .doc .wps）、表格（.xlsx .xls .et）、演示文稿（.pptx）、
图片（.png .jpg .jpeg）、文本（.txt）。每件不超过 20 MB（设置 LIANLUO_ATTACHMENT_MB）。
不收：带宏的、有打开密码的、压缩包、网页、SVG、程序、其他。
PDF 里的脚本不去找也不执行：一律作附件下载，见 downloads.py。
"""
from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, replace

import puremagic
from django.conf import settings

from . import archives, guard, ole
from .archives import ATTACHMENT, MB, Limits
from .csvtext import decode
from .filenames import clean_name, split_extension
from .pictures import reencoded
from .problems import FileRefused, damaged

_OOXML = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": _OOXML + "wordprocessingml.document",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
    "doc": "application/msword",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
}
_SAME = {"jpeg": "jpg", "jfif": "jpg"}
_MACROS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "ppsm"}
_ARCHIVES = {"zip", "rar", "7z", "gz", "tar"}
_OLE_KINDS = {"doc": ("doc", "wps"), "xls": ("xls", "et")}
ACCEPTED = "PDF、OFD、Word、Excel、WPS、PPT（.pptx）、PNG、JPG 和 TXT"
_PDF_TAIL = 1024  # %%EOF 要在最后一千字节里，后面不许另接别的文件
_SCRIPTS = re.compile(rb"<(\?php|script|html|svg|!doctype|iframe)", re.IGNORECASE)


@dataclass(frozen=True)
class CleanUpload:
    """可以存的附件。``sha256`` 是 ``content`` 的；``storage_name`` 是另起的名字，与原名无关。"""

    content: bytes
    content_type: str
    sha256: str
    shown_name: str
    storage_name: str

    @property
    def size(self) -> int:
        return len(self.content)


def check_attachment(uploaded_file, *, name: str | None = None) -> CleanUpload:
    """收下或抛 FileRefused。``name`` 缺省取上传件的名字。"""
    content = guard.read_bounded(uploaded_file, attachment_limits())
    shown = clean_name(name if name is not None else getattr(uploaded_file, "name", "") or "")
    stem, extension = split_extension(shown)
    kind = _kind_of(content, _extension(extension))
    if not extension:
        shown = clean_name(f"{stem}.{kind}")
    if kind in ("png", "jpg"):
        content = reencoded(content, kind)
    digest = hashlib.sha256(content).hexdigest()
    return CleanUpload(content, CONTENT_TYPES[kind], digest, shown, f"{uuid.uuid4().hex}.{kind}")


def attachment_limits() -> Limits:
    """每件的上限，大小可由设置改。"""
    return replace(ATTACHMENT, sent=getattr(settings, "LIANLUO_ATTACHMENT_MB", 20) * MB)


def _extension(extension: str) -> str:
    lower = extension.removeprefix(".").lower()
    return _SAME.get(lower, lower)


def _kind_of(content: bytes, extension: str) -> str:
    """清单里的种类；内容与扩展名对不上、不在清单里都拒收。没有扩展名的以内容为准。"""
    if extension in _MACROS:
        raise _macro()
    if extension in _ARCHIVES:
        raise _archive()
    if extension and extension not in CONTENT_TYPES:
        raise _wrong_type()
    kinds = _found(content)
    if not extension:
        return kinds[0]
    if extension not in kinds:
        raise FileRefused(f"扩展名是 .{extension}，内容却不是，用原来的软件打开后另存一份再上传", code="type")
    return extension


def _wrong_type() -> FileRefused:
    return FileRefused(f"不收这种文件，可以上传 {ACCEPTED}", code="type")


def _macro() -> FileRefused:
    return FileRefused("文件含有宏，另存为不含宏的文件后再上传", code="macro")


def _archive() -> FileRefused:
    return FileRefused("不收压缩包，解压后逐个上传里面的文件", code="type")


def _found(content: bytes) -> tuple[str, ...]:
    """按内容可能是的种类，第一个是缺省。"""
    sniffed = guard.sniff(content)
    readers = {"zip": _in_archive, "ole": _in_ole, "pdf": _pdf, "picture": _picture, "text": _text}
    if sniffed not in readers:
        raise _wrong_type()
    return readers[sniffed](content)


def _in_archive(content: bytes) -> tuple[str, ...]:
    archive = archives.check(content, attachment_limits())
    kind = guard.package_kind(set(archive.namelist()))
    if kind == "macro" or guard.is_macro_enabled(archive):
        raise _macro()
    if kind == "zip":
        raise _archive()
    if kind not in CONTENT_TYPES:
        raise _wrong_type()
    return (kind,)


def _in_ole(content: bytes) -> tuple[str, ...]:
    kind = ole.kind(content)
    if kind == "encrypted":
        raise FileRefused("文件有打开密码，取消密码后再上传", code="password")
    if kind == "macro":
        raise _macro()
    if kind not in _OLE_KINDS:
        raise _wrong_type()
    return _OLE_KINDS[kind]


def _pdf(content: bytes) -> tuple[str, ...]:
    """结尾要完整：后面接着别的文件（又是 PDF 又是压缩包）的不收。"""
    if b"%%EOF" not in content.rstrip(b"\0 \t\r\n")[-_PDF_TAIL:]:
        raise damaged("结尾不是 PDF 的结尾")
    return ("pdf",)


def _picture(content: bytes) -> tuple[str, ...]:
    found = puremagic.from_string(content[:4096]).lstrip(".")
    kind = _SAME.get(found, found)
    if kind not in ("png", "jpg"):
        raise _wrong_type()
    return (kind,)


def _text(content: bytes) -> tuple[str, ...]:
    """纯文本：解得开、没有空字符、开头不是网页或脚本。"""
    decode(content)
    if _SCRIPTS.search(content[:4096]):
        raise _wrong_type()
    return ("txt",)
