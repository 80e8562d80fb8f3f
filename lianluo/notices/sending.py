"""发送的账：认领、了结、退避、放弃、重试。对汇总邮件与单独发送同一套。"""
from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from .models import Sending, SendState

logger = logging.getLogger(__name__)

#: 第 n 次不成后隔多久再试；用完即放弃，进发送记录等人处理。
BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240)]
MAX_TRIES = len(BACK_OFF) + 1
#: 一轮里连着这么多条不成，认为网关不通，这一轮到此为止。
GATEWAY_DOWN_AFTER = 3


def claim(row: Sending, now: datetime) -> bool:
    """认领一条：条件更新只有一人成功；PostgreSQL 上跳过他人锁住的行，不排队。"""
    rows = type(row)._default_manager
    with transaction.atomic():
        if not rows.due(now).filter(pk=row.pk).select_for_update(skip_locked=True).exists():
            return False
        mine = rows.due(now).filter(pk=row.pk).update(claimed_at=now, tries=F("tries") + 1)
    if mine:
        row.refresh_from_db(fields=["claimed_at", "tries", "state"])
    return bool(mine)


def close(row: Sending, state: str, *, now: datetime, error: str = "") -> bool:
    """了结这次认领。认领已被收回的（进程停顿太久）不再改写。"""
    values = {"state": state, "claimed_at": None, "error": error[:200]}
    if state == SendState.SENT:
        values["sent_at"] = now
    if state == SendState.FAILED:
        values["next_try_at"] = now + BACK_OFF[row.tries - 1]
    row.state = state
    with transaction.atomic():
        mine = type(row)._default_manager.filter(pk=row.pk, claimed_at=row.claimed_at).update(**values)
        if mine:
            row.parts.update(state=state, error=values["error"], sent_at=values.get("sent_at"))
    return bool(mine)


def state_after_failure(tries: int) -> str:
    """不成之后：还有次数就再试，用完放弃。"""
    return SendState.FAILED if tries < MAX_TRIES else SendState.GIVEN_UP


def release_abandoned(model: type[Sending], now: datetime) -> int:
    """收回死去的进程认领的行；次数用完的放弃，不让一条毒信反复杀死进程。"""
    count = 0
    for row in model._default_manager.abandoned(now):
        count += close(row, state_after_failure(row.tries), now=now, error="发送进程中途停止")
    return count


def retry(row: Sending, now: datetime) -> bool:
    """人工重试：次数清零，立即可发。只对未成的有效。"""
    fresh = {"state": SendState.PENDING, "error": ""}
    with transaction.atomic():
        rows = type(row)._default_manager.failures().filter(pk=row.pk, claimed_at=None)
        mine = rows.update(tries=0, next_try_at=now, **fresh)
        if mine:
            row.parts.update(**fresh)
    return bool(mine)


def attempt(row: Sending, send: Callable[[], None], now: datetime) -> bool:
    """真正去发一次并记下结果；任何异常只影响这一条。"""
    try:
        send()
    except Exception as error:
        logger.warning("发送未成 %s#%s", row._meta.label, row.pk, exc_info=True)
        close(row, state_after_failure(row.tries), now=now, error=reason(error))
        return False
    return close(row, SendState.SENT, now=now)


def run(rows, deliver: Callable[[Sending], bool | None], now: datetime) -> int:
    """逐条认领逐条发，返回发出的条数；网关连着不通就停，留给下一轮。"""
    sent = failed_in_a_row = 0
    for row in rows:
        if not claim(row, now):
            continue
        done = deliver(row)
        sent += bool(done)
        failed_in_a_row = 0 if done else failed_in_a_row + 1
        if failed_in_a_row >= GATEWAY_DOWN_AFTER:
            break
    return sent


def reason(error: Exception) -> str:
    """给人看的原因；细节在日志。"""
    reasons: list[tuple[type | tuple, str]] = [
        (smtplib.SMTPRecipientsRefused, "收件地址被邮件服务器拒收"),
        (smtplib.SMTPSenderRefused, "发件地址被邮件服务器拒收"),
        (smtplib.SMTPAuthenticationError, "邮件服务器不认可发件账号"),
        (smtplib.SMTPException, "邮件服务器没有接受这封信"),
        (TimeoutError, "网关没有在限定时间内回应"),
        (ConnectionError, "连不上网关"),
        (OSError, "网关或存储不可用"),
    ]
    return next((words for kind, words in reasons if isinstance(error, kind)), "发送程序出错，详情见日志")
