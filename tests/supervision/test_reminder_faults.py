"""提醒在并发与断电之下：每级每人恰一条，不重复、不遗漏。"""
from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from lianluo.notices import posting
from lianluo.notices.models import Notice
from supervision import reminding
from supervision.reminders import fires_on
from supervision.watches import all_watches
from tests.cases import TODAY
from tests.racing import at_once, without_unique
from tests.supervision.factory import alone
from tests.world import World

CASES = 8


@pytest.fixture
def due_day(transactional_db):
    """几件同一天到“前 30 天”的件；返回那一天。"""
    from lianluo.workdays.calendar import current

    world = World()
    for _ in range(CASES):
        alone(world).to("allotted")
    watch = next(one for one in all_watches(TODAY + timedelta(days=15), current()) if one.matter == "答复")
    return fires_on(watch.ladder[0], watch.due_on, current())


def keys() -> Counter:
    rows = Notice.objects.filter(kind=reminding.KIND).values_list("about", "rung", "recipient_id")
    return Counter(rows)


def wanted(day) -> set:
    return {
        (*item.key, person.pk) for item in reminding.plan(day) for person in item.recipients
    }


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_write_each_row_once(due_day, rounds):
    """两个 beat 同时跑，每级每人一条。"""
    expected = wanted(due_day)
    assert len(expected) > CASES
    for _ in range(max(rounds // 4, 3)):
        Notice.objects.filter(kind=reminding.KIND).delete()
        made = at_once(*[lambda: reminding.write(due_day)] * 3)
        assert all(isinstance(one, int) for one in made), made
        assert sum(made) == len(expected)
        assert keys() == Counter(expected)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_unique_key_two_writers_would_write_twice(due_day):
    """反证：拦住重复的正是唯一键。"""
    expected = wanted(due_day)
    with without_unique(Notice, "about", "kind", "rung", "recipient_id"):
        at_once(*[lambda: reminding.write(due_day)] * 3)
        doubled = [key for key, times in keys().items() if times > 1]
    assert doubled, f"三个一起写 {len(expected)} 条，没有一条重复，这个反证不成立"


@pytest.mark.django_db
def test_a_writer_that_dies_half_way_is_finished_by_the_next(due_day, monkeypatch):
    """写到第三件时出错：已写的留着，下一次只补没写的。"""
    expected, real, calls = wanted(due_day), posting.post, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(posting, "post", dies)
    with pytest.raises(KeyboardInterrupt):
        reminding.write(due_day)
    assert 0 < sum(keys().values()) < len(expected)
    monkeypatch.setattr(posting, "post", real)
    reminding.write(due_day)
    assert keys() == Counter(expected)


SCRIPT = """
import os, signal, sys
import django
django.setup()
from datetime import date
from lianluo.notices import posting
from supervision import reminding
real, left = posting.post, [int(sys.argv[2])]
def post(*args, **kwargs):
    made = real(*args, **kwargs)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
posting.post = post
print("起", flush=True)
reminding.write(date.fromisoformat(sys.argv[1]))
"""


def database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def start(day, after: int, var_dir) -> subprocess.Popen:
    """另起一个进程写提醒，写完 ``after`` 件就 kill -9 自己（0 为不杀）。"""
    env = {
        **os.environ, "DATABASE_URL": database_url(), "LIANLUO_VAR": str(var_dir), "SECRET_KEY": "test-" * 12,
        "DJANGO_SETTINGS_MODULE": "lianluo.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, day.isoformat(), str(after)], cwd=settings.BASE_DIR, env=env,
        stdout=subprocess.PIPE,
    )


@pytest.fixture
def dice() -> random.Random:
    return random.Random(2018)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_killed_after_any_row_nothing_is_lost_or_doubled(due_day, var_dir, rounds, dice):
    """写完某一件之后 kill -9，重跑补齐；演练时每一件之后各杀一次。"""
    expected = wanted(due_day)
    for after in sorted(dice.sample(range(1, CASES + 1), min(max(rounds // 10, 1), CASES))):
        Notice.objects.filter(kind=reminding.KIND).delete()
        process = start(due_day, after, var_dir)
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
        assert 0 < sum(keys().values()) < len(expected)
        reminding.write(due_day)
        assert keys() == Counter(expected)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_nothing_is_lost_or_doubled(due_day, var_dir, rounds, dice):
    """随便哪一刻 kill -9，再起来补齐。"""
    expected = wanted(due_day)
    for _ in range(max(rounds // 10, 1)):
        Notice.objects.filter(kind=reminding.KIND).delete()
        process = start(due_day, 0, var_dir)
        process.stdout.readline()
        time.sleep(dice.random() * 0.25)
        process.kill()
        process.wait(timeout=60)
        process.stdout.close()
        assert max(keys().values(), default=1) == 1
        reminding.write(due_day)
        assert keys() == Counter(expected)
