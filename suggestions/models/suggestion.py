"""件：一条代表建议、批评或意见，和它的联名、具体建议、时限。"""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianluo.audit.context import moment
from lianluo.workdays.models import DueDate

from ..querysets import SuggestionQuerySet


class SuggestionStatus(models.TextChoices):
    """件的状态。逾期是算出来的，不是状态。"""

    DRAFT = "draft", "草稿"
    COSIGNING = "cosigning", "待联名确认"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回修改"
    DECLINED = "declined", "不作为建议"
    REGISTERED = "registered", "已登记"
    MERGED = "merged", "已并案"
    ASSIGNED = "assigned", "已交办"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "已答复待测评"
    REHANDLING = "rehandling", "再办理"
    ESCALATED = "escalated", "协调评估"
    CONCLUDED = "concluded", "办结"
    WITHDRAWN = "withdrawn", "已撤回"


class SuggestionKind(models.TextChoices):
    """提交类别：代表自己怎么称呼它。"""

    SUGGESTION = "suggestion", "建议"
    CRITICISM = "criticism", "批评"
    OPINION = "opinion", "意见"


class RaisedDuring(models.TextChoices):
    IN_SESSION = "in_session", "大会期间"
    BETWEEN_SESSIONS = "between", "闭会期间"


class RaisedBy(models.TextChoices):
    PERSONAL = "personal", "个人"
    JOINT = "joint", "联名"
    DELEGATION = "delegation", "代表团"


class Series(models.TextChoices):
    """编号序列：大会期间与闭会期间各自连续。"""

    SESSION = "session", "会议"
    BETWEEN = "between", "闭会"


def numbered(series: str, number: int | None, from_bill: bool = False) -> str:
    """编号的写法：四位；闭会件冠“闭”，议案转建议冠“议转”。没有编号为空。"""
    return "" if number is None else f"{_mark(series, from_bill)}{number:04d}"


def spoken(series: str, number: int | None, from_bill: bool = False) -> str:
    """行文里的写法：“第”在冠字之后，闭会件说“闭会”。没有编号为空。"""
    if number is None:
        return ""
    mark = _mark(series, from_bill)
    return f"{'闭会' if mark == '闭' else mark}第{number:04d}号"


def _mark(series: str, from_bill: bool) -> str:
    return "闭" if series == Series.BETWEEN else ("议转" if from_bill else "")


class PublishWish(models.TextChoices):
    """代表对公开的意愿。"""

    FULL = "full", "同意全文公开"
    TITLE = "title", "仅同意公开标题"
    NONE = "none", "不同意公开"


class DeclineGround(models.TextChoices):
    """不作为建议处理的法定理由。"""

    N1 = "N1", "不属于本级机关、组织职权范围"
    N2 = "N2", "要求解决代表本人及其亲属个人问题"
    N3 = "N3", "本单位等个别问题"
    N4 = "N4", "涉及具体司法案件或者仲裁程序"
    N5 = "N5", "代转群众来信、申诉材料"
    N6 = "N6", "检举、控告、申诉"
    N7 = "N7", "学术探讨"
    N8 = "N8", "产品推介、广告"
    N9 = "N9", "没有实际内容"
    N10 = "N10", "对正在进行的招标投标提出具体中标意见"
    N11 = "N11", "政策、法律咨询"
    N12 = "N12", "与个人利益关联或者干涉公平竞争"
    N13 = "N13", "违反法律法规"
    N99 = "N99", "其他"


