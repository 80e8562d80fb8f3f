"""处室考核的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from handlers.models import Assignment, Division
from lianluo.web.forms import DateField, Form, TypeaheadSelect

from ..models import MarkKind, ScoreItem, ScoringScheme
from ..scoring.criteria import OF_ROOMS


class SchemeForm(Form):
    """开一年的考核。"""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)


class ComputeForm(Form):
    """核算到哪一天。"""

    cutoff_on = DateField(label="数据截止日")


class PointsForm(Form):
    """各项满分、附加分上限、占绩效的权重。"""

    def __init__(self, *args, scheme: ScoringScheme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        now = {one["code"]: one["points"] for one in scheme.items}
        for kind in OF_ROOMS:
            self.fields[kind.code] = forms.DecimalField(
                label=f"{kind.group}：{kind.name}", min_value=0, max_value=100, max_digits=5, decimal_places=2,
                initial=now.get(kind.code, 0), help_text=kind.rule,
            )
        self.fields["bonus_cap"] = forms.DecimalField(
            label="附加分上限", min_value=0, max_value=50, max_digits=5, decimal_places=2, initial=scheme.bonus_cap
        )
        self.fields["weight"] = forms.DecimalField(
            label="占年度绩效的权重（%）", min_value=0, max_value=100, max_digits=5, decimal_places=2,
            initial=scheme.weight,
        )

    def points(self) -> dict:
        """各项满分。"""
        return {kind.code: self.cleaned_data[kind.code] for kind in OF_ROOMS}


class MarkForm(Form):
    """记一次人工加减分。"""

    division = forms.ModelChoiceField(Division.objects.none(), label="处室", empty_label="选择处室")
    kind = forms.ChoiceField(label="事由", choices=[("", "选择事由"), *MarkKind.choices])
    assignment = forms.ModelChoiceField(
        Assignment.objects.none(), label="涉及哪一件", required=False, widget=TypeaheadSelect,
        empty_label="不涉及具体的件",
    )
    ground = forms.CharField(label="凭什么", max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, scheme: ScoringScheme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = Division.objects.filter(unit=scheme.unit_id).order_by("position", "pk")
        mine = Assignment.objects.live().filter(unit=scheme.unit_id, assigned_on__year=scheme.year)
        self.fields["assignment"].queryset = mine.select_related("suggestion__session").order_by("pk")
        self.fields["assignment"].label_from_instance = _number_and_title


def _number_and_title(one: Assignment) -> str:
    return f"{one.suggestion.shown_number} {one.suggestion.title}"


class WithdrawForm(Form):
    """撤销人工加减分。"""

    reason = forms.CharField(label="撤销的理由", max_length=200)


class CorrectForm(Form):
    """更正单。"""

    new_points = forms.DecimalField(label="更正为", max_digits=5, decimal_places=2)
    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, item: ScoreItem, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_points"].help_text = f"现在 {item.final_points} 分，满分 {item.most}"


def last_day(year: int, today: date) -> date:
    """缺省的截止日：当年年底，没有到年底的到今天。"""
    return min(today, date(year, 12, 31))
