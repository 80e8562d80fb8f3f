"""服务代表：对口联系的范围、代表留言、“连心桥”栏目。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.audit.context import moment


class PostArea(models.Model):
    """一个任职联系哪些代表：一个代表团，或单独一名代表（CZ-14；市州局协助人的市州）。"""

    post = models.ForeignKey("handlers.Post", models.CASCADE, related_name="areas", verbose_name="任职")
    delegation = models.ForeignKey(
        "suggestions.Delegation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代表团"
    )
    deputy = models.ForeignKey(
        "suggestions.Deputy", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代表"
    )

    class Meta:
        verbose_name = "联系范围"
        verbose_name_plural = "联系范围"
        constraints = [
            models.UniqueConstraint(fields=["post", "delegation"], name="area_delegation_once"),
            models.UniqueConstraint(fields=["post", "deputy"], name="area_deputy_once"),
            models.CheckConstraint(
                condition=Q(delegation__isnull=False, deputy__isnull=True)
                | Q(delegation__isnull=True, deputy__isnull=False),
                name="area_one_of_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.delegation or self.deputy)


class DeputyMessage(models.Model):
    """代表与单位的往来留言；代表的一条有答复期限（CZ-21）。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="messages", verbose_name="单位")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="+", verbose_name="代表")
    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="件"
    )
    from_deputy = models.BooleanField("代表发的")
    text = models.TextField("内容")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发送人")
    author_name = models.CharField("署名", max_length=80)
    sent_at = models.DateTimeField("时间", default=moment, editable=False)
    answer_by_on = models.DateField("答复期限", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "代表留言"
        verbose_name_plural = "代表留言"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["unit", "deputy", "id"], name="message_thread"),
            models.Index(
                fields=["answer_by_on"], condition=Q(answered_at__isnull=True, from_deputy=True), name="message_owed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}的留言"


class Column(models.Model):
    """单位刊物上的栏目，如《新理财（湖南财政）》“连心桥”（CZ-20）。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="columns", verbose_name="单位")
    publication = models.CharField("刊物", max_length=60)
    name = models.CharField("栏目", max_length=40)

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "publication", "name"], name="column_once",
                violation_error_message="这个刊物已有同名的栏目",
            )
        ]

    def __str__(self) -> str:
        return f"《{self.publication}》“{self.name}”"


class ColumnArticle(models.Model):
    """栏目里的一篇：代表来稿，或单位回应。"""

    column = models.ForeignKey(Column, models.PROTECT, related_name="articles", verbose_name="栏目")
    issue = models.CharField("期", max_length=30)
    title = models.CharField("题目", max_length=100)
    deputy = models.ForeignKey(
        "suggestions.Deputy", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代表"
    )
    suggestion = models.ForeignKey(
        "suggestions.Suggestion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="件"
    )
    by_deputy = models.BooleanField("代表来稿")
    text = models.TextField("正文")
    published_on = models.DateField("刊出日期")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间", default=moment, editable=False)

    class Meta:
        verbose_name = "栏目文章"
        verbose_name_plural = "栏目文章"
        ordering = ["-published_on", "-id"]

    def __str__(self) -> str:
        return self.title
