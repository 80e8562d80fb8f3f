"""工作日历、时限规则与到期日。

数字都在数据里：规则是 :class:`DeadlineRule` 的行，放假安排是 :class:`Holiday` 的行。
法定的三个月与六个月由 :meth:`DeadlineRule.clean` 与数据库约束两道守住（代表法第五十一条）。
"""
from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from . import counting, profiles


def new_token() -> str:
    """日历版本行的标记：每改一次换一个，从不重复。"""
    return uuid.uuid4().hex


class WatchedQuerySet(models.QuerySet):
    """成批改写也要换日历版本；逐行的由信号照看。"""

    def update(self, **values):
        return self._then_changed(super().update(**values))

    def bulk_create(self, rows, *args, **kwargs):
        return self._then_changed(super().bulk_create(rows, *args, **kwargs))

    def _then_changed(self, result):
        from . import calendar

        calendar.changed(self.db)
        return result


class Holiday(models.Model):
    """放假与调休：只记例外的日子。周一至周五上班、周末休息的不必记。"""

    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("是否上班", default=False)
    name = models.CharField("名称", max_length=40, blank=True, help_text="例如：国庆节；调休上班写“国庆节调休”")
    source = models.CharField("来源", max_length=120, blank=True, help_text="例如：国办发明电〔2025〕7号")
    note = models.CharField("说明", max_length=200, blank=True)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = "放假与调休"
        verbose_name_plural = "放假与调休"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.arrangement}".replace("  ", " ")

    @property
    def arrangement(self) -> str:
        """上班或放假。"""
        return "上班" if self.is_workday else "放假"


class CalendarYear(models.Model):
    """放假安排已录入的年份。没有这一行的年份，算出的日期都是暂定。"""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("来源", max_length=120, help_text="国务院办公厅当年放假通知的文号或名称")
    covered_on = models.DateField("录入日期")

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = "年度放假安排"
        verbose_name_plural = "年度放假安排"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年放假安排"


class CalendarVersion(models.Model):
    """日历的版本标记，只有一行：各进程凭它知道缓存是否过时，改日历的人凭它排队。"""

    token = models.CharField("标记", max_length=32, default=new_token)
    changed_at = models.DateTimeField("改动时间", default=timezone.now)

    class Meta:
        verbose_name = "日历版本"
        verbose_name_plural = "日历版本"

    def __str__(self) -> str:
        return f"{timezone.localtime(self.changed_at):%Y-%m-%d %H:%M}"


class RuleProfile(models.Model):
    """一套时限规则：一个地方的做法。``settings`` 只存与默认不同的参数。"""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    region = models.CharField("地区", max_length=30, blank=True)
    settings = models.JSONField("参数", default=dict, blank=True)

    class Meta:
        verbose_name = "时限规则组"
        verbose_name_plural = "时限规则组"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def setting(self, key: str):
        """一个参数的值；本组没有写的，用默认值。"""
        return self.settings.get(key, profiles.SETTINGS[key].default)

    @cached_property
    def rules_by_code(self) -> dict[str, DeadlineRule]:
        """规则代码 → 规则；一组只读一次库。"""
        return {rule.code: rule for rule in self.rules.all()}

    @property
    def rolls(self) -> bool:
        """按日、按月的期限，最后一日逢休假日是否顺延。"""
        return bool(self.setting("roll_to_workday"))

    def clean(self) -> None:
        unknown = sorted(set(self.settings or {}) - set(profiles.SETTINGS))
        if unknown:
            raise ValidationError({"settings": f"没有这些参数：{'、'.join(unknown)}"})


class RuleCode(models.TextChoices):
    """期限的代码。"""

    REGISTER = "register_days", "审核登记"
    ASSIGN = "assign_days_off_session", "闭会期间交办"
    RETURN = "return_days", "申请退回"
    REASSIGN = "reassign_days", "重新确定承办单位"
    FIRST_CONTACT = "first_contact_days", "首次沟通"
    COHANDLE = "cohandle_opinion", "会办意见"
    COHANDLE_AGAIN = "cohandle_resubmit", "重提会办意见"
    REPLY = "reply_normal", "答复"
    REPLY_MAX = "reply_max", "答复的最长期限"
    FEEDBACK = "feedback_days", "代表反馈"
    REHANDLE = "rehandle_days", "再办理"
    PUBLISH = "publish_days", "公开答复"


