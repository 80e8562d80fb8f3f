"""一次性验证码：6 位数字，10 分钟内有效，至多填 5 次，用一次即废，只认取码的那个会话。

重取后旧码在原时限内仍有效（govuk confirm-a-phone-number）。无论账号是否存在，步骤、文字与写库次数都一样。
"""
from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from lianluo.statemachine import DomainError

from . import delivery, limits
from .address import client_ip
from .folding import plain_digits
from .models import OneTimeCode, User

LENGTH, TRIES, PER_HOUR = 6, 5, 5
LIFETIME, PAUSE = timedelta(minutes=10), timedelta(seconds=60)
BINDING = "code_binding"
LOGIN, SECOND = "login", "second"
WRONG = "验证码不对，核对后重填"
GONE = "验证码已失效，重新取码"


class TooOften(DomainError):
    """取码太勤。"""

    status = 429


def send(account: User | None, request, *, purpose: str = LOGIN, channel: str = "") -> None:
    """发一枚验证码。account 为 None 时只做样子；取码太勤抛 TooOften。"""
    now, binding = timezone.now(), _bind(request)
    _pause(binding, purpose, now)
    if purpose == LOGIN and limits.too_many_codes(request, now):
        raise TooOften("这里取码次数已到上限，15 分钟后再取")
    _, carry = delivery.carrier(account, channel)
    if _hourly_count(account, purpose, now) >= PER_HOUR:
        if purpose != LOGIN:
            raise TooOften(f"一小时内已取码 {PER_HOUR} 次，过一会儿再取")
        carry = None  # 登录前不能说破，否则看得出账号存在
    code = f"{secrets.randbelow(10 ** LENGTH):0{LENGTH}d}"
    OneTimeCode.objects.create(
        account=account if carry else None, purpose=purpose, binding=_seal(binding, purpose),
        code_hash=_seal(binding, purpose, code), ip=client_ip(request), issued_at=now, expires_at=now + LIFETIME,
    )
    delivery.hand_over(carry, *delivery.message(code, int(LIFETIME.total_seconds() // 60)))


def check(request, code: str, *, purpose: str = LOGIN) -> User:
    """核对验证码，返回账号；不对、过期、用过、填满 5 次都抛 DomainError。成功即作废。"""
    digits = plain_digits(code)
    if len(digits) != LENGTH:
        raise DomainError(f"填写 {LENGTH} 位数字的验证码", field="code")
    now, binding = timezone.now(), request.session.get(BINDING, "")
    rows = [row for row in _live(binding, purpose, now) if _take_a_try(row, now)]
    if not rows:
        raise DomainError(GONE, field="code")
    seal = _seal(binding, purpose, digits)
    for row in rows:
        if constant_time_compare(row.code_hash, seal) and row.account and row.account.is_active and _consume(row, now):
            return row.account
    raise DomainError(WRONG, field="code")


def sweep(now: datetime) -> int:
    """删去过期一天以上的验证码。"""
    return OneTimeCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def _bind(request) -> str:
    if BINDING not in request.session:
        request.session[BINDING] = secrets.token_urlsafe(24)
    return request.session[BINDING]


def _seal(binding: str, purpose: str, code: str = "") -> str:
    return salted_hmac("lianluo.accounts.codes", f"{binding}|{purpose}|{code}", algorithm="sha256").hexdigest()


def _live(binding: str, purpose: str, now: datetime):
    rows = OneTimeCode.objects.filter(binding=_seal(binding, purpose), used_at=None, tries__lt=TRIES)
    return rows.filter(expires_at__gt=now).select_related("account")


def _take_a_try(row: OneTimeCode, now: datetime) -> bool:
    """先占一次机会再比对：并发猜测合计也只有 5 次。"""
    rows = OneTimeCode.objects.filter(pk=row.pk, used_at=None, expires_at__gt=now, tries__lt=TRIES)
    return rows.update(tries=F("tries") + 1) == 1


def _consume(row: OneTimeCode, now: datetime) -> bool:
    return OneTimeCode.objects.filter(pk=row.pk, used_at=None).update(used_at=now) == 1


def _hourly_count(account: User | None, purpose: str, now: datetime) -> int:
    rows = OneTimeCode.objects.filter(account=account, account__isnull=False, purpose=purpose)
    return rows.filter(issued_at__gt=now - timedelta(hours=1)).count()


def _pause(binding: str, purpose: str, now: datetime) -> None:
    last = OneTimeCode.objects.filter(binding=_seal(binding, purpose)).order_by("-issued_at").first()
    if last and now - last.issued_at < PAUSE:
        seconds = int((PAUSE - (now - last.issued_at)).total_seconds()) + 1
        raise TooOften(f"验证码刚发出，{seconds} 秒后可重新取码")
