"""逐日说明：每一天都有理由，计入的天数恰好等于期限。"""
from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianluo.workdays import counting
from lianluo.workdays.counting import count
from lianluo.workdays.explanation import grouped

from .days import calendar_of, library_calendar

LIBRARY = library_calendar()
DAYS = st.dates(date(2018, 1, 1), date(2018, 12, 31))
SETS = st.frozensets(DAYS, max_size=40)


def reasons(counted) -> dict[str, str]:
    return {step.day.isoformat(): step.reason for step in counted.steps}


def test_the_start_day_is_listed_and_not_counted():
    first = count(date(2018, 4, 9), 5, "wd", LIBRARY).steps[0]
    assert (first.day, first.counted) == (date(2018, 4, 9), False)
    assert "第二百零一条" in first.reason


def test_every_day_in_between_says_why_it_counts_or_not():
    said = reasons(count(date(2018, 4, 4), 5, "wd", LIBRARY))
    assert said["2018-04-05"] == said["2018-04-07"] == "清明节放假"
    assert said["2018-04-08"] == "第1个工作日（周日，清明节调休上班）"
    assert said["2018-04-12"] == "第5个工作日"


def test_steps_in_json_have_date_counted_and_reason():
    step = count(date(2018, 4, 4), 1, "wd", LIBRARY).steps[1]
    assert step.as_json() == {"date": "2018-04-05", "counted": False, "reason": "清明节放假"}


def test_a_month_rule_lists_the_corresponding_day_and_the_days_it_rolls_over():
    steps = count(date(2018, 2, 5), 2, "month", LIBRARY).steps
    assert [(step.day.isoformat()[5:], step.counted) for step in steps] == [
        ("02-05", False), ("04-05", False), ("04-06", False), ("04-07", False), ("04-08", True),
    ]
    assert steps[1].reason == "2个月后的对应日，清明节放假，不作最后一日"
    assert steps[2].reason == "清明节放假，顺延"
    assert "第二百零三条" in steps[4].reason


def test_a_missing_corresponding_day_is_explained():
    last = count(date(2018, 11, 30), 3, "month", LIBRARY).steps[-1]
    assert last.reason == "3个月后没有对应日，取月末日（民法典第二百零二条）"


def test_calendar_days_roll_only_when_the_profile_says_so():
    rolled = count(date(2018, 3, 26), 10, "day", LIBRARY)
    assert rolled.due_on == date(2018, 4, 8)
    assert reasons(rolled)["2018-04-05"] == "第10日，清明节放假，不作最后一日"
    assert count(date(2018, 3, 26), 10, "day", LIBRARY, roll=False).due_on == date(2018, 4, 5)


@given(
    start=DAYS, amount=st.integers(1, 40), rest=SETS, work=SETS, measure=st.sampled_from(["wd", "day"]),
    roll=st.booleans(),
)
def test_the_counted_days_are_exactly_the_length_and_the_last_step_is_the_due_day(
    start, amount, rest, work, measure, roll
):
    counted = count(start, amount, measure, calendar_of(rest=rest, work=work), roll=roll)
    assert sum(step.counted for step in counted.steps) == amount
    assert counted.steps[-1].day == counted.due_on
    days = [step.day for step in counted.steps]
    assert days == sorted(set(days))
    assert all(step.reason for step in counted.steps)


@pytest.mark.parametrize(("start", "amount", "measure", "provisional"), [
    ("2026-11-30", 3, "month", True),    # 对应日 2027-02-28
    ("2026-09-30", 3, "month", False),   # 对应日 2026-12-30
    ("2026-12-20", 20, "wd", True),
    ("2026-12-01", 5, "wd", False),
    ("2026-12-30", 1, "wd", False),      # 12-31 是工作日，没有看到 2027 年
    ("2026-12-25", 8, "day", True),
    ("2003-11-03", 5, "wd", True),
])
def test_it_is_provisional_when_a_consulted_day_lies_in_an_uncovered_year(start, amount, measure, provisional):
    assert count(date.fromisoformat(start), amount, measure, LIBRARY).provisional is provisional


def test_it_is_not_provisional_when_no_rest_day_was_asked_about():
    assert not count(date(2026, 11, 30), 3, "month", LIBRARY, roll=False).provisional


def test_the_steps_say_that_the_year_is_not_published_yet():
    counted = count(date(2026, 12, 25), 10, "wd", LIBRARY)
    assert "2027年放假安排尚未公布，暂按周一至周五计" in counted.steps[-1].reason
    old = count(date(2003, 11, 3), 5, "wd", LIBRARY)
    assert "2003年放假安排没有录入" in old.steps[-1].reason


def test_it_stops_being_provisional_when_the_year_is_covered():
    start = date(2025, 12, 25)
    before, after = library_calendar(without=(2026,)), LIBRARY
    assert count(start, 5, "wd", before).provisional
    assert not count(start, 5, "wd", after).provisional
    assert count(start, 5, "wd", before).due_on != count(start, 5, "wd", after).due_on


def test_days_of_one_kind_are_shown_on_one_line():
    counted = count(date(2018, 4, 9), 10, "wd", LIBRARY)
    lines = [(group.span, group.counted, group.reason) for group in grouped(counted.steps, counting.WORKDAY)]
    assert lines[1] == ("2018-04-10（周二）至 2018-04-13（周五）", True, "第1至第4个工作日")
    assert lines[2] == ("2018-04-14（周六）至 2018-04-15（周日）", False, "周末")
    assert lines[-1][0] == "2018-04-23（周一）"


def test_grouping_loses_no_day():
    counted = count(date(2018, 1, 30), 40, "wd", LIBRARY)
    groups = grouped(counted.steps, counting.WORKDAY)
    assert sum(group.days for group in groups) == len(counted.steps)
