"""方案与措施：年度现场办理方案、解决方案、问题调查、整改清单、市州协助，同一张表不同种类。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.audit.context import moment
from lianluo.audit.recording import SYSTEM_CHAIN

from ..querysets import PlanQuerySet


class PlanKind(models.TextChoices):
    FIELD = "field", "现场办理工作方案"
    SOLUTION = "solution", "解决方案"
    INVESTIGATION = "investigation", "问题调查"
    RECTIFICATION = "rectification", "整改清单"
    ASSISTANCE = "assistance", "市州协助"


#: 一件一份的种类；年度现场办理方案一年一份、管多件
PER_CASE = (PlanKind.SOLUTION, PlanKind.INVESTIGATION, PlanKind.RECTIFICATION, PlanKind.ASSISTANCE)


class PlanStatus(models.TextChoices):
    DRAFT = "draft", "草拟"
    SUBMITTED = "submitted", "待审定"
    APPROVED = "approved", "已审定"
    ISSUED = "issued", "实施中"
    DONE = "done", "已完成"
    VOID = "void", "作废"


class Plan(models.Model):
    """一份方案。年度方案：草拟 → 审定 → 下发；一件的方案：草拟 →（代表同意、审定）→ 实施 → 完成。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="plans", verbose_name="单位")
    kind = models.CharField("种类", max_length=14, choices=PlanKind)
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="承办关系"
    )
    also = models.ManyToManyField(
        "handlers.Assignment", blank=True, related_name="+", db_table="handlers_plan_also",
        verbose_name="同用此方案的件",
    )
    shared_reason = models.CharField("几件同用一个方案的理由", max_length=200, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    title = models.CharField("名称", max_length=100)
    status = models.CharField("状态", max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    text = models.TextField("内容", blank=True)
    expected = models.TextField("预期结果", blank=True)
    expected_on = models.DateField("预期日期", null=True, blank=True)
    investigator = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="调查人"
    )
    findings = models.TextField("查明的事实", blank=True)
    liability = models.TextField("责任", blank=True)
    conclusion = models.TextField("结论", blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟定人"
    )
    drafted_on = models.DateField("拟定日期")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审定人"
    )
    approved_on = models.DateField("审定日期", null=True, blank=True)
    issued_on = models.DateField("下发（实施）日期", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "方案"
        verbose_name_plural = "方案"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(kind="field") & ~Q(status="void"), name="plan_field_once"
            ),
            models.UniqueConstraint(
                fields=["assignment", "kind", "round"], condition=Q(assignment__isnull=False) & ~Q(status="void"),
                name="plan_case_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="field", year__isnull=False, assignment__isnull=True)
                | (~Q(kind="field") & Q(assignment__isnull=False)),
                name="plan_of_year_or_case",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}" if self.assignment_id else SYSTEM_CHAIN


class StepStatus(models.TextChoices):
    OPEN = "open", "未完成"
    REPORTED = "reported", "待核验"
    DONE = "done", "已完成"


class PlanStep(models.Model):
    """方案的一项：一件的现场办理、一条措施、一项调查任务、一个整改问题、一次市州协助。"""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps", verbose_name="方案")
    position = models.PositiveSmallIntegerField("次序")
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, null=True, blank=True, related_name="plan_steps", verbose_name="承办关系"
    )
    group_name = models.CharField("组（内容、市州）", max_length=60, blank=True)
    text = models.CharField("内容（问题）", max_length=300, blank=True)
    measure = models.CharField("措施", max_length=300, blank=True)
    body = models.CharField("承担单位", max_length=60, blank=True, help_text="市州局、下属单位")
    leader = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任领导（带队厅领导）"
    )
    person = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任人"
    )
    division = models.ForeignKey(
        "handlers.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头处室"
    )
    joining = models.ManyToManyField(
        "handlers.Division", blank=True, related_name="+", db_table="handlers_step_joining", verbose_name="参与处室"
    )
    way = models.CharField("方式", max_length=12, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    due_on = models.DateField("办结时限", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=StepStatus, default=StepStatus.OPEN)
    done_on = models.DateField("完成日期", null=True, blank=True)
    failed_times = models.PositiveSmallIntegerField("核验不通过次数", default=0)

    class Meta:
        verbose_name = "方案事项"
        verbose_name_plural = "方案事项"
        ordering = ["plan", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "assignment"], name="plan_step_case_once")]

    def __str__(self) -> str:
        return self.text or self.measure or str(self.assignment)

    @property
    def audit_chain(self) -> str:
        return self.plan.audit_chain


class RecordKind(models.TextChoices):
    PROGRESS = "progress", "进展"
    RECEIPT = "receipt", "回执"
    DONE = "done", "报完成"
    PASSED = "passed", "核验通过"
    FAILED = "failed", "核验不通过"


class PlanRecord(models.Model):
    """方案实施中的一条记录：定期进展、回执、报完成、核验。"""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="records", verbose_name="方案")
    step = models.ForeignKey(
        PlanStep, models.CASCADE, null=True, blank=True, related_name="records", verbose_name="事项"
    )
    kind = models.CharField("种类", max_length=10, choices=RecordKind)
    text = models.TextField("情况")
    evidence = models.ForeignKey(
        "suggestions.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="佐证"
    )
    happened_on = models.DateField("日期")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    added_at = models.DateTimeField("填报时间", default=moment, editable=False)

    class Meta:
        verbose_name = "方案记录"
        verbose_name_plural = "方案记录"
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text[:30]}"
