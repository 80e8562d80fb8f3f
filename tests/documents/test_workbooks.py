"""写工作簿：文字永远是文字，往返相等，样式照规定；批注副本。"""
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lianluo.documents.problems import FileRefused, Problem
from lianluo.documents.tables import Column, read_table
from lianluo.documents.workbooks import SheetColumn, annotate, write_csv, write_workbook

from .making import COLUMNS, HEADINGS, SAMPLE, row, xlsx

HOSTILE = Path(__file__).parents[1] / "data" / "hostile"
LEADS = ["=1+1", "+86 0731", "-5", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "=cmd|'/c'!A0", "'=1+1", "－5", "|calc"]
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30).filter(
    str.strip
)
WRITTEN = [
    SheetColumn("no", "编号", 8, note="四位数字"),
    SheetColumn("title", "标题", 40),
    SheetColumn("org", "代表团", choices="代表团"),
    SheetColumn("day", "提交日期", kind="date"),
    SheetColumn("sum", "金额（万元）", kind="number", total=True),
    SheetColumn("_id", "_id", hidden=True),
]
WANTED = [Column("no", "编号"), Column("title", "标题", required=True), Column("day", "提交日期"), Column("_id", "_id")]


def values(title: str = "修路", **more) -> dict:
    return {"no": "0001", "title": title, "org": "长沙代表团", "day": date(2026, 3, 31), "sum": 3, "_id": 7} | more


def opened(content: bytes):
    return load_workbook(io.BytesIO(content))


def titles(content: bytes, name: str) -> list[str]:
    return [found.text("title") for found in read_table(content, WANTED, name=name).rows]


def plain_columns() -> list[SheetColumn]:
    return [SheetColumn("title", "标题"), SheetColumn("no", "编号")]


def test_no_user_text_becomes_a_formula():
    content = write_workbook("建议", plain_columns(), [[lead, "1"] for lead in LEADS])
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    assert titles(content, "表.xlsx") == LEADS


def test_csv_neutralises_and_the_import_undoes_it():
    content = write_csv(plain_columns(), [[lead, "1"] for lead in LEADS])
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert not any(line.startswith(("=", "+", "-", "@")) for line in lines)
    assert titles(content, "表.csv") == LEADS


@settings(max_examples=60, deadline=None)
@given(st.lists(STORABLE, min_size=1, max_size=8))
def test_any_text_round_trips_through_both(texts):
    written = [[text, "1"] for text in texts]
    assert titles(write_workbook("建议", plain_columns(), written), "表.xlsx") == texts
    assert titles(write_csv(plain_columns(), written), "表.csv") == texts


@pytest.mark.parametrize("text", ["_x000D_", "_x005F_", "a\r\nb", "\x0b控制", "𠮷䶮", "<b>&amp;", "{{7*7}}", " 首尾 "])
def test_awkward_text_round_trips(text):
    assert titles(write_workbook("建议", plain_columns(), [[text, "1"]]), "表.xlsx") == [text]


def test_numbers_and_dates_stay_numbers_and_dates_and_codes_stay_text():
    sheet = opened(write_workbook("台账", WRITTEN, [values(sum=Decimal("3.50"))])).active
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "d", "n", "s"]
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("0001", "@")
    assert (sheet["D2"].value, sheet["D2"].number_format) == (datetime(2026, 3, 31), "yyyy-mm-dd")


def test_yes_and_no_moments_and_blanks_are_written_as_people_do():
    row = [True, datetime(2026, 3, 31, 9, 5), None, datetime(2026, 3, 31, 9, 5), 3, ""]
    cells = [cell.value for cell in opened(write_workbook("台账", WRITTEN, [row])).active[2]]
    assert cells == ["是", "2026-03-31 09:05", None, datetime(2026, 3, 31), 3, None]
    assert write_csv(WRITTEN, [row]).decode("utf-8-sig").split("\r\n")[1] == "是,2026-03-31 09:05,,2026-03-31 09:05,3"


def test_totals_are_formulas_that_go_on_working():
    sheet = opened(write_workbook("台账", WRITTEN, [values(), values()])).active
    assert (sheet["A4"].value, sheet["E4"].value) == ("合计", "=SUM(E2:E3)")


def test_the_sheet_is_ready_for_the_printer():
    sheet = opened(write_workbook("台账：2026/1", WRITTEN, [values()], filename="R&D.xlsx")).active
    assert sheet.title == "台账：2026 1"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.oddFooter.left.text == "R&&D.xlsx"


def test_hidden_columns_carry_the_keys_of_a_safe_reimport():
    content = write_workbook("台账", WRITTEN, [values()])
    assert opened(content).active.column_dimensions["F"].hidden
    assert read_table(content, WANTED, name="表.xlsx").rows[0].integer("_id") == 7
    assert "_id" not in write_csv(WRITTEN, [values()]).decode("utf-8-sig")


def test_the_same_rows_give_the_same_bytes():
    first = write_workbook("台账", WRITTEN, [values()], lists={"代表团": ["a"]})
    assert first == write_workbook("台账", WRITTEN, [values()], lists={"代表团": ["a"]})
    assert first != write_workbook("台账", WRITTEN, [values("另一件")], lists={"代表团": ["a"]})


