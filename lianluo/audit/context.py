"""当前请求的来源：地址与请求号，一次点击产生的多条留痕由请求号相连。

``at`` 供排演使用：演示数据把一年的事按当时的时刻记下，平时为空，取真实时间。
``rehearsal`` 为真时是排演：通知行照写，邮件短信不发。
``asked`` 是这个请求里问过一次就不必再问的东西；没有请求号（命令、测试）时不用它。
"""
from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True)
class Here:
    ip: str = ""
    request_id: str = ""
    at: datetime | None = None
    rehearsal: bool = False
    asked: dict = field(default_factory=dict, compare=False)


_here: ContextVar[Here] = ContextVar("audit_here", default=Here())


def current() -> Here:
    return _here.get()


def moment() -> datetime:
    """记在行上的时刻：排演时是演到的那一刻，平时是此刻。"""
    return current().at or timezone.now()


@contextlib.contextmanager
def of(here: Here) -> Iterator[None]:
    """在这段代码里，留痕按 ``here`` 记来源。"""
    token = _here.set(here)
    try:
        yield
    finally:
        _here.reset(token)
