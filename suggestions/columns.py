"""列表上的附加列：上面各层登记，一页的件一次查全（提出这一层不知道承办单位）。

``columns.register("lead_unit", "主办单位", fetch)``，``fetch(ids) -> {件号: 文字}``，只发一条语句。
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Fetch = Callable[[list[int]], dict[int, str]]


@dataclass(frozen=True)
class Extra:
    """一个附加列：键、列名、取值的函数、缺省显示与否。"""

    key: str
    label: str
    fetch: Fetch
    shown: bool = True


_extras: dict[str, Extra] = {}


def register(key: str, label: str, fetch: Fetch, *, shown: bool = True) -> None:
    """登记一列；同一键再登记即替换。在 AppConfig.ready 里调用。"""
    _extras[key] = Extra(key, label, fetch, shown)


def unregister(key: str) -> None:
    """撤下一列（测试用）。"""
    _extras.pop(key, None)


def extras() -> list[Extra]:
    """全部附加列，按登记先后。"""
    return list(_extras.values())


def fetch_all(keys: Iterable[str], ids: list[int]) -> dict[str, dict[int, str]]:
    """这些列在这些件上的值；没有件就不问库。"""
    wanted = [extra for extra in extras() if extra.key in set(keys)]
    return {extra.key: extra.fetch(ids) if ids else {} for extra in wanted}
