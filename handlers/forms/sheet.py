"""办理单、例外、厅长信、借鉴的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from lianluo.web.forms import DateField, Form, RadioField, TypeaheadSelect, YesNoField

from ..mechanisms.facts import Case
from ..models import Nature, PolicyMaking, PolicyScope, Post, ResultClass, Way
from .planning import with_division

#: 表单项 → 用着其中一条机制才出现
ASKED_BY = {
    "nature": ("MZ-02",), "policy_basis": ("MZ-03",), "policy_making": ("MZ-04",), "policy_note": ("MZ-04",),
    "intended_class": ("JT-02", "MZ-14"), "is_key": ("JT-04",),
    "involves_place": ("KJ-11",), "place_named": ("KJ-11",), "single_issue": ("KJ-11",), "way": ("KJ-11",),
    "way_reason": ("KJ-11",), "partner": ("MZ-20",), "partner_reason": ("MZ-20",),
}


class SheetForm(Form):
    """办理单：只列用着的机制要定的几样。"""

    nature = forms.ChoiceField(
        label="性质分类", choices=[("", "还没有定"), *Nature.choices], required=False,
        help_text="意见：依法办事、按政策解决；建议：推动政策创制；批评：调查、整改、核验。与代表提交时的类别、办理结果类别都不是一回事",
    )
    policy_basis = forms.CharField(
        label="政策依据", required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text="意见件填写：文件名称、文号和条款",
    )
    policy_making = forms.ChoiceField(
        label="政策创制", choices=[("", "还没有定"), *PolicyMaking.choices], required=False, help_text="建议件填写"
    )
    policy_note = forms.CharField(label="创制的政策名称，或不创制的理由", required=False, max_length=200)
    intended_class = forms.ModelChoiceField(
        ResultClass.objects.none(), label="拟定办理结果类别", required=False, empty_label="还没有定",
        help_text="起草以前的打算，据此定由谁与代表沟通；写答复时可以改，改了重算",
    )
    is_key = YesNoField(label="重点建议", required=False)
    involves_place = YesNoField(label="涉及具体单位或地区", required=False)
    place_named = forms.CharField(label="哪个单位或地区", required=False, max_length=60)
    single_issue = YesNoField(label="内容相对单一", required=False)
    way = forms.ChoiceField(label="现场办理方式", choices=[("", "还没有定"), *Way.choices], required=False)
    way_reason = forms.CharField(label="不用推荐方式的理由", required=False, max_length=200)
    partner = forms.ModelChoiceField(
        Post.objects.none(), label="与领衔代表结对的责任人", required=False, widget=TypeaheadSelect,
        empty_label="还没有定", help_text="一件一名",
    )
    partner_reason = forms.CharField(label="换人的原因", required=False, max_length=200)

    def __init__(self, *args, case: Case, **kwargs) -> None:
        kwargs.setdefault("initial", _initial(case))
        super().__init__(*args, **kwargs)
        self.fields["intended_class"].queryset = ResultClass.objects.filter(is_active=True)
        posts = Post.objects.staff(case.today).filter(unit=case.assignment.unit_id)
        self.fields["partner"].queryset = posts.select_related("division")
        self.fields["partner"].label_from_instance = with_division
        for name, codes in ASKED_BY.items():
            if not case.answers or not any(code in case.active for code in codes):
                del self.fields[name]
        if case.sheet.partner_id is None:
            self.fields.pop("partner_reason", None)

    def values(self) -> dict:
        """交给动作的各项。"""
        data = {name: value for name, value in self.cleaned_data.items() if name in ASKED_BY}
        data.pop("partner_reason", None)
        if "is_key" in data:
            data["is_key"] = bool(data["is_key"])
        return data


def _initial(case: Case) -> dict:
    sheet = case.sheet
    found = {name: getattr(sheet, name) for name in ASKED_BY if name != "partner_reason"}
    found["intended_class"], found["partner"] = sheet.intended_class_id, sheet.partner_id
    if sheet.involves_place is None:
        found["involves_place"] = case.assignment.suggestion.involves_place
    return found


class NoteForm(Form):
    """批注、说明、理由：一段话。"""

    note = forms.CharField(label="说明", max_length=300, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, label: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label


class WaiverForm(Form):
    """申请例外。"""

    reason = forms.CharField(
        label="为什么做不到", max_length=1000, widget=forms.Textarea({"rows": 5}),
        help_text="联工委据此批复；批复以前照机制办",
    )


class WaiverDecisionForm(Form):
    """批复例外。"""

    granted = RadioField(label="批复", choices=[("yes", "准许例外"), ("no", "不准")])
    note = forms.CharField(
        label="意见", max_length=300, required=False, widget=forms.Textarea({"rows": 3}), help_text="不准的写明理由"
    )


class LeaderLetterForm(Form):
    """厅长信：正文、送出日期、方式。"""

    text = forms.CharField(label="信的正文", max_length=2000, widget=forms.Textarea({"rows": 12}))
    sent_on = DateField(label="送出日期")
    means = forms.CharField(label="送出方式", max_length=40, initial="邮寄")


class AdoptForm(Form):
    """借鉴一条机制：从哪天起、管哪些件。"""

    valid_from = DateField(label="从哪天起")
    scope = RadioField(label="管哪些件", choices=PolicyScope.choices)

    def __init__(self, *args, today: date, **kwargs) -> None:
        kwargs.setdefault("initial", {"valid_from": today, "scope": PolicyScope.NEW})
        super().__init__(*args, **kwargs)
