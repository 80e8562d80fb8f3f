"""考核：方案（百分制＋附加分）、评分表、评分项、更正单。单位考处室、办公室考单位是同一套。"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from lianluo.audit.context import moment

from ..querysets import ScoreSheetQuerySet


class ScoringScheme(models.Model):
    """评分方案：一年一版，定下各项的分值。``unit`` 空的是办公室考单位的。"""

    congress = models.ForeignKey("congresses.Congress", models.PROTECT, verbose_name="人大")
    unit = models.ForeignKey(
        "handlers.Unit", models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name="单位（考处室）"
    )
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=60)
    items = models.JSONField("各项分值", default=list, help_text="[{code, points, each}]；附加分各项有上限")
    bonus_cap = models.DecimalField("附加分上限", max_digits=5, decimal_places=2, default=20)
    weight = models.DecimalField("占年度绩效的权重（%）", max_digits=5, decimal_places=2, default=10)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="制定人"
    )
    made_at = models.DateTimeField("制定时间", default=moment, editable=False)

    class Meta:
        verbose_name = "评分方案"
        verbose_name_plural = "评分方案"
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(unit__isnull=False), name="scheme_unit_year_once"
            ),
            models.UniqueConstraint(
                fields=["congress", "year"], condition=Q(unit__isnull=True), name="scheme_year_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{self.name}"


class MarkKind(models.TextChoices):
    """要人看过才知道的：答复质量的扣分、表扬和经验的加分。"""

    FORMAT = "format", "答复格式不规范"
    OFF_POINT = "off_point", "没有答所提问题"
    UNTRUE = "untrue", "与实际不符"
    BLUNT = "blunt", "不完整或语气生硬"
    PRAISE = "praise", "受到表扬"
    ARTICLE = "article", "经验被简报刊发"


class ScoreMark(models.Model):
    """人工记的一次加减分：什么事、凭什么；记错了的撤销，不删。"""

    scheme = models.ForeignKey(ScoringScheme, models.CASCADE, related_name="marks", verbose_name="方案")
    division = models.ForeignKey(
        "handlers.Division", models.PROTECT, related_name="score_marks", verbose_name="处室"
    )
    kind = models.CharField("事由", max_length=10, choices=MarkKind)
    assignment = models.ForeignKey(
        "handlers.Assignment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="涉及件"
    )
    ground = models.CharField("凭据", max_length=200)
    made_on = models.DateField("日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    withdrawn_reason = models.CharField("撤销的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "人工加减分"
        verbose_name_plural = "人工加减分"
        ordering = ["made_on", "id"]

    def __str__(self) -> str:
        return f"{self.division} {self.get_kind_display()}"


class ScoreStatus(models.TextChoices):
    """公示、确认、锁定（CZ-28）。"""

    DRAFT = "draft", "核算中"
    PUBLISHED = "published", "公示中"
    CONFIRMED = "confirmed", "已确认"
    LOCKED = "locked", "已锁定"


class ScoreSheet(models.Model):
    """一个处室（或单位）一年一张；数据截止日那天的事实照样存下，以后不随数据变。"""

    scheme = models.ForeignKey(ScoringScheme, models.PROTECT, related_name="sheets", verbose_name="方案")
    unit = models.ForeignKey("handlers.Unit", models.PROTECT, related_name="score_sheets", verbose_name="单位")
    division = models.ForeignKey(
        "handlers.Division", models.PROTECT, null=True, blank=True, related_name="score_sheets", verbose_name="处室"
    )
    status = models.CharField("状态", max_length=10, choices=ScoreStatus, default=ScoreStatus.DRAFT)
    cutoff_on = models.DateField("数据截止日")
    base_points = models.DecimalField("基础分", max_digits=6, decimal_places=2, default=0)
    bonus = models.DecimalField("附加分", max_digits=5, decimal_places=2, default=0)
    total = models.DecimalField("总分", max_digits=6, decimal_places=2, default=0)
    published_on = models.DateField("公示日期", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    locked_on = models.DateField("锁定日期", null=True, blank=True)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核算人"
    )

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "评分表"
        verbose_name_plural = "评分表"
        ordering = ["scheme", "-total", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "division"], condition=Q(division__isnull=False), name="sheet_division_once"
            ),
            models.UniqueConstraint(
                fields=["scheme", "unit"], condition=Q(division__isnull=True), name="sheet_unit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division or self.unit} {self.scheme.year} 年评分表"

    @property
    def final(self):
        """现在的基础分、附加分、总分：更正过的项按更正后的分，算法与核算时同一个。"""
        from ..scoring.sheet import Part, totals

        parts = [Part(one.most, one.final_points, one.applies, one.is_bonus) for one in self.items.all()]
        return totals(parts, self.scheme.bonus_cap)


class ScoreItem(models.Model):
    """评分表的一项：满分、得分、怎样算的、凭什么。"""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="items", verbose_name="评分表")
    position = models.PositiveSmallIntegerField("次序")
    code = models.CharField("评分项", max_length=24)
    name = models.CharField("名称", max_length=60)
    heading = models.CharField("一级指标", max_length=20, blank=True)
    is_bonus = models.BooleanField("附加分", default=False)
    most = models.DecimalField("满分（上限）", max_digits=5, decimal_places=2)
    applies = models.BooleanField("适用", default=True)
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, default=0)
    explanation = models.CharField("怎样算的", max_length=300)
    evidence = models.JSONField("凭据", default=list, help_text="[[文字, 地址]]")

    class Meta:
        verbose_name = "评分项"
        verbose_name_plural = "评分项"
        ordering = ["sheet", "position"]
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="score_item_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def final_points(self):
        """最近一次更正以后的得分；没有更正的即原得分。"""
        slips = list(self.corrections.all())
        return slips[-1].new_points if slips else self.points


class ScoreCorrection(models.Model):
    """更正单：锁定以后要改，只能另开一张，原来的分留着。"""

    item = models.ForeignKey(ScoreItem, models.PROTECT, related_name="corrections", verbose_name="评分项")
    old_points = models.DecimalField("原得分", max_digits=5, decimal_places=2)
    new_points = models.DecimalField("更正为", max_digits=5, decimal_places=2)
    reason = models.CharField("理由", max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="更正人")
    made_on = models.DateField("更正日期")

    class Meta:
        verbose_name = "评分更正单"
        verbose_name_plural = "评分更正单"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(old_points=models.F("new_points")), name="correction_changes")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.old_points} → {self.new_points}"
