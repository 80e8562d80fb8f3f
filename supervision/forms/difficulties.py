"""困难、督查结果的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from handlers.forms.planning import with_division
from handlers.models import Post
from lianluo.web.forms import DateField, Form, TypeaheadSelect


class DifficultyForm(Form):
    """报困难。"""

    what = forms.CharField(label="什么困难", max_length=200, widget=forms.Textarea({"rows": 3}))
    owner = forms.ModelChoiceField(
        Post.objects.none(), label="谁来解决", widget=TypeaheadSelect, empty_label="选择责任人"
    )
    due_on = DateField(label="哪天前解决")

    def __init__(self, *args, unit_id: int, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Post.objects.staff(today).filter(unit=unit_id).select_related("division")
        self.fields["owner"].label_from_instance = with_division


class CoordinateForm(Form):
    """记协调。"""

    text = forms.CharField(label="怎样协调的", max_length=300, widget=forms.Textarea({"rows": 3}))
    happened_on = DateField(label="日期")


class SettleForm(Form):
    """写明解决的结果。"""

    result = forms.CharField(label="怎样解决的", max_length=300, widget=forms.Textarea({"rows": 3}))


class CheckResultForm(Form):
    """一件的督查结果。"""

    result = forms.CharField(label="督查结果", max_length=300, widget=forms.Textarea({"rows": 3}))
