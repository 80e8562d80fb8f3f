"""坏格里的原文也要能显示、能存：半个代理项和空字符，JSON 与数据库都不收，换成替代字符。"""
from __future__ import annotations

from typing import Any

REPLACEMENT = "\ufffd"


def savable(value: Any) -> Any:
    """字典、列表里的文字逐个换；其余原样。"""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {key: savable(one) for key, one in value.items()}
    return [savable(one) for one in value] if isinstance(value, list) else value


def _text(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(REPLACEMENT if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
