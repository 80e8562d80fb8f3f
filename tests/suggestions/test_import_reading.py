"""读表成值：列名的各种写法、编号、形式、具体建议、行摘要。"""
import pytest

from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import read_table
from lianluo.documents.workbooks import SheetColumn, write_workbook
from suggestions.importing import columns, reading
from suggestions.importing.reading import read_entries, requests_in, split_names
from suggestions.models import Series
from tests.suggestions.sheets import book, row, said

pytestmark = pytest.mark.django_db


def entries(*rows, **options):
    return read_entries(book(*rows, **options), name="表.xlsx")[1]


@pytest.mark.parametrize(("key", "heading"), [
    ("number", "建议编号"), ("title", "案由"), ("deputy", "代表姓名"), ("certificate", "证号"),
    ("delegation", "所在代表团"), ("cosigners", "附议代表"), ("phone", "手机"), ("submitted_on", "收到日期"),
    ("submitted_on", "提出日期"), ("kind", "形式"), ("body", "正文"), ("wished_units", "建议承办单位"),
    ("publish_wish", "是否公开"), ("note", "备注"), ("requests", "具体建议（一行一条）"), ("title", " 标 题* "),
])
def test_headings_are_known_by_their_other_names(key, heading):
    base = {field.key: field.heading for field in columns.FIELDS if field.required} | {key: heading}
    wanted = [SheetColumn(name, text) for name, text in base.items()]
    content = write_workbook("表", wanted, [dict.fromkeys(base, "甲")])
    table = read_table(content, columns.wanted(), name="表.xlsx")
    assert table.columns[key].value == heading


@pytest.mark.parametrize(("written", "number", "series", "from_bill"), [
    ("0486", 486, Series.SESSION, False), (486, 486, Series.SESSION, False), ("４８６", 486, Series.SESSION, False),
    ("第0486号", 486, Series.SESSION, False), ("闭0007", 7, Series.BETWEEN, False),
    ("议转0012", 12, Series.SESSION, True), ("", None, "", False),
])
def test_numbers_in_all_their_spellings(written, number, series, from_bill):
    entry = entries(row(number=written))[0]
    assert (entry.number, entry.series, entry.from_bill) == (number, series, from_bill)


@pytest.mark.parametrize("written", ["0", "甲", "12-3", "1000000", "-5"])
def test_a_number_that_cannot_be_one_is_named_by_address(written):
    table, found = read_entries(book(row(number=written)), name="表.xlsx")
    assert not found[0].ok
    assert said(table.problems) == [f"建议!A2 编号“{written}”认不出，写成 0486、闭0007 或 议转0012"]


def test_the_line_number_is_never_the_number():
    content = book(row(), drop=("number",), extra=(SheetColumn("no", "序号"),))
    table, found = read_entries(content, name="表.xlsx")
    assert found[0].number is None and not table.warnings


@pytest.mark.parametrize(("written", "code"), [
    ("是", "full"), ("否", "none"), ("仅公开标题", "title"), ("同意全文公开", "full"), ("不同意公开", "none"), ("", ""),
])
def test_the_wish_to_publish(written, code):
    assert entries(row(publish_wish=written))[0].publish_wish == code


def test_a_kind_outside_the_list_is_named_with_what_may_be_written():
    table, _ = read_entries(book(row(kind="提案")), name="表.xlsx")
    assert said(table.problems) == ["建议!I2 形式“提案”不在可填的里面，填写 建议、批评 或 意见"]


def test_the_sort_column_is_the_kind_when_there_is_no_kind_column():
    content = book(row(sort="批评"), drop=("kind",), extra=(SheetColumn("sort", "类别"),))
    assert read_entries(content, name="表.xlsx")[1][0].kind == "criticism"


def test_requests_are_taken_from_the_body_when_not_written_apart():
    assert entries(row())[0].requests == ["列入年度计划；", "落实管护经费。"]
    assert entries(row(requests="1. 甲\n2. 乙"))[0].requests == ["甲", "乙"]
    assert requests_in("没有分条的内容，建议尽快解决。") == []


def test_names_are_split_but_not_at_a_space():
    assert split_names("扎西 多吉、张三，李四；王五\n张三") == ["扎西 多吉", "张三", "李四", "王五"]


def test_the_text_is_kept_to_the_letter():
    odd = "  =1+1\t关于“，”\r\n的建议　"
    assert entries(row(title=odd.strip("\r\n"), body=odd))[0].body == odd


def test_the_row_hash_ignores_line_number_and_spelling_of_dates_and_phones():
    one = entries(row(submitted_on="2026.1.25", phone="138 0000 0001"))[0]
    two = entries(row(number="0486"))[0]
    assert one.digest == two.digest
    assert one.digest != entries(row(title="关于别的事的建议"))[0].digest
    assert one.digest == entries(row(), drop=("wished_units", "note"))[0].digest


def test_a_missing_column_refuses_the_whole_file():
    with pytest.raises(FileRefused, match="缺少“代表团”列"):
        read_entries(book(row(), drop=("delegation",)), name="表.xlsx")


def test_every_wrong_cell_of_a_row_is_listed_at_once():
    table, _ = read_entries(book(row(title="", body="", phone="123", submitted_on="2026-02-30")), name="表.xlsx")
    assert [problem.cell for problem in table.problems] == ["B2", "G2", "H2", "J2"]


def test_an_adopted_change_is_read_instead_of_the_cell():
    content = book(row(delegation="长沙团"))
    found = read_entries(content, name="表.xlsx", fixes={"delegation:2": "长沙代表团"})[1]
    assert found[0].delegation == "长沙代表团"
    assert found[0].digest == entries(row())[0].digest


def test_proposable_columns_are_real_columns():
    assert set(reading.PROPOSABLE) <= set(columns.LABELS)
