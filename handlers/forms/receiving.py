"""签收、退回、延期的表单，和两种裁决。"""
from __future__ import annotations

from datetime import date

from django import forms as django_forms

from lianluo.web import forms
from lianluo.workdays.profiles import KEEP

from ..models import Assignment, AssignmentRole, ReturnGround, ReturnRequest
from ..unitbook import UnitBook


class ReturnForm(forms.Form):
    """申请退回。"""

    ground = forms.RadioField(label="理由类别", choices=ReturnGround.choices)
    reason = django_forms.CharField(
        label="理由", max_length=2000, widget=django_forms.Textarea(attrs={"rows": 6}),
        help_text="写明职责依据；已与代表联系过的，写明联系情况",
    )
    files = forms.MultiFileField(label="单位负责人意见、相关材料", required=False)

    def __init__(self, *args, book: UnitBook, assignment: Assignment, again: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        units = [("", "")] + [(str(pk), name) for pk, name in book.choices if pk != assignment.unit_id]
        self.book = book
        self.fields["proposed_unit"] = django_forms.ChoiceField(
            label="建议承办单位", choices=units, widget=forms.TypeaheadSelect(extra=book.note),
            error_messages={"required": "选建议承办单位", "invalid_choice": "从名单里选单位"},
        )
        if again:
            self.fields["head_signed"] = django_forms.BooleanField(
                label="本单位主要负责人已审签", required=False,
                help_text="这一件已有过退回，再次申请须主要负责人审签",
            )
        self.order_fields(["ground", "reason", "proposed_unit", "head_signed", "files"])

    def clean_proposed_unit(self):
        return self.book.by_id[int(self.cleaned_data["proposed_unit"])]


DECISIONS = [("yes", "同意改办"), ("no", "不同意，继续办理")]
DEADLINES = [(KEEP, "保持原期限"), ("restart", "自今天重新起算")]


class ReturnDecisionForm(forms.Form):
    """裁决退回。"""

    granted = forms.RadioField(label="裁决", choices=DECISIONS)
    note = django_forms.CharField(
        label="裁决意见", max_length=1000, required=False, widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text="不同意的写明理由，单位看得到",
    )

    def __init__(self, *args, request_row: ReturnRequest, units, book: UnitBook, keep: str, **kwargs) -> None:
        initial = {"new_unit": str(request_row.proposed_unit_id), "deadline": keep}
        super().__init__(*args, initial=initial, **kwargs)
        self.book, self.may_drop = book, request_row.assignment.role == AssignmentRole.ASSIST
        empty = "不再由别的单位会办" if self.may_drop else ""
        options = [("", empty)] + [(str(u.pk), u.short) for u in units if u.pk != request_row.assignment.unit_id]
        self.fields["new_unit"] = django_forms.ChoiceField(
            label="改由哪个单位承办", choices=options, required=False, widget=forms.TypeaheadSelect(extra=book.note),
            help_text="已填申请单位建议的，可以另选", error_messages={"invalid_choice": "从名单里选单位"},
        )
        self.fields["deadline"] = forms.RadioField(
            label="办理期限", choices=DEADLINES, required=False,
            help_text="已按本次会议的规则选好；原期限已过的，一律重新起算",
        )
        self.order_fields(["granted", "new_unit", "deadline", "note"])

    def clean(self) -> dict:
        data = super().clean()
        nobody = not data.get("new_unit") and not self.may_drop and "new_unit" not in self.errors
        if data.get("granted") == "yes" and nobody:
            self.add_error("new_unit", "选改由哪个单位承办")
        data["unit"] = self.book.by_id.get(int(data["new_unit"])) if data.get("new_unit") else None
        data["keep"] = {KEEP: True, "restart": False}.get(data.get("deadline") or "")
        return data


class ExtensionForm(forms.Form):
    """申请延期。"""

    asked_until = forms.DateField(label="申请延至", error_messages={"required": "填写申请延到哪一天"})
    reason = django_forms.CharField(label="理由", max_length=1000, widget=django_forms.Textarea(attrs={"rows": 4}))
    deputy_told_on = forms.DateField(label="告知代表的日期", help_text="延期须先告知代表（上海第十九条）")
    deputy_told_how = django_forms.CharField(label="告知方式", max_length=60, help_text="例如：电话，与代表本人通话")
    files = forms.MultiFileField(label="告知代表的凭据、相关材料", required=False)

    def __init__(self, *args, limit: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_until"].help_text = f"最晚 {limit}（延长不超过三个月，自交办之日起不超过六个月）"


class ExtensionDecisionForm(forms.Form):
    """批复延期。"""

    granted = forms.RadioField(label="批复", choices=[("yes", "同意延期"), ("no", "不同意延期")])
    granted_until = forms.DateField(label="批准延至", required=False)
    note = django_forms.CharField(
        label="批复意见", max_length=1000, required=False, widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text="不同意的写明理由，单位看得到",
    )

    def __init__(self, *args, asked_until: date, limit: date, **kwargs) -> None:
        super().__init__(*args, initial={"granted_until": asked_until}, **kwargs)
        self.fields["granted_until"].help_text = f"已填单位申请的日期，可以改早；最晚 {limit}"


class LateReturnForm(forms.Form):
    """特批逾期退回。"""

    until = forms.DateField(label="准许补提至")
    reason = django_forms.CharField(label="特批的理由", max_length=500, widget=django_forms.Textarea(attrs={"rows": 3}))
