"""公文的表：只有计数器一张。"""
from django.db import models


class Counter(models.Model):
    """一个号码序列：建议编号、文号、期号各占一行，取号即加一，不留空号。"""

    scope = models.CharField("序列", max_length=80, unique=True)
    last = models.PositiveBigIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "计数器"
        verbose_name_plural = "计数器"
        ordering = ["scope"]

    def __str__(self) -> str:
        return f"{self.scope}：{self.last}"
