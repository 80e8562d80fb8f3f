"""红黄绿灯：剩 30 天以上绿，30 天内黄，7 天内橙，逾期红，办结灰；颜色之外有形状与文字。"""
from datetime import date, timedelta

import pytest

from lianluo.workdays.lights import NAMES, SHAPES, light

TODAY = date(2018, 6, 8)


@pytest.mark.parametrize(("left", "code", "shape", "words"), [
    (365, "green", "●", "剩 365 天"), (31, "green", "●", "剩 31 天"),
    (30, "yellow", "▲", "剩 30 天"), (8, "yellow", "▲", "剩 8 天"),
    (7, "orange", "◆", "剩 7 天"), (1, "orange", "◆", "剩 1 天"), (0, "orange", "◆", "今天到期"),
    (-1, "red", "■", "逾期 1 天"), (-120, "red", "■", "逾期 120 天"),
])
def test_the_light_follows_the_days_left(left, code, shape, words):
    lamp = light(TODAY + timedelta(days=left), TODAY)
    assert (lamp.code, lamp.shape, lamp.words) == (code, shape, words)


@pytest.mark.parametrize("left", [40, 0, -40])
def test_a_finished_case_is_grey_whatever_the_date(left):
    lamp = light(TODAY + timedelta(days=left), TODAY, done=True)
    assert (lamp.code, lamp.shape, lamp.words) == ("grey", "○", "已办结")


def test_a_case_without_a_deadline_is_grey():
    assert light(None, TODAY).words == "未定期限"


def test_no_two_colours_share_a_shape_or_a_name():
    assert len(set(SHAPES.values())) == len(set(NAMES.values())) == len(SHAPES) == 5
    assert {light(TODAY, TODAY).name, light(TODAY, TODAY, done=True).name} == {"橙灯", "灰灯"}
