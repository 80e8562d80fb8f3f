"""人民代表大会、届、次会议。省到乡各级同构。"""
from django.core.exceptions import ValidationError
from django.db import models

from lianluo.statements import Statement


class Tier(models.TextChoices):
    """层次。"""

    NATIONAL = "national", "全国"
    PROVINCE = "province", "省级"
    CITY = "city", "设区的市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"


class Congress(models.Model):
    """一级人民代表大会。"""

    name = models.CharField("全称", max_length=60, unique=True)
    short = models.CharField("简称", max_length=20)
    tier = models.CharField("层次", max_length=10, choices=Tier)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上一级")

    class Meta:
        verbose_name = "人民代表大会"
        verbose_name_plural = "人民代表大会"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """届。"""

    congress = models.ForeignKey(Congress, models.PROTECT, related_name="terms", verbose_name="人大")
    number = models.PositiveSmallIntegerField("第几届")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "届"
        verbose_name_plural = "届"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "number"], name="term_number", violation_error_message="这一届已经有了"
            )
        ]

    def __str__(self) -> str:
        return f"{self.congress.short}第{self.number}届"


class Session(models.Model):
    """次会议。编号按次会议连续；闭会期间的件也记在最近一次会议名下。"""

    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", verbose_name="届")
    number = models.PositiveSmallIntegerField("第几次会议")
    name = models.CharField("全称", max_length=80)
    opened_on = models.DateField("开幕")
    closed_on = models.DateField("闭幕")
    profile = models.ForeignKey("workdays.RuleProfile", models.PROTECT, verbose_name="时限规则")
    code = models.CharField("届-次", max_length=12, editable=False)
    is_current = models.BooleanField("本次", default=False)

    class Meta:
        verbose_name = "次会议"
        verbose_name_plural = "次会议"
        ordering = ["-opened_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "number"], name="session_number", violation_error_message="这一届的这次会议已经有了"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__gte=models.F("opened_on")), name="session_days",
                violation_error_message="闭幕不能早于开幕",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """届-次（如 14-4）随届与次得出，存下来免得列表里逐行联表。"""
        self.code = f"{self.term.number}-{self.number}"
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            raise ValidationError({"closed_on": "闭幕不能早于开幕"})


def current_session(congress: Congress | None = None) -> Session | None:
    """正在办理的那次会议：标了“本次”的，否则最近开幕的。"""
    if congress is None:
        return CURRENT.first()
    return _current().filter(term__congress=congress).first()


def _current():
    return Session.objects.select_related("term__congress", "profile").order_by("-is_current", "-opened_on")


CURRENT = Statement(lambda: _current()[:1])


def session_by_code(code: str, congress: Congress | None = None) -> Session | None:
    """由“14-4”找次会议。"""
    term, _, number = code.partition("-")
    if not (term.isdigit() and number.isdigit()):
        return None
    sessions = Session.objects.select_related("term__congress", "profile")
    if congress:
        sessions = sessions.filter(term__congress=congress)
    return sessions.filter(term__number=int(term), number=int(number)).first()
