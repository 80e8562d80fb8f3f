"""办理意见表与协调评估。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.audit.context import moment

from ..querysets import EvaluationQuerySet


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class ContactMeans(models.TextChoices):
    """答复前听取意见的方式（可多选）。"""

    PHONE = "phone", "电话"
    VISIT = "visit", "走访"
    TALK = "talk", "座谈"
    INSPECTION = "inspection", "视察"
    LETTER = "letter", "信函"
    NEVER = "never", "未联系"


class OnPoint(models.TextChoices):
    YES = "yes", "是"
    PART = "part", "部分"
    NO = "no", "否"


class Dissatisfaction(models.TextChoices):
    """哪里不满意（可多选）。"""

    NOT_CONTACTED = "not_contacted", "没有联系过我"
    OFF_POINT = "off_point", "答非所问"
    NOT_DONE = "not_done", "没有落实"
    OTHER = "other", "其他"


class Evaluation(models.Model):
    """办理意见表：提交即为最终，谁也不能改。单位在提交前看不到。"""

    delivery = models.OneToOneField(
        "handlers.Delivery", models.PROTECT, related_name="evaluation", verbose_name="送达"
    )
    reply = models.ForeignKey("handlers.Reply", models.PROTECT, related_name="evaluations", verbose_name="答复")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="evaluations", verbose_name="代表")
    is_lead = models.BooleanField("领衔", default=False, help_text="只有领衔代表的总体评价计入满意率并启动再办理")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    attitude = models.CharField("办理态度", max_length=12, choices=Satisfaction)
    outcome = models.CharField("办理结果", max_length=12, choices=Satisfaction)
    overall = models.CharField("总体评价", max_length=12, choices=Satisfaction)
    reasons = models.JSONField("不满意的方面", default=list, blank=True)
    opinion = models.TextField("具体意见", blank=True)
    contact_means = models.JSONField("联系方式", default=list, blank=True)
    on_point = models.CharField("答复是否针对所提问题", max_length=6, choices=OnPoint, blank=True)
    agrees_to_publish = models.BooleanField("同意公开评价", null=True, blank=True)
    by_proxy = models.BooleanField("代录", default=False)
    proxy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代录人"
    )
    scan = models.ForeignKey(
        "suggestions.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="纸质扫描件"
    )
    signed_on = models.DateField("评价日期")
    submitted_at = models.DateTimeField("提交时间", default=moment, editable=False)
    receipt_number = models.CharField("回执号", max_length=20, unique=True)
    pressure_note = models.TextField(
        "评价受到的干预", blank=True, help_text="代表提交后可以反映，只给人大办事机构看（重庆条例第三十八条）"
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "办理意见表"
        verbose_name_plural = "办理意见表"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_proxy=False) | Q(proxy__isnull=False, scan__isnull=False), name="evaluation_proxy_scan"
            ),
            models.CheckConstraint(
                condition=~Q(overall="dissatisfied") | ~Q(opinion="", reasons=[]), name="evaluation_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} {self.get_overall_display()}"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.delivery.suggestion_id}"

    @property
    def reason_names(self) -> list[str]:
        """不满意的方面，写成字。"""
        labels = dict(Dissatisfaction.choices)
        return [labels.get(code, code) for code in self.reasons]

    @property
    def contact_names(self) -> list[str]:
        """答复前听取意见的方式，写成字。"""
        labels = dict(ContactMeans.choices)
        return [labels.get(code, code) for code in self.contact_means]


class Escalation(models.Model):
    """协调评估：到了规定轮次仍不满意，由办事机构组织单位和专家评估，按评估意见处理（河南第二十二条）。"""

    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.PROTECT, related_name="escalations", verbose_name="件"
    )
    round = models.PositiveSmallIntegerField("轮次")
    reason = models.TextField("代表的意见", blank=True)
    escalated_on = models.DateField("转入日期")
    experts = models.CharField("参加评估的单位和专家", max_length=300, blank=True)
    met_on = models.DateField("评估日期", null=True, blank=True)
    assessment = models.TextField("评估意见", blank=True)
    again = models.BooleanField("交单位再办", null=True, blank=True)
    note = models.TextField("处理意见", blank=True)
    settled_on = models.DateField("处理日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )

    class Meta:
        verbose_name = "协调评估"
        verbose_name_plural = "协调评估"
        ordering = ["escalated_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(again__isnull=True), name="escalation_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(again__isnull=True) | Q(settled_on__isnull=False) & ~Q(note=""), name="escalation_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalated_on} 协调评估"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"
