"""同时起跑：各在自己的线程与数据库连接里，到齐了一起放行；反证用的“拆下门栓”也在这里。"""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

from lianluo.audit import record
from suggestions.models import Suggestion

WAIT_SECONDS = 30


def at_once(*functions: Callable) -> list:
    """同时运行，返回各自的结果；抛出的异常原样作为结果。"""
    barrier = threading.Barrier(len(functions))

    def run(function: Callable):
        try:
            barrier.wait(WAIT_SECONDS)
            return function()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result(WAIT_SECONDS) for future in [pool.submit(run, function) for function in functions]]


# ── 反证：拆下门栓，坏结果就该出现；没有出现，竞争就没有真的发生 ──
def without_lock(pk: int) -> Suggestion:
    """代替 ``lock_case``：取件，不锁。"""
    return Suggestion.objects.select_related("session").get(pk=pk)


def without_check(obj, step, *, actor, reason: str = "", fields: dict | None = None, **data):
    """代替 ``move``：照样改状态、照样留痕，只是不看库里现在是什么状态。"""
    source, values = obj.status, {"status": step.target, **(fields or {})}
    type(obj)._base_manager.filter(pk=obj.pk).update(**values)
    for name, value in values.items():
        setattr(obj, name, value)
    return record(
        step.event, actor=actor, target=obj, source=source, target_state=step.target, reason=reason, **data
    )


@contextmanager
def without_unique(model, *columns: str) -> Iterator[None]:
    """拆下这几列上的唯一约束（或唯一索引），做完连同引它的表一起清空，再装回去。"""
    table, wanted = model._meta.db_table, ", ".join(columns)
    find = (
        "SELECT indexname, indexdef, EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname) FROM pg_indexes "
        "WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%' AND indexdef LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(find, [table, f"%({wanted})%"])
        found = cursor.fetchall()
        assert found, f"{table} 的 {wanted} 上没有唯一约束"
        for name, _, is_constraint in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if is_constraint else f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            for name, definition, is_constraint in found:
                cursor.execute(definition)
                if is_constraint:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")
