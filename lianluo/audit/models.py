from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from lianluo.workdays import clock

from . import vocabulary
from .hashing import GENESIS


class AuditEventQuerySet(models.QuerySet):
    def about(self, target):
        """某一对象的事件。"""
        return self.filter(target_type=target._meta.label_lower, target_id=target.pk)

    def on_chain(self, chain: str):
        """某一条链上的事件，按序。"""
        return self.filter(chain=chain).order_by("seq")

    def done_by(self, actor, *events: str, since: date):
        """此人自某天（北京时间）零时起做的某几样事。"""
        return self.filter(actor=actor, event__in=events, at__gte=clock.midnight(since))

    def delete(self):
        raise TypeError("留痕只增不删")

    def update(self, **kwargs):
        raise TypeError("留痕只增不改")


class AuditEvent(models.Model):
    """一条留痕：谁、何时、对什么、从何状态到何状态、为何。姓名与单位按当时冻结成文字。"""

    chain = models.CharField("链", max_length=60)
    seq = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    event = models.CharField("事件", max_length=60, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    actor_post = models.CharField("操作人身份", max_length=120, blank=True)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.BigIntegerField("对象编号", null=True)
    target_name = models.CharField("对象名称", max_length=200)
    source = models.CharField("原状态", max_length=30, blank=True)
    target_state = models.CharField("新状态", max_length=30, blank=True)
    reason = models.TextField("理由", blank=True)
    data = models.JSONField("内容", default=dict, blank=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求号", max_length=32, blank=True)
    algorithm = models.CharField("算法", max_length=10)
    prev_hash = models.CharField("前一条摘要", max_length=64)
    hash = models.CharField("摘要", max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "留痕"
        verbose_name_plural = "留痕"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq")]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.sentence}"

    @property
    def sentence(self) -> str:
        """这件事的一句话。"""
        return vocabulary.sentence(self)

    @property
    def shown_at(self) -> str:
        """按北京时间到分。"""
        return timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M")

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("留痕只增不改")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("留痕只增不删")


class AuditHead(models.Model):
    """每日锚定：上次锚定以来长了的链，各记链尾；与前一日的根一起汇成今日的根，另写文件存于库外。"""

    day = models.DateField("日期", unique=True)
    events = models.PositiveIntegerField("事件数")
    chains = models.PositiveIntegerField("链数")
    algorithm = models.CharField("算法", max_length=10)
    heads = models.TextField("链尾", blank=True, default="", help_text="一行一条：链 序号 摘要")
    prev_root = models.CharField("前一日根摘要", max_length=64, default=GENESIS)
    root = models.CharField("根摘要", max_length=64)
    made_at = models.DateTimeField("锚定时间", default=timezone.now)

    class Meta:
        verbose_name = "每日锚定"
        verbose_name_plural = "每日锚定"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.root[:12]}"

    @property
    def lines(self) -> list[tuple[str, int, str]]:
        """链尾各行：（链，序号，摘要）。"""
        rows = (line.split(" ") for line in self.heads.splitlines())
        return [(chain, int(seq), value) for chain, seq, value in rows]

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("锚定只增不改")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("锚定只增不删")
