"""希望承办单位认不认得：提出这一层不知道有哪些单位，由上面的层登记名单。

``units.provide(fn)``，``fn(congress_id) -> 单位的全称与简称``；没有人登记时一律照收文字，不提醒。
"""
from __future__ import annotations

from collections.abc import Callable, Iterable

Names = Callable[[int], Iterable[str]]
_providers: list[Names] = []


def provide(fn: Names) -> Names:
    """登记一份单位名单；在 AppConfig.ready 里调用。"""
    if fn not in _providers:
        _providers.append(fn)
    return fn


def withdraw(fn: Names) -> None:
    """撤下一份（测试用）。"""
    if fn in _providers:
        _providers.remove(fn)


def names(congress_id: int) -> list[str] | None:
    """全部认得的单位名；没有人登记时 None。"""
    if not _providers:
        return None
    return list(dict.fromkeys(name for fn in _providers for name in fn(congress_id) if name))
