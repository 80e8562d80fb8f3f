"""读表：表头、列、行、合并、图片、公式。"""
import time
from datetime import date

import pytest

from lianluo.documents import archives, merging, sheets, tables
from lianluo.documents.headings import heading_key
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import Column, read_table

from .making import (
    COLUMNS,
    CONTENT_TYPES,
    HEADINGS,
    RELATIONS,
    SAMPLE,
    STYLES,
    WORKBOOK,
    pack,
    parts,
    row,
    sheet,
    xlsx,
)

PLAIN = row(*HEADINGS)


def read(*rows: str, **options):
    after = options.pop("after", "")
    return read_table(xlsx(*rows, after=after), COLUMNS, name="表.xlsx", **options)


def warnings(table) -> list[str]:
    return [str(warning) for warning in table.warnings]


def refused(*rows: str) -> FileRefused:
    with pytest.raises(FileRefused) as error:
        read(*rows)
    return error.value


def sample(**changes: str) -> str:
    values = dict(zip((column.key for column in COLUMNS), SAMPLE, strict=True)) | changes
    return row(*values.values())


@pytest.mark.parametrize("above", range(10))
def test_the_header_may_stand_below_title_rows(above):
    table = read(*[row("湖南省第十四届人民代表大会建议汇总表")] * above, PLAIN, sample())
    assert (table.header_line, len(table.rows)) == (above + 1, 1)
    assert table.rows[0]["title"].address == f"B{above + 2}"


def test_beyond_the_tenth_row_it_is_not_looked_for():
    error = refused(*[row("说明")] * 10, PLAIN, sample())
    assert error.code == "template" and "前 10 行里没有找到表头" in error.sentence and "标题" in error.sentence


@pytest.mark.parametrize("heading", ["案由", "标题*", " 标 题 ", "标题（必填）", "标题：", "［标题］标题"])
def test_headings_are_known_by_alias_and_without_trimmings(heading):
    headings = [heading if name == "标题" else name for name in HEADINGS]
    assert read(row(*headings), sample()).rows[0].text("title") == SAMPLE[1]


@pytest.mark.parametrize("mark", ["(", "[", "（"])
def test_a_cell_full_of_open_brackets_is_read_at_once(mark):
    """逐个括号往后找到底，一格就要好几秒，一份十几 KB 的表能占住进程几个小时。"""
    began = time.perf_counter()
    assert heading_key(mark * 32_000)
    assert time.perf_counter() - began < 1


def test_an_alias_beside_the_heading_is_a_duplicate():
    error = refused(row(*HEADINGS, "案由"), row(*SAMPLE, "又一个"))
    assert [problem.cell for problem in error.problems] == ["B1", "H1"]


def test_missing_and_duplicate_columns_are_told_at_once():
    error = refused(row("序号", "标题", "标题", "领衔代表", "代表团"), row("1", "a", "b", "c", "d"))
    assert "B1、C1 都是“标题”列" in error.sentence and "缺少“内容”列" in error.sentence


def test_unknown_columns_and_columns_without_heading_are_named():
    table = read(row(*HEADINGS, "经办"), row(*SAMPLE, "张三", "多出来的"))
    assert warnings(table) == ["建议!H1 不认识的列“经办”没有导入", "没有表头的列没有导入：I 列"]


def test_the_column_of_problems_of_an_annotated_copy_is_passed_over():
    table = read(row("问题", *HEADINGS), row("填写标题", *SAMPLE))
    assert not table.warnings and table.rows[0].text("title") == SAMPLE[1]


@pytest.mark.parametrize("notes", [["※文字"] * 7, ["说明：逐行填写"], ["填写说明见第二张表"]])
def test_a_row_of_notes_under_the_header_is_no_data(notes):
    assert [r.number for r in read(PLAIN, row(*notes), sample()).rows] == [3]


def test_blank_rows_are_passed_over_and_line_numbers_stay():
    table = read(PLAIN, row(""), sample(), row(" ", "\u3000"), sample())
    assert [r.number for r in table.rows] == [3, 5]


def test_hidden_rows_come_in_and_are_named():
    table = read(PLAIN, row(*SAMPLE, attributes='hidden="1"'), sample())
    assert len(table.rows) == 2 and warnings(table) == ["隐藏的行也导入了：第 2 行"]


def test_the_twenty_thousand_and_first_row_is_too_many(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read(PLAIN, *[sample()] * 3).rows) == 3
    assert "最多导入 3 行" in refused(PLAIN, *[sample()] * 4).sentence


