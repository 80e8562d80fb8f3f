"""验证码另起一条线送出：请求不等网关，账号存在与否因此同样快（ASVS 6.3.8）。

送码线稍等一会儿才动手，让出处理器，连争用造成的半毫秒之差也看不出来。
"""
from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import send_mail
from django.template import Context
from django.template.loader import get_template

from .folding import tail

HEAD_START = 0.2  # 秒
logger = logging.getLogger(__name__)
_line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="code-delivery")


def message(code: str, minutes: int) -> tuple[str, str]:
    """验证码通知的标题与正文。"""
    context = Context({"code": code, "minutes": minutes, "site_name": settings.SITE_NAME}, autoescape=False)
    subject, _, body = get_template("accounts/code_message.txt").template.render(context).partition("\n")
    return subject.strip(), body.strip()


def carrier(account, channel: str = "") -> tuple[str, Callable[[str, str], None] | None]:
    """送到哪里、怎么送：指明用邮箱就用邮箱，否则先短信后邮箱。两样都没有登记时送不出。"""
    if account is not None and account.email and (channel == "email" or not account.phone):
        return account.email, _by_email(account.email)
    if account is not None and account.phone:
        return account.phone, _by_text(account.phone)
    return "", None


def shown_address(account, channel: str = "") -> str:
    """告诉本人送到了哪里，只露尾号。"""
    address, _ = carrier(account, channel)
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"邮箱 {name[:2]}***@{domain}"
    return f"尾号 {tail(address)} 的手机" if address else ""


def hand_over(send: Callable[[str, str], None] | None, subject: str, body: str) -> None:
    """交给送码线；没有去处时照样排一次队，耗时相同。"""
    _line.submit(_deliver, send, subject, body, time.monotonic() + HEAD_START)


def drain() -> None:
    """等已排队的都送完（命令退出前与测试用）。"""
    _line.submit(lambda: None).result()


def _deliver(send: Callable[[str, str], None] | None, subject: str, body: str, not_before: float) -> None:
    time.sleep(max(0.0, not_before - time.monotonic()))
    if send is None:
        return
    try:
        send(subject, body)
    except Exception:
        logger.exception("验证码没有送出")


def _by_email(address: str) -> Callable[[str, str], None]:
    return lambda subject, body: send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _by_text(phone: str) -> Callable[[str, str], None]:
    def send(subject: str, body: str) -> None:
        from lianluo.notices.channels.sms import send_text

        send_text(phone, body)

    return send
