"""答复：逐条回应、类别、承诺、公开、审签、文号、送达。"""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianluo.audit.context import moment

from ..querysets import DeliveryQuerySet, ReplyQuerySet
from .opinion import Adoption


class ReplyStatus(models.TextChoices):
    DRAFT = "draft", "拟稿"
    CHECKING = "checking", "核稿"
    REVIEWING = "reviewing", "审核"
    SPONSOR_REVIEW = "sponsor_review", "领办领导审核"
    SIGNED = "signed", "已签发"
    DELIVERED = "delivered", "已送达"
    VOID = "void", "作废"


class Publication(models.TextChoices):
    """答复是否公开；与答复同步审查（国办发〔2014〕46号）。"""

    FULL = "full", "全文公开"
    SUMMARY = "summary", "摘要公开"
    NONE = "none", "不公开"


class Reply(models.Model):
    """一个承办关系在一个轮次的一份答复。文号签发时取得。"""

    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, related_name="replies", verbose_name="承办关系"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    status = models.CharField("状态", max_length=14, choices=ReplyStatus, default=ReplyStatus.DRAFT)
    result_class = models.ForeignKey(
        "handlers.ResultClass", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理结果类别"
    )
    opening = models.TextField("开头", blank=True)
    closing = models.TextField("结尾", blank=True)
    assist_note = models.TextField("会办意见采纳情况", blank=True)
    explanation = models.TextField("不能解决的原因", blank=True)
    publication = models.CharField("公开方式", max_length=8, choices=Publication, blank=True)
    publication_reason = models.CharField("不公开的理由", max_length=200, blank=True)
    summary = models.TextField("公开摘要", blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    copied_to = models.JSONField("抄送", default=list, blank=True)
    missing_opinions_reason = models.CharField("会办意见未齐先答复的理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版次", default=0)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撰稿人"
    )
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    document_number = models.CharField("文号", max_length=40, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    signer_name = models.CharField("签发人姓名", max_length=60, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    content_hash = models.CharField("签发文本摘要", max_length=64, blank=True)
    delivered_on = models.DateField("送达日期", null=True, blank=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True, db_index=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公开审定人"
    )
    published_as = models.CharField("实际公开方式", max_length=8, choices=Publication, blank=True)
    withheld_reason = models.CharField("不予公开的审定理由", max_length=200, blank=True)
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤下人"
    )
    taken_down_reason = models.CharField("撤下的原因", max_length=200, blank=True)
    made_at = models.DateTimeField("起草时间", default=moment, editable=False)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = "答复"
        verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "round"], condition=~Q(status="void"), name="reply_one_a_round"
            ),
            models.UniqueConstraint(
                fields=["document_number"], condition=~Q(document_number=""), name="reply_document_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment.unit_name}的答复"

    def get_absolute_url(self) -> str:
        return reverse("handlers:reply", args=[self.pk])

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class ReplyItem(models.Model):
    """对一条具体建议的回应；件上没有分条的，``request`` 为空，是对全文的一条总的回应。"""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="items", verbose_name="答复")
    request = models.ForeignKey(
        "suggestions.Request", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="具体建议"
    )
    adoption = models.CharField("采纳情况", max_length=6, choices=Adoption, blank=True)
    text = models.TextField("回应", blank=True)

    class Meta:
        verbose_name = "逐条回应"
        verbose_name_plural = "逐条回应"
        ordering = ["request__position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "request"], name="reply_item_once"),
            models.UniqueConstraint(fields=["reply"], condition=Q(request__isnull=True), name="reply_item_general"),
        ]

    def __str__(self) -> str:
        return self.text[:30]


class ReplyPromise(models.Model):
    """B 类答复中的承诺事项；送达后进入承诺台账。"""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="promises", verbose_name="答复")
    position = models.PositiveSmallIntegerField("序")
    text = models.CharField("承诺事项", max_length=200)
    due_on = models.DateField("完成时限")
    responsible = models.CharField("责任处室和责任人", max_length=60)

    class Meta:
        verbose_name = "承诺事项"
        verbose_name_plural = "承诺事项"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class ReplyVersion(models.Model):
    """一次保存的全文，供比对；签发版冻结。"""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="versions", verbose_name="答复")
    number = models.PositiveIntegerField("版次")
    text = models.TextField("全文")
    digest = models.CharField("摘要", max_length=64)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间", default=moment, editable=False)

    class Meta:
        verbose_name = "答复版本"
        verbose_name_plural = "答复版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["reply", "number"], name="reply_version_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class ApprovalStep(models.TextChoices):
    """审签环节（单位可配）。"""

    DIVISION = "division", "处室审稿"
    OFFICE = "office", "办公室核稿"
    LEADER = "leader", "分管领导审核"
    SPONSOR = "sponsor", "领办领导审核"
    HEAD = "head", "主要负责人签发"


class Approval(models.Model):
    """审签的一环。意见针对某一版；改稿后旧意见作废（重新送审另起一组）。"""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="approvals", verbose_name="答复")
    attempt = models.PositiveSmallIntegerField("第几次送审")
    position = models.PositiveSmallIntegerField("次序")
    step = models.CharField("环节", max_length=10, choices=ApprovalStep)
    version = models.PositiveIntegerField("针对版次")
    delegate = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转请何人审签"
    )
    agreed = models.BooleanField("同意", null=True, blank=True)
    opinion = models.TextField("意见", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审签人"
    )
    decider_name = models.CharField("审签人姓名职务", max_length=120, blank=True)
    decided_at = models.DateTimeField("时间", null=True, blank=True)

    class Meta:
        verbose_name = "审签"
        verbose_name_plural = "审签"
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "attempt", "position"], name="approval_position")
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class Delivery(models.Model):
    """向一名代表的送达。并案件中每件的每名代表各一份。"""

    class Means(models.TextChoices):
        POST = "post", "邮寄"
        BY_HAND = "by_hand", "当面"
        ONLINE = "online", "网上"

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="deliveries", verbose_name="答复")
    suggestion = models.ForeignKey("suggestions.Suggestion", models.PROTECT, related_name="+", verbose_name="所属件")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="deliveries", verbose_name="代表")
    is_lead = models.BooleanField("领衔", default=False)
    means = models.CharField("送达方式", max_length=8, choices=Means, blank=True)
    delivered_on = models.DateField("送达日期", null=True, blank=True)
    undeliverable = models.CharField("无法送达的原因", max_length=100, blank=True)
    read_at = models.DateTimeField("代表阅读时间", null=True, blank=True)
    urged_times = models.PositiveSmallIntegerField("催填次数", default=0)
    urged_on = models.DateField("最近催填日期", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "送达"
        verbose_name_plural = "送达"
        ordering = ["-is_lead", "id"]
        constraints = [models.UniqueConstraint(fields=["reply", "suggestion", "deputy"], name="reply_delivery_once")]

    def __str__(self) -> str:
        return str(self.deputy)

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"
