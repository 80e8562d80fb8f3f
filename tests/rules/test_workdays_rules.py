"""规则是数据：四套规则与决定表一致；法定的三个月、六个月谁也改不长。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lianluo.workdays import profiles, rules
from lianluo.workdays.models import DeadlineRule, RuleCode, RuleProfile

from .days import calendar_of, library_calendar, months_later, rolled

pytestmark = pytest.mark.django_db
LIBRARY = library_calendar()
BLANK = None
TABLE = {  # 决定表；空白取湖南默认并标“本项目选定”
    "register_days": ["7wd", BLANK, BLANK, "7day"],
    "assign_days_off_session": ["7wd", "7wd", "10wd", BLANK],
    "return_days": ["10wd assigned", "7wd received", "10wd assigned", "10day received"],
    "reassign_days": ["10wd", BLANK, "10wd", BLANK],
    "first_contact_days": ["20wd", BLANK, "20wd", BLANK],
    "cohandle_opinion": ["1month assigned", "1month received", "30wd assigned", "2month received"],
    "cohandle_resubmit": ["5wd", BLANK, "5wd", BLANK],
    "reply_normal": ["3month", "3month", "3month", "3month"],
    "reply_max": ["6month", "6month", "6month", "6month"],
    "feedback_days": ["20wd", BLANK, "20wd", BLANK],
    "rehandle_days": ["1month", "1month", "2month", "1month"],
    "publish_days": ["20wd", BLANK, BLANK, BLANK],
}
BASES = {
    "register_days": "submitted", "assign_days_off_session": "submitted", "reassign_days": "return_asked",
    "first_contact_days": "accepted", "cohandle_resubmit": "asked_again", "reply_normal": "assigned",
    "reply_max": "assigned", "feedback_days": "delivered", "rehandle_days": "evaluated", "publish_days": "delivered",
}
CODES = ["HN-DEFAULT", "SH-2015", "CQ-2018", "ZJ-2016"]
CELLS = [(code, rule, cells[place]) for rule, cells in TABLE.items() for place, code in enumerate(CODES)]


@pytest.mark.parametrize(("profile", "code", "cell"), CELLS)
def test_each_profile_holds_the_figures_of_the_table(profile, code, cell):
    row = DeadlineRule.objects.get(profile__code=profile, code=code)
    length, _, base = (cell or TABLE[code][0]).partition(" ")
    assert f"{row.amount}{row.measure}" == length
    assert row.base == (base or BASES[code])
    assert row.basis
    if profile != "HN-DEFAULT":
        assert row.own_choice is (cell is BLANK)


def test_only_national_figures_are_not_this_projects_choice_in_the_default_profile():
    national = DeadlineRule.objects.filter(profile__code="HN-DEFAULT", own_choice=False)
    assert set(national.values_list("code", flat=True)) == {"reply_normal", "reply_max", "publish_days"}


def test_every_profile_has_every_rule_right_after_migrate():
    assert list(RuleProfile.objects.order_by("id").values_list("code", flat=True)) == CODES
    assert DeadlineRule.objects.count() == len(CODES) * len(RuleCode.choices) == 48


@pytest.mark.parametrize(("profile", "code", "start", "due"), [
    ("HN-DEFAULT", "reply_normal", "2018-04-09", "2018-07-09"),
    ("HN-DEFAULT", "reply_max", "2018-04-09", "2018-10-09"),
    ("HN-DEFAULT", "return_days", "2018-04-09", "2018-04-23"),
    ("SH-2015", "return_days", "2018-04-09", "2018-04-18"),
    ("ZJ-2016", "return_days", "2018-03-26", "2018-04-08"),
    ("CQ-2018", "rehandle_days", "2018-02-05", "2018-04-08"),
    ("HN-DEFAULT", "reply_normal", "2018-07-01", "2018-10-08"),
])
def test_a_due_date_is_computed_from_the_rule_of_the_profile(profile, code, start, due):
    assert rules.compute(profile, code, date.fromisoformat(start)).due_on == date.fromisoformat(due)


def test_the_snapshot_holds_the_rule_as_it_was():
    due = rules.compute("ZJ-2016", "return_days", date(2018, 3, 26))
    expected = {
        "profile": "ZJ-2016", "rule": "return_days", "amount": 10, "measure": "day", "base": "received",
        "roll": True, "start_on": "2018-03-26", "due_on": "2018-04-08", "provisional": False, "own_choice": False,
    }
    assert {key: due.snapshot[key] for key in expected} == expected
    assert due.columns()["due_on"] == date(2018, 4, 8)


def test_a_profile_may_switch_rolling_off():
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    profile.settings = {"roll_to_workday": False}
    assert rules.compute(profile, "reply_normal", date(2018, 7, 1)).due_on == date(2018, 10, 1)


def test_a_profile_without_a_rule_falls_back_to_the_default_and_says_so():
    profile = RuleProfile.objects.create(code="CS-2020", name="长沙")
    due = rules.compute(profile, "feedback_days", date(2018, 4, 9))
    assert (due.due_on, due.snapshot["own_choice"]) == (date(2018, 5, 8), True)


@pytest.mark.parametrize(("profile", "code", "name"), [
    ("HN-DEFAULT", "lunch_days", "lunch_days"), ("XX-1999", "reply_normal", "XX-1999"),
])
def test_an_unknown_name_is_refused_by_name(profile, code, name):
    with pytest.raises(rules.UnknownRule, match=name):
        rules.compute(profile, code, date(2018, 4, 9))


def test_settings_come_with_defaults():
    profile = RuleProfile.objects.get(code="SH-2015")
    assert profile.setting("deadline_after_reassign") == "keep"
    found = {key: profile.setting(key) for key in ("archive_years", "feedback_urges", "max_rehandle_before_escalation")}
    assert found == {"archive_years": 20, "feedback_urges": 2, "max_rehandle_before_escalation": 2}
    assert (profile.setting("year_report_due"), profile.setting("extension_max_months")) == ("08-31", 3)


def test_an_unknown_setting_is_refused():
    with pytest.raises(ValidationError, match="lunch"):
        RuleProfile(code="X", name="某地", settings={"lunch": 1}).full_clean()


LONGER = [
    ("reply_normal", {"amount": 4}), ("reply_max", {"amount": 7}),
    ("reply_normal", {"amount": 92, "measure": "day"}), ("reply_max", {"amount": 130, "measure": "wd"}),
]


@pytest.mark.parametrize(("code", "values"), LONGER)
def test_no_edit_can_pass_the_limits_of_the_law(code, values):
    row = DeadlineRule.objects.get(profile__code="HN-DEFAULT", code=code)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError, match="代表法第五十一条"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineRule.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(("code", "values"), LONGER)
def test_even_an_unlawful_rule_computes_no_later_than_the_law(code, values):
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    lawful = rules.compute(profile, code, date(2018, 4, 9)).due_on
    for name, value in values.items():
        setattr(profile.rules_by_code[code], name, value)
    assert rules.compute(profile, code, date(2018, 4, 9)).due_on == lawful


def test_a_shorter_reply_is_allowed_and_others_are_free():
    DeadlineRule.objects.filter(profile__code="SH-2015", code="reply_normal").update(amount=2)
    DeadlineRule.objects.filter(profile__code="SH-2015", code="rehandle_days").update(amount=9)
    assert rules.compute("SH-2015", "reply_normal", date(2018, 4, 9)).due_on == date(2018, 6, 11)
    assert rules.compute("SH-2015", "rehandle_days", date(2018, 4, 9)).due_on == date(2019, 1, 9)


def test_a_rule_of_no_days_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineRule.objects.filter(code="return_days").update(amount=0)


def test_the_law_limit_is_the_rolled_six_months():
    assert rules.law_limit(date(2018, 7, 1)) == date(2019, 1, 2)
    assert rules.law_limit(date(2018, 8, 31)) == date(2019, 2, 28)


def test_an_extension_ends_at_the_earlier_of_three_more_months_and_six_months_in_all():
    assigned = date(2018, 7, 1)
    due = rules.compute("HN-DEFAULT", "reply_normal", assigned).due_on
    assert rules.extension_limit(due, assigned) == date(2019, 1, 2)
    assert rules.extension_limit(date(2018, 8, 1), assigned) == date(2018, 11, 1)
    assert rules.extension_limit(date(2019, 1, 2), assigned) == date(2019, 1, 2)


def test_a_profile_may_allow_shorter_extensions_only():
    profile = RuleProfile.objects.get(code="HN-DEFAULT")
    profile.settings = {"extension_max_months": 1}
    assert rules.extension_limit(date(2018, 10, 8), date(2018, 7, 1), profile=profile) == date(2018, 11, 8)


def test_a_decided_date_is_kept_in_the_snapshot():
    due = rules.compute("HN-DEFAULT", "reply_normal", date(2018, 7, 1))
    first = rules.extended_snapshot(
        due.snapshot, old_due=due.due_on, new_due=date(2018, 11, 8), limit=date(2019, 1, 2),
        decided_on=date(2018, 9, 20), reason="涉及面广",
    )
    second = rules.extended_snapshot(
        first, old_due=date(2018, 11, 8), new_due=date(2018, 12, 8), limit=date(2019, 1, 2),
        decided_on=date(2018, 11, 1),
    )
    assert second["decided"] is True
    assert [item["to"] for item in second["extensions"]] == ["2018-11-08", "2018-12-08"]
    assert "decided" not in due.snapshot


class ExtensionsStayWithinTheLaw(TestCase):
    """延期再多次也不出六个月（性质）。"""

    @settings(max_examples=60, deadline=None)
    @given(
        assigned=st.dates(date(2018, 1, 1), date(2025, 1, 1)), waits=st.lists(st.integers(0, 80), max_size=6),
        rest=st.frozensets(st.dates(date(2018, 1, 1), date(2025, 12, 31)), max_size=40),
    )
    def test_however_often_it_is_extended(self, assigned, waits, rest):
        calendar = calendar_of(rest=rest)
        due = rules.compute("HN-DEFAULT", "reply_normal", assigned, calendar).due_on
        for wait in waits:
            due = min(due + timedelta(days=wait), rules.extension_limit(due, assigned, calendar=calendar))
            self.assertLessEqual(due, rules.law_limit(assigned, calendar))


def test_the_law_limit_agrees_with_the_second_implementation():
    start = date(2024, 1, 1)
    days = [start + timedelta(days=number) for number in range(730)]
    assert all(rules.law_limit(day, LIBRARY) == rolled(months_later(day, 6)) for day in days)


def test_every_setting_has_a_label_and_a_hint():
    assert all(setting.label and setting.hint for setting in profiles.SETTINGS.values())