def test_formatted_empty_rows_have_a_limit_too(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    assert "删除末尾多余的空行" in refused(PLAIN, sample(), *["<row><c s='1'/></row>"] * 4).sentence


def merged(reference: str) -> str:
    return f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'


def test_merged_cells_are_reported_each_by_address():
    table = read(PLAIN, sample(), sample(org=""), sample(org=""), after=merged("D2:D4"))
    assert [problem.cell for problem in table.problems] == ["D3", "D4"]
    assert [r.ok for r in table.rows] == [True, False, False]
    assert not table.rows[1].text("org")


def test_or_filled_down_when_asked():
    table = read(PLAIN, sample(), sample(org=""), sample(org=""), after=merged("D2:D4"), merged="fill")
    assert [r.text("org") for r in table.rows] == [SAMPLE[3]] * 3
    assert warnings(table) == ["D2:D4 是合并单元格，已按首格内容填入 D3、D4"]


def test_a_merged_range_to_the_end_of_the_sheet_is_walked_by_rows_not_by_numbers():
    table = read(PLAIN, sample(), sample(org=""), after=merged("D2:D1048576"))
    assert [problem.cell for problem in table.problems] == ["D3"]


@pytest.mark.parametrize("reference", ["A1:G1", "B2:C2", "K2:K9", "A1:A3"])
def test_other_merged_ranges_change_nothing(reference):
    assert not read(PLAIN, sample(), sample(), after=merged(reference)).problems


@pytest.mark.parametrize("reference", ["", "XX", "A:A", "D2:ZZZZ9", "D2"])
def test_senseless_merged_ranges(reference):
    if reference == "D2":
        assert not read(PLAIN, sample(), after=merged(reference)).problems
    else:
        with pytest.raises(FileRefused, match="合并单元格的位置不对"):
            read(PLAIN, sample(), after=merged(reference))


@pytest.mark.parametrize(
    "picture",
    [
        '<c t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>',
        '<c t="str"><v>=DISPIMG("ID_1",1)</v></c>',
        '<c t="e" vm="1"><v>#VALUE!</v></c>',
    ],
)
def test_pictures_in_cells_are_named_and_left_out(picture):
    table = read(PLAIN, row(*SAMPLE[:4], picture, *SAMPLE[5:]))
    assert warnings(table) == ["建议!E2 第 2 行 E 列是图片，不会导入"]
    assert table.rows[0].phone("phone") == "" and not table.problems


@pytest.mark.parametrize(
    ("formula", "title", "words"),
    [
        ('<c t="str"><f>"关于"&amp;"修路"</f><v>关于修路</v></c>', "关于修路", ""),
        ("<c><f>1+1</f><v>2</v></c>", "2", ""),
        ("<c><f>1+1</f></c>", "", "标题是公式，没有保存算出的结果"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", "标题是错误值 #DIV/0!"),
        ('<c t="str"><f>""</f><v></v></c>', "", "填写标题"),
    ],
)
def test_formulas_give_their_stored_result(formula, title, words):
    table = read(PLAIN, row("1", formula, *SAMPLE[2:]))
    assert table.rows[0].text("title", required=True) == title
    assert [problem.cell for problem in table.problems] == (["B2"] if words else [])
    assert all(words in problem.message for problem in table.problems)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("_x000D_x", "\rx"), ("_x005F_x000D_", "_x000D_"), ("_xD842__xDFB7_", "𠮷"), ("_x00zz_", "_x00zz_")],
)
def test_ooxml_escapes_are_undone(written, kept):
    assert read(PLAIN, sample(title=written)).rows[0].text("title") == kept


@pytest.mark.parametrize("written", ["a_x0000_b", "a_xD842_b"])
def test_what_a_database_cannot_hold_is_named(written):
    assert [problem.cell for problem in read(PLAIN, sample(title=written)).problems] == ["B2"]


def test_one_cell_is_reported_once_and_in_order():
    table = read(PLAIN, row("1", '<c t="e"><v>#N/A</v></c>', *SAMPLE[2:]), sample(phone="x", title=""))
    for r in reversed(table.rows):
        r.phone("phone")
        r.text("title", required=True)
        r.text("title", required=True)
    assert [problem.cell for problem in table.problems] == ["B2", "B3", "E3"]


def test_an_optional_column_may_be_absent():
    short = [heading for heading in HEADINGS if heading != "联系电话"]
    table = read(row(*short), row(*SAMPLE[:4], *SAMPLE[5:]))
    assert table.rows[0].phone("phone") == "" and table.rows[0]["phone"].address is None
    table.rows[0].phone("phone", required=True)
    assert [str(problem) for problem in table.problems] == ["第 2 行 填写联系电话"]


def test_importers_add_problems_and_warnings_to_a_cell():
    table = read(PLAIN, sample())
    table.rows[0].problem("org", "代表团“长沙代表团”不存在")
    table.rows[0].warn("name", "与第 9 行同名")
    assert table.problems[0].as_dict() == {
        "sheet": "建议", "cell": "D2", "line": 2, "message": "代表团“长沙代表团”不存在"
    }
    assert warnings(table) == ["建议!C2 与第 9 行同名"]


def two_sheets(first: str, second: str, state: str = "visible") -> bytes:
    book = WORKBOOK.replace(
        "</sheets>", f'<sheet name="第二张" sheetId="2" state="{state}" r:id="rId2"/></sheets>'
    )
    relation = RELATIONS[RELATIONS.index("<Relationship ") : RELATIONS.index("</Relationships>")]
    relations = RELATIONS.replace(
        "</Relationships>", relation.replace("rId1", "rId2").replace("sheet1", "sheet2") + "</Relationships>"
    )
    more = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet2.xml": second}
    return pack(parts(first) | more)


