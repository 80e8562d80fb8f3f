"""一个来源的登录与取码次数上限，防撒网式猜测（ASVS 6.3.1）。单个账号的锁定由 django-axes 负责。

上限要容得下同一出口的整个机关，因此比单个账号宽得多。
"""
from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Sum

from .address import client_ip
from .models import OneTimeCode

FAILURES_PER_ADDRESS = 50
CODES_PER_ADDRESS = 100
WINDOW = timedelta(minutes=15)
EVEN_SECONDS = 0.06


def too_many_failures(request, now: datetime) -> bool:
    """这个来源在锁定时长内未通过的次数是否到顶，不论用的是哪个登录名。"""
    here = AccessAttempt.objects.filter(ip_address=client_ip(request) or None)
    failures = here.filter(attempt_time__gte=now - get_cool_off()).aggregate(total=Sum("failures_since_start"))
    return (failures["total"] or 0) >= FAILURES_PER_ADDRESS


def too_many_codes(request, now: datetime) -> bool:
    """这个来源在一刻钟内取码的次数是否到顶。"""
    return OneTimeCode.objects.filter(ip=client_ip(request), issued_at__gt=now - WINDOW).count() >= CODES_PER_ADDRESS


@contextlib.contextmanager
def even_pace() -> Iterator[None]:
    """不到定长就等满：账号存在与否，答复的时刻一样（ASVS 6.3.8）。"""
    started = time.perf_counter()
    yield
    time.sleep(max(0.0, EVEN_SECONDS - (time.perf_counter() - started)))
