"""提醒阶梯：只由日期算出（decisions「Time」：30/15/7/3/0，逾期 1、10；休息日提前，逾期顺延）。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from supervision.reminders import (
    ACCEPTANCE,
    DUTIES,
    FEEDBACK,
    FIRST_CONTACT,
    LADDER,
    OFFICE,
    fires_on,
    left_in_words,
    reached,
    schedule,
)

LADDERS = (LADDER, ACCEPTANCE, FIRST_CONTACT, DUTIES, FEEDBACK)
#: 2018-07-09 星期一：2018-04-09 交办的件三个月到期
DUE, START = date(2018, 7, 9), date(2018, 4, 9)


@pytest.fixture
def calendar(db):
    from lianluo.workdays.calendar import current

    return current()


def days(ladder, due_on=DUE, since=START, *, calendar) -> dict[int, date]:
    return {rung.days: day for day, rung in schedule(ladder, due_on, since, calendar)}


def test_the_days_of_the_meeting_of_2018(calendar):
    """到期前 30 天是 6月9日 周六，提前到周五；7 天是 7月2日；3 天是 7月6日；逾期 10 天是 7月19日。"""
    assert days(LADDER, calendar=calendar) == {
        30: date(2018, 6, 8), 15: date(2018, 6, 22), 7: date(2018, 7, 2), 3: date(2018, 7, 6), 0: date(2018, 7, 9),
        -1: date(2018, 7, 10), -10: date(2018, 7, 19),
    }


def test_before_the_due_day_rest_days_move_earlier_and_after_it_later(calendar):
    """2018 年国庆：10月8日 到期，前 3、7 天都落在假里，提前到 9月30日（周日上班）；逾期 10 天落在周四。"""
    found = days(LADDER, date(2018, 10, 8), date(2018, 7, 1), calendar=calendar)
    assert found[3] == found[7] == date(2018, 9, 30)
    assert days(LADDER, date(2018, 9, 30), date(2018, 6, 1), calendar=calendar)[-1] == date(2018, 10, 8)


def test_rungs_up_to_the_start_are_not_made_up(calendar):
    """两周的期限没有“前 30 天”；交办当天该发的也不发，交办本身已通知。"""
    found = days(LADDER, DUE, DUE - timedelta(days=14), calendar=calendar)
    assert 30 not in found and 15 not in found and 7 in found
    assert 7 not in days(LADDER, DUE, date(2018, 7, 2), calendar=calendar)


@pytest.mark.parametrize("ladder", LADDERS)
def test_every_rung_fires_on_a_working_day_and_in_order(ladder, calendar):
    from lianluo.workdays.arithmetic import is_workday

    for shift in range(120):
        due_on = date(2018, 1, 20) + timedelta(days=3 * shift)
        found = [fires_on(rung, due_on, calendar) for rung in ladder]
        assert all(is_workday(day, calendar) for day in found)
        assert found == sorted(found)


def test_the_rung_reached_is_the_latest_one_passed(calendar):
    def at(day):
        found = reached(LADDER, DUE, START, day, calendar)
        return found and (found[1].days, found[0])

    assert at(date(2018, 6, 7)) is None
    assert at(date(2018, 6, 8)) == (30, date(2018, 6, 8))
    assert at(date(2018, 7, 1)) == (15, date(2018, 6, 22))
    assert at(date(2018, 7, 9)) == (0, date(2018, 7, 9))
    assert at(date(2018, 9, 1)) == (-10, date(2018, 7, 19))


def test_each_day_of_the_year_meets_each_rung_exactly_once(calendar):
    """一天天走过去，每级恰在它那天轮到一次。"""
    seen = []
    for shift in range(150):
        day = START + timedelta(days=shift)
        found = reached(LADDER, DUE, START, day, calendar)
        if found and found[0] == day:
            seen.append(found[1].days)
    assert seen == [30, 15, 7, 3, 0, -1, -10]


def test_higher_rungs_go_to_higher_people():
    """经办 → 处长 → 分管 → 主要负责人；逾期才告诉办公室。"""
    by_days = {rung.days: set(rung.to) for rung in LADDER}
    assert by_days[30] == {"officer", "liaison"}
    assert "division_head" in by_days[7] and "deputy_head" in by_days[3] and "head" in by_days[0]
    assert all((OFFICE in to) == (days < 0) for days, to in by_days.items())


@pytest.mark.parametrize(("left", "words"), [(7, "还剩 7 天"), (0, "今天到期"), (-3, "已逾期 3 天")])
def test_the_words_count_from_the_day_of_sending(left, words):
    assert left_in_words(DUE, DUE - timedelta(days=left)) == words
