"""汉字数字与公文日期。"""
from datetime import date

import pytest

from lianluo.documents.numerals import chinese_number, date_in_letter


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "零"), (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (25, "二十五"),
        (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (115, "一百一十五"), (555, "五百五十五"), (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"), (1100, "一千一百"), (2018, "二千零一十八"), (9999, "九千九百九十九"),
    ],
)
def test_numbers_are_spoken_as_in_an_issue_number(number, spoken):
    assert chinese_number(number) == spoken


def test_all_numbers_differ_and_carry_no_stray_zero():
    spoken = [chinese_number(number) for number in range(10_000)]
    assert len(set(spoken)) == 10_000
    assert not any("零零" in text or text.endswith("零") for text in spoken[1:])


@pytest.mark.parametrize("number", [-1, 10_000])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError):
        chinese_number(number)


def test_dates_in_letters_have_no_leading_zeros():
    assert date_in_letter(date(2018, 4, 9)) == "2018年4月9日"
