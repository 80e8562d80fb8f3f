"""到期日的登记处：各层把自己的到期日模型登记在此，改动日历时一并重算。"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Registration:
    """一个模型，以及改动它的一行之前怎样锁住它所属的件。"""

    model: type[models.Model]
    lock: Callable[[models.Model], object] | None
    related: tuple[str, ...]


_registered: dict[type[models.Model], Registration] = {}


def register(
    model: type[models.Model], *, lock: Callable[[models.Model], object] | None = None, related: tuple[str, ...] = ()
) -> type[models.Model]:
    """登记一个 ``DueDate`` 的子类。

    ``lock(row)`` 锁住该行所属的件（先锁件、后改行、再留痕）；``related`` 是读行时一并读出的外键，
    供 ``audit_chain`` 与名称使用。
    """
    _registered[model] = Registration(model, lock, tuple(related))
    return model


def unregister(model: type[models.Model]) -> None:
    """撤下登记（测试用的模型）。"""
    _registered.pop(model, None)


def registered() -> list[Registration]:
    """全部登记，按登记先后。"""
    return list(_registered.values())
