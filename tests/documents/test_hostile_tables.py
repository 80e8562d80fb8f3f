"""恶意文件逐个过一遍：判定、点到的格、用时和内存，都以 tests/data/hostile/manifest.json 为准。"""
import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from lianluo.documents.filenames import content_disposition
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import Table, read_table
from lianluo.documents.uploads import check_attachment

from .making import COLUMNS

HOSTILE = Path(__file__).parents[1] / "data" / "hostile"
MANIFEST = json.loads((HOSTILE / "manifest.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in MANIFEST["files"]}
IMPORTS = [case for case in MANIFEST["files"] if case["feature"] == "import"]
ATTACHMENTS = [case for case in MANIFEST["files"] if case["feature"] == "attachment"]
FORBIDDEN = ("请", "抱歉", "！", "非法", "输入有误", "操作失败")
TITLE_AT_MOST, BODY_AT_MOST = 200, 32_767


def content_of(case: dict) -> bytes:
    return (HOSTILE / case["file"]).read_bytes()


def named(case: dict) -> str:
    return f"{case['id']}-{case['file']}"


def read(case: dict) -> Table:
    """像导入建议那样把每格都取一遍。"""
    table = read_table(content_of(case), COLUMNS, name=case["upload_as"])
    for row in table.rows:
        row.integer("no")
        row.text("title", required=True, max_length=TITLE_AT_MOST)
        row.text("name", required=True)
        row.phone("phone")
        row.date("date")
        row.text("body", required=True, max_length=BODY_AT_MOST)
        if row.text("org", required=True) not in MANIFEST["profile"]["orgs"]:
            row.problem("org", "代表团不存在")
    return table


def read_case(number: str) -> Table:
    return read(CASES[number])


def cells(table: Table) -> list[str]:
    return [problem.cell for problem in table.problems]


def outcome(case: dict) -> str:
    try:
        table = read(case)
    except FileRefused as refused:
        assert is_one_sentence(refused.sentence)
        return "reject"
    return "row_errors" if table.problems else "accept"


def is_one_sentence(sentence: str) -> bool:
    return bool(sentence) and "\n" not in sentence and not any(word in sentence for word in FORBIDDEN)


def test_the_manifest_is_complete():
    assert len(MANIFEST["files"]) == 65
    assert {case["file"] for case in MANIFEST["files"]} | {"manifest.json"} == {path.name for path in HOSTILE.iterdir()}


@pytest.mark.parametrize("case", IMPORTS, ids=named)
def test_every_import_file_gets_its_verdict_in_time(case):
    started = time.monotonic()
    got = outcome(case)
    assert time.monotonic() - started < case["limits"]["seconds"]
    assert got in {"accept_or_reject": ("accept", "reject")}.get(case["verdict"], (case["verdict"],))


@pytest.mark.parametrize("case", [c for c in IMPORTS if "rows_ok" in c.get("facts", {})], ids=named)
def test_accepted_files_give_all_their_rows(case):
    table = read(case)
    assert len([row for row in table.rows if row.ok]) == case["facts"]["rows_ok"]


@pytest.mark.parametrize("case", [c for c in IMPORTS if "bad_cells" in c.get("facts", {})], ids=named)
def test_bad_cells_are_named_and_no_other(case):
    try:
        got = cells(read(case))
    except FileRefused as refused:
        got = [problem.cell for problem in refused.problems]
    assert [cell for cell in got if cell] == case["facts"]["bad_cells"]


def test_x01_every_cell_equals_the_file():
    rows = read_case("X01").rows
    assert [row.integer("no") for row in rows] == list(range(1, 21))
    assert rows[0].text("title") == "关于推进第1项民生实事的建议"
    assert (rows[0].phone("phone"), rows[0].date("date")) == ("13800000001", date(2026, 2, 2))


def test_x02_phonetic_text_stays_out_of_the_title():
    assert [row.text("title") for row in read_case("X02").rows] == [
        f"关于推进第{number}项民生实事的建议" for number in range(1, 5)
    ]


def test_x11_formula_like_text_is_kept_as_it_stands():
    assert [row.text("title") for row in read_case("X11").rows] == CASES["X11"]["facts"]["export_leads"]


def test_x14_merged_cells_are_filled_down_when_asked():
    table = read_table(content_of(CASES["X14"]), COLUMNS, name="表.xlsx", merged="fill")
    assert {row.text("org") for row in table.rows} == {"株洲代表团"}
    assert not table.problems
    assert "D2:D4" in str(table.warnings[0])


def test_x15_both_header_cells_are_named():
    with pytest.raises(FileRefused, match="B1、G1"):
        read_case("X15")


def test_x16_the_missing_column_is_named():
    with pytest.raises(FileRefused, match="缺少“标题”列"):
        read_case("X16")


def test_x18_every_wrong_cell_is_listed_and_every_right_one_read():
    table = read_case("X18")
    expected = {fact["cell"]: fact["expect"] for fact in CASES["X18"]["facts"]["cells"]}
    assert set(cells(table)) == {cell for cell, expect in expected.items() if expect.startswith("bad")}
    rows = {row.number: row for row in table.rows}
    assert rows[2].date("date") == rows[3].date("date") == date(2026, 3, 31)
    assert (rows[12].phone("phone"), rows[13].phone("phone")) == ("13800000012", "13800000013")
    assert rows[15].text("title") == "2026"


def test_x19_the_1904_date_system_is_read_right():
    assert {row.date("date").isoformat() for row in read_case("X19").rows} == {CASES["X19"]["facts"]["date"]}


def test_x20_hidden_sheets_are_named_as_left_out():
    assert "2 张隐藏的工作表没有导入：隐藏、深藏" in [str(warning) for warning in read_case("X20").warnings]


def test_x22_a_cell_of_the_greatest_length_is_whole():
    table = read_case("X22")
    assert len(table.rows[0].text("body")) == 32_767


def test_x23_rare_names_are_unchanged_and_the_odd_ones_warned_of():
    table = read_case("X23")
    assert [row.text("name") for row in table.rows] == CASES["X23"]["facts"]["names"]
    warnings = " ".join(str(warning) for warning in table.warnings)
    assert "C22" in warnings and "U+E863" in warnings
    assert "C23" in warnings and "U+2F804" in warnings


def test_x25_full_width_digits_fold_and_other_digits_are_refused_by_address():
    table = read_case("X25")
    assert cells(table) == ["E4"]
    phones = [row.phone("phone") for row in table.rows if row.ok]
    assert phones == ["13800000002", "13800000003", "13800000005", "13800000006"]
    assert table.rows[0].date("date") == date(2026, 3, 31)


def test_x30_all_eight_bad_cells_in_one_report():
    table = read_case("X30")
    assert cells(table) == [bad["cell"] for bad in CASES["X30"]["facts"]["bad"]]
    assert (len(table.rows), sum(row.ok for row in table.rows)) == (600, 592)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("X27", "是空的"), ("X28", "没有数据行"), ("X43", "损坏"), ("X44", "损坏"), ("X46", "损坏或不完整"),
        ("X48", "文件是空的"),
        ("X49", "这是旧版 .xls 文件，在 WPS 或 Excel 中另存为 .xlsx 后再上传"), ("X50", "密码"), ("X52", "不是 xlsx"),
        ("X53", "不是 xlsx"), ("X54", "宏"), ("X55", "宏"), ("B01", "倍"), ("B02", "倍"), ("B03", "200 个"),
        ("B06", "DOCTYPE"), ("B08", "DOCTYPE"), ("C07", "第 2 行"),
    ],
)
def test_each_refusal_says_why(number, words):
    with pytest.raises(FileRefused) as refused:
        read_case(number)
    assert words in refused.value.sentence


