"""改动留痕的手法：先拆触发器，再用 SQL 直接动库，像拿到库的人会做的那样。"""
from __future__ import annotations

import contextlib

from django.db import connection

from lianluo.audit import guards, hashing
from lianluo.audit.models import AuditEvent

EVENTS, HEADS = guards.EVENTS, guards.HEADS


def run(sql: str, params=()) -> int:
    """执行一句 SQL，返回影响的行数。"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def raise_guards() -> None:
    """装上触发器（不经迁移建库时也有）。"""
    lower_guards()
    for statement in guards.SQLITE if connection.vendor == "sqlite" else guards.POSTGRESQL:
        run(statement)


def lower_guards() -> None:
    for statement in guards.DROP[connection.vendor]:
        run(statement)


@contextlib.contextmanager
def unguarded():
    """拆下触发器动手，再装回去。"""
    lower_guards()
    try:
        yield
    finally:
        raise_guards()


def change(event: AuditEvent, column: str, value) -> None:
    with unguarded():
        run(f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", [value, event.pk])  # noqa: S608 列名是测试里写的


def delete(*events: AuditEvent) -> None:
    with unguarded():
        for event in events:
            run(f"DELETE FROM {EVENTS} WHERE id = %s", [event.pk])  # noqa: S608


def swap(one: AuditEvent, other: AuditEvent) -> None:
    """两条对调次序。"""
    with unguarded():
        for event, seq in ((one, 9000), (other, one.seq), (one, other.seq)):
            run(f"UPDATE {EVENTS} SET seq = %s WHERE id = %s", [seq, event.pk])  # noqa: S608


def insert(events: list[AuditEvent], place: int) -> None:
    """在第几条前面硬插一条，自己的摘要是对的；后面的序号都让一位。"""
    with unguarded():
        for event in reversed(events[place:]):
            run(f"UPDATE {EVENTS} SET seq = seq + 1 WHERE id = %s", [event.pk])  # noqa: S608
    frozen = {name: getattr(events[place], name) for name in hashing.FROZEN}
    forged = AuditEvent(**{**frozen, "reason": "补记一条", "at": events[place].at})
    forged.hash = hashing.digest(hashing.canonical(forged), forged.algorithm)
    forged.save(force_insert=True)


def rewrite(events: list[AuditEvent], prev_hash: str) -> None:
    """整段重写：内容改了，摘要也从头重算，链自己看不出来。"""
    with unguarded():
        for event in events:
            event.prev_hash = prev_hash
            event.hash = prev_hash = hashing.digest(hashing.canonical(event), event.algorithm)
            run(
                f"UPDATE {EVENTS} SET reason = %s, prev_hash = %s, hash = %s WHERE id = %s",  # noqa: S608
                [event.reason, event.prev_hash, event.hash, event.pk],
            )
