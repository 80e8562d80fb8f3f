"""汇总邮件：每人每个工作日至多一封，07:30 发；没有新通知就不发。"""
from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import quiet, sending
from .channels import email
from .models import Channel, Digest, NoticeDelivery, SendState

#: 一封汇总里最多列出的条数，其余只写「另有 n 条」。
LINES = 50
#: 放了这么久的通知不再发到站外，站内仍在。
STALE_AFTER = timedelta(days=14)


def skip_needless(now: datetime) -> int:
    """本人已在站内看过或处理、账号已停用、放了太久的，不再打扰。"""
    waiting = NoticeDelivery.objects.filter(state=SendState.PENDING, digest=None, tries=0, claimed_at=None)
    needless = (
        ~Q(notice__read_at=None)
        | ~Q(notice__done_at=None)
        | Q(notice__recipient__is_active=False)
        | Q(notice__created_at__lt=now - STALE_AFTER)
    )
    return waiting.filter(needless).update(state=SendState.SKIPPED)


def send_daily(now: datetime) -> int:
    """开出当日的汇总并发送，返回发出的封数。不在时段内什么也不做。"""
    if not quiet.may_mail_digest(now):
        return 0
    skip_needless(now)
    _open(timezone.localdate(now))
    return send_opened(now)


def send_opened(now: datetime) -> int:
    """发已开出而未发成的汇总（清扫用，不开新的）。"""
    if not quiet.may_mail_digest(now):
        return 0
    rows = Digest.objects.due(now).select_related("recipient").order_by("pk")
    return sending.run(rows, lambda row: _deliver(row, now), now)


def _waiting():
    """等着并入汇总的邮件。紧急的单独发，不在此列。"""
    return NoticeDelivery.objects.filter(
        channel=Channel.EMAIL, digest=None, state=SendState.PENDING, notice__urgent=False
    )


def _open(day: date) -> None:
    """给每位有新通知的人开当日的汇总；并发时唯一约束只留一份。"""
    _carry_over(day)
    people = _waiting().order_by().values_list("notice__recipient_id", flat=True).distinct()
    Digest.objects.bulk_create([Digest(recipient_id=pk, day=day) for pk in people], ignore_conflicts=True)


@transaction.atomic
def _carry_over(day: date) -> None:
    """前几日没有发成的并入今日，免得一人一天收两封。人工重试的照原样发。"""
    old = Digest.objects.open().filter(day__lt=day, claimed_at=None)
    old = old.filter(Q(state=SendState.FAILED) | Q(next_try_at=None))
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
    NoticeDelivery.objects.filter(digest__in=ids).update(digest=None, state=SendState.PENDING, error="")
    Digest.objects.filter(pk__in=ids).update(state=SendState.SKIPPED, error=f"并入 {day} 的汇总")


def _deliver(digest: Digest, now: datetime) -> bool:
    notices = _contents(digest)
    if not notices or not digest.recipient.email:
        return sending.close(digest, SendState.SKIPPED, now=now, error="没有要发的内容或没有留邮箱")
    return sending.attempt(digest, lambda: _mail(digest, notices), now)


def _contents(digest: Digest) -> list:
    """这封汇总里的通知。第一次发送时定下，重发时内容不变。"""
    if not digest.parts.exists():
        mine = _waiting().filter(notice__recipient_id=digest.recipient_id)
        mine.update(digest=digest)
    return [row.notice for row in digest.parts.select_related("notice").order_by("notice__created_at", "pk")]


def _mail(digest: Digest, notices: list) -> None:
    lines = [{"subject": notice.subject, "url": email.absolute(notice.url)} for notice in notices[:LINES]]
    context = {"digest": digest, "lines": lines, "total": len(notices), "more": max(len(notices) - LINES, 0)}
    subject, _, body = email.compose("mail_digest.txt", context).partition("\n")
    email.send(
        to=digest.recipient.email, subject=subject, body=body.strip() + "\n", message_id=email.message_id(digest)
    )
