"""单独发送：紧急邮件与短信；以及清扫，把没发成的和进程已死的捡起来。"""
from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from . import digest, quiet, sending
from .channels import email, sms
from .models import Channel, Digest, NoticeDelivery, SendState

#: 一轮最多发这么多条，留着给别的任务跑。
BATCH = 200


def singles():
    """不并入汇总的发送：全部短信，和紧急的邮件。"""
    return NoticeDelivery.objects.filter(digest=None).filter(Q(channel=Channel.SMS) | Q(notice__urgent=True))


def send_urgent(now: datetime) -> int:
    """发此刻可发的紧急邮件与短信，返回条数。静默时段不发。"""
    if not quiet.may_ring(now) or not singles().due(now).exists():
        return 0
    digest.skip_needless(now)
    rows = singles().due(now).select_related("notice__recipient").order_by("pk")[:BATCH]
    return sending.run(rows, lambda row: _deliver(row, now), now)


def sweep(now: datetime) -> int:
    """清扫：收回死去进程认领的，再把到了重试时间的发出去。返回处理的条数。"""
    released = sum(sending.release_abandoned(model, now) for model in (Digest, NoticeDelivery))
    return released + digest.send_opened(now) + send_urgent(now)


def _deliver(row: NoticeDelivery, now: datetime) -> bool:
    person = row.notice.recipient
    address = person.email if row.channel == Channel.EMAIL else person.phone
    if not address:
        return sending.close(row, SendState.SKIPPED, now=now, error="没有留下这个渠道的联系方式")
    return sending.attempt(row, lambda: _send(row, address), now)


def _send(row: NoticeDelivery, address: str) -> None:
    if row.channel == Channel.SMS:
        sms.send_text(address, email.compose("text_message.txt", {"notice": row.notice}))
        return
    context = {"notice": row.notice, "url": email.absolute(row.notice.url)}
    subject, _, body = email.compose("mail_single.txt", context).partition("\n")
    email.send(to=address, subject=subject, body=body.strip() + "\n", message_id=email.message_id(row))
