"""操作人当时的身份：单位与职责由上面各层给出，没有任职的用角色名。记下即冻结，日后改名、调动不影响。"""
from __future__ import annotations

from collections.abc import Callable

Describer = Callable[..., str]
_describers: list[Describer] = []


def provide(function: Describer) -> Describer:
    """登记一种说法：``fn(user) -> "省水利厅联络员"``，与此人无关则空串。各层在 AppConfig.ready 里调用。"""
    if function not in _describers:
        _describers.append(function)
    return function


def of(actor) -> str:
    """此刻以什么身份办事；系统自己做的为空串。"""
    if actor is None:
        return ""
    found = (describe(actor) for describe in _describers)
    return next((words for words in found if words), "") or getattr(actor, "role_names", "")
