"""会办意见的表单。"""
from __future__ import annotations

from django import forms

from lianluo.web.forms import Form, MultiFileField, RadioField, RadioList

from ..models import Adoption
from .drafts import DraftForm


class OpinionForm(DraftForm):
    """会办意见：草稿可以不全，送出前齐。"""

    NEEDED = ("text", "document_number", "signed_by")

    text = forms.CharField(
        label="会办意见", max_length=6000, required=False, widget=forms.Textarea({"rows": 12}),
        help_text="逐条写明与本单位职责有关的意见、依据和措施；只送主办单位，不答复代表",
    )
    document_number = forms.CharField(
        label="文号", max_length=40, required=False, help_text="例如：湘水建函〔2026〕8号",
        widget=forms.TextInput({"class": "input-medium"}),
    )
    signed_by = forms.CharField(
        label="签发人", max_length=60, required=False, widget=forms.TextInput({"class": "input-medium"})
    )
    files = MultiFileField(label="附件", required=False)


class AdoptionForm(DraftForm):
    """主办单位对一份会办意见的处理。"""

    NEEDED: tuple[str, ...] = ("adoption",)

    adoption = RadioField(
        label="采纳情况", choices=Adoption.choices, required=False, widget=RadioList({"class": "choices-row"})
    )
    note = forms.CharField(
        label="未全部采纳的理由", max_length=200, required=False, widget=forms.Textarea({"rows": 2})
    )

    def clean(self):
        data = super().clean()
        adoption = data.get("adoption")
        if adoption and adoption != Adoption.FULL and not data.get("note"):
            self.add_error("note", f"{Adoption(adoption).label}的，写明理由")
        return data


class AdoptForm(AdoptionForm):
    """单独处理一份会办意见时，采纳情况必选。"""

    NEEDED = ()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adoption"].required = True


class AskAgainForm(Form):
    """要求重提。"""

    reason = forms.CharField(label="要求重提的理由", max_length=500, widget=forms.Textarea({"rows": 2}))
