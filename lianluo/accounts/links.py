"""个人链接：只给一个人、只为一件事；打开不算用掉，提交才用掉。库里只存摘要，原文 192 位随机。"""
from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from lianluo.statemachine import DomainError

from .models import PersonalLink, User

TOKEN_BYTES = 24


class LinkError(DomainError):
    """链接用不了。``link`` 是认得出的那一条（过期、用过），认不出时为 None。"""

    status = 404

    def __init__(self, sentence: str, link: PersonalLink | None = None) -> None:
        super().__init__(sentence)
        self.link = link


class LinkExpired(LinkError):
    status = 410


class LinkUsed(LinkError):
    status = 410


class LinkVoided(LinkError):
    status = 410


def issue(
    purpose: str, subject: str, *, days: int, account: User | None = None, deputy_id: int | None = None
) -> str:
    """发一条链接，返回原文（只此一次）。days 为自然日。"""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    PersonalLink.objects.create(
        purpose=purpose, subject=subject, token_hash=_digest(token), account=account, deputy_id=deputy_id,
        issued_at=now, expires_at=now + timedelta(days=days),
    )
    return token


def resolve(purpose: str, token: str) -> PersonalLink:
    """由原文找链接。认不出抛 LinkError，过期、用过、作废各抛其子类；首次打开记下时刻。"""
    link = PersonalLink.objects.select_related("account").filter(purpose=purpose, token_hash=_digest(token)).first()
    if link is None:
        raise LinkError("这个链接打不开，核对是否完整，或拨打联系电话")
    _refuse_dead(link)
    if link.opened_at is None:
        link.opened_at = timezone.now()
        PersonalLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=link.opened_at)
    return link


def use(link: PersonalLink) -> None:
    """用掉：一次条件更新，两人同时提交只有一人成功。"""
    now = timezone.now()
    rows = PersonalLink.objects.filter(pk=link.pk, used_at=None, voided_at=None, expires_at__gt=now)
    if rows.update(used_at=now) != 1:
        link.refresh_from_db()
        _refuse_dead(link)
    link.used_at = now


@transaction.atomic
def renew(link: PersonalLink) -> str:
    """过期后换发：旧的作废，新的期限同长。用过的、已换发的不再换。"""
    rows = PersonalLink.objects.filter(pk=link.pk, used_at=None, voided_at=None)
    if rows.update(voided_at=timezone.now()) != 1:
        link.refresh_from_db()
        _refuse_dead(link)
    days = max(1, round((link.expires_at - link.issued_at) / timedelta(days=1)))
    return issue(link.purpose, link.subject, days=days, account=link.account, deputy_id=link.deputy_id)


def void(purpose: str, subject: str) -> int:
    """事由消失（撤回、改稿）时作废未用的链接，返回条数。"""
    rows = PersonalLink.objects.filter(purpose=purpose, subject=subject, used_at=None, voided_at=None)
    return rows.update(voided_at=timezone.now())


def _refuse_dead(link: PersonalLink) -> None:
    if link.used_at is not None:
        raise LinkUsed("这个链接已经用过，内容已提交", link)
    if link.voided_at is not None:
        raise LinkVoided("这个链接已作废，以最近收到的链接为准", link)
    if link.expires_at <= timezone.now():
        raise LinkExpired("这个链接已过期", link)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
