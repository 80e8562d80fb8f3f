"""单位用哪些机制、照哪些制度办、哪一件特许例外。"""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianluo.audit.context import moment

from ..querysets import PolicyQuerySet, RegulationQuerySet


class PolicyScope(models.TextChoices):
    """从起用之日起，管哪些件。"""

    NEW = "new", "此后交办的件"
    ALL_OPEN = "all_open", "全部在办的件"


class UnitPolicy(models.Model):
    """一个单位对一条机制的开关。没有行的照预置；同一条机制以起用日在后的一行为准。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="policies", verbose_name="单位")
    code = models.CharField("机制", max_length=6)
    is_on = models.BooleanField("起用", default=True)
    scope = models.CharField("管哪些件", max_length=8, choices=PolicyScope, default=PolicyScope.NEW)
    valid_from = models.DateField("起用日期")
    params = models.JSONField("参数", default=dict, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    made_at = models.DateTimeField("办理时间", default=moment, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = "单位机制"
        verbose_name_plural = "单位机制"
        ordering = ["unit", "code", "valid_from", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "code", "valid_from"], name="policy_day_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.code} {'起用' if self.is_on else '停用'}"


class WorkStage(models.TextChoices):
    """办理的环节：制度按它检索（CZ-01）。"""

    RECEIVE = "receive", "签收"
    ALLOT = "allot", "分派"
    CONTACT = "contact", "沟通"
    RESEARCH = "research", "调研与方案"
    REPLY = "reply", "答复"
    SUPERVISE = "supervise", "督办"
    SERVE = "serve", "服务代表"
    ASSESS = "assess", "考核"


class Regulation(models.Model):
    """制度库：名称、文号、版本、生效与废止；新版接旧版，旧版留着（CZ-01、MZ-01）。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="regulations", verbose_name="单位")
    title = models.CharField("名称", max_length=100)
    document_number = models.CharField("文号", max_length=40, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    text = models.TextField("正文")
    stages = models.JSONField("适用环节", default=list)
    in_force_on = models.DateField("生效日期")
    ended_on = models.DateField("废止日期", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="接哪一版"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人"
    )
    made_at = models.DateTimeField("录入时间", default=moment, editable=False)

    objects = RegulationQuerySet.as_manager()

    class Meta:
        verbose_name = "制度"
        verbose_name_plural = "制度库"
        ordering = ["title", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title", "version"], name="regulation_version",
                violation_error_message="这个单位已有同名同版的制度",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("in_force_on")), name="regulation_days",
                violation_error_message="废止日期不能早于生效日期",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》第 {self.version} 版"

    @property
    def stage_names(self) -> str:
        return "、".join(WorkStage(code).label for code in self.stages if code in WorkStage.values)


class Waiver(models.Model):
    """例外：一件在一条机制上确实做不到，单位说明理由，联工委准许；没有别的绕开办法。"""

    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, related_name="waivers", verbose_name="承办关系"
    )
    code = models.CharField("机制", max_length=6)
    reason = models.TextField("理由")
    asked_on = models.DateField("申请日期")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    granted = models.BooleanField("准许", null=True, blank=True)
    decision_note = models.TextField("批复意见", blank=True)
    decided_on = models.DateField("批复日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批复人"
    )

    class Meta:
        verbose_name = "机制例外"
        verbose_name_plural = "机制例外"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "code"], condition=Q(granted__isnull=True), name="waiver_one_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.code} 例外"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class CampaignTag(models.Model):
    """主题活动标签，如“两学一做”（KJ-01）。"""

    unit = models.ForeignKey("handlers.Unit", models.CASCADE, related_name="tags", verbose_name="单位")
    name = models.CharField("主题活动", max_length=40)
    assignments = models.ManyToManyField(
        "handlers.Assignment", blank=True, related_name="tags", db_table="handlers_tagged", verbose_name="件"
    )

    class Meta:
        verbose_name = "主题活动"
        verbose_name_plural = "主题活动"
        ordering = ["unit", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], name="tag_once", violation_error_message="这个单位已有同名的主题活动"
            )
        ]

    def __str__(self) -> str:
        return self.name