class Measure(models.TextChoices):
    """期限的单位。"""

    WORKDAY = counting.WORKDAY, "工作日"
    DAY = counting.DAY, "日"
    MONTH = counting.MONTH, "月"


class Base(models.TextChoices):
    """从哪一天起算。"""

    SUBMITTED = "submitted", "提交之日"
    ASSIGNED = "assigned", "交办之日"
    RECEIVED = "received", "收到之日"
    ACCEPTED = "accepted", "签收之日"
    RETURN_ASKED = "return_asked", "申请退回之日"
    ASKED_AGAIN = "asked_again", "要求重提之日"
    DELIVERED = "delivered", "答复送达之日"
    EVALUATED = "evaluated", "评价之日"


LAW_CAPS = {RuleCode.REPLY.value: 3, RuleCode.REPLY_MAX.value: 6}  # 代表法第五十一条，单位：月


def within_law(code: str, months: int) -> Q:
    """数据库约束：这条规则只能按月计，且不超过法定月数。"""
    return ~Q(code=code) | Q(measure=Measure.MONTH, amount__lte=months)


class DeadlineRule(models.Model):
    """一条期限：多少、什么单位、从何日起、依据什么。"""

    profile = models.ForeignKey(RuleProfile, models.CASCADE, related_name="rules", verbose_name="规则组")
    code = models.CharField("期限", max_length=30, choices=RuleCode)
    amount = models.PositiveSmallIntegerField("数量")
    measure = models.CharField("单位", max_length=6, choices=Measure)
    base = models.CharField("起算", max_length=12, choices=Base)
    basis = models.CharField("依据", max_length=200)
    own_choice = models.BooleanField("本项目选定", default=False, help_text="当地规定未写明，由本项目选定")

    class Meta:
        verbose_name = "期限规则"
        verbose_name_plural = "期限规则"
        ordering = ["profile_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "code"], name="deadlinerule_once", violation_error_message="这一期限已有一条规则"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1), name="deadlinerule_amount", violation_error_message="数量至少是 1"
            ),
            models.CheckConstraint(
                condition=within_law("reply_normal", 3), name="deadlinerule_reply_law",
                violation_error_message="答复期限按月计，不超过法定的 3 个月",
            ),
            models.CheckConstraint(
                condition=within_law("reply_max", 6), name="deadlinerule_max_law",
                violation_error_message="答复最长期限按月计，不超过法定的 6 个月",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.words}"

    @property
    def words(self) -> str:
        """10个工作日。"""
        return f"{self.amount}{counting.UNITS[self.measure]}"

    def clean(self) -> None:
        if self.amount is not None and self.amount < 1:
            raise ValidationError({"amount": "期限至少为 1"})
        cap = LAW_CAPS.get(self.code)
        if cap and self.measure != Measure.MONTH:
            raise ValidationError({"measure": "答复期限按月计算（代表法第五十一条）"})
        if cap and self.amount is not None and self.amount > cap:
            raise ValidationError({"amount": f"{self.get_code_display()}不得超过{cap}个月（代表法第五十一条）"})


class DueDateQuerySet(models.QuerySet):
    def open(self):
        """还在走的：没有办到，也没有关闭。"""
        return self.filter(met_on__isnull=True, closed_on__isnull=True)


class DueDate(models.Model):
    """到期日（抽象）：起算日、到期日与当时规则的快照一起存下，日后改规则不动旧期限。

    具体类继承本类与 ``DueDate.Meta``，写明 ``audit_chain``，并在 ``AppConfig.ready`` 里
    用 ``due_dates.register`` 登记，改动日历时才会一并重算。
    """

    rule_code = models.CharField("期限", max_length=30, choices=RuleCode)
    start_on = models.DateField("起算日")
    due_on = models.DateField("到期日")
    snapshot = models.JSONField("规则快照", default=dict)
    provisional = models.BooleanField("暂定", default=False)
    met_on = models.DateField("办到日期", null=True, blank=True)
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)

    objects = DueDateQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("start_on")), name="%(class)s_due_ok"),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="%(class)s_open_ix",
                condition=Q(met_on__isnull=True, closed_on__isnull=True),
            ),
        ]

    @property
    def is_decided(self) -> bool:
        """经批准另定过日期的（延期），重算时不动。"""
        return bool(self.snapshot.get("decided"))

    def explain(self, calendar=None):
        """「怎样算出来的」：按快照与现在的日历重数一遍。"""
        from . import explanation
        from .calendar import current

        return explanation.explain(self, calendar or current())
