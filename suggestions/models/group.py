from django.conf import settings
from django.db import models

from lianluo.audit.context import moment


class SuggestionGroup(models.Model):
    """相近件组：内容相近的件归在一起看，各件仍各自办理、各自答复。"""

    session = models.ForeignKey("congresses.Session", models.PROTECT, verbose_name="会议")
    name = models.CharField("名称", max_length=60)
    note = models.TextField("说明", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建组人")
    made_at = models.DateTimeField("建组时间", default=moment, editable=False)

    class Meta:
        verbose_name = "相近件组"
        verbose_name_plural = "相近件组"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class SimilarityVerdict(models.Model):
    """人看过的结论：这两件不相近，以后不再提示。小号在前，一对只有一条。"""

    first = models.ForeignKey("suggestions.Suggestion", models.CASCADE, related_name="+", verbose_name="甲件")
    second = models.ForeignKey("suggestions.Suggestion", models.CASCADE, related_name="+", verbose_name="乙件")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="判断人")
    made_at = models.DateTimeField("判断时间", default=moment, editable=False)

    class Meta:
        verbose_name = "不相近结论"
        verbose_name_plural = "不相近结论"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="verdict_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="verdict_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} 与 {self.second_id} 不相近"
