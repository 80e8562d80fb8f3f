"""请人办的事办了，请他办的那几条通知随之算已处理。只告知、不要人办的通知由本人读，不在此列。"""
from __future__ import annotations

from collections.abc import Callable

from lianluo.audit import listen

from . import inbox


def settled_by(*events: str, kinds: tuple[str, ...], about: Callable[[object], str]) -> None:
    """登记：发生 ``events``，``about(对象)`` 之下 ``kinds`` 各种通知就办完了；与动作同一事务。

    先销后发：同一事件既办掉旧的、又请下一个人，新的那条不能一起销掉。
    """

    def close(event, target) -> None:
        inbox.settle(about(target), now=event.at, kinds=kinds)

    listen(*events, first=True)(close)
