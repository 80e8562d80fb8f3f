"""两个人同时改日历：先后排队，到期日合于两人改后的日历。"""
from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, connections

from lianluo.workdays import actions, calendar, due_dates, rules

from .conftest import TODAY, create_table, paper_model

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAYS = [date(2018, 7, 9), date(2018, 7, 10), date(2018, 7, 11)]


@pytest.fixture
def paper():
    model = due_dates.register(paper_model())
    create_table(model)
    yield model
    due_dates.unregister(model)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE "{model._meta.db_table}"')


def change(day: date, rest: bool, barrier: threading.Barrier, failures: list) -> None:
    try:
        barrier.wait(timeout=10)
        actions.set_day(day, is_workday=False if rest else None, reason="演练", today=TODAY, actor=None)
    except Exception as error:
        failures.append(error)
    finally:
        connections.close_all()


def test_changes_at_the_same_time_leave_dates_that_agree_with_the_calendar(paper, rounds):
    for case in range(5):
        paper.objects.create(case=case, **rules.compute("HN-DEFAULT", "reply_normal", date(2018, 4, 9)).columns())
    for number in range(rounds):
        failures, barrier = [], threading.Barrier(len(DAYS))
        threads = [
            threading.Thread(target=change, args=(day, number % 2 == 0, barrier, failures)) for day in DAYS
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failures == []
        expected = rules.compute("HN-DEFAULT", "reply_normal", date(2018, 4, 9), calendar.load()).due_on
        assert set(paper.objects.values_list("due_on", flat=True)) == {expected}
        assert expected == (date(2018, 7, 12) if number % 2 == 0 else date(2018, 7, 9))
