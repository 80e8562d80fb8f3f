"""菜单与顶栏上的数：各层登记一个查询，用到时一条语句取全；留痕没有增加就用上次的。

登记的查询只数到一百，所以要有索引；超过时页面显示 99+。
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, QuerySet

from lianluo.audit.remembering import remembered
from lianluo.statements import Blank, Statement
from lianluo.workdays import clock

LIMIT = 100

_providers: dict[str, Callable[..., QuerySet]] = {}
#: 不经留痕就会变的数（读过一条通知），每次都数
_restless: dict[str, Statement] = {}
ANYONE = SimpleNamespace(pk=Blank("account", BigIntegerField()))


def provide(key: str, queryset_of: Callable[..., QuerySet], *, restless: bool = False) -> None:
    """登记一个数：``queryset_of(user)`` 返回要数的行。``restless``：不留痕也会变，不能记着，条件里只用 user.pk。"""
    _providers[key] = queryset_of
    if restless:
        _restless[key] = Statement(lambda: queryset_of(ANYONE).order_by().values_list("pk")[:LIMIT])


def counts(user) -> dict[str, int]:
    """全部登记的数。"""
    fresh: dict[str, int] = {}

    def count_all() -> dict[str, int]:
        fresh.update(_count(user, _providers))
        return {key: number for key, number in fresh.items() if key not in _restless}

    kept = remembered(("badges", user.pk, clock.today()), count_all)
    return fresh or kept | {key: len(statement.rows(account=user.pk)) for key, statement in _restless.items()}


def _count(user, wanted: Iterable[str]) -> dict[str, int]:
    """这几个数，一条 SQL；不归此人的不列。"""
    keys, columns, params = [], [], []
    for key in wanted:
        try:
            sql, args = _providers[key](user).order_by().values("pk")[:LIMIT].query.sql_with_params()
        except EmptyResultSet:
            continue
        keys.append(key)
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) AS t{len(keys)})")  # noqa: S608 由 ORM 编译，值另传
        params.extend(args)
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(columns), params)
        return dict(zip(keys, cursor.fetchone(), strict=True))


def shown(number: int) -> str:
    """徽标上的字：0 不显示，满一百写 99+。"""
    if not number:
        return ""
    return "99+" if number >= LIMIT else str(number)
