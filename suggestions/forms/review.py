"""审查：四种决定，不预选；选了哪种，就要哪几项。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.web import forms
from lianluo.web.forms import RadioField

from ..actions.registering import DISPOSITIONS
from ..models import DeclineGround, Suggestion
from .parts import CaseField, CategoryField

REGISTER, RETURN, MERGE, DECLINE = "register", "return", "merge", "decline"
DECISIONS = [(REGISTER, "立案登记"), (RETURN, "退回补充"), (MERGE, "并案至"), (DECLINE, "不作为建议")]


#: 选了哪种意见，要填哪几项，没填时说什么
NEEDS: dict[str, dict[str, str]] = {
    RETURN: {"note": "写明退回的理由，让代表知道改什么"},
    MERGE: {"into": "填写并入哪一件的编号", "note": "写明并案的理由，一并告知代表"},
    DECLINE: {
        "ground": "选择不作为建议的法定理由", "disposition": "选择这件的去向",
        "note": "写明不作为建议的说明，一并告知代表", "told_how": "代表没有账号，写明怎样告知代表",
    },
}


class ReviewForm(forms.Form):
    """一件的审查决定。"""

    decision = RadioField(label="审查意见", choices=DECISIONS, error_messages={"required": "选择一种审查意见"})
    category = CategoryField(label="分类", required=False, empty_label="未定")
    into = CaseField(label="主件编号")
    ground = django_forms.ChoiceField(
        label="法定理由",
        choices=[("", "选择理由"), *[(code, f"{code} {label}") for code, label in DeclineGround.choices]],
    )
    disposition = django_forms.ChoiceField(label="去向", choices=[("", "选择去向"), *DISPOSITIONS.items()])
    told_how = django_forms.CharField(label="怎样告知代表", max_length=60)
    note = django_forms.CharField(
        label="理由或说明", max_length=1000, widget=django_forms.Textarea({"rows": 3}), help_text="一并告知代表"
    )

    def __init__(self, *args, suggestion: Suggestion, **kwargs) -> None:
        kwargs.setdefault("initial", {"category": suggestion.category_id})
        super().__init__(*args, **kwargs)
        self.fields["into"].within(suggestion.session)
        if suggestion.lead_deputy.account_id is not None:
            del self.fields["told_how"]
        if self.is_bound:
            self._require(NEEDS.get(self.data.get("decision", ""), {}))

    def _require(self, needs: dict[str, str]) -> None:
        """只要求选中的意见要的几项。"""
        for name, field in self.fields.items():
            if name in needs:
                field.error_messages["required"] = needs[name]
            elif name != "decision":
                field.required = False


class ReasonForm(forms.Form):
    """只要一句理由的小表：解除并案、复核。"""

    reason = django_forms.CharField(label="理由", max_length=300, widget=django_forms.Textarea({"rows": 3}))


class MergeForm(forms.Form):
    """并案：主件编号与理由。"""

    into = CaseField(label="主件编号", help_text="并入哪一件；主件须已登记而未答复")
    reason = django_forms.CharField(label="并案的理由", max_length=300, widget=django_forms.Textarea({"rows": 3}))

    def __init__(self, *args, suggestion: Suggestion, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].within(suggestion.session)


class GroupForm(forms.Form):
    """与另一件编入相近件组。"""

    other = CaseField(label="另一件的编号")
    name = django_forms.CharField(label="组名", max_length=60, required=False, help_text="已在组里的不用填")

    def __init__(self, *args, suggestion: Suggestion, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].within(suggestion.session)


class AttachmentForm(forms.Form):
    """上传一个文件；每个位置说明用途。"""

    file = django_forms.FileField(label="文件", help_text="PDF、Word、Excel、图片、OFD，20 MB 以内")
