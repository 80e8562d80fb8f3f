"""定时任务的运行情况：工作台据此说得出哪项任务停了。"""
from django.db import models


class BeatRun(models.Model):
    """定时表一行的最近一次运行。开始时间也是认领的凭据：条件更新成功的那一个才去做。"""

    name = models.CharField("任务", max_length=40, unique=True)
    last_started_at = models.DateTimeField("最近开始", null=True, blank=True)
    last_finished_at = models.DateTimeField("最近结束", null=True, blank=True)
    last_count = models.PositiveIntegerField("处理条数", default=0)
    error = models.CharField("未成原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "定时任务"
        verbose_name_plural = "定时任务"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
