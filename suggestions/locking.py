"""锁件：任何改变件的动作第一步。锁序 件 → 承办关系 → 台账。"""
from __future__ import annotations

from django.db import transaction
from django.db.models import BigIntegerField

from lianluo.statements import Blank, Statement

from .models import Suggestion

LOCKED = Statement(
    lambda: Suggestion.objects.select_for_update(of=("self",)).select_related("session")
    .filter(pk=Blank("pk", BigIntegerField())).order_by()
)


def lock_case(pk: int) -> Suggestion:
    """锁住一件并取最新状态。PostgreSQL 用行锁；SQLite 的写事务本身即独占（IMMEDIATE）。

    须在事务内调用，否则报错，免得锁形同虚设。
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("锁件须在事务内")
    connection.validate_no_broken_transaction()
    found = LOCKED.first(pk=pk)
    if found is None:
        raise Suggestion.DoesNotExist(f"没有内部号为 {pk} 的件")
    return found
