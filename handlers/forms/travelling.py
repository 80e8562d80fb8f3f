"""出差的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from lianluo.web.forms import DateField, Form, TypeaheadSelectMultiple

from ..models import Post, Unit
from ..trips import prefectures
from .planning import with_division


class TripForm(Form):
    """出差：四项。"""

    prefecture = forms.ChoiceField(label="去哪个市州")
    happened_on = DateField(label="哪天去")
    members = forms.ModelMultipleChoiceField(Post.objects.none(), label="谁去", widget=TypeaheadSelectMultiple)
    subject = forms.CharField(label="为什么去", max_length=200)

    def __init__(self, *args, unit: Unit, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefecture"].choices = [("", "选择市州"), *((one, one) for one in prefectures(unit))]
        posts = Post.objects.staff(today).filter(unit=unit).select_related("division")
        self.fields["members"].queryset = posts
        self.fields["members"].label_from_instance = with_division
