"""收件箱：未读、已读、已处理。只碰本人的通知。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from .models import Notice


def unread_count(user) -> int:
    """未读条数，一次查询；未登录为 0。"""
    if not user.is_authenticated:
        return 0
    return Notice.objects.for_recipient(user).unread().count()


def tab_counts(user) -> dict[str, int]:
    """三个页签的条数，一次查询。"""
    return Notice.objects.for_recipient(user).aggregate(
        unread=Count("pk", filter=Q(read_at=None, done_at=None)),
        all=Count("pk"),
        done=Count("pk", filter=~Q(done_at=None)),
    )


def mark_read(user, *, now: datetime, notice_id: int | None = None) -> int:
    """标为已读：一条，或全部。返回新标的条数。"""
    rows = Notice.objects.for_recipient(user).unread()
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=now)


def mark_done(user, notice_id: int, *, now: datetime) -> int:
    """本人标为已处理。"""
    rows = Notice.objects.for_recipient(user).filter(pk=notice_id, done_at=None)
    return _close(rows, now)


def settle(*abouts: str, now: datetime, kinds: Iterable[str] = (), recipient=None) -> int:
    """事情办完了，相应的通知算已处理，不必各人再点。返回条数。"""
    rows = Notice.objects.filter(about__in=abouts, done_at=None)
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if recipient is not None:
        rows = rows.for_recipient(recipient)
    return _close(rows, now)


def _close(rows, now: datetime) -> int:
    return rows.update(done_at=now, read_at=Coalesce("read_at", now))
