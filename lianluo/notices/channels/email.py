"""邮件渠道：经 Django 的邮件后端，超时由 EMAIL_TIMEOUT 定。"""
from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template

from ..posting import one_line


def message_id(row) -> str:
    """同一封信永远同一个编号：重发时收件方认得出是重复。"""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{row._meta.model_name}-{row.pk}@{host}>"


def absolute(url: str) -> str:
    """站内地址写成收信人能点开的地址。"""
    return f"{settings.SITE_URL.rstrip('/')}{url}" if url.startswith("/") else url


def compose(template: str, context: dict) -> str:
    """按 ``templates/notices_pages/`` 里的纯文本模板成文，不做 HTML 转义。"""
    values = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "phone": settings.ORGAN_PHONE}
    return get_template(f"notices_pages/{template}").template.render(Context({**values, **context}, autoescape=False))


def send(*, to: str, subject: str, body: str, message_id: str) -> None:
    """发一封纯文本邮件给一个人；不成抛异常，由发送的账记录。"""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(one_line(subject), body, settings.DEFAULT_FROM_EMAIL, [one_line(to)], headers=headers)
    mail.send(fail_silently=False)
