"""期间的计算：全部算例、两套算法逐日对照、工作日的性质。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianluo.workdays import counting
from lianluo.workdays.arithmetic import (
    add_months,
    add_workdays,
    cause,
    fingerprint,
    is_workday,
    roll_back,
    roll_forward,
)

from .days import calendar_of, every_day, library_calendar, months_later, rolled, works_by_library

LIBRARY = library_calendar()
COLUMNS = ["5wd", "7wd", "10wd", "15wd", "20wd", "1month", "2month", "3month", "6month"]
VECTORS = {
    "2018-04-09": "04-16 04-18 04-23 04-28 05-08 05-09 06-11 07-09 10-09",
    "2018-02-05": "02-11 02-13 02-23 03-01 03-08 03-05 04-08 05-07 08-06",
    "2018-07-01": "07-06 07-10 07-13 07-20 07-27 08-01 09-03 10-08 2019-01-02",
    "2018-11-30": "12-07 12-11 12-14 12-21 12-28 2019-01-02 2019-01-30 2019-02-28 2019-05-30",
    "2018-08-31": "09-07 09-11 09-14 09-21 09-29 09-30 10-31 11-30 2019-02-28",
}
CASES = [
    (start, column, found if len(found) == 10 else f"2018-{found}")
    for start, row in VECTORS.items() for column, found in zip(COLUMNS, row.split(), strict=True)
]
DAYS = st.dates(date(2018, 1, 1), date(2018, 12, 31))
SETS = st.frozensets(DAYS, max_size=60)


def last_day(start: date, column: str, calendar=LIBRARY, *, roll: bool = True) -> date:
    amount = int("".join(letter for letter in column if letter.isdigit()))
    return counting.count(start, amount, column.lstrip("0123456789"), calendar, roll=roll).due_on


@pytest.mark.parametrize(("start", "column", "expected"), CASES)
def test_it_agrees_with_the_vectors_of_the_rules(start, column, expected):
    assert last_day(date.fromisoformat(start), column) == date.fromisoformat(expected)


def test_there_are_forty_five_vectors():
    assert len(CASES) == 45


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"), ("2025-12-31", 6, "2026-06-30"), ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2018-04-09", 0, "2018-04-09"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last_day_of_the_month(start, months, expected):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


def test_two_implementations_agree_on_every_day_from_2024_to_2032():
    days, differences = list(every_day(date(2024, 1, 1), date(2032, 12, 31))), []
    for start in days:
        for months in (1, 3, 6):
            ours, other = last_day(start, f"{months}month"), rolled(months_later(start, months))
            if ours != other:
                differences.append((start, months, ours, other))
    assert len(days) == 3288
    assert differences == []


def test_the_comparison_finds_a_difference_when_rolling_is_switched_off():
    start = date(2018, 2, 5)
    assert last_day(start, "2month", roll=False) == months_later(start, 2) != rolled(months_later(start, 2))


def test_the_loaded_days_agree_with_the_library_on_every_day():
    days = every_day(date(2004, 1, 1), date(2026, 12, 31))
    assert [day for day in days if is_workday(day, LIBRARY) != works_by_library(day)] == []


def test_an_uncovered_year_is_monday_to_friday_without_the_fixed_holidays():
    days = list(every_day(date(2027, 1, 1), date(2027, 12, 31)))
    assert all(is_workday(day, LIBRARY) == works_by_library(day) for day in days)
    assert not is_workday(date(2027, 10, 1), LIBRARY)
    assert is_workday(date(2027, 10, 4), LIBRARY)


def test_rolling_goes_forward_for_deadlines_and_back_for_reminders():
    assert roll_forward(date(2018, 4, 5), LIBRARY) == date(2018, 4, 8)
    assert roll_back(date(2018, 4, 7), LIBRARY) == date(2018, 4, 4)
    assert roll_forward(date(2018, 4, 8), LIBRARY) == roll_back(date(2018, 4, 8), LIBRARY) == date(2018, 4, 8)


def test_zero_workdays_is_the_day_itself_or_the_next_workday():
    assert add_workdays(date(2018, 4, 9), 0, LIBRARY) == date(2018, 4, 9)
    assert add_workdays(date(2018, 4, 5), 0, LIBRARY) == date(2018, 4, 8)


@pytest.mark.parametrize("amount", [-1, -20])
def test_a_negative_length_is_refused(amount):
    with pytest.raises(ValueError, match="不能为负"):
        add_workdays(date(2018, 4, 9), amount, LIBRARY)
    with pytest.raises(ValueError, match="不能为负"):
        counting.count(date(2018, 4, 9), amount, counting.WORKDAY, LIBRARY)


@pytest.mark.parametrize(("day", "words"), [
    ("2018-04-05", "清明节放假"), ("2018-04-08", "周日，清明节调休上班"), ("2018-04-14", "周末"),
    ("2018-04-09", ""), ("2027-10-01", "国庆节放假"),
])
def test_each_day_says_why_it_is_a_rest_day_or_a_workday(day, words):
    assert cause(date.fromisoformat(day), LIBRARY) == words


@given(start=DAYS, amount=st.integers(0, 60), rest=SETS, work=SETS)
def test_the_result_is_a_workday_and_holds_exactly_that_many_workdays(start, amount, rest, work):
    calendar = calendar_of(rest=rest, work=work)
    due = add_workdays(start, amount, calendar)
    assert is_workday(due, calendar)
    between = sum(is_workday(day, calendar) for day in every_day(start + timedelta(days=1), due))
    assert between == amount or (amount == 0 and not is_workday(start, calendar))


@given(start=DAYS, amount=st.integers(0, 60), rest=SETS, more=SETS)
def test_more_holidays_never_make_it_earlier(start, amount, rest, more):
    fewer, full = calendar_of(rest=rest), calendar_of(rest=rest | more)
    assert add_workdays(start, amount, full) >= add_workdays(start, amount, fewer)


@given(start=DAYS, amount=st.integers(0, 60), work=SETS, more=SETS)
def test_more_make_up_days_never_make_it_later(start, amount, work, more):
    fewer, full = calendar_of(work=work), calendar_of(work=work | more)
    assert add_workdays(start, amount, full) <= add_workdays(start, amount, fewer)


@given(start=DAYS, first=st.integers(0, 30), second=st.integers(0, 30), rest=SETS, work=SETS)
def test_two_lengths_one_after_the_other_equal_their_sum(start, first, second, rest, work):
    calendar = calendar_of(rest=rest, work=work)
    whole = add_workdays(start, first + second, calendar)
    assert add_workdays(add_workdays(start, first, calendar), second, calendar) == whole or first == 0


@settings(max_examples=60)
@given(start=DAYS, amount=st.integers(0, 40), rest=SETS, work=SETS, measure=st.sampled_from(["wd", "day", "month"]))
def test_counting_day_by_day_ends_where_the_arithmetic_ends(start, amount, rest, work, measure):
    calendar = calendar_of(rest=rest, work=work)
    ends = {
        "wd": lambda: add_workdays(start, amount, calendar),
        "day": lambda: roll_forward(start + timedelta(days=amount), calendar),
        "month": lambda: roll_forward(add_months(start, amount), calendar),
    }
    assert counting.count(start, amount, measure, calendar).due_on == ends[measure]()


def test_the_version_depends_on_the_content_alone():
    one = calendar_of(rest=[date(2018, 5, 2), date(2018, 5, 3)])
    same = calendar_of(rest=[date(2018, 5, 3), date(2018, 5, 2)])
    assert one.version == same.version
    assert one.version != calendar_of(rest=[date(2018, 5, 2)]).version
    assert one.version != fingerprint(one.days, frozenset({2018}))
