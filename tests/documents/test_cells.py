"""一格的读法：文字、日期、电话、整数。"""
from datetime import date, datetime
from decimal import Decimal

import pytest

from lianluo.documents.cells import BadCell, Cell


def cell(value, kind="text") -> Cell:
    return Cell("B2", value, kind, "建议", 2, 2, "这一列")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("  前后空格\t", "text", "  前后空格\t"),
        (Decimal("2026"), "number", "2026"),
        (Decimal("2026.50"), "number", "2026.5"),
        (Decimal("1.3800000013E10"), "number", "13800000013"),
        (datetime(2026, 3, 31), "date", "2026-03-31"),
        (datetime(2026, 3, 31, 9, 5), "date", "2026-03-31 09:05"),
        (None, "empty", ""),
        ("\u3000 ", "text", ""),
    ],
)
def test_text_is_what_was_written(value, kind, text):
    assert cell(value, kind).text() == text


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-31", "2026-3-31", "2026/3/31", "2026.3.31", "2026年3月31日", "2026 年 3 月 31 日", "20260331",
        "２０２６－０３－３１", "２０２６．３．３１", "2026-03-31 00:00:00", "2026/3/31 9:05", "2026-03-31T08:00:00",
    ],
)
def test_dates_are_read_as_people_write_them(written):
    assert cell(written).date() == date(2026, 3, 31)


def test_a_number_is_a_date_only_as_year_month_day():
    assert cell(Decimal("20260331"), "number").date() == date(2026, 3, 31)
    with pytest.raises(BadCell, match="看不出年月日"):
        cell(Decimal("46055"), "number").date()


@pytest.mark.parametrize(
    "written", ["31/3/26", "3月31日", "2026-3", "去年", "2026-13-01", "2026-02-30", "0000-01-01", "٢٠٢٦-٠٣-٣١"]
)
def test_what_is_no_date_is_refused_with_the_text(written):
    with pytest.raises(BadCell, match="这一列“.+”"):
        cell(written).date()


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("13800000001", "13800000001"), ("１３８０００００００１", "13800000001"), ("138 0000 0001", "13800000001"),
        ("138-0000-0001", "13800000001"), ("+86 13800000001", "13800000001"), ("0086-13800000001", "13800000001"),
        ("8613800000001", "13800000001"), ("＋８６－13800000001", "13800000001"),
        ("0731-85309270", "0731-85309270"), ("（0731）85309270", "0731-85309270"), ("010 12345678", None),
        ("010 82345678", "010-82345678"), ("0731-85309270转8012", "0731-85309270-8012"),
        (Decimal("13800000012"), "13800000012"), (Decimal("1.3800000013E10"), "13800000013"),
        (Decimal("13800000014.5"), None), ("1380000ABCD", None), ("1380000000", None), ("12800000000", None),
        ("١٣٨٠٠٠٠٠٠٠٤", None), ("13800000001、13800000002", None), ("1.38E+10", None),
    ],
)
def test_phones_fold_to_digits_or_are_refused(written, phone):
    where = cell(written, "number" if isinstance(written, Decimal) else "text")
    if phone:
        assert where.phone() == phone
    else:
        with pytest.raises(BadCell, match="这一列"):
            where.phone()


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("１２", 12), (" 12 ", 12), ("12.0", 12), ("-3", -3), (Decimal("7"), 7)]
)
def test_integers(written, number):
    assert cell(written, "number" if isinstance(written, Decimal) else "text").integer() == number


@pytest.mark.parametrize("written", ["十二", "1.5", "1e3", "1,200", "٣", "9" * 16])
def test_what_is_no_integer_is_refused(written):
    with pytest.raises(BadCell, match="不是整数"):
        cell(written).integer()


@pytest.mark.parametrize("accessor", ["text", "date", "phone", "integer"])
def test_booleans_are_nothing_but_booleans(accessor):
    with pytest.raises(BadCell):
        getattr(cell(True, "boolean"), accessor)()


@pytest.mark.parametrize("accessor", ["text", "date", "phone", "integer"])
def test_an_empty_cell_is_asked_for_only_when_required(accessor):
    assert not getattr(cell(None, "empty"), accessor)()
    with pytest.raises(BadCell, match="^填写这一列$"):
        getattr(cell(None, "empty"), accessor)(required=True)


def test_too_long_a_text_says_how_long():
    assert cell("字" * 200).text(max_length=200)
    assert len(cell("𠮷" * 200).text(max_length=200)) == 200
    with pytest.raises(BadCell, match="有 5,000 个字，最多 200 个字"):
        cell("字" * 5_000).text(max_length=200)
