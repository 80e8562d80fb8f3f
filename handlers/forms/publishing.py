"""公开审定的表单。"""
from __future__ import annotations

from django import forms

from lianluo.web.forms import Form, RadioField

from ..models import Publication, Reply

CHOICES = [(Publication.FULL, "公开全文"), (Publication.SUMMARY, "公开摘要"), ("withhold", "不予公开")]


class PublishForm(Form):
    """公开全文、公开摘要、不予公开，三选一。"""

    decision = RadioField(label="审定", choices=CHOICES)
    summary = forms.CharField(
        label="公开摘要", max_length=3000, required=False, widget=forms.Textarea({"rows": 6}),
        help_text="选公开摘要的填写；可在单位所拟的基础上脱敏，改动留痕",
    )
    addresses_checked = forms.BooleanField(label="已看过像住址的文字，不是个人住址", required=False)
    reason = forms.CharField(label="不予公开的理由", max_length=200, required=False)

    def __init__(self, *args, reply: Reply, **kwargs) -> None:
        kwargs.setdefault("initial", {"summary": reply.summary, "reason": reply.publication_reason})
        super().__init__(*args, **kwargs)
        if reply.publication == Publication.NONE:
            self.fields["decision"].choices = CHOICES[2:]
        elif reply.publication == Publication.SUMMARY:
            self.fields["decision"].choices = CHOICES[1:]

    def clean(self):
        data = super().clean()
        if data.get("decision") == "withhold" and not data.get("reason"):
            self.add_error("reason", "填写不予公开的理由")
        if data.get("decision") == Publication.SUMMARY and not data.get("summary"):
            self.add_error("summary", "填写公开摘要")
        return data


class TakeDownForm(Form):
    """撤下。"""

    reason = forms.CharField(label="撤下的原因", max_length=200, help_text="公开页上会显示这句话")
