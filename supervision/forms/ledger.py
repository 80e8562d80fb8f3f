"""台账上的表单。"""
from __future__ import annotations

from django import forms

from lianluo.web.forms import DateField, Form, MultiFileField


class ApplyForm(Form):
    """申请销号。"""

    statement = forms.CharField(
        label="销号说明", max_length=1000, widget=forms.Textarea({"rows": 4}), help_text="写明办了什么、结果如何"
    )
    evidence = MultiFileField(
        label="佐证", help_text="照片、文件、验收单等，至少一份，可选多份",
        error_messages={"required": "上传至少一份佐证"},
    )


class DecisionForm(Form):
    """核准或不予销号：意见。按哪个按钮由 grant 决定。"""

    note = forms.CharField(
        label="意见", max_length=500, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="不予销号的，写明理由，单位看得到",
    )


class ReopenForm(Form):
    """恢复挂账。"""

    reason = forms.CharField(label="恢复挂账的理由", max_length=500, widget=forms.Textarea({"rows": 3}))


class ProgressForm(Form):
    """报进展。"""

    text = forms.CharField(label="进展", max_length=300, widget=forms.Textarea({"rows": 3}))
    figure = forms.CharField(
        label="数字", max_length=60, required=False, help_text="如 已完工 12 公里，共 30 公里；数字与文件至少有一样"
    )
    happened_on = DateField(label="日期")
    evidence = forms.FileField(label="文件", required=False)
