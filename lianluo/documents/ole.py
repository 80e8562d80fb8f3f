"""旧式 Office 文件（OLE 复合文档）：只读目录里的条目名，不解析内容。

.xls、.doc、.wps、.et 以及带打开密码的 .xlsx 都装在这种容器里，开头八个字节相同，靠条目名区分。
"""
from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # 此值及以上不是扇区号
_ENTRY = 128
_MAX_SECTORS = 1024  # 目录最多读这么多扇区，循环链也到此为止
_MACROS = {"Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA"}


def kind(content: bytes) -> str:
    """encrypted、macro、xls、doc、ppt 或 unknown。"""
    names = entry_names(content)
    if "EncryptedPackage" in names:
        return "encrypted"
    if names & _MACROS:
        return "macro"
    for name, value in (("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "doc"), ("PowerPoint Document", "ppt")):
        if name in names:
            return value
    return "unknown"


def entry_names(content: bytes) -> set[str]:
    """目录条目名；读不通的部分略过。"""
    if len(content) < 512 or not content.startswith(MAGIC):
        return set()
    shift = struct.unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        return set()
    size = 1 << shift
    names: set[str] = set()
    for sector in _directory_sectors(content, size):
        names.update(_names_in(content[(sector + 1) * size : (sector + 2) * size]))
    return names


def _directory_sectors(content: bytes, size: int):
    table = struct.unpack_from("<109I", content, 76)
    sector = struct.unpack_from("<I", content, 48)[0]
    for _ in range(_MAX_SECTORS):
        if sector >= _END:
            return
        yield sector
        sector = _next(content, table, size, sector)


def _next(content: bytes, table: tuple[int, ...], size: int, sector: int) -> int:
    """沿扇区链走一步。"""
    block, index = divmod(sector, size // 4)
    if block >= len(table) or table[block] >= _END:
        return _END
    offset = (table[block] + 1) * size + index * 4
    return struct.unpack_from("<I", content, offset)[0] if offset + 4 <= len(content) else _END


def _names_in(block: bytes):
    for start in range(0, len(block) - _ENTRY + 1, _ENTRY):
        length = struct.unpack_from("<H", block, start + 64)[0]
        if 2 < length <= 64:
            yield block[start : start + length - 2].decode("utf-16-le", "replace").lstrip("\x01\x05")
