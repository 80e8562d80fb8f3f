"""取号：号码连续、不重、不空（公文编号规则）。

先 ``UPDATE … SET last = last + 1`` 占住这一行，再在同一事务里读出来：别的事务在行锁上等；
本事务回滚，号码也退回。因此只能在事务里取，越晚取越好。
"""
from __future__ import annotations

from django.db import connections, router
from django.db.models import F
from django.db.transaction import TransactionManagementError

from .models import Counter


def take(scope: str) -> int:
    """取下一个号，从 1 开始。必须在调用者的事务里。"""
    _require_transaction()
    if not _rows(scope).update(last=F("last") + 1):
        _create(scope)
        _rows(scope).update(last=F("last") + 1)
    return _rows(scope).values_list("last", flat=True).get()


def peek(scope: str) -> int:
    """已用到的号；没有取过是 0。只看不占，下一个号以 :func:`take` 为准。"""
    return _rows(scope).values_list("last", flat=True).first() or 0


def raise_to(scope: str, number: int) -> int:
    """把序列抬高到 number（导入自带编号时用），只升不降；返回抬高后的值。"""
    _require_transaction()
    _create(scope)
    _rows(scope).filter(last__lt=number).update(last=number)
    return _rows(scope).values_list("last", flat=True).get()


def _rows(scope: str):
    return Counter.objects.filter(scope=scope)


def _create(scope: str) -> None:
    """两人同时新建时，后到的在唯一索引上等，等到后什么也不做。"""
    Counter.objects.bulk_create([Counter(scope=scope)], ignore_conflicts=True)


def _require_transaction() -> None:
    connection = connections[router.db_for_write(Counter)]
    if not connection.in_atomic_block:
        raise TransactionManagementError("取号要在事务里：事务回滚时号码一并退回，才不会有空号。")
