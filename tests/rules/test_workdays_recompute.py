"""日历改了：还在走的到期日重算、留痕、告诉监听者；办结的与批准延期的不动。"""
from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianluo.audit.models import AuditEvent
from lianluo.workdays import actions, due_dates, rules
from lianluo.workdays.models import CalendarYear, DeadlineRule, Holiday
from lianluo.workdays.recompute import recompute_open

from .conftest import TODAY

START = date(2018, 4, 9)


def close_day(day: date, actor):
    return actions.set_day(
        day, is_workday=False, name="临时放假", reason="防汛", today=TODAY, actor=actor
    )


def test_a_due_date_moves_when_its_last_day_becomes_a_holiday(registered, owed, office):
    row = owed(486, "reply_normal", START)
    change = close_day(date(2018, 7, 9), office)
    row.refresh_from_db()
    assert row.due_on == date(2018, 7, 10)
    assert [(move.obj.pk, move.old, move.new, move.days) for move in change.moves] == [
        (row.pk, date(2018, 7, 9), date(2018, 7, 10), 1)
    ]


def test_each_move_leaves_a_trace_on_the_chain_of_its_case(registered, owed, office):
    owed(486, "reply_normal", START)
    change = close_day(date(2018, 7, 9), office)
    event = AuditEvent.objects.get(event="deadline.recomputed")
    assert (event.chain, event.actor) == ("suggestion:486", office)
    assert event.data == {"old": "2018-07-09", "new": "2018-07-10", "change": change.event.pk}


def test_the_case_is_locked_before_its_row_is_changed_in_order_of_cases(registered, owed, office):
    for case in (31, 4, 120):
        owed(case, "reply_normal", START)
    close_day(date(2018, 7, 9), office)
    assert registered.locked == [4, 31, 120]


def test_listeners_hear_all_moves_at_once(registered, owed, office, told):
    owed(1, "reply_normal", START)
    owed(2, "return_days", START)
    close_day(date(2018, 7, 9), office)
    [(moves, actor, today)] = told
    assert ([move.obj.case for move in moves], actor, today) == ([1], office, TODAY)


def test_nothing_is_said_when_nothing_moves(registered, owed, office, told):
    owed(1, "reply_normal", START)
    close_day(date(2018, 12, 3), office)
    assert told == []
    assert not AuditEvent.objects.filter(event="deadline.recomputed").exists()


@pytest.mark.parametrize("fields", [{"met_on": date(2018, 6, 1)}, {"closed_on": date(2018, 6, 1)}])
def test_what_is_met_or_closed_stays(registered, owed, office, fields):
    row = owed(1, "reply_normal", START, **fields)
    assert close_day(date(2018, 7, 9), office).moves == []
    row.refresh_from_db()
    assert row.due_on == date(2018, 7, 9)


def test_an_extended_date_stays_as_decided(registered, owed, office):
    row = owed(1, "reply_normal", START)
    row.snapshot = rules.extended_snapshot(
        row.snapshot, old_due=row.due_on, new_due=date(2018, 9, 10), limit=date(2018, 10, 9),
        decided_on=date(2018, 6, 20),
    )
    row.due_on = date(2018, 9, 10)
    row.save()
    assert close_day(date(2018, 9, 10), office).moves == []
    row.refresh_from_db()
    assert row.due_on == date(2018, 9, 10)


def test_an_unregistered_kind_is_left_alone(paper, owed, office):
    owed(1, "reply_normal", START)
    assert close_day(date(2018, 7, 9), office).moves == []


def test_a_later_edit_of_the_rules_does_not_move_old_deadlines(registered, owed, office):
    row = owed(1, "return_days", START)
    DeadlineRule.objects.filter(code="return_days").update(amount=2)
    assert recompute_open(actor=office, today=TODAY) == []
    row.refresh_from_db()
    assert row.due_on == date(2018, 4, 23)


def test_recomputing_twice_changes_nothing_more(registered, owed, office):
    owed(1, "reply_normal", START)
    Holiday.objects.create(day=date(2018, 7, 9), is_workday=False, name="临时放假")
    assert len(recompute_open(actor=None, today=TODAY)) == 1
    assert recompute_open(actor=None, today=TODAY) == []


def test_a_provisional_date_becomes_final_when_the_year_arrives(registered, owed, office):
    row = owed(1, "reply_normal", date(2026, 11, 30))
    assert (row.due_on, row.provisional) == (date(2027, 3, 1), True)
    change = actions.cover_year(2027, source="放假通知", today=TODAY, actor=office)
    row.refresh_from_db()
    assert (row.due_on, row.provisional, row.snapshot["provisional"]) == (date(2027, 3, 1), False, False)
    assert change.moves == []