def test_the_first_visible_sheet_with_a_header_is_read_and_the_others_named():
    data, cover = sheet(PLAIN, sample()), sheet(row("封面"))
    table = read_table(two_sheets(cover, data), COLUMNS, name="表.xlsx")
    assert table.sheet == "第二张"
    assert warnings(table) == ["工作表“建议”没有导入，一次只导入一张"]
    assert not read_table(two_sheets(data, cover, "hidden"), COLUMNS, name="表.xlsx").problems


def test_a_workbook_of_hidden_sheets_only_is_refused():
    book = WORKBOOK.replace('sheetId="1"', 'sheetId="1" state="hidden"')
    content = pack(parts(sheet(PLAIN, sample())) | {"xl/workbook.xml": book})
    with pytest.raises(FileRefused, match="没有可见的工作表"):
        read_table(content, COLUMNS, name="表.xlsx")


def with_strings(strings: str) -> bytes:
    types = CONTENT_TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    more = {"[Content_Types].xml": types, "xl/sharedStrings.xml": f"<sst>{strings}</sst>"}
    return xlsx(PLAIN, row("1", '<c t="s"><v>0</v></c>', *SAMPLE[2:]), more=more)


def test_shared_strings_join_their_runs_and_skip_phonetics():
    content = with_strings("<si><r><t>关于</t></r><r><t>修路_x005F_x000D_</t></r><rPh><t>PINYIN</t></rPh></si>")
    assert read_table(content, COLUMNS, name="表.xlsx").rows[0].text("title") == "关于修路_x000D_"


def test_too_many_shared_strings_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_CELLS", 2)
    with pytest.raises(FileRefused, match="文字太多"):
        read_table(with_strings("<si/>" * 3), COLUMNS, name="表.xlsx")


def test_a_doctype_is_stopped_in_the_reader_too(monkeypatch):
    monkeypatch.setattr(archives, "_check_block", lambda window: b"")
    content = pack(parts("<!DOCTYPE worksheet [<!ENTITY a 'b'>]>" + sheet(PLAIN, sample())))
    with pytest.raises(FileRefused, match="损坏"):
        read_table(content, COLUMNS, name="表.xlsx")


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ("<styleSheet><fills><fill/></fills></styleSheet>", "xl/styles.xml"),
        ("<workbook/>", "xl/workbook.xml"),
        ("<Relationships/>", "xl/_rels/workbook.xml.rels"),
        ("<Types/>", "[Content_Types].xml"),
        ("<styleSheet>", "xl/styles.xml"),
        ("<worksheet><sheetData>", "xl/worksheets/sheet1.xml"),
    ],
)
def test_crooked_parts_are_damage_not_errors(changed, part):
    with pytest.raises(FileRefused):
        read_table(pack(parts() | {part: changed}), COLUMNS, name="表.xlsx")


def test_a_huge_style_part_is_not_parsed():
    with pytest.raises(FileRefused, match="样式或目录太大"):
        read_table(pack(parts() | {"xl/styles.xml": STYLES + " " * 4_300_000}), COLUMNS, name="表.xlsx")


@pytest.mark.parametrize(
    ("cell", "bad"),
    [
        ('<c t="d"><v>2026-03-31T00:00:00</v></c>', False), ('<c t="d"><v>昨天</v></c>', True),
        ('<c s="1"><v>46112</v></c>', False), ('<c s="1"><v>46112.75</v></c>', False), ('<c s="1"><v>x</v></c>', True),
        ('<c><v>abc</v></c>', True), ('<c s="1"><v>1</v></c>', True), ('<c s="x"><v>20260331</v></c>', False),
    ],
)
def test_date_cells(cell, bad):
    table = read(PLAIN, row(*SAMPLE[:5], cell, SAMPLE[6]))
    day = table.rows[0].date("date")
    assert [problem.cell for problem in table.problems] == (["F2"] if bad else [])
    assert day == (None if bad else date(2026, 3, 31))


def test_phonetics_inside_an_inline_string_are_left_out():
    cell = '<c t="inlineStr"><is><r><t>修</t></r><r><t>路</t></r><rPh><t>PINYIN</t></rPh></is></c>'
    assert read(PLAIN, row("1", cell, *SAMPLE[2:])).rows[0].text("title") == "修路"


def test_merged_ranges_lying_over_each_other_are_damage(monkeypatch):
    monkeypatch.setattr(merging, "_MOST", 3)
    rows = [PLAIN, sample(), sample(), sample()]
    assert not read(*rows, after=merged("D2:D3") + merged("E2:E4")).problems
    with pytest.raises(FileRefused, match="互相重叠"):
        read(*rows, after=merged("D2:D3") * 4)


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_CELLS", 10)
    assert "格子太多" in refused(PLAIN, sample()).sentence


def test_a_table_of_one_column_needs_one_heading_only():
    table = read_table(xlsx(row("姓名"), row("张三")), [Column("name", "姓名")], name="表.xlsx")
    assert [r.text("name") for r in table.rows] == ["张三"]
