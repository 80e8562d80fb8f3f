"""门卫：改坏的压缩包和换了名字的文件。"""
import io
import zipfile

import pytest

from lianluo.documents import archives
from lianluo.documents.archives import ATTACHMENT, IMPORT
from lianluo.documents.guard import check_table_file
from lianluo.documents.ole import entry_names
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import read_table

from .making import COLUMNS, HEADINGS, PART, SAMPLE, ole, pack, parts, patched, row, sheet, xlsx

DOCTYPE = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "b">]><sst/>'


def refusal(content: bytes, name: str = "表.xlsx") -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        check_table_file(content, name=name)
    return refused.value


def with_member(name: str, content: str | bytes = "<a/>") -> bytes:
    return pack(parts() | {name: content})


@pytest.mark.parametrize(
    ("content", "name", "code", "words"),
    [
        (b"", "表.xlsx", "empty", "0 字节"),
        (b"x" * (IMPORT.sent + 1), "表.csv", "size", "超过 10 MB"),
        (ole("Workbook"), "表.xls", "type", "旧版 .xls"),
        (ole("Workbook"), "表.xlsx", "type", "旧版 .xls"),
        (ole("Workbook"), "表.et", "type", ".et 文件"),
        (ole("EncryptedPackage", "EncryptionInfo"), "表.xlsx", "password", "取消密码"),
        (ole("WordDocument"), "表.xlsx", "type", "Word"),
        (ole("PowerPoint Document"), "表.xlsx", "type", "演示文稿"),
        (ole("Workbook", "_VBA_PROJECT_CUR"), "表.xls", "macro", "含有宏"),
        (ole("别的"), "表.xlsx", "type", "认不出来"),
        (b"%PDF-1.7\n", "表.xlsx", "type", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "表.xlsx", "type", "图片"),
        (b"MZ\0\0", "表.xlsx", "type", "程序"),
        (b"<html><table>", "表.xlsx", "type", "网页"),
        (b"<html><table>", "表.csv", "type", "网页"),
        ("标题,内容".encode(), "表.xlsx", "type", "扩展名改为 .csv"),
        (pack(parts()), "表.csv", "type", "扩展名改为 .xlsx"),
        (pack(parts()), "表.docx", "type", "只接受 .xlsx 和 .csv"),
        (pack(parts()), "表", "type", "只接受 .xlsx 和 .csv"),
        (pack({"word/document.xml": "<a/>"}), "表.xlsx", "type", "Word"),
        (pack(parts()), "表.et", "type", ".et 文件"),
        (pack({"ppt/presentation.xml": "<a/>"}), "表.xlsx", "type", "演示文稿"),
        (pack({"OFD.xml": "<a/>"}), "表.xlsx", "type", "OFD"),
        (pack({"content.xml": "<a/>"}), "表.xlsx", "type", "OpenDocument"),
        (pack({"xl/workbook.bin": b"x"}), "表.xlsx", "type", ".xlsb"),
        (pack({"a.txt": "x"}), "表.xlsx", "type", "压缩包"),
        (pack({"xl/workbook.xml": "<a/>"}), "表.xlsx", "damaged", "损坏"),
        (with_member("xl/vbaProject.bin"), "表.xlsx", "macro", "含有宏"),
        (with_member("xl/macrosheets/sheet1.xml"), "表.xlsx", "macro", "含有宏"),
        (pack(parts()), "表.xlsm", "macro", "含有宏"),
    ],
)
def test_each_wrong_kind_has_its_own_sentence(content, name, code, words):
    refused = refusal(content, name)
    assert (refused.code, words in refused.sentence) == (code, True), refused.sentence


def test_a_whole_file_is_let_through_whatever_it_arrives_as():
    content = pack(parts())
    upload = io.BytesIO(content)
    upload.name = "表.XLSX "
    upload.read(10)
    assert check_table_file(upload).content == check_table_file(content, name="表.xlsx").content


def test_no_file_at_all():
    with pytest.raises(FileRefused, match="选择要上传的文件"):
        check_table_file(None, name="表.xlsx")


@pytest.mark.parametrize("name", ["/etc/passwd", "../x.xml", "xl/../../x.xml", "xl\\x.xml", "C:/x.xml"])
def test_paths_that_leave_the_folder_are_refused(name):
    assert "路径" in refusal(with_member(name)).sentence


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        out = io.BytesIO(pack(parts()))
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(PART, "<a/>")
    assert "重名" in refusal(out.getvalue()).sentence


def test_an_encrypted_part_is_refused():
    content = patched(pack(parts()), PART, 8, "<H", 1)
    assert refusal(content).code == "password"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_refused(method):
    assert "压缩方法" in refusal(pack(parts(), method)).sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/_rels/sheet1.xml.rels", "docProps/app.xml"])
def test_a_doctype_in_any_part_and_encoding_is_refused(encoding, name):
    assert "DOCTYPE" in refusal(with_member(name, DOCTYPE.encode(encoding))).sentence


