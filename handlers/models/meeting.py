"""交办会与拟交办：会前拟、单位可提异议，会上一次交办。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.audit.context import moment


class AssignmentRole(models.TextChoices):
    """承办方式中的角色。"""

    SOLE = "sole", "独办"
    LEAD = "lead", "主办"
    SEPARATE = "separate", "分办"
    ASSIST = "assist", "会办"


#: 须答复代表的角色；会办只向主办单位提意见
ANSWERING_ROLES = (AssignmentRole.SOLE, AssignmentRole.LEAD, AssignmentRole.SEPARATE)


class MeetingStatus(models.TextChoices):
    PREPARING = "preparing", "拟交办"
    HELD = "held", "已交办"


class AssignmentMeeting(models.Model):
    """交办会：一次会议把拟定的全部件在一个事务里交办（RD-01）。"""

    session = models.ForeignKey("congresses.Session", models.PROTECT, related_name="+", verbose_name="会议")
    name = models.CharField("名称", max_length=80)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=60, blank=True)
    chair = models.CharField("主持", max_length=60, blank=True)
    status = models.CharField("状态", max_length=10, choices=MeetingStatus, default=MeetingStatus.PREPARING)
    handed_over_at = models.DateTimeField("交办时间", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    made_at = models.DateTimeField("建立时间", default=moment, editable=False)

    class Meta:
        verbose_name = "交办会"
        verbose_name_plural = "交办会"
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.name


class ProposedAssignment(models.Model):
    """拟交办：一件拟交一个单位；单位可在会前提异议，由办公室裁定维持或改办。"""

    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.CASCADE, related_name="proposals", verbose_name="件"
    )
    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="proposals", verbose_name="单位")
    role = models.CharField("角色", max_length=10, choices=AssignmentRole)
    part = models.CharField("各自办理内容", max_length=200, blank=True)
    meeting = models.ForeignKey(
        AssignmentMeeting, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name="交办会"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟办人")
    made_at = models.DateTimeField("拟办时间", default=moment, editable=False)
    objection = models.TextField("异议理由", blank=True)
    objection_unit = models.ForeignKey(
        "handlers.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="建议改交"
    )
    objected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人"
    )
    objected_at = models.DateTimeField("异议时间", null=True, blank=True)
    upheld = models.BooleanField("维持原拟", null=True, blank=True)
    upheld_note = models.CharField("裁定意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "拟交办"
        verbose_name_plural = "拟交办"
        ordering = ["suggestion", "id"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "unit"], name="proposal_once"),
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(role__in=["sole", "lead"]), name="proposal_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}（{self.get_role_display()}）"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class Deferral(models.Model):
    """缓议：暂不交办的件，说明理由；交办或恢复时删去，经过留在留痕里。"""

    suggestion = models.OneToOneField(
        "suggestions.Suggestion", models.CASCADE, related_name="deferral", verbose_name="件"
    )
    reason = models.CharField("理由", max_length=200)
    deferred_on = models.DateField("缓议日期")
    deferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="缓议人"
    )

    class Meta:
        verbose_name = "缓议"
        verbose_name_plural = "缓议"

    def __str__(self) -> str:
        return self.reason

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"
