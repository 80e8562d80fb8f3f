"""地址与表单里的数：主键、页码、版次。"""
from __future__ import annotations

from collections.abc import Iterable

DIGITS = 15  # 再长就不是我们的号，数据库的整数也装不下


def int_of(text: str | None) -> int | None:
    """一个数；不是数、长得不像话的是 None。"""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def ints_of(texts: Iterable[str]) -> list[int]:
    """勾选的各个，认不出的不算。"""
    return [number for text in texts if (number := int_of(text)) is not None]
