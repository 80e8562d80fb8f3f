"""追责登记的表单。"""
from __future__ import annotations

from django import forms

from lianluo.web.forms import DateField, Form


class AccountabilityForm(Form):
    """对象、依据、处理、日期。"""

    target = forms.CharField(label="对象", max_length=60, help_text="追究谁的责任")
    basis = forms.CharField(label="依据", max_length=200)
    treatment = forms.CharField(
        label="处理", max_length=200, widget=forms.Textarea({"rows": 3}), help_text="不必追究的，写明理由"
    )
    issued_on = DateField(label="日期")
