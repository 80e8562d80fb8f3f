"""谁能看见什么：各层为模型登记一个条件，可见范围是全部条件之和。

一个都没登记、或没有登录，就什么也看不见。上层加自己的条件，下层不必知道上层。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Model, Q, QuerySet

Condition = Callable[..., Q | None]
_conditions: dict[type[Model], list[Condition]] = defaultdict(list)


def register(model: type[Model], q_for_user: Condition) -> Condition:
    """登记：``q_for_user(user)`` 返回条件；``Q()`` 为全部可见，``None`` 为与此人无关。

    跨一对多的条件写成 Exists 或 pk__in 子查询，免得行重复。
    """
    if q_for_user not in _conditions[model]:
        _conditions[model].append(q_for_user)
    return q_for_user


def visible(queryset: QuerySet, user) -> QuerySet:
    """此人在这个查询集里看得见的部分。"""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return queryset.none()
    found = [part for q_for_user in _conditions.get(queryset.model, ()) if (part := q_for_user(user)) is not None]
    if not found:
        return queryset.none()
    if not all(found):  # Django 的“或”会丢掉空条件，所以“全部可见”单独处理
        return queryset
    whole = found[0]
    for part in found[1:]:
        whole = whole | part
    return queryset.filter(whole)
