"""做表格文件：正常的，和改坏了的。"""
from __future__ import annotations

import io
import struct
import zipfile
from xml.sax.saxutils import escape

from lianluo.documents.tables import Column

COLUMNS = [
    Column("no", "序号", ("编号",)),
    Column("title", "标题", ("案由", "建议标题"), required=True),
    Column("name", "领衔代表", ("代表姓名", "提出人"), required=True),
    Column("org", "代表团", ("所属代表团",), required=True),
    Column("phone", "联系电话", ("电话", "手机")),
    Column("date", "提交日期", ("提出日期", "日期")),
    Column("body", "内容", ("正文", "建议内容"), required=True),
]
HEADINGS = [column.heading for column in COLUMNS]
SAMPLE = ["1", "关于修路的建议", "罗知湘", "长沙代表团", "13800000001", "2026-03-31", "为此建议修路。"]
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="建议" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs count="2"><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'
PART = "xl/worksheets/sheet1.xml"


def text(written: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(written)}</t></is></c>'


def row(*cells: str, attributes: str = "") -> str:
    """cells 是现成的 <c>，或者文字。"""
    return f"<row {attributes}>" + "".join(c if c.startswith("<c") else text(c) for c in cells) + "</row>"


def sheet(*rows: str, after: str = "") -> str:
    return SHEET % ("".join(rows), after)


def parts(sheet_xml: str | bytes | None = None) -> dict[str, str | bytes]:
    """一份能打开的 xlsx 的全部部件。"""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        PART: sheet(row(*HEADINGS), row(*SAMPLE)) if sheet_xml is None else sheet_xml,
    }


def pack(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(*rows: str, after: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    return pack(parts(sheet(*rows, after=after)) | (more or {}))


def patched(content: bytes, name: str, offset: int, layout: str, value: int) -> bytes:
    """改中央目录里某个部件的一个字段；offset 从目录项开头算。"""
    changed = bytearray(content)
    where = content.rfind(name.encode()) - 46
    assert content[where : where + 4] == b"PK\x01\x02"
    struct.pack_into(layout, changed, where + offset, value)
    return bytes(changed)


def ole(*names: str) -> bytes:
    """只有目录的 OLE 复合文档。"""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    chain = struct.pack("<128I", 0xFFFFFFFD, 2, 0xFFFFFFFE, *[0xFFFFFFFF] * 125)
    entries = b"".join(_entry(name) for name in ("Root Entry", *names)).ljust(1024, b"\0")
    return bytes(header) + chain + entries


def _entry(name: str) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + bytes(62)
