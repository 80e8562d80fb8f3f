"""make 的说明与 tests.run 的小结。"""
import re
import subprocess

import pytest

from tests import run


def test_help_names_every_target_in_chinese(settings):
    text = (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=settings.BASE_DIR).stdout
    for target in ("help", "setup", "run", "test", "drills", "bench", "lint", "clean"):
        assert re.search(rf"^{target}:", text, re.MULTILINE)
        assert re.search(rf"make {target}\s+.*[\u4e00-\u9fff]", shown)


@pytest.fixture
def nothing_answers(monkeypatch):
    for name in ("postgres_answers", "redis_answers"):
        monkeypatch.setattr(run, name, lambda url: False)
    monkeypatch.setattr(run, "chromium", lambda: "")


def test_what_is_not_reachable_is_named_without_its_password(nothing_answers, monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://me:secret@db.example.cn:5433/x")
    steps, missing = run.plan(drills=False)
    assert [step.title for step in steps] == ["SQLite"]
    assert steps[0].marks == "not drill and not race and not browser"
    assert "postgres://db.example.cn:5433/x" in missing[0] and "secret" not in "".join(missing)
    assert [sentence[:8] for sentence in missing] == ["PostgreS", "Redis 连不", "没有找到 Chr"]


def test_what_answers_is_run_a_second_time(monkeypatch):
    for name in ("postgres_answers", "redis_answers"):
        monkeypatch.setattr(run, name, lambda url: True)
    monkeypatch.setattr(run, "chromium", lambda: "/usr/bin/chromium")
    for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    steps, missing = run.plan(drills=False)
    assert [(step.title, step.marks) for step in steps] == [
        ("SQLite", "not drill and not race"), ("PostgreSQL + Redis", "not drill and not browser and not once"),
    ]
    assert steps[1].env == {"TEST_DATABASE_URL": run.POSTGRES, "TEST_REDIS_URL": run.REDIS}
    assert missing == []


def test_the_summary_counts_from_the_report(tmp_path):
    report = tmp_path / "r.xml"
    report.write_text('<testsuites><testsuite tests="10" failures="1" errors="1" skipped="3"/></testsuites>')
    assert run.counts(report) == (5, 2, 3)
    assert run.summary(run.Round("SQLite", ""), (5, 2, 3), 1, 12.4) == "SQLite：5 项通过，2 项未过，3 项跳过（12 秒）"
    assert run.counts(tmp_path / "none.xml") == (0, 1, 0)
