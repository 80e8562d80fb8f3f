"""写入的进度：一次事务写完之前别的连接看不到行数，所以另存在缓存里；有 Redis 用 Redis，没有用数据目录。"""
from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache

KEPT_SECONDS = 24 * 3600
#: 这么久没有动静，就当写入的进程已经不在
SILENT_SECONDS = 60


def _store():
    if settings.REDIS_URL:
        return caches["default"]
    return FileBasedCache(str(settings.VAR_DIR / "progress"), {})


def note(batch_id: int, done: int) -> None:
    """已处理到第几行。"""
    _store().set(f"import:{batch_id}", (done, time.time()), KEPT_SECONDS)


def done(batch_id: int) -> int:
    """处理了几行；没有记过是 0。"""
    kept = _store().get(f"import:{batch_id}")
    return kept[0] if kept else 0


def is_silent(batch_id: int) -> bool:
    """写入的进程已没有动静。"""
    kept = _store().get(f"import:{batch_id}")
    return kept is None or time.time() - kept[1] > SILENT_SECONDS


def ask_to_stop(batch_id: int) -> None:
    """请正在写的停下。"""
    _store().set(f"stop:{batch_id}", True, KEPT_SECONDS)


def is_asked_to_stop(batch_id: int) -> bool:
    return bool(_store().get(f"stop:{batch_id}"))


def forget(batch_id: int) -> None:
    _store().delete_many([f"import:{batch_id}", f"stop:{batch_id}"])
