"""编译一次的查询：换了值、换了数据、断了连接，都与每次现编译的一样。"""
from __future__ import annotations

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
        lambda: Suggestion.objects.filter(pk=Blank("pk", BigIntegerField()), submitted_on__lte=Blank("day", DateField()))
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


def test_what_one_connection_has_prepared_another_prepares_for_itself(world):
    case, statement = registered(world), fresh()
    ask = {"pk": case.pk, "day": date(2099, 1, 1), "status": "draft"}
    assert statement.first(**ask) == case
    other = connection.copy()
    ours, connections[connection.alias] = connections[connection.alias], other
    try:
        assert statement.first(**ask) is None, "另一条连接看不见没有提交的，但问得了"
    finally:
        other.close()
        connections[connection.alias] = ours
    assert statement.first(**ask) == case