@pytest.mark.parametrize(("number", "lines"), [("C10", [12, 13]), ("C11", [12])])
def test_csv_problems_name_their_lines(number, lines):
    assert [problem.line for problem in read_case(number).problems] == lines


def test_c13_line_breaks_inside_fields_are_kept():
    assert {row.text("body") for row in read_case("C13").rows} == {'第一行\r\n第二行\n第三行,含逗号"引号"'}


@pytest.mark.parametrize("case", ATTACHMENTS, ids=named)
def test_every_attachment_gets_its_verdict_in_time(case):
    started = time.monotonic()
    try:
        check_attachment(content_of(case), name=case["upload_as"])
        got = "accept"
    except FileRefused as refused:
        assert is_one_sentence(refused.sentence)
        got = "reject"
    assert time.monotonic() - started < case["limits"]["seconds"]
    assert case["verdict"] in (got, "accept_or_reject")


@pytest.mark.parametrize("number", ["A02", "A03", "A36"])
def test_documents_come_back_byte_for_byte(number):
    case = CASES[number]
    assert check_attachment(content_of(case), name=case["upload_as"]).content == content_of(case)


@pytest.mark.parametrize(("number", "gone"), [("A17", b"<script>"), ("A20", b"eXIf")])
def test_pictures_lose_what_rides_along(number, gone):
    case = CASES[number]
    assert gone in content_of(case)
    assert gone not in check_attachment(content_of(case), name=case["upload_as"]).content


@pytest.mark.parametrize("name", MANIFEST["upload_names"], ids=lambda name: name["what"])
def test_hostile_names_are_cleaned_and_given_back_safely(name):
    hostile = bytes.fromhex(name["name_utf8_hex"]).decode("utf-8", "surrogatepass")
    try:
        upload = check_attachment(content_of(CASES["A02"]), name=hostile)
    except FileRefused:
        assert name["verdict"] != "accept"
        return
    shown = upload.shown_name
    assert len(shown.encode("utf-8")) <= 200 and shown.lower().endswith(".pdf")
    assert not set(shown) & set("/\\\0\r\n") and not shown.startswith(".")
    header = content_disposition(shown)
    assert header.isascii() and header.isprintable() and "filename*=UTF-8''" in header
    assert not set(upload.storage_name) - set("0123456789abcdef.pdf")


MEASURE = """
import json, sys
from pathlib import Path
from django.conf import settings
settings.configure()
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import read_table
from lianluo.documents.uploads import check_attachment
from tests.documents.making import COLUMNS

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024

for case in json.loads(Path(sys.argv[1], "manifest.json").read_text())["files"]:
    content = Path(sys.argv[1], case["file"]).read_bytes()
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    try:
        if case["feature"] == "import":
            read_table(content, COLUMNS, name=case["upload_as"])
        else:
            check_attachment(content, name=case["upload_as"])
    except FileRefused:
        pass
    print(case["id"], peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="只有 Linux 能量峰值内存")
def test_no_file_takes_more_memory_than_its_limit():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(HOSTILE)], cwd=root, capture_output=True, text=True, timeout=120, check=True
    )
    used = {number: float(megabytes) for number, megabytes in (line.split() for line in done.stdout.splitlines())}
    assert set(used) == set(CASES)
    over = {number: used[number] for number in used if used[number] > CASES[number]["limits"]["extra_rss_mb"]}
    assert not over
