"""每一页问几次库：主要的几页不超过 15 次，都不随行数增长，不比 query_counts.json 里记下的多。

有意改多了，重写这份基线：``LIANLUO_WRITE=1 .venv/bin/python -m pytest -n0 tests/test_queries.py``，再看
``git diff tests/query_counts.json``。
"""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianluo.accounts import sessions
from lianluo.audit import remembering
from tests import cases
from tests.routes import Row, rows
from tests.scene import ROLES, Scene, Side, scene  # noqa: F401
from tests.test_permissions import table

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BASELINE = Path(__file__).with_name("query_counts.json")
#: 列表、件页、交办台、待办、工作台、台账；其余的页（逐项核对的拟稿、审查、提醒预览）另有一个上限
MAIN = ("suggestions:list", "supervision:case#", "handlers:board", "handlers:inbox", "home", "supervision:ledger")
MOST, MOST_ELSEWHERE = 15, 32
#: 工作台上的数没有新的留痕就不重数：量的是第二次打开
REMEMBERED, USUAL = ("home",), remembering.SECONDS
#: 每页至多问这几种人里的三种：办公室、单位、代表、管理员、公众
PEOPLE = ("clerk", "unit_liaison", "lead", "sysadmin", "anonymous", "gov", "unit_officer", "delegation", "auditor")
#: 不算页面的：整本导出、探活、机器读的说明书、后台（Django 自己的页）
OTHER = ("admin", "api:schema", "api:docs", "operations:", "accounts:logout", "suggestions:export",
         "suggestions:attachment", "supervision:ledger_export", "handlers:inbox_export")
NOT_A_QUERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ", "PRAGMA")


def readers_of(key: str) -> list[str]:
    cells = table().get((key, "GET"), {})
    return [role for role in PEOPLE if cells.get(role, "").partition("/")[0] == "200"][:3]


def pages() -> Iterator[tuple[Row, str]]:
    """要量的每一页与看它的人。"""
    for row in rows():
        if not row.key.startswith(OTHER):
            yield from ((row, role) for role in readers_of(row.key))


def count(scene: Scene, row: Row, role: str) -> int | None:  # noqa: F811
    """打开这一页问了几次库；打不开为 None。"""
    url = row.targets(scene)[0]
    connection.queries_log.clear()  # 只记得住九千条，满了就数不出来
    with pytest.MonkeyPatch.context() as patch:
        if row.key in REMEMBERED:
            patch.setattr(remembering, "SECONDS", USUAL)
            scene.ask(role, "GET", url, keep=lambda it: False)
        with CaptureQueriesContext(connection) as captured:
            answer = scene.ask(role, "GET", url, keep=lambda it: False)
    asked = [one["sql"] for one in captured if not one["sql"].lstrip().upper().startswith(NOT_A_QUERY)]
    return len(asked) if answer.status_code == 200 else None


def measure(scene: Scene) -> dict[str, dict[str, int]]:  # noqa: F811
    found: dict[str, dict[str, int]] = {}
    for row, role in pages():
        asked = count(scene, row, role)
        if asked is not None:
            found.setdefault(row.key, {})[role] = asked
    return found


def grow(scene: Scene) -> None:  # noqa: F811
    """再来两批同样的人办的件，原有的件上也多几次沟通。"""
    first = scene.a
    for mark in ("丙", "丁"):
        Side(scene.world, mark, first.lead, first.cosigners, first.unit, first.assist).build()
    for journey in (first.written, first.delivered, first.rated):
        for days in (9, 10, 11):
            journey.talk(on=cases.ASSIGNED + timedelta(days=days))


@pytest.fixture(scope="module")
def nothing_remembered() -> Iterator[None]:
    """页签与徽标上的数每次都数：量的是最多的时候；一分钟一次的“最近使用”不算在哪一页头上。"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembering, "SECONDS", 0)
        patch.setattr(sessions, "TOUCH_SECONDS", 10**6)
        yield


@pytest.fixture(scope="module")
def measured(scene, nothing_remembered) -> tuple[dict, dict]:  # noqa: F811
    """少的时候与多的时候各量一遍。先空走一遍，让日历、内容类型之类的缓存各就各位。"""
    measure(scene)
    few = measure(scene)
    grow(scene)
    return few, measure(scene)


def test_pages_ask_little_and_no_more_as_rows_grow(measured):
    few, many = measured
    if os.environ.get("LIANLUO_WRITE"):
        BASELINE.write_text(json.dumps(few, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    known = json.loads(BASELINE.read_text(encoding="utf-8"))
    faults = []
    for key, by_role in few.items():
        for role, asked in by_role.items():
            after, before = many[key].get(role, 0), known.get(key, {}).get(role)
            most = MOST if key.startswith(MAIN) else MOST_ELSEWHERE
            faults += [f"{key}（{role}）问了 {asked} 次，多于 {most}"] if asked > most else []
            faults += [f"{key}（{role}）随行数增长：{asked} → {after}"] if after > asked else []
            faults += [f"{key}（{role}）不在基线里"] if before is None else []
            faults += [f"{key}（{role}）比基线多：{before} → {asked}"] if before is not None and asked > before else []
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_the_baseline_names_only_pages_that_exist():
    known = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert set(known) - {row.key for row in rows()} == set()
    assert all(role in ROLES for by_role in known.values() for role in by_role)


def test_the_count_sees_one_more_query(scene):  # noqa: F811
    """反证：多问一次就多一次，保存点不算。"""
    from django.db import transaction

    from lianluo.accounts.models import User

    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        User.objects.exists()
    assert len([one for one in captured if not one["sql"].upper().startswith(NOT_A_QUERY)]) == 1