def test_a_doctype_across_two_blocks_is_found(monkeypatch):
    monkeypatch.setattr(archives, "_BLOCK", 30)
    assert "DOCTYPE" in refusal(with_member("xl/sharedStrings.xml", DOCTYPE)).sentence


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>',
        b'<?xml version="1.0" encoding="cp037"?><x/>',
        "<?xml version='1.0'?><x/>".encode("cp037"),
        b"not xml at all",
    ],
)
def test_parts_that_hide_in_another_encoding_are_refused(content):
    assert refusal(with_member("xl/sharedStrings.xml", content)).code == "damaged"


def test_an_archive_inside_is_refused_for_imports_only():
    content = pack(parts() | {"xl/embeddings/a.xlsx": pack({"a": "b"})})
    assert "套着" in refusal(content).sentence
    assert archives.check(content, ATTACHMENT).namelist()


def overlapping() -> bytes:
    """后两个部件的目录项都指到第一个部件上（CVE-2024-0450）。"""
    content = pack(parts() | {"xl/media/a.xml": "<a/>", "xl/media/b.xml": "<a/>"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo("xl/media/a.xml").header_offset
    return patched(content, "xl/media/b.xml", 42, "<I", offset)


def test_overlapping_parts_are_refused():
    assert "重叠" in refusal(overlapping()).sentence


def test_control_without_the_layout_check_overlaps_get_further(monkeypatch):
    monkeypatch.setattr(archives, "_check_layout", lambda *_: None)
    assert "重叠" not in refusal(overlapping()).sentence


def test_a_file_that_does_not_begin_with_its_first_part_is_refused():
    content = b"PK\x03\x04" + b"x" * 60 + pack(parts())
    assert refusal(content).code in ("unsafe", "damaged")


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_a_lying_size_is_found_out(size):
    content = patched(pack(parts()), PART, 24, "<I", size)
    assert refusal(content).code == "damaged"


def test_a_wrong_checksum_is_found_out():
    assert refusal(patched(pack(parts()), PART, 16, "<I", 1)).code == "damaged"


@pytest.mark.parametrize(
    ("members", "verdict"),
    [(IMPORT.members, "in"), (IMPORT.members + 1, "out")],
)
def test_the_number_of_parts_has_an_exact_limit(members, verdict):
    many = parts() | {f"xl/media/{n}.xml": "<a/>" for n in range(members - len(parts()))}
    if verdict == "in":
        assert check_table_file(pack(many), name="表.xlsx")
    else:
        assert "200 个" in refusal(pack(many)).sentence


def test_five_megabytes_may_shrink_as_they_like_and_more_may_not():
    small = with_member("xl/media/a.bin", b" " * (IMPORT.small - 20_000))
    large = with_member("xl/media/a.bin", b" " * (IMPORT.small + 1))
    assert check_table_file(small, name="表.xlsx")
    assert "倍" in refusal(large).sentence


def test_more_than_a_hundred_megabytes_unpacked_is_refused_from_the_directory(monkeypatch):
    monkeypatch.setattr(archives, "_read_through", lambda *_: pytest.fail("不该解压"))
    content = patched(pack(parts()), PART, 24, "<I", IMPORT.unpacked)
    assert "100 MB" in refusal(content).sentence


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), pack(parts())[:-30], pack(parts())[:200]]
)
def test_torn_archives_are_refused(content):
    assert refusal(content).code in ("damaged", "type")


def test_every_single_byte_can_be_wrong_without_another_exception():
    """逐字节翻转：要么读得成，要么一句话拒收，没有第三种。"""
    whole = xlsx(row(*HEADINGS), row(*SAMPLE))
    for position in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        try:
            read_table(bytes(broken), COLUMNS, name="表.xlsx")
        except FileRefused as refused:
            assert refused.sentence


@pytest.mark.parametrize("cut", [*range(0, 1800, 97), 30, 48, 76, 512, 516])
def test_broken_ole_files_give_names_or_nothing(cut):
    broken = bytearray(ole("Workbook", "EncryptedPackage"))
    broken[cut : cut + 4] = b"\xff\x00\xff\x7f"
    assert isinstance(entry_names(bytes(broken[: 2048 - cut % 512])), set)


def test_an_ole_chain_that_runs_in_a_circle_ends():
    circle = bytearray(ole("Workbook"))
    circle[520:524] = b"\x01\0\0\0"
    assert entry_names(bytes(circle)) == {"Root Entry", "Workbook"}


@pytest.mark.parametrize(
    "body",
    [
        "<a>" * 5_000,
        "".join(f"<a{n}/>" for n in range(60_000)),
        "<!--" + "<>x" * 2_000_000 + "-->",
        '<row x="' + ">y" * 3_000_000 + '"/>',
        "<row>" + "<c/>" * 20_000 + "</row>",
        '<row r="0"/>', '<row r="2"/><row r="2"/>', '<row r="9999999"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>', '<row r="2"><c r="A3"/></row>', '<row r="2"><c r="1"/></row>',
    ],
    ids=["deep", "names", "comment", "attribute", "columns", "row 0", "twice", "row 9999999", "back", "row", "address"],
)
def test_strange_sheets_are_refused_without_building_them(body, monkeypatch):
    monkeypatch.setattr(archives, "_check_sizes", lambda *_: None)
    with pytest.raises(FileRefused):
        read_table(pack(parts(sheet(row(*HEADINGS), body))), COLUMNS, name="表.xlsx")