def test_a_provisional_date_moves_when_the_year_says_otherwise(registered, owed, office):
    row = owed(1, "reply_normal", date(2026, 11, 30))
    Holiday.objects.create(day=date(2027, 2, 28), is_workday=True, name="春节调休", source="放假通知")
    actions.cover_year(2027, source="放假通知", today=TODAY, actor=office)
    row.refresh_from_db()
    assert (row.due_on, row.provisional) == (date(2027, 2, 28), False)


def test_taking_a_year_away_makes_its_dates_provisional_again(registered, owed, office):
    row = owed(1, "reply_normal", date(2025, 11, 30))
    assert not row.provisional
    actions.uncover_year(2026, reason="录错了年份", today=TODAY, actor=office)
    row.refresh_from_db()
    assert row.provisional
    assert not CalendarYear.objects.filter(year=2026).exists()


def test_a_row_decided_meanwhile_is_not_overwritten(registered, owed, office):
    row = owed(1, "reply_normal", START)
    due_dates.register(registered, lock=lambda found: registered.objects.update(due_on=date(2018, 9, 3)))
    assert close_day(date(2018, 7, 9), office).moves == []
    row.refresh_from_db()
    assert row.due_on == date(2018, 9, 3)


def test_a_refused_change_leaves_calendar_and_dates_as_they_were(registered, owed, office):
    row = owed(1, "reply_normal", START)

    def fails(found):
        raise RuntimeError("锁不住")

    due_dates.register(registered, lock=fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        close_day(date(2018, 7, 9), office)
    row.refresh_from_db()
    assert row.due_on == date(2018, 7, 9)
    assert rules.compute("HN-DEFAULT", "reply_normal", START).due_on == date(2018, 7, 9)
    assert not Holiday.objects.filter(day=date(2018, 7, 9)).exists()


def test_a_stored_date_explains_itself(owed):
    explained = owed(1, "reply_normal", date(2018, 2, 5)).explain()
    text = "\n".join(explained.sentences)
    assert (explained.due_on, explained.matches_stored, explained.calendar_changed) == (date(2018, 5, 7), True, False)
    said = ("起算：2018-02-05（周一）", "湖南（默认），答复3个月", "顺延：2018-05-05（周六）", "到期：2018-05-07")
    assert [words for words in said if words not in text] == []


def test_the_explanation_says_when_the_calendar_has_changed_since(owed):
    row = owed(1, "reply_normal", START)
    Holiday.objects.create(day=date(2018, 12, 3), is_workday=False, name="临时放假")
    explained = row.explain()
    assert explained.calendar_changed and explained.matches_stored
    assert explained.sentences[-1] == "工作日历此后有过改动，重算结果不变"


def test_the_explanation_says_when_the_stored_date_no_longer_agrees(owed):
    row = owed(1, "reply_normal", START)
    Holiday.objects.create(day=date(2018, 7, 9), is_workday=False, name="临时放假")
    explained = row.explain()
    assert not explained.matches_stored
    assert "2018-07-10" in explained.sentences[-1]


def test_an_extension_is_part_of_the_explanation(owed):
    row = owed(1, "reply_normal", date(2018, 7, 1))
    row.snapshot = rules.extended_snapshot(
        row.snapshot, old_due=row.due_on, new_due=date(2019, 1, 2), limit=date(2019, 1, 2),
        decided_on=date(2018, 9, 20), reason="涉及面广",
    )
    row.due_on = date(2019, 1, 2)
    explained = row.explain()
    said = "延期：2018-09-20 批准，由 2018-10-08 延至 2019-01-02，最晚可到 2019-01-02；理由：涉及面广"
    assert said in explained.sentences
    assert explained.matches_stored
    assert explained.steps[-1].day == explained.due_on == date(2019, 1, 2)


def test_a_due_date_before_its_start_cannot_be_stored(paper, owed):
    row = owed(1, "reply_normal", START)
    with pytest.raises(IntegrityError), transaction.atomic():
        paper.objects.filter(pk=row.pk).update(due_on=date(2018, 4, 8))


def test_open_rows_are_those_neither_met_nor_closed(paper, owed):
    owed(1, "reply_normal", START)
    owed(2, "reply_normal", START, met_on=START)
    owed(3, "reply_normal", START, closed_on=START)
    assert [row.case for row in paper.objects.open()] == [1]


def test_looking_at_many_rows_costs_no_more_reads_than_at_few(registered, owed):
    reads = []
    for cases in (range(2), range(2, 60)):
        for case in cases:
            owed(case, "return_days", START)
        with CaptureQueriesContext(connection) as queries:
            assert recompute_open(actor=None, today=TODAY) == []
        reads.append(len(queries))
    assert reads[0] == reads[1]
