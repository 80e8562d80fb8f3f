"""制度库的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from lianluo.web.forms import CheckField, CheckList, DateField, Form

from ..models import Regulation, WorkStage


class RegulationForm(Form):
    """录入一项制度，或者出新版（名称不能改）。"""

    title = forms.CharField(label="名称", max_length=100, help_text="书名号可以不写")
    document_number = forms.CharField(label="文号", max_length=40, required=False)
    in_force_on = DateField(label="生效日期")
    stages = CheckField(label="适用环节", choices=WorkStage.choices, widget=CheckList({"class": "choices-row"}))
    text = forms.CharField(label="正文", max_length=20_000, widget=forms.Textarea({"rows": 16}))

    def __init__(self, *args, today: date, old: Regulation | None = None, **kwargs) -> None:
        initial = {"in_force_on": today}
        if old is not None:
            initial |= {"document_number": old.document_number, "stages": old.stages, "text": old.text}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        if old is not None:
            del self.fields["title"]
            self.fields["in_force_on"].help_text = f"旧版当日废止；在旧版生效之日 {old.in_force_on} 以后"