def test_lists_become_drop_downs_and_notes_a_sheet():
    lists = {"代表团": ["长沙代表团", "株洲代表团"], "类别": ["农业"]}
    book = opened(write_workbook("建议", WRITTEN, [], notes=["先看这里"], lists=lists))
    assert book.sheetnames == ["建议", "填写说明", "代码表"]
    rule = book["建议"].data_validations.dataValidation[0]
    assert (str(rule.sqref), rule.formula1) == ("C2:C20001", "'代码表'!$A$2:$A$3")
    assert [[cell.value for cell in line] for line in book["代码表"].iter_rows()] == [
        ["代表团", "类别"], ["长沙代表团", "农业"], ["株洲代表团", None]
    ]
    shown = [cell.value for line in book["填写说明"].iter_rows() for cell in line if cell.value]
    assert shown == ["先看这里", "编号", "四位数字", "代表团", "可填：长沙代表团、株洲代表团"]


def test_a_template_with_its_notes_reads_back_without_them():
    content = write_workbook("建议", WRITTEN, [values()], notes=["说明"], lists={"代表团": ["a"]}, note_row=True)
    table = read_table(content, [*WANTED, Column("org", "代表团"), Column("sum", "金额")], name="表.xlsx")
    assert [found.number for found in table.rows][:1] == [3]
    assert not table.warnings


def test_a_text_longer_than_a_cell_says_so_at_its_end():
    [title] = titles(write_workbook("建议", plain_columns(), [["长" * 32_768, "1"]]), "表.xlsx")
    assert len(title) == 32_767 and title.endswith("长……（一格放不下，全文 32,768 字，见系统）")


def annotated(content: bytes, problems: list[Problem], **options):
    return annotate(content, problems, **options)


def test_the_annotated_copy_marks_every_wrong_cell():
    content = xlsx(row("汇总表"), row(*HEADINGS), row(*SAMPLE), row("2", "", *SAMPLE[2:4], "123", *SAMPLE[5:]))
    table = read_table(content, COLUMNS, name="表.xlsx")
    for found in table.rows:
        found.text("title", required=True)
        found.phone("phone")
    copy = annotated(content, table.problems, header_line=table.header_line)
    sheet = opened(copy).active
    assert [sheet["A2"].value, sheet["A3"].value] == ["问题", None]
    assert sheet["A4"].value == "；".join(problem.message for problem in table.problems)
    for address, problem in zip(["C4", "F4"], table.problems, strict=True):
        assert sheet[address].comment.text == problem.message
        assert sheet[address].fill.fgColor.rgb == "FFFDE8E8"
    again = read_table(copy, COLUMNS, name="表.xlsx")
    assert [found.number for found in again.rows] == [3, 4] and not again.warnings


def test_the_copy_keeps_gaps_booleans_and_numbers():
    cells = ['<c t="b"><v>1</v></c>', "<c><v>3</v></c>", '<c t="b"><v>0</v></c>']
    content = xlsx(row(*HEADINGS), row(*SAMPLE, attributes='r="4"'), row(*cells, attributes='r="6"'))
    problems = [Problem("建议", "C6", 6, "改填文字"), Problem("建议", None, 1, "缺一列")]
    sheet = opened(annotated(content, problems)).active
    assert [sheet[f"A{line}"].value for line in range(1, 7)] == ["问题", None, None, None, None, "改填文字"]
    assert [cell.value for cell in sheet[6]][1:4] == [True, 3, False]
    assert sheet["A1"].comment.text == "缺一列"


def test_the_copy_of_a_csv_marks_its_lines():
    content = "标题,内容\r\n=1+1,x\r\n只有一栏\r\n".encode()
    columns = [Column("title", "标题", required=True), Column("body", "内容")]
    table = read_table(content, columns, name="表.csv")
    sheet = opened(annotated(content, table.problems)).active
    assert sheet["A3"].value == table.problems[0].message
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    "name", ["wrong_types.xlsx", "impossible_numbers.xlsx", "long_cells.xlsx", "ragged.csv", "cell_at_last_row.xlsx"]
)
def test_hostile_originals_can_be_copied(name):
    content = (HOSTILE / name).read_bytes()
    table = read_table(content, COLUMNS, name=name)
    for found in table.rows:
        found.date("date")
        found.text("title", required=True)
        found.phone("phone")
    sheet = opened(annotated(content, table.problems)).active
    assert sheet.max_row < 60_000
    assert not any(cell.data_type == "f" for line in sheet.iter_rows(max_row=30, max_col=20) for cell in line)


@pytest.mark.parametrize("name", ["macro_renamed.xlsx", "zip_bomb_one_cell.xlsx", "xxe.xlsx"])
def test_what_the_guard_refuses_is_never_copied(name):
    with pytest.raises(FileRefused):
        annotated((HOSTILE / name).read_bytes(), [Problem("建议", "B2", 2, "坏了")])


def test_nothing_hidden_linked_or_executable_is_copied():
    copies = [annotated((HOSTILE / name).read_bytes(), []) for name in ("hidden_sheets.xlsx", "external_link.xlsx")]
    for content in copies:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert not any("externalLink" in name or "vba" in name for name in names)
    assert opened(copies[0]).sheetnames == ["建议"]
