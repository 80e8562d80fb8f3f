"""每个请求都要问、只有值不同的查询：由 ORM 编译一次，以后只换值。

Django 每次都从头编译，一条三五百微秒到一毫秒，比数据库执行还久；只用在每页、每次登录都要问的地方（performance.md）。
"""
from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace

from django.db import connection, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler


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
        self._compiled: dict[str, tuple[SQLCompiler, str, tuple, dict]] = {}

    def _prepared(self, values: dict) -> tuple[SQLCompiler, str, list, dict]:
        if connection.vendor not in self._compiled:
            compiler = self.build().query.get_compiler(connection.alias)
            written = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            self._compiled[connection.vendor] = (compiler, *written, converters)
        compiler, sql, params, converters = self._compiled[connection.vendor]
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


def _filled(param, values: dict):
    if not isinstance(param, Blank):
        return param
    return param.output_field.get_db_prep_value(values[param.name], connection)
