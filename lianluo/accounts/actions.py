"""账号的动作：建立、停用、改密码、授权、结束登录、接口令牌。每个一次事务、一条留痕。"""
from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.auth import HASH_SESSION_KEY
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lianluo.statemachine import DomainError, Forbidden

from . import events, sessions
from .models import ApiToken, RoleGrant, User, UserSession
from .passwords import initial_password

TOKEN_MARK, TOKEN_BYTES = "ll_", 32


def create_account(*, username: str, name: str, actor: User | None, **fields) -> tuple[User, str]:
    """建账号，返回（账号，初始密码）。"""
    account = User(username=username, name=name, **fields)
    return account, open_account(account, actor=actor)


@transaction.atomic
def open_account(account: User, *, actor: User | None) -> str:
    """存下新账号，返回初始密码：随机、只给一次、首次登录必须改（ASVS 6.4.1）。"""
    password = initial_password()
    account.set_password(password)
    account.must_change_password, account.password_changed_at = True, timezone.now()
    _checked(account)
    account.save()
    events.note("account.created", actor=actor, target=account, username=account.username)
    return password


@transaction.atomic
def change_account(account: User, changed: list[str], *, actor: User) -> None:
    """改登记的信息。改手机号、邮箱等于改取码的去处，旧会话随即失效。"""
    account.save()
    if {"phone", "email"} & set(changed) and account.pk != actor.pk:
        _end_sessions(account)
    events.note("account.changed", actor=actor, target=account, fields=changed)


@transaction.atomic
def unlock_account(account: User, *, actor: User) -> int:
    """解除登录锁定，返回清掉的记录数。"""
    count = AccessAttempt.objects.filter(username=account.username_key[:120]).delete()[0]
    events.note("account.unlocked", actor=actor, target=account, count=count)
    return count


@transaction.atomic
def reset_password(account: User, *, actor: User | None) -> str:
    """重设随机初始密码，返回原文；旧会话与令牌随即失效，第二步验证照旧（ASVS 6.4.3）。"""
    password = initial_password()
    _set_password(account, password, must_change=True)
    events.note("account.password_reset", actor=actor, target=account)
    return password


@transaction.atomic
def change_password(account: User, password: str, *, actor: User) -> None:
    """本人改密码：其他会话与全部令牌随即失效。"""
    _set_password(account, password, must_change=False)
    events.note("account.password_changed", actor=actor, target=account)


@transaction.atomic
def disable_account(account: User, *, actor: User, reason: str = "") -> None:
    """停用：会话与令牌在下一次请求即失效，恢复后也不复活。"""
    if account.pk == actor.pk:
        raise Forbidden("不能停用自己的账号")
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_everything(account)
    events.note("account.disabled", actor=actor, target=account, reason=reason)


@transaction.atomic
def enable_account(account: User, *, actor: User, reason: str = "") -> None:
    """恢复停用的账号。"""
    account.is_active = True
    account.save(update_fields=["is_active"])
    events.note("account.enabled", actor=actor, target=account, reason=reason)


@transaction.atomic
def end_other_sessions(request, *, actor: User) -> int:
    """结束本人其他登录，返回个数；当前会话换号后留下。"""
    ended = actor.sessions.exclude(key_hash=sessions.key_hash(request.session.session_key)).count()
    keep_session(request, actor, lambda: _end_sessions(actor))
    events.note("account.sessions_ended", actor=actor, target=actor, count=ended)
    return ended


@transaction.atomic
def end_session(row: UserSession, *, actor: User) -> None:
    """结束本人的一个登录。"""
    sessions.end(row)
    events.note("account.sessions_ended", actor=actor, target=row.account, count=1)


@transaction.atomic
def end_all_sessions(account: User, *, actor: User) -> None:
    """管理员结束一个账号的全部登录（ASVS 7.4.5）。"""
    _end_sessions(account)
    events.note("account.sessions_ended", actor=actor, target=account)


@transaction.atomic
def grant_role(
    account: User, role: str, *, actor: User | None, congress=None, valid_from: date, valid_to: date | None = None
) -> RoleGrant:
    """授予角色。不给自己授；三员互斥、不兼业务角色（等保访问控制 d）。"""
    _not_self(account, actor)
    User.objects.select_for_update().get(pk=account.pk)
    grant = RoleGrant(account=account, role=role, congress=congress, valid_from=valid_from, valid_to=valid_to)
    _checked(grant)
    grant.save()
    account.forget_roles()
    note_granted(grant, actor=actor)
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, actor: User | None, today: date, reason: str = "") -> None:
    """撤销角色，下一次请求即失效。"""
    _not_self(grant.account, actor)
    grant.valid_to = max(today, grant.valid_from)
    grant.save(update_fields=["valid_to"])
    grant.account.forget_roles()
    note_revoked(grant, actor=actor, reason=reason)


def note_granted(grant: RoleGrant, *, actor: User | None) -> None:
    """授权留痕。"""
    events.note(
        "role.granted", actor=actor, target=grant.account, role=grant.role, congress=grant.congress_id,
        valid_from=grant.valid_from, valid_to=grant.valid_to,
    )


def note_revoked(grant: RoleGrant, *, actor: User | None, reason: str = "") -> None:
    """撤销授权留痕。"""
    events.note(
        "role.revoked", actor=actor, target=grant.account, reason=reason, role=grant.role, valid_to=grant.valid_to
    )


@transaction.atomic
def issue_token(account: User, name: str, *, days: int, actor: User | None) -> str:
    """建接口令牌，返回原文（只此一次）。256 位随机，库里只存摘要。"""
    token, now = TOKEN_MARK + secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    row = ApiToken.objects.create(
        account=account, name=name, digest=token_digest(token), prefix=token[:8], created_at=now,
        expires_at=now + timedelta(days=days),
    )
    events.note("token.issued", actor=actor, target=row, account=account.username, days=days)
    return token


@transaction.atomic
def revoke_token(row: ApiToken, *, actor: User) -> None:
    """撤销接口令牌，下一次请求即失效。"""
    now = timezone.now()
    if ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now) == 1:
        row.revoked_at = now
        events.note("token.revoked", actor=actor, target=row, account=row.account.username)


def token_digest(token: str) -> str:
    """令牌的摘要。"""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keep_session(request, account: User, act) -> None:
    """办完会使旧会话失效的事后，当前会话换号、换凭据，留下。"""
    old_key = request.session.session_key
    row = account.sessions.filter(key_hash=sessions.key_hash(old_key)).first()
    act()
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    if row is not None:
        row.key_hash = sessions.key_hash(request.session.session_key)
        row.save(force_insert=True)


def _set_password(account: User, password: str, *, must_change: bool) -> None:
    account.set_password(password)
    account.must_change_password, account.password_changed_at = must_change, timezone.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    _end_everything(account)


def _end_everything(account: User) -> None:
    _end_sessions(account)
    ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=timezone.now())


def _end_sessions(account: User) -> None:
    """登录代次加一，旧会话凭据全部对不上。"""
    User.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    account.refresh_from_db(fields=["session_epoch"])
    account.sessions.all().delete()


def _not_self(account: User, actor: User | None) -> None:
    if actor is not None and account.pk == actor.pk:
        raise Forbidden("不能给自己授予或撤销角色")


def _checked(obj) -> None:
    """模型校验的话原样给人看。"""
    try:
        obj.full_clean()
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise DomainError("；".join(sentences), field=None if name == "__all__" else name) from None


def sweep(now: datetime) -> int:
    """清扫过期的会话与验证码，返回条数。"""
    from . import codes

    return sessions.sweep(now) + codes.sweep(now)
