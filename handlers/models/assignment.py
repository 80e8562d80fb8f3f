"""承办关系（件次）：一件交给一个单位。时限、退回、延期、分派都挂在它上面。"""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianluo.workdays.models import DueDate

from ..querysets import AssignmentQuerySet
from .meeting import ANSWERING_ROLES, AssignmentRole


class AssignmentStatus(models.TextChoices):
    PENDING = "pending", "待签收"
    ACCEPTED = "accepted", "已签收"
    RETURN_REQUESTED = "return_requested", "申请退回"
    REASSIGNED = "reassigned", "已改办"
    HANDLING = "handling", "办理中"
    ANSWERED = "answered", "已答复"
    CONCLUDED = "concluded", "办结"


#: 仍有效的承办关系
LIVE = ("pending", "accepted", "return_requested", "handling", "answered", "concluded")


class Assignment(models.Model):
    """承办关系。单位名称按交办时冻结；时限规则按交办时快照。"""

    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.PROTECT, related_name="assignments", verbose_name="件"
    )
    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="assignments", verbose_name="承办单位")
    unit_name = models.CharField("交办时单位名称", max_length=60)
    role = models.CharField("角色", max_length=10, choices=AssignmentRole)
    part = models.CharField("各自办理内容", max_length=200, blank=True)
    status = models.CharField("状态", max_length=16, choices=AssignmentStatus, default=AssignmentStatus.PENDING)
    meeting = models.ForeignKey(
        "handlers.AssignmentMeeting", models.PROTECT, null=True, blank=True, related_name="assignments",
        verbose_name="交办会",
    )
    notice_number = models.CharField("交办单号", max_length=30, blank=True)
    assigned_on = models.DateField("交办日期")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交办人"
    )
    accepted_on = models.DateField("签收日期", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    due_on = models.DateField("到期", null=True, blank=True, help_text="答复或会办意见的到期日，取自时限行")
    provisional = models.BooleanField("到期日暂定", default=False)
    profile_code = models.CharField("时限规则", max_length=20)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    responsible_leader = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任领导"
    )
    inner_due_on = models.DateField("内部时限", null=True, blank=True)
    quality_goal = models.CharField("质量要求", max_length=100, blank=True)
    task_note = models.CharField("任务要点", max_length=200, blank=True)
    result_class = models.ForeignKey(
        "handlers.ResultClass", models.PROTECT, null=True, blank=True, verbose_name="办理结果类别"
    )
    answered_on = models.DateField("首次答复日期", null=True, blank=True)
    concluded_on = models.DateField("办结日期", null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="由哪次交办改来"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "承办关系"
        verbose_name_plural = "承办关系"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(role__in=["sole", "lead"]) & ~Q(status="reassigned"),
                name="assignment_one_lead",
            ),
            models.UniqueConstraint(
                fields=["suggestion", "unit"], condition=~Q(status="reassigned"), name="assignment_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("assigned_on")), name="assignment_due_after"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status", "due_on"], name="assignment_inbox"),
            models.Index(fields=["status", "due_on"], name="assignment_due"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_name}（{self.get_role_display()}）"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"

    @property
    def answers_deputy(self) -> bool:
        """是否由它答复代表。"""
        return self.role in ANSWERING_ROLES


#: 批准延期后另起的一行；不是规则表里的规则，起算与规则沿用原行
EXTENSION = "extension"


class AssignmentDue(DueDate):
    """承办关系上的时限：退回窗口、首次沟通、会办意见、答复、反馈、再办理、公开。"""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="dues", verbose_name="承办关系")

    class Meta(DueDate.Meta):
        abstract = False
        verbose_name = "承办时限"
        verbose_name_plural = "承办时限"
        constraints = [
            *DueDate.Meta.constraints,
            models.UniqueConstraint(
                fields=["assignment", "rule_code", "round"], name="assignment_due_once",
                condition=Q(met_on__isnull=True, closed_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(met_on__isnull=True, closed_on__isnull=True), name="assignment_due_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment.unit_name} {self.name} {self.due_on}"

    @property
    def name(self) -> str:
        """这条时限叫什么。"""
        return "延期后的答复期限" if self.rule_code == EXTENSION else f"{self.get_rule_code_display()}期限"

    @property
    def is_open(self) -> bool:
        """还在走：没有办到，也没有关闭。"""
        return self.met_on is None and self.closed_on is None

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class AllotmentRole(models.TextChoices):
    LEAD = "lead", "牵头处室"
    ASSIST = "assist", "参与处室"


class Allotment(models.Model):
    """分派：承办关系在单位内部分到处室和具体承办人。"""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="allotments", verbose_name="承办关系")
    division = models.ForeignKey("handlers.Division", models.PROTECT, related_name="allotments", verbose_name="处室")
    role = models.CharField("角色", max_length=8, choices=AllotmentRole)
    officer = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="allotments", verbose_name="具体承办人"
    )
    allotted_on = models.DateField("分派日期")

    class Meta:
        verbose_name = "分派"
        verbose_name_plural = "分派"
        ordering = ["assignment", "-role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "division"], name="allotment_once"),
            models.UniqueConstraint(fields=["assignment"], condition=Q(role="lead"), name="allotment_one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.division}（{self.get_role_display()}）"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class ReturnGround(models.TextChoices):
    NOT_OURS = "not_ours", "不属于本单位职责"
    CHANGED = "changed", "职责已调整到其他单位"
    NEEDS_LEAD = "needs_lead", "应由其他单位牵头"
    DUPLICATE = "duplicate", "与已交办的件重复"
    OTHER = "other", "其他"


class ReturnRequest(models.Model):
    """申请退回（改办）：理由、建议承办单位、期限，由交办机构裁决；没有单位之间直接转办。"""

    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="return_requests", verbose_name="承办关系"
    )
    ground = models.CharField("理由类别", max_length=12, choices=ReturnGround)
    reason = models.TextField("理由")
    proposed_unit = models.ForeignKey(
        "handlers.Unit", models.PROTECT, related_name="+", verbose_name="建议承办单位"
    )
    head_signed = models.BooleanField("主要负责人审签", default=False)
    requested_on = models.DateField("申请日期")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    decide_by_on = models.DateField("裁决时限")
    granted = models.BooleanField("同意改办", null=True, blank=True)
    decision_note = models.TextField("裁决意见", blank=True)
    decided_on = models.DateField("裁决日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="裁决人"
    )

    class Meta:
        verbose_name = "退回申请"
        verbose_name_plural = "退回申请"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(granted__isnull=True), name="return_one_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} 申请退回"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class Extension(models.Model):
    """延期：到期前申请，告知代表，经同意；自交办之日起至迟六个月（代表法第五十一条）。"""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="extensions", verbose_name="承办关系")
    reason = models.TextField("理由")
    old_due_on = models.DateField("原期限")
    asked_until = models.DateField("申请延至")
    deputy_told_on = models.DateField("告知代表日期")
    deputy_told_how = models.CharField("告知方式", max_length=60)
    requested_on = models.DateField("申请日期")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    granted = models.BooleanField("同意延期", null=True, blank=True)
    granted_until = models.DateField("批准延至", null=True, blank=True)
    decision_note = models.TextField("批复意见", blank=True)
    decided_on = models.DateField("批复日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批复人"
    )

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(granted__isnull=True), name="extension_one_pending"
            ),
            models.CheckConstraint(condition=Q(asked_until__gt=F("old_due_on")), name="extension_later"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} 延期至 {self.granted_until or self.asked_until}"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"
