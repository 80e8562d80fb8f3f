"""督办台账：每一件欠着的事一行，凭证据销号。"""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianluo.audit.context import moment

from ..querysets import LedgerQuerySet


class LedgerKind(models.TextChoices):
    """台账种类。整改、困难、批示、回头看与件、承办、承诺同账不同类。"""

    MAIN = "main", "件"
    HANDLING = "handling", "承办"
    PROMISE = "promise", "承诺"
    DIFFICULTY = "difficulty", "困难"
    RECTIFICATION = "rectification", "整改"
    MEASURE = "measure", "措施"


#: 单位内部了结的：另一个人核验、协调，不经办公室核准
SETTLED_WITHIN = (LedgerKind.DIFFICULTY, LedgerKind.RECTIFICATION, LedgerKind.MEASURE)


class LedgerStatus(models.TextChoices):
    OPEN = "open", "在账"
    READY = "ready", "待核准销号"
    SIGNED_OFF = "signed_off", "已销号"


class LedgerEntry(models.Model):
    """台账条目。件 1 条、承办关系各 1 条、承诺各 1 条；到期日取自时限，状态由销号动作改变。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    kind = models.CharField("种类", max_length=14, choices=LedgerKind)
    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.PROTECT, related_name="ledger_entries", verbose_name="件"
    )
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, null=True, blank=True, related_name="ledger_entries",
        verbose_name="承办关系",
    )
    promise = models.OneToOneField(
        "handlers.ReplyPromise", models.PROTECT, null=True, blank=True, related_name="ledger_entry",
        verbose_name="承诺事项",
    )
    step = models.OneToOneField(
        "handlers.PlanStep", models.PROTECT, null=True, blank=True, related_name="ledger_entry", verbose_name="整改事项"
    )
    plan = models.OneToOneField(
        "handlers.Plan", models.PROTECT, null=True, blank=True, related_name="ledger_entry", verbose_name="方案"
    )
    unit = models.ForeignKey(
        "handlers.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位"
    )
    owner = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任人"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出人"
    )
    result = models.CharField("解决结果", max_length=300, blank=True)
    what = models.CharField("事项", max_length=200)
    status = models.CharField("状态", max_length=10, choices=LedgerStatus, default=LedgerStatus.OPEN)
    opened_on = models.DateField("挂账日期")
    due_on = models.DateField("到期", null=True, blank=True)
    signed_off_on = models.DateField("销号日期", null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="销号人"
    )
    closed_reason = models.CharField("不再督办的原因", max_length=100, blank=True, help_text="撤回、改办的条目")
    closed_on = models.DateField("不再督办日期", null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = "台账条目"
        verbose_name_plural = "督办台账"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion"], condition=Q(kind="main"), name="ledger_main_once"),
            models.UniqueConstraint(fields=["assignment"], condition=Q(kind="handling"), name="ledger_handling_once"),
            models.CheckConstraint(
                condition=Q(status="signed_off", signed_off_on__isnull=False)
                | (~Q(status="signed_off") & Q(signed_off_on__isnull=True)),
                name="ledger_signed_off_day",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("opened_on")), name="ledger_due_after"
            ),
        ]
        indexes = [
            models.Index(fields=["congress", "kind", "status", "due_on"], name="ledger_desk"),
            models.Index(fields=["unit", "status", "due_on"], name="ledger_unit"),
            models.Index(fields=["suggestion", "kind"], name="ledger_case"),
            models.Index(
                fields=["due_on"], condition=Q(status="ready", closed_on__isnull=True), name="ledger_ready"
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(status__in=("open", "ready"), closed_on__isnull=True),
                name="ledger_owed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.what}"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class LedgerProgress(models.Model):
    """进展：须有数字或文件，光说“按计划推进”不算。"""

    entry = models.ForeignKey(LedgerEntry, models.CASCADE, related_name="progress", verbose_name="条目")
    text = models.CharField("进展", max_length=300)
    figure = models.CharField("数字", max_length=60, blank=True, help_text="如 完工 12/30 公里")
    evidence = models.ForeignKey(
        "suggestions.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    happened_on = models.DateField("日期")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    added_at = models.DateTimeField("填报时间", default=moment, editable=False)

    class Meta:
        verbose_name = "进展"
        verbose_name_plural = "进展"
        ordering = ["-happened_on", "-id"]

    def __str__(self) -> str:
        return self.text


class SigningOff(models.Model):
    """一次销号申请及其核准。被恢复挂账的销号留在历史里。"""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="signing_offs", verbose_name="条目")
    statement = models.TextField("销号说明")
    evidence = models.ManyToManyField(
        "suggestions.Attachment", blank=True, related_name="+", db_table="supervision_sign_evidence",
        verbose_name="佐证",
    )
    applied_on = models.DateField("申请日期")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    granted = models.BooleanField("核准", null=True, blank=True)
    decision_note = models.TextField("核准意见", blank=True)
    decided_on = models.DateField("核准日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核准人"
    )
    reopened_on = models.DateField("恢复挂账日期", null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="恢复人"
    )
    reopen_reason = models.TextField("恢复挂账理由", blank=True)

    class Meta:
        verbose_name = "销号"
        verbose_name_plural = "销号"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(granted__isnull=True), name="signing_off_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("applied_by")), name="signing_off_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} 销号"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.entry.suggestion_id}"
