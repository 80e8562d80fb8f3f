"""编译一次的查询：换了值、换了数据、断了连接，都与每次现编译的一样。"""
from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField, DateField

from lianluo.statements import Blank, Statement
from suggestions.models import Suggestion
from tests.suggestions.drafts import registered

pytestmark = pytest.mark.django_db


def fresh() -> Statement:
    """名称里有百分号与引号的常量也要照样；空可以在前、在后、重复。"""
    return Statement(
        lambda: Suggestion.objects
        .filter(pk=Blank("pk", BigIntegerField()), submitted_on__lte=Blank("day", DateField()))
        .exclude(title="100%'的\"建议").exclude(status=Blank("status", CharField())).select_related("session")
    )


def test_each_call_gets_what_its_own_values_ask_for(world):
    cases = [registered(world, title=f"关于第{number}条路的建议") for number in range(3)]
    statement = fresh()
    for case in [*cases, cases[0]]:
        [found] = statement.objects(pk=case.pk, day=date(2099, 1, 1), status="draft")
        assert found == case and found.session == case.session
        assert statement.first(pk=case.pk, day=date(1999, 1, 1), status="draft") is None
        assert statement.first(pk=case.pk, day=date(2099, 1, 1), status=case.status) is None


def test_a_change_is_seen_by_the_same_statement(world):
    case, statement = registered(world), fresh()
    ask = {"pk": case.pk, "day": date(2099, 1, 1), "status": "draft"}
    assert statement.first(**ask).title == case.title
    Suggestion.objects.filter(pk=case.pk).update(title="关于换了标题的建议")
    assert statement.first(**ask).title == "关于换了标题的建议"


@contextmanager
def another_connection():
    """换一条连接问：看不见没有提交的。"""
    other = connection.copy()
    ours, connections[connection.alias] = connections[connection.alias], other
    try:
        yield other
    finally:
        other.close()
        connections[connection.alias] = ours


def test_what_one_connection_has_prepared_another_prepares_for_itself(world):
    case, statement = registered(world), fresh()
    ask = {"pk": case.pk, "day": date(2099, 1, 1), "status": "draft"}
    assert statement.first(**ask) == case
    with another_connection():
        assert statement.first(**ask) is None, "另一条连接看不见没有提交的，但问得了"
    assert statement.first(**ask) == case


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


@pytest.mark.race
def test_the_first_question_after_the_database_restarted_is_answered(world):
    """新的请求里第一句：连接已断，健康检查换上新的，语句在新的上重新备。"""
    statement, ask = fresh(), {"pk": 1, "day": date(2099, 1, 1), "status": "draft"}
    with another_connection() as other:
        statement.rows(**ask)
        assert prepared() == 1
        other.connection.close()
        other.health_check_enabled, other.health_check_done = True, False
        assert statement.rows(**ask) == [] and prepared() == 1


@pytest.mark.race
def test_behind_a_pool_nothing_is_left_on_the_connection(world):
    statement, ask = fresh(), {"pk": 1, "day": date(2099, 1, 1), "status": "draft"}
    with another_connection() as other:
        other.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        assert statement.rows(**ask) == [] and prepared() == 0
