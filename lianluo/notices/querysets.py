"""对通知与发送记录常问的问题。"""
from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

#: 认领超过这么久还没有结果，视为发送进程已死。
CLAIM_EXPIRES = timedelta(minutes=10)
OPEN_STATES = ("pending", "failed")


class NoticeQuerySet(models.QuerySet):
    def for_recipient(self, user):
        """只有本人看得到自己的通知。"""
        return self.filter(recipient_id=user.pk)

    def unread(self):
        return self.filter(read_at=None, done_at=None)

    def done(self):
        return self.exclude(done_at=None)

    def of_case(self, case_id: int):
        """某一件下发过的全部通知（件的「记录」页用）。"""
        return self.filter(case_id=case_id)


class SendingQuerySet(models.QuerySet):
    def open(self):
        """还没有了结的。"""
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: datetime):
        """此刻可以发的：未了结、到了时间、没有人正在发。"""
        return self.open().filter(Q(next_try_at=None) | Q(next_try_at__lte=now), claimed_at=None)

    def abandoned(self, now: datetime):
        """有人认领却迟迟没有结果：进程已死。"""
        return self.open().filter(claimed_at__lt=now - CLAIM_EXPIRES)

    def failures(self):
        """发送记录里要人看的。"""
        return self.filter(state__in=("failed", "given_up"))