class Suggestion(models.Model):
    """件。一事一议；编号登记时取得，不可改。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    session = models.ForeignKey("congresses.Session", models.PROTECT, related_name="+", verbose_name="会议")
    series = models.CharField("编号序列", max_length=10, choices=Series, default=Series.SESSION)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    status = models.CharField("状态", max_length=12, choices=SuggestionStatus, default=SuggestionStatus.DRAFT)
    kind = models.CharField("形式", max_length=12, choices=SuggestionKind, default=SuggestionKind.SUGGESTION)
    raised_during = models.CharField("提出时间", max_length=12, choices=RaisedDuring, default=RaisedDuring.IN_SESSION)
    raised_by = models.CharField("提出方式", max_length=12, choices=RaisedBy, default=RaisedBy.PERSONAL)
    converted_from_bill = models.BooleanField("议案转建议", default=False)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    lead_deputy = models.ForeignKey(
        "suggestions.Deputy", models.PROTECT, related_name="led_suggestions", verbose_name="领衔代表"
    )
    delegation = models.ForeignKey("suggestions.Delegation", models.PROTECT, verbose_name="代表团")
    category = models.ForeignKey("suggestions.Category", models.PROTECT, null=True, blank=True, verbose_name="分类")
    group = models.ForeignKey(
        "suggestions.SuggestionGroup", models.SET_NULL, null=True, blank=True, related_name="suggestions",
        verbose_name="相近件组",
    )
    regions = models.JSONField("涉及地区", default=list, blank=True)
    involves_place = models.BooleanField("涉及具体单位或地点", null=True, blank=True)
    wished_units = models.CharField("希望承办单位", max_length=200, blank=True)
    publish_wish = models.CharField("公开意愿", max_length=6, choices=PublishWish, blank=True)
    publish_wish_reason = models.CharField("不同意公开的理由", max_length=200, blank=True)
    wants_meeting = models.BooleanField("希望加强联系沟通", default=False)
    for_reference = models.BooleanField("供研究参考，不需要书面答复", default=False)
    formed_by = models.CharField("形成方式", max_length=40, blank=True)
    repeated_years = models.CharField("多年多次提出", max_length=20, blank=True)
    hides_identity = models.BooleanField("要求保密身份", default=False)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    contact_wish = models.CharField("方便联系的时间与方式", max_length=100, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    registered_on = models.DateField("登记日期", null=True, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    concluded_on = models.DateField("办结日期", null=True, blank=True)
    due_on = models.DateField("最近时限", null=True, blank=True, help_text="当前环节的到期日，供列表排序")
    decline_ground = models.CharField("不作为建议的理由", max_length=4, choices=DeclineGround, blank=True)
    decision_note = models.TextField("审查说明", blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_children", verbose_name="并入"
    )
    text_hash = models.CharField("文本摘要", max_length=64, blank=True)
    similar_count = models.PositiveSmallIntegerField("相近件数", default=0)
    batch = models.ForeignKey(
        "suggestions.ImportBatch", models.PROTECT, null=True, blank=True, related_name="suggestions",
        verbose_name="导入批次",
    )
    row_hash = models.CharField("导入行摘要", max_length=64, blank=True, db_index=True)
    revision = models.PositiveIntegerField("版次", default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    made_at = models.DateTimeField("录入时间", default=moment, editable=False)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "建议"
        verbose_name_plural = "建议"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "series", "number"], condition=Q(number__isnull=False), name="suggestion_number"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="suggestion_merged",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="suggestion_not_self"),
        ]
        indexes = [
            models.Index(fields=["session", "status", "-number"], name="suggestion_list"),
            models.Index(fields=["session", "-number"], name="suggestion_newest"),
            models.Index(fields=["status", "due_on"], name="suggestion_due"),
            models.Index(fields=["session", "status", "due_on"], name="suggestion_counts"),
            models.Index(fields=["delegation", "-number"], name="suggestion_team"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_number} {self.title}".strip()

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.pk}"

    @property
    def shown_number(self) -> str:
        """编号；未登记为空。"""
        return numbered(self.series, self.number, self.converted_from_bill)

    @property
    def spoken_number(self) -> str:
        """说的写法：第0005号、闭会第0005号、议转第0005号。未登记为空。"""
        return spoken(self.series, self.number, self.converted_from_bill)

    def get_absolute_url(self) -> str:
        """件页：已登记用届次与编号，未登记用内部号。"""
        if self.number is None:
            return f"/s/i/{self.pk}/"
        mark = "b" if self.series == Series.BETWEEN else ""
        return f"/s/{self.session.code}/{mark}{self.number:04d}/"

    @property
    def main(self) -> "Suggestion":
        """办理时以谁为准：已并案的看主件。"""
        return self.merged_into or self


class CoSigner(models.Model):
    """联名（附议）代表：各自确认自己看到的文本，文本一改确认即失效。"""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="cosigners", verbose_name="件")
    deputy = models.ForeignKey("suggestions.Deputy", models.PROTECT, related_name="+", verbose_name="代表")
    position = models.PositiveSmallIntegerField("次序", default=0)
    invited_at = models.DateTimeField("邀请时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_hash = models.CharField("确认的文本摘要", max_length=64, blank=True)
    confirmed_how = models.CharField("确认方式", max_length=20, blank=True)
    refused_at = models.DateTimeField("谢绝时间", null=True, blank=True)

    class Meta:
        verbose_name = "联名代表"
        verbose_name_plural = "联名代表"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["suggestion", "deputy"], name="cosigner_once")]

    def __str__(self) -> str:
        return str(self.deputy)

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"


class Request(models.Model):
    """一条具体建议；答复须逐条回应（青岛条例第二十九条）。"""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="requests", verbose_name="件")
    position = models.PositiveSmallIntegerField("序")
    text = models.TextField("具体建议")

    class Meta:
        verbose_name = "具体建议"
        verbose_name_plural = "具体建议"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["suggestion", "position"], name="request_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"


class SuggestionDue(DueDate):
    """件上的时限：登记、交办。"""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="dues", verbose_name="件")

    class Meta(DueDate.Meta):
        abstract = False
        verbose_name = "件的时限"
        verbose_name_plural = "件的时限"
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "rule_code", "round"], name="suggestion_due_once")
        ]

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.suggestion_id}"
