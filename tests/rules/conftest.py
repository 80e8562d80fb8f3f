"""工作日历测试的人与物：联工委、系统管理员、承办人各一；一种只在测试里有的到期日。"""
from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from lianluo.accounts.models import RoleGrant, User
from lianluo.workdays import due_dates, recompute, rules
from lianluo.workdays.models import DueDate

TODAY = date(2026, 11, 23)


def person(username: str, name: str, *roles: str) -> User:
    user = User.objects.create_user(username, name=name)
    for role in roles:
        RoleGrant.objects.create(account=user, role=role, valid_from=date(2020, 1, 1))
    return user


@pytest.fixture
def office(db):
    return person("liu", "刘科长", "npc_office")


@pytest.fixture
def sysadmin(db):
    return person("xitong", "系统管理员", "sysadmin")


@pytest.fixture
def stranger(db):
    return person("wang", "王承办", "handler")


def paper_model() -> type[DueDate]:
    """一种只在测试里有的到期日，不进应用登记处。"""
    with isolate_apps("lianluo.workdays"):

        class Paper(DueDate):
            case = models.PositiveIntegerField("件")

            class Meta(DueDate.Meta):
                app_label = "workdays"
                abstract = False

            @property
            def audit_chain(self) -> str:
                return f"suggestion:{self.case}"

            def __str__(self) -> str:
                return f"第{self.case:04d}号 {self.get_rule_code_display()}"

    return Paper


def create_table(model: type[models.Model]) -> None:
    """建它的表。在测试的事务里建的，随事务回滚。"""
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    sql, params = editor.table_sql(model)
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


@pytest.fixture
def paper(db):
    model = paper_model()
    create_table(model)
    yield model
    due_dates.unregister(model)


@pytest.fixture
def registered(paper):
    """登记过的到期日，加锁的次序记在 ``locked`` 里。"""
    paper.locked = []
    return due_dates.register(paper, lock=lambda row: paper.locked.append(row.case))


@pytest.fixture
def owed(paper):
    """欠着的一条：``owed(486, "reply_normal", date(…))``。"""
    def make(case: int, code: str, start_on: date, profile: str = "HN-DEFAULT", **fields):
        return paper.objects.create(case=case, **rules.compute(profile, code, start_on).columns(), **fields)

    return make


@pytest.fixture
def told():
    """监听者收到的移动。"""
    received = []

    def listener(moves, *, actor, today):
        received.append((moves, actor, today))

    recompute.on_moved(listener)
    yield received
    recompute._listeners.remove(listener)
