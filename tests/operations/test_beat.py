"""定时表：到点才做，停机后只补一次，一行出错不影响别的，两个进程只做一次。"""
from datetime import datetime, timedelta

import pytest
from django.utils.module_loading import import_string

from lianluo.celery import BEAT, Row, app
from lianluo.operations import beat, tasks
from lianluo.operations.models import BeatRun
from lianluo.workdays.clock import BEIJING

DONE: list[str] = []


def morning() -> int:
    DONE.append("morning")
    return 3


def minutely() -> int:
    DONE.append("minutely")
    return 1


def broken() -> int:
    DONE.append("broken")
    raise ValueError("数据不对")


MORNING = Row("morning", f"{__name__}.morning", "0", "7", "早上的任务")
MINUTELY = Row("minutely", f"{__name__}.minutely", "*", "*", "每分钟的任务")
BROKEN = Row("broken", f"{__name__}.broken", "*", "*", "坏的任务")


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def fresh(db):
    DONE.clear()


def names(results):
    return [result.row.name for result in results]


@pytest.mark.parametrize(
    ("minute", "hour", "now", "expected"),
    [
        ("0", "7", at(24, 7), at(24, 7)),
        ("0", "7", at(24, 6, 59, 59), at(23, 7)),
        ("30", "7", at(24, 23), at(24, 7, 30)),
        ("*", "*", at(24, 9, 41, 30), at(24, 9, 41)),
        ("*/10", "*", at(24, 9, 9, 59), at(24, 9, 0)),
        ("*/10", "*", at(24, 0, 0, 1), at(24, 0, 0)),
        ("55", "23", at(24, 0, 3), at(23, 23, 55)),
        ("15", "*", at(24, 0, 3), at(23, 23, 15)),
    ],
)
def test_the_last_moment_a_row_should_have_run(minute, hour, now, expected):
    assert beat.previous(Row("x", "x", minute, hour, "x"), now) == expected


def test_the_moment_is_beijing_time_whatever_zone_the_clock_has():
    from datetime import UTC

    assert beat.previous(MORNING, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == at(24, 7)


def test_a_row_runs_once_for_each_moment():
    assert names(beat.run_due(at(24, 7), [MORNING])) == ["morning"]
    assert not beat.run_due(at(24, 7, 0, 5), [MORNING])
    assert not beat.run_due(at(24, 23), [MORNING])
    assert names(beat.run_due(at(25, 7), [MORNING])) == ["morning"]
    run = BeatRun.objects.get(name="morning")
    assert (run.last_started_at, run.last_count, run.error) == (at(25, 7), 3, "")


def test_after_being_down_it_catches_up_once():
    beat.run_due(at(20, 7), [MORNING, MINUTELY])
    DONE.clear()
    for second in range(3):
        beat.run_due(at(24, 9, 0, second), [MORNING, MINUTELY])
    assert DONE == ["morning", "minutely"]


def test_a_failing_row_does_not_stop_the_others_and_is_tried_again_later():
    results = beat.run_due(at(24, 9), [BROKEN, MINUTELY])
    assert names(results) == ["broken", "minutely"]
    assert results[0].error == "坏的任务没有做完：ValueError"
    assert beat.errors() == ["坏的任务没有做完：ValueError"]
    row = Row("daily", f"{__name__}.broken", "0", "7", "坏的任务")
    beat.run_due(at(24, 9), [row])
    assert not beat.run_due(at(24, 9, 9), [row])
    assert names(beat.run_due(at(24, 9, 11), [row])) == ["daily"]


def test_a_row_whose_function_is_missing_is_an_error_of_that_row_only():
    missing = Row("missing", "lianluo.nowhere.task", "*", "*", "没有的任务")
    assert names(beat.run_due(at(24, 9), [missing, MINUTELY])) == ["missing", "minutely"]


def test_two_processes_at_the_same_moment_make_one_run():
    assert beat.claim(MORNING, at(24, 7))
    assert not beat.claim(MORNING, at(24, 7, 0, 1))


def test_negative_control_without_the_claim_both_would_run():
    for _ in range(2):
        beat.run_claimed(MORNING, at(24, 7))
    assert DONE == ["morning", "morning"]


def test_a_row_still_running_is_not_started_again_until_it_counts_as_dead():
    assert beat.claim(MINUTELY, at(24, 9))
    assert not beat.run_due(at(24, 9, 29), [MINUTELY])
    assert names(beat.run_due(at(24, 9, 31), [MINUTELY])) == ["minutely"]


def test_the_workbench_says_what_stopped_and_since_when():
    beat.run_due(at(24, 9, 12), [MINUTELY, MORNING])
    assert beat.stalled_sentence(at(24, 9, 26), [MINUTELY, MORNING]) == ""
    later = beat.stalled_sentence(at(24, 9, 40), [MINUTELY, MORNING])
    assert later == "每分钟的任务自 09:12 起未运行，日期仍按实时计算"
    next_day = beat.stalled_sentence(at(25, 9), [MORNING])
    assert next_day == "早上的任务自 11月24日 09:12 起未运行，日期仍按实时计算"


def test_what_never_ran_is_said_too():
    assert beat.stalled_sentence(at(24, 9), [MORNING]) == "早上的任务还没有运行过，日期仍按实时计算"


def test_every_row_names_a_task_function_that_exists():
    for row in BEAT:
        assert callable(import_string(row.task)), row.name


def test_celery_beat_and_tick_use_the_same_table():
    schedule = dict(app.conf.beat_schedule)
    assert schedule.pop("catch_up")["task"] == "lianluo.operations.tasks.catch_up"
    assert {name: entry["args"] for name, entry in schedule.items()} == {row.name: [row.name] for row in BEAT}
    assert all(entry["schedule"] == row.schedule for row, entry in zip(BEAT, schedule.values(), strict=True))


def test_celery_speaks_json_only_and_acknowledges_late():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_acks_late and app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]
    assert timedelta(seconds=app.conf.task_time_limit) < beat.DEAD_AFTER


def test_the_celery_task_runs_a_row_only_when_due(monkeypatch):
    monkeypatch.setattr(beat, "BEAT", (MORNING,))
    assert [tasks.run_row("morning"), tasks.run_row("morning"), tasks.run_row("nothing")] == [3, 0, 0]
    assert DONE == ["morning"]
