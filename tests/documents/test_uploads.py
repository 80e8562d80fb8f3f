"""附件：清单、六种拒收的话、图片重编码、名字、下载应答。"""
import io
import struct
import zlib
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lianluo.documents import pictures
from lianluo.documents.downloads import bytes_response, download_response
from lianluo.documents.filenames import clean_name
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import read_table
from lianluo.documents.uploads import CONTENT_TYPES, check_attachment

from .making import COLUMNS, ole, pack, parts, row, xlsx

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
GPS, ORIENTATION = 0x8825, 0x0112


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 2), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def refusal(content: bytes, name: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        check_attachment(SimpleUploadedFile("x", content), name=name)
    return refused.value


GOOD = {
    "复文.pdf": PDF,
    "复文.ofd": pack({"OFD.xml": "<a/>"}),
    "复文.docx": pack({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
    "台账.xlsx": pack(parts()),
    "汇报.pptx": pack({"[Content_Types].xml": "<a/>", "ppt/presentation.xml": "<a/>"}),
    "复文.doc": ole("WordDocument"),
    "复文.wps": ole("WordDocument"),
    "台账.xls": ole("Workbook"),
    "台账.et": ole("Workbook"),
    "说明.txt": "附件说明".encode("gb18030"),
}


@pytest.mark.parametrize("name", GOOD)
def test_listed_documents_are_kept_byte_for_byte(name):
    upload = check_attachment(SimpleUploadedFile(name, GOOD[name]))
    assert (upload.content, upload.shown_name) == (GOOD[name], name)
    assert upload.content_type == CONTENT_TYPES[name.rpartition(".")[2]]
    assert upload.size == len(GOOD[name]) and len(upload.sha256) == 64
    assert upload.storage_name.rpartition(".")[2] == name.rpartition(".")[2]


def test_storage_names_are_never_the_same():
    names = {check_attachment(PDF, name="复文.pdf").storage_name for _ in range(50)}
    assert len(names) == 50


def test_without_extension_the_content_decides():
    assert check_attachment(PDF, name="附件").shown_name == "附件.pdf"
    assert check_attachment(ole("Workbook"), name="附件").shown_name == "附件.xls"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<svg xmlns=''/>", "图.svg", "type"), (b"<svg xmlns=''/>", "图.png", "type"), (b"<html>", "页.html", "type"),
        (b"<html>", "页.pdf", "type"), (b"<html>", "页.txt", "type"), (b"a<script>", "页.txt", "type"),
        (b"<?php ?>", "页.txt", "type"), (b"#!/bin/sh\n", "页.txt", "type"), (b"MZ\0\0", "a.exe", "type"),
        (b"MZ\0\0", "a.pdf", "type"), (PDF, "a.docx", "type"), (pack(parts()), "a.docx", "type"),
        (pack(parts()), "a.zip", "type"), (pack({"a": "b"}), "a.docx", "type"),
        (pack({"xl/workbook.bin": "b"}), "a.xlsx", "type"), (b"BM\0\0", "a.png", "type"), (PDF, "a.rar", "type"),
        (picture(), "a.jpg", "type"),
        (picture("GIF", mode="P"), "a.gif", "type"), (picture("GIF", mode="P"), "a.png", "type"),
        (ole("别的"), "a.doc", "type"),
        (ole("WordDocument"), "a.xls", "type"), (pack({"word/vbaProject.bin": "x"}), "a.docx", "macro"),
        (pack({"word/document.xml": "<a/>"}), "a.docm", "macro"), (ole("WordDocument", "Macros"), "a.doc", "macro"),
        (ole("EncryptedPackage"), "a.docx", "password"), (PDF[:-6], "a.pdf", "damaged"),
        (PDF + b"x" * 1100, "a.pdf", "damaged"),
        (b"\xff\xff\xff", "a.txt", "damaged"), (b"\x89PNG\r\n\x1a\n\0\0\0\0", "a.png", "damaged"),
        (b"", "a.pdf", "empty"),
    ],
)
def test_what_is_refused(content, name, code):
    assert refusal(content, name).code == code


def test_the_six_messages_are_all_different(settings):
    settings.LIANLUO_ATTACHMENT_MB = 1
    with pytest.raises(FileRefused) as none:
        check_attachment(None)
    with pytest.raises(FileRefused) as template:
        read_table(xlsx(row("甲", "乙"), row("1", "2")), COLUMNS, name="表.xlsx")
    refusals = [
        none.value, refusal(b"<html>", "a.html"), refusal(PDF + b" " * 1_048_576, "a.pdf"), refusal(b"", "a.pdf"),
        refusal(ole("EncryptedPackage"), "a.docx"), template.value,
    ]
    assert [refused.code for refused in refusals] == ["none", "type", "size", "empty", "password", "template"]
    assert len({refused.sentence for refused in refusals}) == 6


def test_the_size_limit_is_a_setting(settings):
    large = PDF[:9] + b" " * 1_100_000 + PDF[9:]
    assert check_attachment(large, name="a.pdf")
    settings.LIANLUO_ATTACHMENT_MB = 1
    assert "超过 1 MB" in refusal(large, "a.pdf").sentence


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_position_and_camera_leave_the_picture(kind):
    exif = Image.Exif()
    exif[0x010F] = "某相机"
    exif.get_ifd(GPS)[1] = "N"
    original = picture(kind, exif=exif.tobytes(), pnginfo=None)
    assert Image.open(io.BytesIO(original)).getexif()
    cleaned = check_attachment(original + b"<script>", name="照片.jpg" if kind == "JPEG" else "照片.png").content
    image = Image.open(io.BytesIO(cleaned))
    assert not image.getexif() and b"Exif" not in cleaned and b"<script>" not in cleaned
    assert image.size == (4, 2)


def test_a_picture_taken_sideways_is_set_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    cleaned = check_attachment(picture("JPEG", exif=exif.tobytes()), name="照片.jpeg")
    assert Image.open(io.BytesIO(cleaned.content)).size == (2, 4)
    assert (cleaned.content_type, cleaned.shown_name) == ("image/jpeg", "照片.jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_survives(mode):
    cleaned = check_attachment(picture(mode=mode), name="图.png").content
    assert Image.open(io.BytesIO(cleaned)).size == (4, 2)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_survives(mode):
    assert check_attachment(picture("JPEG", mode=mode), name="图.jpg").content.startswith(b"\xff\xd8")


def header_only(width: int, height: int) -> bytes:
    """宽高写在头里，像素一个也没有。"""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunks + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("size", [(30_000, 30_000), (50_000_001, 1), (7_072, 7_072)])
def test_too_many_pixels_are_refused_from_the_header(size, monkeypatch):
    monkeypatch.setattr(pictures, "_encoded", lambda *_: pytest.fail("不该解码"))
    assert "5,000 万像素" in refusal(header_only(*size), "图.png").sentence


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\目录\\复文.pdf", "复文.pdf"), ("．．／复文.pdf", "复文.pdf"),
        ("复\0文\r\n.pdf", "复文.pdf"), ("复\u202e文.pdf", "复文.pdf"), ("复\ud800文.pdf", "复文.pdf"),
        (" .pdf", "未命名.pdf"),
        ("..", "未命名"), ("", "未命名"), ("复文 . pdf", "复文 . pdf"), ("复  文.pdf ", "复 文.pdf"),
        ("复文.tar.gz", "复文.tar.gz"),
        ("👨\u200d👩.pdf", "👨\u200d👩.pdf"), ("建" * 90 + ".pdf", "建" * 65 + ".pdf"),
        ("𠮷" * 90 + ".pdf", "𠮷" * 49 + ".pdf"),
    ],
)
def test_shown_names_are_clean_short_and_keep_their_extension(name, shown):
    assert clean_name(name) == shown
    assert clean_name(shown) == shown


def check_headers(response, disposition: str):
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Disposition"] == disposition


def test_downloads_are_attachments_that_nothing_executes(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(PDF)
    with path.open("rb") as file:
        response = download_response(SimpleNamespace(file=file, content_type="application/pdf"), "复文\r\nX: 1.pdf")
        assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    check_headers(response, "attachment; filename=\"download.pdf\"; filename*=UTF-8''%E5%A4%8D%E6%96%87X%3A%201.pdf")


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "", "application/pdf\r\nX: 1"])
def test_an_unlisted_type_is_sent_as_plain_bytes(content_type):
    response = bytes_response(PDF, content_type, '复文";x="a.html')
    assert response["Content-Type"] == "application/octet-stream"
    check_headers(
        response, "attachment; filename=\"download.html\"; filename*=UTF-8''%E5%A4%8D%E6%96%87%22%3Bx%3D%22a.html"
    )
