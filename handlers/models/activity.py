"""沟通联系：一次活动可涉及多件、多名代表，每件各记一次。"""
from django.conf import settings
from django.db import models
from django.urls import reverse

from lianluo.audit.context import moment

from ..querysets import ActivityCaseQuerySet, ActivityQuerySet


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
    LEADER_LETTER = "leader_letter", "厅长写信"
    LED = "led", "厅领导领办"
    MEETING = "meeting", "会议"
    PAPER = "paper", "书面"


#: 面对面的方式，计入见面率（JT-16 至 JT-18）；电话、短信、邮件、写信不计（JT-14）
FACE_TO_FACE = ("visit", "talk", "on_site", "inspection", "by_the_way")
#: 与代表沟通可选的方式
CONTACT_KINDS = tuple(kind for kind in ActivityKind if kind not in (ActivityKind.MEETING, ActivityKind.PAPER))


class Matter(models.TextChoices):
    """为什么事。前两种是与代表沟通，其余是单位内部会商和服务代表，不计沟通次数。"""

    CONTACT = "contact", "沟通"
    CONSENT = "consent", "征求对解决方案的意见"
    FEASIBILITY = "feasibility", "可行性评估"
    EXPERTS = "experts", "专家会诊"
    UNIT_MEETING = "unit_meeting", "会议研究"
    RESEARCH = "research", "联合调研"
    GROUP_VISIT = "group_visit", "集中走访"
    INVITATION = "invitation", "邀请列席重要会议活动"
    MAILING = "mailing", "寄送文件资料"
    LIAISON = "liaison", "日常联络"
    TRIP = "trip", "出差"


#: 计入与代表沟通的
CONTACTS = (Matter.CONTACT, Matter.CONSENT)
#: 服务代表的（CZ-15 至 CZ-19）
SERVICES = (Matter.RESEARCH, Matter.GROUP_VISIT, Matter.INVITATION, Matter.MAILING, Matter.LIAISON)


class Conclusion(models.TextChoices):
    """有结论的事由各自的结论。"""

    AGREED = "agreed", "同意"
    CONDITIONAL = "conditional", "有条件同意"
    REFUSED = "refused", "不同意"
    FEASIBLE = "feasible", "可行"
    PARTLY = "partly", "部分可行"
    INFEASIBLE = "infeasible", "暂不可行"


#: 事由 → 可选的结论
CONCLUSIONS: dict[str, tuple[str, ...]] = {
    Matter.CONSENT: (Conclusion.AGREED, Conclusion.CONDITIONAL, Conclusion.REFUSED),
    Matter.FEASIBILITY: (Conclusion.FEASIBLE, Conclusion.PARTLY, Conclusion.INFEASIBLE),
}


class Agreement(models.TextChoices):
    """办理中与代表是否达成一致（JT-10）。"""

    FULL = "full", "一致"
    PART = "part", "部分一致"
    NONE = "none", "未一致"


class Organ(models.TextChoices):
    """哪一级会议（KJ-02）。"""

    PARTY_GROUP = "party_group", "党组会"
    EXECUTIVE = "executive", "厅务会"
    SPECIAL = "special", "专题会"


class Stage(models.TextChoices):
    """办前、办中、办后（JT-08、JT-10、JT-11）。"""

    BEFORE = "before", "办前"
    DURING = "during", "办中"
    AFTER = "after", "办后"


class Activity(models.Model):
    """一次沟通或会商。"""

    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="activities", verbose_name="单位")
    kind = models.CharField("方式", max_length=14, choices=ActivityKind)
    matter = models.CharField("事由", max_length=12, choices=Matter, default=Matter.CONTACT)
    stage = models.CharField("阶段", max_length=8, choices=Stage)
    face_to_face = models.BooleanField("面对面", editable=False)
    happened_on = models.DateField("日期")
    place = models.CharField("地点", max_length=100, blank=True)
    content = models.TextField("沟通内容")
    deputy_view = models.TextField("代表意见", blank=True)
    subject = models.CharField("议题（事项）", max_length=200, blank=True)
    organ = models.CharField("会议", max_length=12, choices=Organ, blank=True)
    conclusion = models.CharField("结论", max_length=12, choices=Conclusion, blank=True)
    intent = models.CharField("代表意图", max_length=300, blank=True)
    explained = models.CharField("解释要点", max_length=300, blank=True)
    agreed_measures = models.CharField("协商的措施", max_length=300, blank=True)
    agreement = models.CharField("是否一致", max_length=6, choices=Agreement, blank=True)
    number = models.CharField("编号", max_length=40, blank=True, help_text="厅长信的编号")
    leader = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="带队人"
    )
    stand_in_reason = models.CharField("代为带队的理由", max_length=200, blank=True)
    plan = models.ForeignKey(
        "handlers.Plan", models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="方案"
    )
    experts = models.ManyToManyField(
        "handlers.Expert", blank=True, related_name="activities", db_table="handlers_activity_expert",
        verbose_name="专家",
    )
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

    objects = ActivityCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "活动涉及件"
        verbose_name_plural = "活动涉及件"
        constraints = [models.UniqueConstraint(fields=["activity", "assignment"], name="activity_case_once")]

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"


class Answer(models.TextChoices):
    """邀请的回执（CZ-18）。"""

    COMING = "coming", "参加"
    NOT_COMING = "not_coming", "不能参加"


class ActivityDeputy(models.Model):
    """参加活动的代表。"""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deputies", verbose_name="活动")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="+", verbose_name="代表")
    denied_at = models.DateTimeField("代表称未联系过", null=True, blank=True)
    answer = models.CharField("回执", max_length=10, choices=Answer, blank=True)
    answered_on = models.DateField("回执日期", null=True, blank=True)
    attended = models.BooleanField("出席", null=True, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)

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


class Expert(models.Model):
    """专家库（MZ-15）。"""

    unit = models.ForeignKey("handlers.Unit", models.CASCADE, related_name="experts", verbose_name="单位")
    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职称", max_length=60, blank=True)
    institution = models.CharField("所在单位", max_length=80)
    field = models.CharField("专长", max_length=80, blank=True)
    is_active = models.BooleanField("在库", default=True)

    class Meta:
        verbose_name = "专家"
        verbose_name_plural = "专家库"
        ordering = ["unit", "name", "id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.institution}）"
