"""压缩包预检：xlsx、docx、pptx、ofd 都是 zip，先查清目录与大小，再让任何解析器碰它。

查的是：部件个数、解开后的大小与倍数、名字、加密标志、压缩方法、部件是否互相重叠（CVE-2024-0450，
不信解释器自己查）、声明的大小是否属实、XML 里有没有 DOCTYPE、有没有套着压缩包。逐块解压，不占内存。
"""
from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from .problems import FileRefused, damaged

MB = 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_BLOCK = 1 * MB
_OVERLAP = 64  # 跨块查找 DOCTYPE 时前后块重叠的字节
_SLOPPY = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_XML_NAME = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)[\"']")
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, RuntimeError, ValueError, OverflowError)
_DOCTYPE = "<!DOCTYPE"
_WIDE_DOCTYPES = tuple(_DOCTYPE.encode(name) for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))


@dataclass(frozen=True)
class Limits:
    """一类上传的上限。``sent`` 是传来的字节，``unpacked`` 是解开后的字节。"""

    sent: int
    members: int
    unpacked: int
    small: int = 5 * MB  # 解开后不到这个数，不算倍数
    ratio: int = 100
    nested: bool = False  # 允许内嵌压缩包（docx 里的图表），只是永不解开


IMPORT = Limits(sent=10 * MB, members=200, unpacked=100 * MB)
ATTACHMENT = Limits(sent=20 * MB, members=2000, unpacked=200 * MB, nested=True)


def check(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """通过预检才给出打开的压缩包；不通过抛 FileRefused。"""
    if content.count(_CENTRAL) > limits.members:  # 先数目录项的标志，几十万个部件的目录连读都不读
        raise FileRefused(
            f"文件里的部件超过 {limits.members} 个，不是正常的表格或文档，另存一份再上传", code="unsafe"
        )
    archive = _open(content)
    infos = archive.infolist()
    _check_sizes(infos, len(content), limits)
    _check_names(infos)
    _check_flags(infos)
    _check_layout(content, archive, infos)
    for info in infos:
        _read_through(archive, info, limits)
    return archive


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise damaged() from error


def _check_sizes(infos: list[zipfile.ZipInfo], sent: int, limits: Limits) -> None:
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.unpacked:
        raise FileRefused(f"文件解开后超过 {limits.unpacked // MB} MB，分成几份后再上传", code="unsafe")
    if unpacked > limits.small and unpacked > sent * limits.ratio:
        raise FileRefused(
            f"文件解开后是原来的 {unpacked // sent} 倍，不是正常的表格或文档，另存一份再上传", code="unsafe"
        )


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    """绝对路径、上级目录、反斜杠、重名都不收。"""
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        parts = re.split(r"[/\\]", name)
        if not name or name[0] in "/\\" or ".." in parts or "\\" in name or "\0" in name or ":" in name:
            raise FileRefused("文件内部的路径不正常，另存一份再上传", code="unsafe")
        if name.casefold() in seen:
            raise FileRefused("文件内部有重名的部件，另存一份再上传", code="unsafe")
        seen.add(name.casefold())


def _check_flags(infos: list[zipfile.ZipInfo]) -> None:
    for info in infos:
        if info.flag_bits & 0x41:
            raise FileRefused("文件加了密码，取消密码后再上传", code="password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("文件的压缩方法不常见，另存一份再上传", code="unsafe")


def _check_layout(content: bytes, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """各部件首尾相接、互不重叠，从第一个字节开始，到目录之前结束。"""
    free = 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        if info.header_offset < free or (free == 0 and info.header_offset != 0):
            raise FileRefused("文件内部的部件互相重叠，另存一份再上传", code="unsafe")
        free = _end(content, info)
    if free > archive.start_dir:
        raise damaged()


def _end(content: bytes, info: zipfile.ZipInfo) -> int:
    header = content[info.header_offset : info.header_offset + 30]
    if len(header) < 30 or not header.startswith(ZIP_MAGIC):
        raise damaged()
    name, extra = struct.unpack_from("<HH", header, 26)
    return info.header_offset + 30 + name + extra + info.compress_size


def _read_through(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> None:
    """真的解压一遍：大小、校验和属实，没有 DOCTYPE，编码认得。"""
    seen, tail = 0, b""
    try:
        with archive.open(info) as part:
            while block := part.read(_BLOCK):
                if not seen:
                    _check_head(info.filename, block, limits)
                seen += len(block)
                tail = _check_block(tail + block)
    except _BROKEN as error:
        raise damaged() from error
    if seen != info.file_size:
        raise damaged()


def _check_head(name: str, block: bytes, limits: Limits) -> None:
    if block.startswith(ZIP_MAGIC) and not limits.nested:
        raise FileRefused("文件里还套着别的压缩包或文档，删去嵌入的对象后再上传", code="unsafe")
    head = block[:512]
    if _XML_NAME.search(name) and not _looks_like_xml(head):
        raise damaged()
    declared = _ENCODING.search(head)
    if declared and declared.group(1).lower() not in _ENCODINGS:
        raise damaged()


def _looks_like_xml(head: bytes) -> bool:
    for mark in _SLOPPY:
        head = head.removeprefix(mark)
    return head.lstrip(b"\0 \t\r\n").startswith(b"<")


def _check_block(window: bytes) -> bytes:
    """返回要带到下一块去的尾巴。"""
    marks = (_DOCTYPE.encode(), *_WIDE_DOCTYPES) if b"\0" in window[:256] else (_DOCTYPE.encode(),)
    if any(mark in window for mark in marks):
        raise FileRefused(
            "文件内部带有外部声明（DOCTYPE），不能读取，在 WPS 或 Excel 中另存一份再上传", code="unsafe"
        )
    return window[-_OVERLAP:]
