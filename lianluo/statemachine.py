"""状态机：全系统唯一改写 .status 的地方。

各层的 ``lifecycle.py`` 写明允许的转换；动作调用 :func:`move`，一次条件更新、一条留痕。
领域错误都带一句中文，页面、接口与后台显示同一句话。
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction


@dataclass(frozen=True)
class Missing:
    """还缺的一项：一句话、去哪里补、出自哪条规则。"""

    sentence: str
    url: str = ""
    code: str = ""

    def __str__(self) -> str:
        return self.sentence


class DomainError(Exception):
    """业务上不成立。``sentence`` 给人看，``field`` 指表单项，``missing`` 列缺项。"""

    status = 422

    def __init__(self, sentence: str, *, field: str | None = None, missing: Iterable[Missing] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.missing = list(missing)


class Incomplete(DomainError):
    """条件不足：逐条列出缺什么、到哪里补。"""

    def __init__(self, what: str, missing: Iterable[Missing]) -> None:
        items = list(missing)
        super().__init__(f"{what}，还差 {len(items)} 项：" + "；".join(str(item) for item in items), missing=items)


class NotAllowed(DomainError):
    """当前状态下没有这一步。"""

    status = 409


class Stale(DomainError):
    """他人已先行一步。"""

    status = 409


class Forbidden(DomainError):
    """看得到，但不归这个人办。"""

    status = 403


@dataclass(frozen=True)
class Transition:
    """一次转换：事件名、出发状态、到达状态、按钮上的话。"""

    event: str
    sources: frozenset[str]
    target: str
    label: str = field(default="", compare=False)


def transition(event: str, sources: str | Iterable[str], target: str, label: str) -> Transition:
    """写转换表用的简写。"""
    names = [sources] if isinstance(sources, str) else sources
    return Transition(event, frozenset(str(name) for name in names), str(target), label)


def _name(obj: models.Model, value: str) -> str:
    return dict(obj._meta.get_field("status").flatchoices).get(value, value)


def require(obj: models.Model, step: Transition) -> None:
    """出发状态不对就拒绝，并说明现在到了哪一步。"""
    if obj.status not in step.sources:
        raise NotAllowed(f"{obj._meta.verbose_name}现在是“{_name(obj, obj.status)}”，不能{step.label}")


@transaction.atomic
def move(obj: models.Model, step: Transition, *, actor, reason: str = "", fields: dict | None = None, **data):
    """按转换表改变状态：一次条件更新，一条留痕。返回留痕事件。

    ``fields`` 是与状态同时改的列；``data`` 记入留痕。
    """
    from lianluo.audit import record

    require(obj, step)
    source = obj.status
    rows = type(obj)._base_manager.filter(pk=obj.pk, status=source)
    if rows.update(status=step.target, **(fields or {})) != 1:
        raise Stale(_who_was_first(obj))
    obj.status = step.target
    for name, value in (fields or {}).items():
        setattr(obj, name, value)
    return record(
        step.event, actor=actor, target=obj, source=source, target_state=step.target, reason=reason, **data
    )


def _who_was_first(obj: models.Model) -> str:
    from lianluo.audit import latest

    event = latest(obj)
    if event is None:
        return "他人已先行一步，刷新后再看"
    return f"{event.actor_name}已于 {event.shown_at} 先行一步：{event.sentence}"
