"""页面自己的两张表：提交令牌与自动保存的草稿。"""
from django.conf import settings
from django.db import models


class FormToken(models.Model):
    """一次提交一枚令牌：同一枚再来，给出第一次的结果，不再办第二遍。"""

    token = models.CharField("令牌", max_length=64, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    used_at = models.DateTimeField("使用时间", auto_now_add=True, db_index=True)
    result_url = models.CharField("结果页", max_length=300, blank=True)

    class Meta:
        verbose_name = "提交令牌"
        verbose_name_plural = "提交令牌"

    def __str__(self) -> str:
        return self.token


class Draft(models.Model):
    """自动保存的草稿：每人每张表一份，``rev`` 逐次加一，防两个窗口互相覆盖。"""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账号")
    key = models.CharField("哪张表", max_length=80)
    title = models.CharField("名称", max_length=120, blank=True)
    url = models.CharField("回到哪里", max_length=300, blank=True)
    data = models.JSONField("内容", default=dict)
    rev = models.PositiveIntegerField("版次", default=1)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = "草稿"
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="draft_once")]

    def __str__(self) -> str:
        return self.title or self.key
