"""日期的各种写法。"""
from datetime import date, datetime

import pytest

from lianluo.web.dates import parse_day, parse_moment


@pytest.mark.parametrize(
    "typed",
    ["2018-04-09", "2018-4-9", "2018.4.9", "2018/4/9", "2018年4月9日", "20180409", " 2018 年 4 月 9 日 ",
     "２０１８－０４－０９", "２０１８．４．９", "2018—4—9", "2018年4月9号"],
)
def test_all_usual_ways_to_write_a_day(typed):
    assert parse_day(typed) == date(2018, 4, 9)


@pytest.mark.parametrize(
    "typed", ["", "4月9日", "2018-13-01", "2018-02-30", "18-4-9", "明天", "2018-04-09x", "20180431"]
)
def test_what_is_not_a_day(typed):
    assert parse_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2018-04-09 14:30", datetime(2018, 4, 9, 14, 30)),
        ("2018年4月9日14时30分", datetime(2018, 4, 9, 14, 30)),
        ("2018.4.9 14点", datetime(2018, 4, 9, 14, 0)),
        ("2018-04-09T14:30", datetime(2018, 4, 9, 14, 30)),
        ("2018-04-09", datetime(2018, 4, 9)),
        ("２０１８-4-9　14：30", datetime(2018, 4, 9, 14, 30)),
    ],
)
def test_all_usual_ways_to_write_a_moment(typed, moment):
    assert parse_moment(typed) == moment


@pytest.mark.parametrize("typed", ["", "14:30", "2018-04-09 25:00", "2018-04-09 14:70", "2018-04-09 下午"])
def test_what_is_not_a_moment(typed):
    assert parse_moment(typed) is None
