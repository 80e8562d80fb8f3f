"""代表打开答复：记下第一次阅读的时间。打开不等于评价。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .models import Delivery


def mark_read(rows: Iterable[Delivery], at: datetime) -> None:
    """只记第一次。"""
    fresh = [row.pk for row in rows if row.read_at is None]
    if fresh:
        Delivery.objects.filter(pk__in=fresh, read_at__isnull=True).update(read_at=at)
