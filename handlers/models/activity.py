"""沟通联系：一次活动可涉及多件、多名代表，每件各记一次。"""
from django.conf import settings
from django.db import models
from django.urls import reverse

from lianluo.audit.context import moment

from ..querysets import ActivityQuerySet


class ActivityKind(models.TextChoices):
    """沟通方式。是否见面由方式决定，不由人勾选。"""

    PHONE = "phone", "电话"
    MESSAGE = "message", "短信、微信"
    EMAIL = "email", "邮件"
    LETTER = "letter", "信函"
    ONLINE = "online", "视频连线"
    VISIT = "visit", "上门走访"
    TALK = "talk", "座谈"
    ON_SITE = "on_site", "现场办理"
    INSPECTION = "inspection", "视察"
    BY_THE_WAY = "by_the_way", "顺访"


#: 面对面的方式，计入见面率
FACE_TO_FACE = ("visit", "talk", "on_site", "inspection", "by_the_way")


class Stage(models.TextChoices):
    """办前、办中、办后（JT-08、JT-10、JT-11）。"""

    BEFORE = "before", "办前"
    DURING = "during", "办中"
    AFTER = "after", "办后"


class Activity(models.Model):
    """一次沟通或会商。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="activities", verbose_name="单位")
    kind = models.CharField("方式", max_length=12, choices=ActivityKind)
    stage = models.CharField("阶段", max_length=8, choices=Stage)
    face_to_face = models.BooleanField("面对面", editable=False)
    happened_on = models.DateField("日期")
    place = models.CharField("地点", max_length=100, blank=True)
    content = models.TextField("沟通内容")
    deputy_view = models.TextField("代表意见", blank=True)
    backfilled = models.BooleanField("补录", default=False, help_text="发生七日后才记")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间", default=moment, editable=False)
    assignments = models.ManyToManyField(
        "handlers.Assignment", through="handlers.ActivityCase", related_name="activities", verbose_name="涉及件"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "沟通记录"
        verbose_name_plural = "沟通记录"
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.get_kind_display()}"

    def save(self, *args, **kwargs):
        self.face_to_face = self.kind in FACE_TO_FACE
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("handlers:activity", args=[self.pk])


class ActivityCase(models.Model):
    """活动涉及的一件。"""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="cases", verbose_name="活动")
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, related_name="activity_cases", verbose_name="承办关系"
    )

    class Meta:
        verbose_name = "活动涉及件"
        verbose_name_plural = "活动涉及件"
        constraints = [models.UniqueConstraint(fields=["activity", "assignment"], name="activity_case_once")]

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class ActivityDeputy(models.Model):
    """参加活动的代表。"""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deputies", verbose_name="活动")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="+", verbose_name="代表")
    denied_at = models.DateTimeField("代表称未联系过", null=True, blank=True)

    class Meta:
        verbose_name = "参加代表"
        verbose_name_plural = "参加代表"
        constraints = [models.UniqueConstraint(fields=["activity", "deputy"], name="activity_deputy_once")]

    def __str__(self) -> str:
        return str(self.deputy)


class ActivityMember(models.Model):
    """单位一方参加的人，职务职级按当时冻结。"""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="members", verbose_name="活动")
    post = models.ForeignKey("handlers.Post", models.PROTECT, related_name="+", verbose_name="任职")
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务", max_length=60)
    duty = models.CharField("职责", max_length=14)
    rank = models.PositiveSmallIntegerField("职级")

    class Meta:
        verbose_name = "单位参加人"
        verbose_name_plural = "单位参加人"

    def __str__(self) -> str:
        return f"{self.name}（{self.title}）"
