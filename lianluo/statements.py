"""每个请求都要问、只有值不同的查询：由 ORM 编译一次，以后只换值。

Django 每次都从头编译，一条三五百微秒到一毫秒，PostgreSQL 每次都从头排执行计划，联表多的又是一毫秒，都比取数还久；
所以这里编译一次，并在每条连接上 PREPARE 一次。备好的语句留在那条连接上，经事务级的连接池时下一个事务未必还是它，
所以那时（DATABASE_POOLED=1）只编译、不 PREPARE。只用在每页、每次登录都要问的地方。
"""
from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from django.db import connection, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

_names = (f"lianluo_{number}" for number in itertools.count(1))
#: 各条连接上备好了哪些语句
_ready: WeakKeyDictionary = WeakKeyDictionary()


class Blank(Expression):
    """语句里留的空，执行时按名字填上；写在查询条件里值的位置。"""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", (self,)


class Statement:
    """一条语句。``build()`` 返回带空的查询，形状不随值变（不用列表作条件，不预取），第一次用时编译。"""

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build
        self._compiled: dict[str, tuple] = {}

    def _prepared(self, values: dict) -> tuple[SQLCompiler, str, list, dict]:
        if connection.vendor not in self._compiled:
            compiler = self.build().query.get_compiler(connection.alias)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            on_server = _Prepared(sql, params) if _keeps_its_statements() else None
            self._compiled[connection.vendor] = (compiler, sql, params, converters, on_server)
        compiler, sql, params, converters, on_server = self._compiled[connection.vendor]
        if on_server:
            sql, params = on_server.call(), on_server.blanks
        return compiler, sql, [_filled(one, values) for one in params], converters

    def rows(self, **values) -> list[tuple]:
        """填上各空，取全部行（values_list 的查询）；不经字段换算，只取文字与数。"""
        _, sql, params, _ = self._prepared(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def objects(self, **values) -> list[Model]:
        """填上各空，取成对象，连同 select_related 的。"""
        compiler, sql, params, converters = self._prepared(values)
        ready = copy.copy(compiler)
        ready.connection, ready.as_sql = connections[connection.alias], lambda: (sql, params)
        ready.get_converters = lambda columns: converters
        query = SimpleNamespace(get_compiler=lambda using: ready)
        source = SimpleNamespace(query=query, db=connection.alias, model=ready.query.model, _known_related_objects={})
        return list(ModelIterable(source))

    def first(self, **values) -> Model | None:
        """第一个对象；没有则 None。"""
        return next(iter(self.objects(**values)), None)


def _keeps_its_statements() -> bool:
    """这条连接自始至终是同一条，备好的语句下次还在。"""
    return connection.vendor == "postgresql" and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


class _Prepared:
    """PostgreSQL 上备好的语句：空变成 $1、$2……，其余的值写死在语句里。"""

    def __init__(self, sql: str, params: tuple) -> None:
        self.name, self.sql, self.params = next(_names), sql, params
        self.blanks = [one for one in params if isinstance(one, Blank)]
        self._call = f"EXECUTE {self.name} ({', '.join(['%s'] * len(self.blanks))})" if self.blanks else (
            f"EXECUTE {self.name}"
        )

    def call(self) -> str:
        """调用它的语句；这条连接上还没有备，先备。数据库重启、断过线的，先换上新连接，再看备了没有。"""
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        link = connection.connection
        made = _ready.setdefault(link, set())
        if self.name not in made:
            with connection.wrap_database_errors, link.cursor() as cursor:
                cursor.execute(self._prepare(cursor))
            made.add(self.name)
        return self._call

    def _prepare(self, cursor) -> str:
        places = itertools.count(1)
        held = [f"${next(places)}" if isinstance(one, Blank) else _literal(cursor, one) for one in self.params]
        types = ", ".join(one.output_field.db_type(connection) for one in self.blanks)
        return f"PREPARE {self.name}{f' ({types})' if types else ''} AS {self.sql % tuple(held)}"


def _literal(cursor, value) -> str:
    return cursor.mogrify("%s", [value]).decode()


def _filled(param, values: dict):
    if not isinstance(param, Blank):
        return param
    return param.output_field.get_db_prep_value(values[param.name], connection)
