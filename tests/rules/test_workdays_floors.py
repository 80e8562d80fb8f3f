"""核心不引用别的应用：期间的算法谁都可以用，用了也不会互相引用。北京时间只从一处取。"""
from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import lianluo.workdays
from lianluo.workdays import clock

FOLDER = Path(lianluo.workdays.__file__).parent
CORE = [
    "clock", "arithmetic", "counting", "profiles", "loading", "models", "calendar", "rules", "explanation", "lights",
    "due_dates", "year_page",
]
FLOORS = {"suggestions", "handlers", "supervision"}


def imported(path: Path) -> set[str]:
    """一个文件引用的模块（含函数里的）。"""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    return names


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_no_other_app(name):
    assert not [module for module in imported(FOLDER / f"{name}.py") if module.startswith("lianluo")]


def test_the_check_sees_the_imports_of_the_outer_ring():
    assert "lianluo.audit" in imported(FOLDER / "recompute.py")


def test_no_file_here_knows_a_floor():
    files = [*FOLDER.rglob("*.py")]
    assert [path.name for path in files if {name.split(".")[0] for name in imported(path)} & FLOORS] == []


def test_today_is_the_day_in_beijing_whatever_the_time_of_day():
    before = (datetime.now(UTC) + timedelta(hours=8)).date()
    found = clock.today()
    after = (datetime.now(UTC) + timedelta(hours=8)).date()
    assert found in (before, after)
    assert clock.now().utcoffset() == timedelta(hours=8)
