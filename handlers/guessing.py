"""个人链接的误打次数：一个来源一刻钟内认不出的太多，就请他歇一歇（链接 192 位随机，猜不中，只为不让人试）。"""
from __future__ import annotations

import contextlib

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from lianluo.accounts.address import client_ip

TRIES, WINDOW_SECONDS = 30, 900


def _key(request: HttpRequest) -> str:
    return f"wrong-link:{client_ip(request)}"


def too_many(request: HttpRequest) -> bool:
    """这个来源误打得太多了；缓存连不上时不拦，代表照样能填。"""
    with contextlib.suppress(RedisError):
        return cache.get(_key(request), 0) >= TRIES
    return False


def count(request: HttpRequest) -> None:
    """记一次认不出的链接。"""
    with contextlib.suppress(RedisError, ValueError):  # ValueError：恰在此刻过期
        cache.add(_key(request), 0, WINDOW_SECONDS)
        cache.incr(_key(request))
