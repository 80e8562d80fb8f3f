"""登录的步骤：第一步通过后，须第二步的先记在会话里，全部通过才算登录。"""
from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from . import backends, events, sessions
from .codes import BINDING
from .models import User
from .roles import Role

PENDING = "pending_sign_in"
PREVIOUS = "previous_login"
PENDING_SECONDS = 600
PASSWORD, CODE = "password", "code"


@dataclass(frozen=True)
class Pending:
    """已通过第一步、还差第二步的登录，10 分钟内有效，绑定在会话里。"""

    account_id: int
    first: str
    credential: str
    at: int
    next_url: str


def safe_next(request, fallback: str = "") -> str:
    """登录后去哪里：只认本站路径（ASVS 3.7.2）。"""
    target = request.POST.get("next") or request.GET.get("next") or ""
    local = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if local else fallback


def needs_second(account: User) -> bool:
    """开了双因素时，除只有代表身份的账号外都要两步（等保身份鉴别 d）。"""
    only_deputy = account.roles == {Role.DEPUTY.value} and not account.is_staff and not account.is_superuser
    return settings.SECOND_FACTOR and not only_deputy


def hold(request, account: User, first: str) -> None:
    """记下第一步。会话号随即更换，旧号作废。"""
    request.session.cycle_key()
    request.session[PENDING] = asdict(
        Pending(account.pk, first, account.get_session_auth_hash(), int(time.time()), safe_next(request))
    )


def held(request) -> tuple[Pending, User] | tuple[None, None]:
    """取出还差第二步的登录；超时、停用、改过密码都不算。"""
    raw = request.session.get(PENDING)
    if not raw:
        return None, None
    pending = Pending(**raw)
    account = User.objects.filter(pk=pending.account_id, is_active=True).first()
    fresh = 0 <= time.time() - pending.at < PENDING_SECONDS
    if account is None or not fresh or account.get_session_auth_hash() != pending.credential:
        request.session.pop(PENDING, None)
        return None, None
    return pending, account


@transaction.atomic
def sign_in(request, account: User, method: str) -> None:
    """全部步骤通过：留痕、换会话号、登录。这个浏览器上原有的登录随即结束。"""
    if request.user.is_authenticated:
        sessions.forget(request.session.session_key)
        request.session.flush()
    for name in (PENDING, BINDING):
        request.session.pop(name, None)
    previous = account.last_login
    events.note("account.signed_in", actor=account, target=account, method=method)
    auth.login(request, account, backend=backends.PATH)
    request.session[sessions.METHOD] = method
    request.session[sessions.PASSED] = True
    request.session[PREVIOUS] = previous.isoformat() if previous else ""


@transaction.atomic
def sign_out(request) -> None:
    """退出：留痕、删会话、划去名册。"""
    if request.user.is_authenticated:
        events.note("account.signed_out", actor=request.user, target=request.user)
        sessions.forget(request.session.session_key)
    auth.logout(request)


def landing(request, account: User, next_url: str = "") -> str:
    """登录后的第一页。"""
    if account.must_change_password:
        return reverse("accounts:password_change")
    return next_url or safe_next(request) or reverse(settings.LOGIN_REDIRECT_URL)


@transaction.atomic
def refused(*, typed: str = "", method: str = PASSWORD, locked: bool = False, account: User | None = None) -> None:
    """登录未通过也留痕；登录名只记开头，免得有人把密码填错了地方。"""
    event = "account.locked" if locked else "account.sign_in_failed"
    target = account or User(name="未核实的登录名")
    events.note(event, actor=None, target=target, method=method, typed=f"{typed[:3]}…（{len(typed)} 字）")
