"""督办文书：现有单位内部的专项督查单（CZ-12）与问责登记（MZ-19）。"""
from django.conf import settings
from django.db import models

from lianluo.audit.context import moment
from lianluo.audit.recording import SYSTEM_CHAIN

from ..querysets import DirectiveQuerySet


class DirectiveKind(models.TextChoices):
    CHECK = "check", "专项督查"
    ACCOUNTABILITY = "accountability", "追责登记"


class Board(models.TextChoices):
    """督查督办的板块；“代表建议”是单独一块（CZ-09）。"""

    SUGGESTIONS = "suggestions", "代表建议"


class Directive(models.Model):
    """一份督办文书。专项督查一期一份，期号唯一，定时任务重来也不重复。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="directives", verbose_name="单位")
    kind = models.CharField("种类", max_length=16, choices=DirectiveKind)
    board = models.CharField("板块", max_length=16, choices=Board, default=Board.SUGGESTIONS)
    title = models.CharField("事由", max_length=120)
    period = models.CharField("期", max_length=20, blank=True)
    step = models.ForeignKey(
        "handlers.PlanStep", models.PROTECT, null=True, blank=True, related_name="directives", verbose_name="整改事项"
    )
    target = models.CharField("对象", max_length=60, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    treatment = models.CharField("处理", max_length=200, blank=True)
    issued_on = models.DateField("日期")
    due_on = models.DateField("限期", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("登记时间", default=moment, editable=False)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "督办文书"
        verbose_name_plural = "督办文书"
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "period"], condition=~models.Q(period=""), name="directive_period_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        """追责记在那一件的链上；督查单不属于哪一件。"""
        return self.step.audit_chain if self.step_id else SYSTEM_CHAIN


class DirectiveCase(models.Model):
    """督查单上的一件和督查结果。"""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="cases", verbose_name="督办文书")
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, related_name="directive_cases", verbose_name="承办关系"
    )
    why = models.CharField("为何列入", max_length=60)
    result = models.CharField("督查结果", max_length=300, blank=True)
    checked_on = models.DateField("督查日期", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="督查人"
    )

    class Meta:
        verbose_name = "督查件"
        verbose_name_plural = "督查件"
        ordering = ["directive", "id"]
        constraints = [models.UniqueConstraint(fields=["directive", "assignment"], name="directive_case_once")]

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"
