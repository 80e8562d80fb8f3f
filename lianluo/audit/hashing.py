"""摘要：OpenSSL 有 SM3 用 SM3，否则 SHA-256；算法随记录留存。"""
from __future__ import annotations

import hashlib
import json
from datetime import UTC
from functools import lru_cache

GENESIS = "0" * 64


@lru_cache(maxsize=1)
def preferred() -> str:
    """本机可用的首选算法名。"""
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return "sha256"
    return "sm3"


def digest(content: bytes, algorithm: str) -> str:
    """十六进制摘要。"""
    return hashlib.new(algorithm, content).hexdigest()


FROZEN = (
    "chain", "seq", "event", "actor_id", "actor_name", "actor_post", "target_type", "target_id", "target_name",
    "source", "target_state", "reason", "data", "ip", "request_id", "algorithm", "prev_hash",
)


def canonical(event) -> bytes:
    """事件的规范写法：字段固定、键有序、时间用 UTC 微秒。改动任何一处摘要都不同。"""
    content = {name: getattr(event, name) for name in FROZEN}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
