"""CSV：编码、分隔、引号、栏数、公式引导符。"""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianluo.documents.csvtext import LEADS, decode, neutralise, restore
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import Column, read_table

COLUMNS = [Column("no", "序号"), Column("title", "标题", required=True), Column("body", "内容")]
GOOD = "序号,标题,内容\r\n1,关于修路的建议,为此建议\r\n"


def read(content: str | bytes):
    return read_table(content.encode() if isinstance(content, str) else content, COLUMNS, name="表.csv")


def refusal(content: str | bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encodings_offices_write(encoding):
    table = read(GOOD.encode(encoding))
    assert table.rows[0].text("title") == "关于修路的建议"
    assert not table.warnings


def test_gb18030_keeps_rare_characters():
    assert read(GOOD.replace("修路", "𠮷䶮").encode("gb18030")).rows[0].text("title") == "关于𠮷䶮的建议"


def test_big_endian_utf_16():
    assert decode(b"\xfe\xff" + GOOD.encode("utf-16-be")) == GOOD


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (GOOD.encode() + b"2,\xc0\xaf,x\r\n", 3),
        (GOOD.encode("gbk") + b"2,\xff\xff,x\r\n", 3),
        (b"\xef\xbb\xbf" + GOOD.encode() + b"\xff", 3),
        (GOOD.encode("utf-16") + "2,a".encode("utf-16-le") + b"\x00\xd8,\0", 3),
        (GOOD.encode() + b"2,a\0b,x\r\n", 3),
    ],
)
def test_what_cannot_be_decoded_is_refused_by_line(content, line):
    refused = refusal(content)
    assert refused.problems[0].line == line and f"第 {line} 行" in refused.sentence


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(delimiter):
    assert read(GOOD.replace(",", delimiter)).rows[0].text("body") == "为此建议"


@pytest.mark.parametrize(("tail", "line"), [('2,"没有收尾,x\r\n3,a,b\r\n', 3), ('2,"多了"一个,x\r\n', 3)])
def test_unbalanced_quotes_name_the_line_where_the_record_begins(tail, line):
    refused = refusal(GOOD + tail)
    assert refused.problems[0].line == line and "引号" in refused.sentence


def test_rows_with_another_number_of_fields_are_named_and_the_rest_read():
    table = read(GOOD + "2,只有两栏\r\n3,a,b,c\r\n4,a,b,,,\r\n5,a,b\r\n\r\n,,\r\n")
    assert [problem.line for problem in table.problems] == [3, 4]
    assert [row.number for row in table.rows] == [2, 5, 6]


def test_line_numbers_count_lines_not_records():
    table = read(GOOD + '2,"两\r\n行",x\r\n3,,x\r\n')
    for row in table.rows:
        row.text("title", required=True)
    assert [(problem.cell, problem.line) for problem in table.problems] == [(None, 5)]


def test_a_field_longer_than_the_csv_module_likes_is_one_bad_field():
    table = read(GOOD + f"2,{'长' * 200_000},x\r\n3,a,b\r\n")
    assert [problem.line for problem in table.problems] == [3]
    assert [row.ok for row in table.rows] == [True, False, True]


def test_title_rows_above_the_header():
    assert read("建议汇总表,,\r\n" + GOOD).header_line == 2


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+86", "-5", "@A", "\t=1", "\r=1", "\n=1",
        "＝1", "＋1", "－5", "＠A", "|x", "'=1+1", "''", "'",
    ],
)
def test_every_lead_is_neutralised_and_restored(text):
    assert neutralise(text)[0] == "'"
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "关于=1", "'abc", "12", "’=1"])
def test_other_text_is_left_alone(text):
    if text[:1] not in LEADS:
        assert neutralise(text) == text
    assert restore(neutralise(text)) == text


@given(st.text())
def test_any_text_round_trips(text):
    assert restore(neutralise(text)) == text
    assert not neutralise(text) or neutralise(text)[0] not in LEADS - {"'"}
