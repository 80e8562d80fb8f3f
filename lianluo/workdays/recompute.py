"""日历改了以后，把还在走的到期日重算一遍：移动了的逐件留痕，并告诉登记的监听者。

只重算按规则得来的日期；经批准延期的（快照有 ``decided``）不动。可以重复执行，第二次没有变化。
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from lianluo.audit import record

from . import calendar, due_dates
from .arithmetic import Calendar
from .counting import Counted
from .due_dates import Registration
from .rules import counted_again

CHUNK = 500


@dataclass(frozen=True)
class Moved:
    """移动了的一个到期日。"""

    obj: models.Model
    old: date
    new: date

    @property
    def days(self) -> int:
        """推后的天数；提前为负。"""
        return (self.new - self.old).days


Listener = Callable[..., None]
_listeners: list[Listener] = []


def on_moved(function: Listener) -> Listener:
    """登记监听：``fn(moves: list[Moved], *, actor, today)``，同一事务，只在有移动时调用。"""
    if function not in _listeners:
        _listeners.append(function)
    return function


@transaction.atomic
def recompute_open(*, actor, today: date, **data) -> list[Moved]:
    """重算全部还在走的到期日。``data`` 一并记入每条留痕。"""
    calendar.lock()
    now = calendar.current()
    changes = [change for registration in due_dates.registered() for change in _changes(registration, now)]
    applied = (_apply(*change, now, actor, data) for change in sorted(changes, key=_lock_order))
    moves = [move for move in applied if move]
    if moves:
        for listener in _listeners:
            listener(moves, actor=actor, today=today)
    return moves


def _lock_order(change) -> tuple:
    """同一件的行排在一起，件按编号先后：与批量动作加锁的次序一致，不互相等待。"""
    chain = change[1].audit_chain
    return len(chain), chain, change[1]._meta.label, change[1].pk


def _changes(registration: Registration, now: Calendar) -> Iterator[tuple[Registration, models.Model, Counted]]:
    """到期日或“暂定”会变的行。"""
    rows = _open_rows(registration)
    if registration.related:
        rows = rows.select_related(*registration.related)
    for row in rows.iterator(chunk_size=CHUNK):
        if row.is_decided or "measure" not in row.snapshot:
            continue
        counted = counted_again(row.snapshot, row.start_on, now)
        if (counted.due_on, counted.provisional) != (row.due_on, row.provisional):
            yield registration, row, counted


def _open_rows(registration: Registration):
    return registration.model._base_manager.filter(met_on__isnull=True, closed_on__isnull=True)


def _apply(
    registration: Registration, row: models.Model, counted: Counted, now: Calendar, actor, data: dict
) -> Moved | None:
    """锁件、条件更新、留痕；其间被人办结或改期的不动。只是“暂定”变了的不留痕。"""
    if registration.lock:
        registration.lock(row)
    old, values = row.due_on, _values(row.snapshot, counted, now)
    still = _open_rows(registration).filter(pk=row.pk, due_on=old, start_on=row.start_on)
    if not still.update(**values):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    if counted.due_on == old:
        return None
    record("deadline.recomputed", actor=actor, target=row, old=old, new=counted.due_on, **data)
    return Moved(row, old, counted.due_on)


def _values(snapshot: dict, counted: Counted, now: Calendar) -> dict:
    fresh = {"due_on": counted.due_on.isoformat(), "provisional": counted.provisional, "calendar": now.version}
    return {"due_on": counted.due_on, "provisional": counted.provisional, "snapshot": {**snapshot, **fresh}}
