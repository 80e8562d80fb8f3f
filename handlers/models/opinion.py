from django.conf import settings
from django.db import models


class OpinionStatus(models.TextChoices):
    DRAFT = "draft", "草拟"
    SENT = "sent", "已送主办单位"
    RESUBMIT = "resubmit", "要求重提"
    ADOPTED = "adopted", "主办单位已处理"


class Adoption(models.TextChoices):
    FULL = "full", "全部采纳"
    PART = "part", "部分采纳"
    NONE = "none", "未采纳"


class AssistOpinion(models.Model):
    """会办意见：只送主办单位，不答复代表。"""

    assignment = models.OneToOneField(
        "handlers.Assignment", models.PROTECT, related_name="opinion", verbose_name="会办关系"
    )
    status = models.CharField("状态", max_length=10, choices=OpinionStatus, default=OpinionStatus.DRAFT)
    text = models.TextField("会办意见")
    document_number = models.CharField("文号", max_length=40, blank=True)
    sent_on = models.DateField("首次送出日期", null=True, blank=True)
    resent_on = models.DateField("重提送出日期", null=True, blank=True)
    signed_by = models.CharField("签发人", max_length=60, blank=True)
    resubmit_reason = models.TextField("要求重提的理由", blank=True)
    adoption = models.CharField("采纳情况", max_length=6, choices=Adoption, blank=True)
    adoption_note = models.CharField("未采纳的理由", max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="起草人"
    )
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "会办意见"
        verbose_name_plural = "会办意见"

    def __str__(self) -> str:
        return f"{self.assignment.unit_name}会办意见"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"
