"""自动保存的草稿：存、取、列、丢。"""
from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from lianluo.statemachine import DomainError, Stale

from .models import Draft

MAX_CHARS = 300_000
LEFT_OUT = {"csrfmiddlewaretoken", "form_token", "draft_key", "draft_rev", "draft_title", "draft_url"}


def load(account, key: str) -> Draft | None:
    """本人某张表的草稿；未登录或没有则 None。"""
    if not account.is_authenticated:
        return None
    return Draft.objects.filter(account=account, key=key).first()


def initial(account, key: str) -> dict:
    """草稿里的内容，作表单的 initial。"""
    draft = load(account, key)
    return dict(draft.data) if draft else {}


def mine(account):
    """本人的全部草稿，新的在前。"""
    return Draft.objects.filter(account=account)


def drop(account, key: str) -> None:
    """办完或不要了，丢掉草稿。"""
    if account.is_authenticated:
        Draft.objects.filter(account=account, key=key).delete()


def save(account, key: str, data: dict, *, now: datetime, rev: int = 0, title: str = "", url: str = "") -> Draft:
    """存一版草稿。``rev`` 是打开时的版次；别处已存过更新的，就不覆盖（Stale）。"""
    if not key:
        raise DomainError("这张表没有名称，草稿没有存下")
    _refuse_too_long(data)
    fields = {"data": data, "saved_at": now, "title": _plain(title)[:120], "url": _own_url(url)}
    if rev == 0:
        return _first(account, key, fields)
    rows = Draft.objects.filter(account=account, key=key, rev=rev).update(rev=rev + 1, **fields)
    if rows != 1:
        _stale(account, key)
        return _first(account, key, fields)
    return Draft(account=account, key=key, rev=rev + 1, **fields)


def _first(account, key: str, fields: dict) -> Draft:
    """第一次存；这张表已有草稿时不覆盖，让人先看。"""
    try:
        with transaction.atomic():
            return Draft.objects.create(account=account, key=key, **fields)
    except IntegrityError:
        _stale(account, key)
        raise


def _stale(account, key: str) -> None:
    """别处存过更新的：说出时间。"""
    newer = Draft.objects.filter(account=account, key=key).first()
    if newer is not None:
        raise Stale(f"另一处在 {_clock(newer.saved_at)} 存过更新的草稿")


def _clock(at: datetime) -> str:
    from lianluo.workdays.clock import BEIJING

    return at.astimezone(BEIJING).strftime("%H:%M:%S")


def _refuse_too_long(data: dict) -> None:
    size = sum(len(str(value)) for value in data.values())
    if size > MAX_CHARS:
        raise DomainError(f"草稿太长，缩短到 {MAX_CHARS // 10_000} 万字以内才能自动保存")


def _own_url(url: str) -> str:
    """只记站内地址。"""
    safe = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return _plain(url)[:300] if safe else ""


def key_of(post) -> str:
    """交上来的表是哪一份草稿。"""
    return _plain(post.get("draft_key", ""))[:80]


def posted(post) -> dict:
    """从提交的表单取内容：单值存字符串，多值存列表；口令与令牌不存。"""
    kept = {name: [_plain(one) for one in post.getlist(name)] for name in post if _is_kept(name)}
    return {_plain(name): values if len(values) > 1 else values[0] for name, values in kept.items() if values}


def _is_kept(name: str) -> bool:
    return name not in LEFT_OUT and "password" not in name


def _plain(text: str) -> str:
    """去掉 PostgreSQL 存不了的空字符，其余的字照存。"""
    return text.replace("\0", "")
