"""留痕：只增不改的事件，按件成链。

对外只有三个门：:func:`record` 记一条，:func:`listen` 听一类事件（同一事务内执行），
:func:`latest` 问最近一条。校验见 ``verify``。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

_listeners: dict[str, list[Callable]] = defaultdict(list)


def listen(*events: str, first: bool = False) -> Callable:
    """登记监听：``@listen("reply.signed")``。函数形如 ``fn(event, target)``，与动作同一事务；``first`` 的排在前面。"""

    def register(function: Callable) -> Callable:
        for event in events:
            if function not in _listeners[event]:
                _listeners[event].insert(0 if first else len(_listeners[event]), function)
        return function

    return register


def record(event: str, *, actor, target, source: str = "", target_state: str = "", reason: str = "", **data):
    """记一条留痕并通知监听者；任何一步失败，整个动作一起回滚。"""
    from .recording import write

    row = write(
        event, actor=actor, target=target, source=source, target_state=target_state, reason=reason, data=data
    )
    for listener in _listeners[event]:
        listener(row, target)
    return row


def latest(target):
    """对象最近一条留痕；没有则 None。"""
    from .models import AuditEvent

    return AuditEvent.objects.about(target).order_by("-id").first()


def listened_events() -> list[str]:
    """有人监听的全部事件名（供词汇测试核对）。"""
    return sorted(name for name, functions in _listeners.items() if functions)
