"""评价的表单：代表在手机上一屏一问，办公室凭纸质表代录，重办与协调评估。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.web import forms

from ..models import ContactMeans, Dissatisfaction, OnPoint, Satisfaction

OPINION_LENGTH = 1000


class RatingForm(forms.Form):
    """代表的全部回答；一屏一问，已答的放在隐藏字段里带着走。"""

    attitude = django_forms.ChoiceField(label="办理态度", choices=Satisfaction.choices)
    outcome = django_forms.ChoiceField(label="办理结果", choices=Satisfaction.choices)
    overall = django_forms.ChoiceField(label="总体评价", choices=Satisfaction.choices)
    reasons = forms.CheckField(label="哪里不满意", choices=Dissatisfaction.choices, required=False)
    opinion = django_forms.CharField(
        label="具体意见", required=False, max_length=OPINION_LENGTH, widget=django_forms.Textarea(attrs={"rows": 4})
    )


class OpinionForm(forms.Form):
    """不满意在哪里：点一项或几项，也可以写。"""

    reasons = forms.CheckField(
        label="哪里不满意", choices=Dissatisfaction.choices, required=False,
        widget=forms.CheckList(attrs={"class": "choices-big"}),
    )
    opinion = django_forms.CharField(
        label="想说的话", required=False, max_length=OPINION_LENGTH,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, demanded: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.demanded = demanded
        if not demanded:
            del self.fields["reasons"]

    def clean(self) -> dict:
        """不满意须有具体意见；只点“其他”的要写出来（上海条例第二十一条）。"""
        data = super().clean()
        if not self.demanded or data.get("opinion", "").strip():
            return data
        reasons = set(data.get("reasons", []))
        if not reasons:
            self.add_error("reasons", "点一项，或者写下哪里不满意")
        elif reasons == {Dissatisfaction.OTHER}:
            self.add_error("opinion", "写下哪里不满意")
        return data


class PressureForm(forms.Form):
    """有人干预评价：写给办事机构。"""

    note = django_forms.CharField(
        label="什么人怎样要求的", max_length=500, widget=django_forms.Textarea(attrs={"rows": 3})
    )


class DenyForm(forms.Form):
    """未联系过我。"""

    note = django_forms.CharField(
        label="想说明的", required=False, max_length=200, widget=django_forms.Textarea(attrs={"rows": 3})
    )


class InRow(forms.RadioField):
    """选项排成一行的单选，不预选。"""

    def __init__(self, **kwargs) -> None:
        super().__init__(widget=forms.RadioList(attrs={"class": "choices-row"}), **kwargs)


class ProxyForm(forms.Form):
    """纸质意见表代录：照表上的写，扫描件必须有。"""

    signed_on = forms.DateField(label="代表签名日期", help_text="纸质表上写的日期，如 2026-4-15")
    contact_means = forms.CheckField(
        label="答复前单位怎样听取意见", choices=ContactMeans.choices, required=False,
        widget=forms.CheckList(attrs={"class": "choices-row"}),
    )
    attitude = InRow(label="对办理态度", choices=Satisfaction.choices)
    outcome = InRow(label="对办理结果", choices=Satisfaction.choices)
    overall = InRow(label="总体评价", choices=Satisfaction.choices)
    on_point = InRow(label="答复是否针对所提问题", choices=OnPoint.choices, required=False)
    reasons = forms.CheckField(
        label="不满意的方面", choices=Dissatisfaction.choices, required=False,
        help_text="总体评价不满意时选，或者写具体意见", widget=forms.CheckList(attrs={"class": "choices-row"}),
    )
    opinion = django_forms.CharField(
        label="具体意见", required=False, max_length=OPINION_LENGTH, help_text="照纸质表上的原话录",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
    agrees_to_publish = forms.YesNoField(label="代表是否同意公开评价", required=False)
    scan = django_forms.FileField(label="纸质意见表扫描件", help_text="代表签名的那一页，PDF 或照片")

    def __init__(self, *args, has_scan: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].required = not has_scan
        self.fields["scan"].error_messages["required"] = "上传代表签名的纸质意见表扫描件"


class AgainForm(forms.Form):
    """人大要求重办。"""

    reason = django_forms.CharField(
        label="要求重办的理由", max_length=500, help_text="单位据此再办理，代表也看得到",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )


class SettleForm(forms.Form):
    """协调评估的结论。"""

    met_on = forms.DateField(label="评估日期")
    experts = django_forms.CharField(label="参加评估的单位和专家", max_length=300, help_text="单位、姓名，用顿号分开")
    assessment = django_forms.CharField(
        label="评估意见", max_length=2000, widget=django_forms.Textarea(attrs={"rows": 5})
    )
    decision = forms.RadioField(
        label="怎样处理", choices=[("again", "交单位再办，启动下一轮"), ("explain", "作专门说明，不再办理")],
    )
    note = django_forms.CharField(
        label="处理意见", max_length=2000, help_text="告诉单位和代表的话",
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
