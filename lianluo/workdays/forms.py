"""工作日历各页的表单。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.web import forms

from . import importing
from .models import Measure, RuleCode, RuleProfile

REST, WORK, USUAL = "rest", "work", "usual"
MEANING = {REST: False, WORK: True, USUAL: None}


class DayForm(forms.Form):
    """改一天。"""

    is_workday = forms.RadioField(
        label="这一天", choices=[(REST, "放假"), (WORK, "上班"), (USUAL, "恢复常规（周一至周五上班，周末休息）")]
    )
    name = django_forms.CharField(label="名称", max_length=40, required=False, help_text="例如：国庆节、国庆节调休")
    source = django_forms.CharField(label="来源", max_length=120, required=False, help_text="放假通知的文号或名称")
    reason = django_forms.CharField(label="理由", max_length=200, widget=django_forms.Textarea({"rows": 3}))

    def clean_is_workday(self) -> bool | None:
        return MEANING[self.cleaned_data["is_workday"]]


class ImportForm(forms.Form):
    """导入一年的放假安排。"""

    file = django_forms.FileField(label="CSV 文件", help_text="列为：日期,是否上班,名称,来源；不超过 1 MB")
    year = django_forms.IntegerField(
        label="年份", min_value=1990, max_value=2100, required=False, help_text="不写时，取文件里最多的那一年"
    )
    source = django_forms.CharField(
        label="来源", max_length=120, required=False, help_text="放假通知的文号或名称；文件里有“来源”一列的可以不写"
    )

    def year_file(self) -> importing.YearFile:
        """读好的一年；不收的说明缘由。"""
        data = self.cleaned_data
        content = data["file"].read(importing.MOST_BYTES + 1)
        return importing.read_year(content, year=data["year"], source=data["source"])


class CoverForm(forms.Form):
    """标明一年已录完。"""

    source = django_forms.CharField(label="来源", max_length=120, help_text="国务院办公厅放假通知的文号或名称")


class CalculatorForm(forms.Form):
    """算期限：选一条期限，或写一段期间。"""

    start_on = forms.DateField(label="起算日", help_text="当日不计入，从次日起算")
    profile = django_forms.ModelChoiceField(
        RuleProfile.objects.all(), label="时限规则", to_field_name="code", empty_label=None
    )
    rule = django_forms.ChoiceField(
        label="期限", choices=[("", "自己写一段期间"), *RuleCode.choices], required=False
    )
    amount = django_forms.IntegerField(label="期间", min_value=1, max_value=9999, required=False)
    measure = django_forms.ChoiceField(label="单位", choices=Measure.choices, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("rule", "amount", "measure"):
            self.fields[name].either = True

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("rule") and not data.get("amount") and "amount" not in self.errors:
            self.add_error("rule", "选一条期限，或者在下面写期间")
        return data
