"""成果：建议转化成的政策、改革、立法。"""
from django.conf import settings
from django.db import models

from lianluo.audit.context import moment


class OutcomeKind(models.TextChoices):
    POLICY = "policy", "政策文件"
    REFORM = "reform", "改革事项"
    LEGISLATION = "legislation", "地方立法"


class OutcomeStage(models.TextChoices):
    PLANNED = "planned", "列入计划"
    DRAFTING = "drafting", "起草论证"
    ISSUED = "issued", "已出台"


class Outcome(models.Model):
    """一项成果，可由多件转化而来（MZ-13）。没有文号的不算已出台。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="outcomes", verbose_name="单位")
    kind = models.CharField("种类", max_length=12, choices=OutcomeKind)
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("文号", max_length=40, blank=True)
    stage = models.CharField("进度", max_length=10, choices=OutcomeStage)
    happened_on = models.DateField("日期")
    assignments = models.ManyToManyField(
        "handlers.Assignment", related_name="outcomes", db_table="handlers_outcome_case", verbose_name="由哪些件转化"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间", default=moment, editable=False)

    class Meta:
        verbose_name = "成果"
        verbose_name_plural = "成果"
        ordering = ["-happened_on", "-id"]

    def __str__(self) -> str:
        return self.title
