"""通知与发送记录。通知行就是发件箱：与业务同一事务写下，发送可以失败而通知不丢。"""
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.timesince import timesince

from .querysets import NoticeQuerySet, SendingQuerySet


class Notice(models.Model):
    """给一个人的一条通知。同一事项、同一种类、同一层级、同一人只有一条。"""

    congress = models.ForeignKey(
        "congresses.Congress", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人大"
    )
    case_id = models.BigIntegerField("件", null=True, blank=True)
    about = models.CharField("事项", max_length=60)
    kind = models.CharField("种类", max_length=40)
    rung = models.CharField("层级", max_length=20, blank=True, default="")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    url = models.CharField("去处", max_length=200, blank=True)
    urgent = models.BooleanField("紧急", default=False)
    batch = models.UUIDField("批次", default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    done_at = models.DateTimeField("处理时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["about", "kind", "rung", "recipient"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None, done_at=None), name="notice_unread"
            ),
            models.Index(fields=["case_id"], name="notice_case"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.done_at is None

    @property
    def age(self) -> str:
        """多久以前：通知里用相对时间。"""
        if timezone.now() - self.created_at < timedelta(minutes=1):
            return "刚刚"
        return f"{timesince(self.created_at, depth=1)}前"


class SendState(models.TextChoices):
    """发送状态。"""

    PENDING = "pending", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "将自动重试"
    GIVEN_UP = "given_up", "发送失败"
    SKIPPED = "skipped", "不必发送"


class Sending(models.Model):
    """要出门的一次发送：试了几次、何时再试、谁正在发，都记在行上。"""

    state = models.CharField("状态", max_length=10, choices=SendState, default=SendState.PENDING)
    tries = models.PositiveSmallIntegerField("次数", default=0)
    next_try_at = models.DateTimeField("下次发送", null=True, blank=True)
    claimed_at = models.DateTimeField("开始发送", null=True, blank=True)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)
    error = models.CharField("未成原因", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    objects = SendingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def can_retry(self) -> bool:
        """发送记录里有没有「重试」。"""
        return self.state in {SendState.FAILED, SendState.GIVEN_UP}

    @property
    def parts(self):
        """随它一起成败的发送行。"""
        return NoticeDelivery.objects.none()


class Digest(Sending):
    """每人每个工作日一封汇总邮件。"""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="收件人"
    )
    day = models.DateField("日期")

    class Meta:
        verbose_name = "汇总邮件"
        verbose_name_plural = "汇总邮件"
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="digest_once_a_day")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="digest_due")]

    def __str__(self) -> str:
        return f"{self.day} {self.recipient}"

    @property
    def parts(self):
        return NoticeDelivery.objects.filter(digest=self)


class Channel(models.TextChoices):
    """站外渠道；站内就是通知本身，不需要发送。"""

    EMAIL = "email", "邮件"
    SMS = "sms", "短信"


class NoticeDelivery(Sending):
    """一条通知经一个站外渠道的发送。普通邮件并入当日汇总，随汇总一起成败。"""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="通知")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name="汇总邮件"
    )

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.notice}"


class NoticePreference(models.Model):
    """本人的渠道选择。没有这一行就是都要；站内通知不能关。"""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号"
    )
    by_email = models.BooleanField("每个工作日早上收一封汇总邮件", default=True)
    by_sms = models.BooleanField("紧急事项收短信", default=True)

    class Meta:
        verbose_name = "通知设置"
        verbose_name_plural = "通知设置"

    def __str__(self) -> str:
        return f"{self.account} 的通知设置"
