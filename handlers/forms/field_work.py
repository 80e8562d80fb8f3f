"""主题活动、会议研究、市州局协助的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from lianluo.web.forms import DateField, Form, RadioField, TypeaheadSelectMultiple

from ..models import Assignment, Organ, Unit


def cases_of(unit: Unit, user):
    """本单位看得到的、仍在手里的件。"""
    rows = Assignment.objects.visible_to(user).live().filter(unit=unit)
    return rows.select_related("suggestion__session").order_by("-suggestion__number")


class TagForm(Form):
    """设一个主题活动。"""

    name = forms.CharField(label="主题活动", max_length=40, help_text="如 “两学一做”学习教育")


class TaggingForm(Form):
    """给件挂标签。"""

    assignments = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="件", required=False, widget=TypeaheadSelectMultiple
    )
    whole_plan = forms.BooleanField(label="本年现场办理方案里的件都挂上", required=False)

    def __init__(self, *args, unit: Unit, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignments"].queryset = cases_of(unit, user)
        self.fields["assignments"].label_from_instance = lambda one: str(one.suggestion)


class UnitMeetingForm(Form):
    """登记一次会议。"""

    organ = RadioField(label="会议", choices=Organ.choices)
    happened_on = DateField(label="日期")
    subject = forms.CharField(label="议题", max_length=200)
    content = forms.CharField(label="决议", max_length=2000, widget=forms.Textarea({"rows": 4}))
    assignments = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="研究了哪几件", required=False, widget=TypeaheadSelectMultiple,
        help_text="研究全部工作的可以不选",
    )

    def __init__(self, *args, unit: Unit, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignments"].queryset = cases_of(unit, user)
        self.fields["assignments"].label_from_instance = lambda one: str(one.suggestion)


class BureauForm(Form):
    """请市州局协助。"""

    body = forms.CharField(label="市州局", max_length=60)
    text = forms.CharField(label="请协助什么", max_length=300, widget=forms.Textarea({"rows": 3}))
    due_on = DateField(label="何时回复")

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = f"不早于今天 {today}"


class ReceiptForm(Form):
    """市州局的回执。"""

    text = forms.CharField(label="协助的情况", max_length=1000, widget=forms.Textarea({"rows": 4}))
    happened_on = DateField(label="回复日期")
