"""凡动作都留痕，留痕没有增加，数就没有变：同一版留痕之下只数一次，记在本进程里。

“版”取最近若干条而不只最新一条：事务先取号、后提交，号小的可能后到。没有留痕的改动（任职、停用单位）至多晚一分钟。
"""
from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import TypeVar

from lianluo.statements import Statement

from . import context
from .models import AuditEvent

Value = TypeVar("Value")
RECENT, SECONDS, MOST = 20, 60.0, 2000

_latest = Statement(lambda: AuditEvent.objects.order_by("-id").values_list("id", "hash")[:RECENT])
_kept: dict[Hashable, tuple[list, float, object]] = {}


def _version() -> list[tuple]:
    """最新几条留痕；一个请求里只问一次，记了新的再问。"""
    here = context.current()
    if not here.request_id:
        return _latest.rows()
    if "version" not in here.asked:
        here.asked["version"] = _latest.rows()
    return here.asked["version"]


def remembered(key: Hashable, compute: Callable[[], Value]) -> Value:
    """``key`` 之下算出的值；留痕版次没变、不到一分钟就用上次的。值不可改动。"""
    version, now = _version(), monotonic()
    kept = _kept.get(key)
    if kept and version and kept[0] == version and now - kept[1] < SECONDS:
        return kept[2]
    if len(_kept) >= MOST:
        _kept.clear()
    value = compute()
    _kept[key] = version, now, value
    return value
