"""办理单：一个承办关系在单位内部定下的事。"""
from django.db import models


class Nature(models.TextChoices):
    """性质分类（民政厅）：与提交类别、办理结果都不是一回事。"""

    OPINION = "opinion", "意见"
    SUGGESTION = "suggestion", "建议"
    CRITICISM = "criticism", "批评"


class Way(models.TextChoices):
    """现场办理以哪种方式为主（科技厅）。"""

    ON_SITE = "on_site", "现场调研"
    AT_DEPUTY = "at_deputy", "代表单位座谈"
    TOGETHER = "together", "共同座谈"
    VISIT = "visit", "上门走访"


class PolicyMaking(models.TextChoices):
    """政策创制的结论（民政厅“建议”件）。"""

    NEW = "new", "立项创制"
    INCLUDED = "included", "纳入在办的政策"
    NONE = "none", "不创制"


class HandlingSheet(models.Model):
    """办理单：性质、拟定类别、重点、现场办理方式、结对责任人。没有填的为空。"""

    assignment = models.OneToOneField(
        "handlers.Assignment", models.CASCADE, related_name="sheet", verbose_name="承办关系"
    )
    nature = models.CharField("性质分类", max_length=10, choices=Nature, blank=True)
    regulation = models.ForeignKey(
        "handlers.Regulation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依据的办法"
    )
    intended_class = models.ForeignKey(
        "handlers.ResultClass", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟定类别"
    )
    is_key = models.BooleanField("重点建议", default=False)
    involves_place = models.BooleanField("涉及具体单位或地区", null=True, blank=True)
    place_named = models.CharField("涉及的单位或地区", max_length=60, blank=True)
    single_issue = models.BooleanField("内容相对单一", null=True, blank=True)
    way = models.CharField("办理方式", max_length=10, choices=Way, blank=True)
    way_reason = models.CharField("改用其他方式的理由", max_length=200, blank=True)
    partner = models.ForeignKey(
        "handlers.Post", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结对责任人"
    )
    policy_basis = models.TextField("政策依据", blank=True)
    policy_making = models.CharField("政策创制", max_length=10, choices=PolicyMaking, blank=True)
    policy_note = models.CharField("创制名称或不创制的理由", max_length=200, blank=True)
    likeness_note = models.CharField("与本单位其他答复相近的说明", max_length=300, blank=True)
    disagreement_note = models.CharField("未达成一致，分管领导批注", max_length=300, blank=True)

    class Meta:
        verbose_name = "办理单"
        verbose_name_plural = "办理单"

    def __str__(self) -> str:
        return f"{self.assignment} 办理单"

    @property
    def audit_chain(self) -> str:
        return f"suggestion:{self.assignment.suggestion_id}"
