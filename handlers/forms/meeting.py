"""交办会的表单。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.web import forms


class MeetingForm(forms.Form):
    """名称、日期、地点、主持。"""

    name = django_forms.CharField(label="名称", max_length=80)
    held_on = forms.DateField(label="日期")
    place = django_forms.CharField(label="地点", max_length=60, required=False)
    chair = django_forms.CharField(label="主持", max_length=60, required=False)
