"""审签与作废的表单。"""
from __future__ import annotations

from django import forms

from lianluo.web.forms import Form, TypeaheadSelect

from ..models import Post
from .planning import with_division


class ApprovalForm(Form):
    """审签：意见，和要转请的人。按哪个按钮由 do 决定。"""

    version = forms.IntegerField(widget=forms.HiddenInput)
    opinion = forms.CharField(
        label="意见", max_length=1000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text="退回修改的，写明改什么",
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label="转请何人", required=False, widget=TypeaheadSelect, empty_label="选择代审的人"
    )

    def __init__(self, *args, stand_ins, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = stand_ins
        self.fields["post"].label_from_instance = with_division


class SubmitForm(Form):
    """送审：只核对，不填写。"""


class VoidForm(Form):
    """作废。"""

    reason = forms.CharField(label="作废的理由", max_length=200, widget=forms.Textarea({"rows": 2}))
