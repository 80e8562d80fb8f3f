"""manage.py tick：看一次、补做一项、一直看着直到停。"""
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import call_command

from lianluo.celery import BEAT, Row
from lianluo.operations import beat
from lianluo.operations.management.commands import tick
from lianluo.operations.models import BeatRun

pytestmark = pytest.mark.django_db


def count_five() -> int:
    return 5


def fail() -> int:
    raise ValueError


GOOD = Row("good", f"{__name__}.count_five", "*", "*", "好的任务")
BAD = Row("bad", f"{__name__}.fail", "*", "*", "坏的任务")


@pytest.fixture
def table(monkeypatch):
    for module in (beat, tick):
        monkeypatch.setattr(module, "BEAT", (BAD, GOOD))
    monkeypatch.setattr(beat.run_due, "__defaults__", ((BAD, GOOD),))


def test_it_looks_once_and_says_what_was_done(table, capsys):
    call_command("tick")
    out = capsys.readouterr().out
    assert "坏的任务：坏的任务没有做完" in out
    assert "好的任务：5 条" in out
    call_command("tick")
    assert capsys.readouterr().out == ""


def test_once_runs_the_row_now_whatever_the_hour(table, capsys):
    for _ in range(2):
        call_command("tick", once="good")
    assert capsys.readouterr().out.count("好的任务：5 条") == 2
    assert BeatRun.objects.get().last_count == 5


def test_once_with_a_failing_row_exits_one(table):
    with pytest.raises(SystemExit) as stop:
        call_command("tick", once="bad")
    assert stop.value.code == 1


def test_once_with_an_unknown_name_lists_the_names(table, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("tick", once="x")
    assert stop.value.code == 2
    assert "定时表里没有“x”，可选：bad、good" in capsys.readouterr().err


def test_the_list_shows_every_row(capsys):
    call_command("tick", list=True)
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [row.name for row in BEAT]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_stops_at_once_on_a_signal(settings, number, tmp_path):
    env = {**os.environ, "LIANLUO_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3"}
    script = (
        "import django; django.setup()\n"
        "from lianluo.operations import beat\n"
        "from lianluo.operations.management.commands import tick\n"
        "beat.run_row = lambda row, now: print('看表', flush=True)\n"
        "tick.BEAT = (1,)\n"
        "from django.core.management import call_command\n"
        "call_command('tick', loop=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=env, cwd=settings.BASE_DIR)
    try:
        assert process.stdout.readline().decode().strip() == "看表"
        process.send_signal(number)
        assert process.wait(3) == 0
    finally:
        process.kill()
        process.stdout.close()
