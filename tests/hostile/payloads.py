"""敌意字符串：取自 tests/data/hostile/manifest.json，按组。"""
from __future__ import annotations

import json
from functools import cache
from pathlib import Path

MANIFEST = Path(__file__).resolve().parent.parent / "data" / "hostile" / "manifest.json"


@cache
def group(name: str) -> tuple[str, ...]:
    """一组字符串：xss、sql、ordering_and_filter、template、header、regex_time、text、url。"""
    for one in json.loads(MANIFEST.read_text(encoding="utf-8"))["text_payloads"]:
        if one["group"] == name:
            return tuple(json.loads(one["strings_json"]))
    raise LookupError(name)


def sendable(text: str) -> bytes:
    """落单的代理码也要发得出去：照原样编码，服务器收到的是坏的 UTF-8。"""
    return text.encode("utf-8", "surrogatepass")
