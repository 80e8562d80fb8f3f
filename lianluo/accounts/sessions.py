"""会话的限度与名册：空闲上限、绝对上限、本人名下的登录、结束登录。"""
from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from .address import client_ip
from .models import UserSession

STARTED, SEEN, METHOD, PASSED = "started_at", "seen_at", "signed_in_by", "passed_all_steps"
TOUCH_SECONDS = 60


def key_hash(session_key: str | None) -> str:
    """会话号的摘要，名册里不存会话号本身。"""
    return hashlib.sha256((session_key or "").encode()).hexdigest()


def start(request, account, now: datetime) -> UserSession:
    """登录成功：记起始时刻，进名册。"""
    get_user_model().objects.filter(pk=account.pk).update(last_seen_at=now)
    request.session[STARTED] = request.session[SEEN] = int(now.timestamp())
    row, _ = UserSession.objects.update_or_create(
        key_hash=key_hash(request.session.session_key),
        defaults={
            "account": account, "ip": client_ip(request), "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
            "started_at": now, "last_seen_at": now,
        },
    )
    return row


def why_ended(session, now: datetime) -> str:
    """会话是否到限；没到返回空串。钟被拨回也算到限，免得会话因此变长（ASVS 7.3.1、7.3.2）。"""
    instant, started, seen = now.timestamp(), session.get(STARTED), session.get(SEEN)
    if started is None or seen is None:
        return "登录已失效，重新登录后继续"
    if instant - started >= settings.SESSION_COOKIE_AGE:
        return f"登录已满 {_span(settings.SESSION_COOKIE_AGE)}，重新登录后继续"
    if instant - seen >= settings.SESSION_IDLE_SECONDS:
        return f"超过 {_span(settings.SESSION_IDLE_SECONDS)}没有操作，重新登录后继续"
    if instant < seen - TOUCH_SECONDS:
        return "系统时间有变动，重新登录后继续"
    return ""


def _span(seconds: int) -> str:
    return f"{seconds // 3600} 小时" if seconds % 3600 == 0 else f"{seconds // 60} 分钟"


def touch(request, now: datetime) -> None:
    """记最近使用，一分钟至多一次，免得每次请求都写库。"""
    instant = int(now.timestamp())
    if instant - request.session[SEEN] < TOUCH_SECONDS:
        return
    request.session[SEEN] = instant
    with transaction.atomic():
        UserSession.objects.filter(key_hash=key_hash(request.session.session_key)).update(last_seen_at=now)
        get_user_model().objects.filter(pk=request.user.pk).update(last_seen_at=now)


def forget(session_key: str | None) -> None:
    """从名册划去。"""
    UserSession.objects.filter(key_hash=key_hash(session_key)).delete()


def of_account(account, now: datetime):
    """本人名下仍有效的登录，最近使用的在前。"""
    idle = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    absolute = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return account.sessions.filter(last_seen_at__gt=idle, started_at__gt=absolute)


def end(row: UserSession) -> None:
    """结束一次登录：会话行删去，下一次请求即为未登录。"""
    for key in Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True):
        if key_hash(key) == row.key_hash:
            Session.objects.filter(session_key=key).delete()
    row.delete()


def sweep(now: datetime) -> int:
    """删去早已失效的名册行与会话行（等保剩余信息保护）。"""
    Session.objects.filter(expire_date__lt=now).delete()
    return UserSession.objects.filter(started_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()[0]
