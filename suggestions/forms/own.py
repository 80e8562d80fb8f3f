"""代表自己写：一页写完，送联名、提交、撤回、确认联名各一张小表。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.web import forms
from lianluo.web.forms import CheckField, PhoneField, RadioField

from ..models import CoSigner, Deputy, PublishWish, Suggestion, SuggestionKind
from ..texts import BODY_LIMIT, TITLE_HINT, clean_line, clean_text
from .parts import RequestsField


class OwnForm(forms.Form):
    """代表写建议。存草稿只要标题；去核对、送联名时才要求写齐（``strict``）。"""

    #: 提交时必须有、存草稿时可以先空着的
    LATER = ("kind", "body", "requests", "publish_wish")

    kind = RadioField(
        label="提的是", choices=SuggestionKind.choices, widget=forms.RadioList({"class": "choices-row"}),
        error_messages={"required": "选择提的是建议、批评还是意见"},
    )
    title = django_forms.CharField(
        label="标题", max_length=200, help_text=f"如“关于……的建议”，{TITLE_HINT} 字以内为宜"
    )
    body = django_forms.CharField(
        label="情况和问题", max_length=BODY_LIMIT, strip=False, widget=django_forms.Textarea({"rows": 8}),
    )
    requests = RequestsField(label="具体建议", help_text="一条一框，承办单位会逐条答复您")
    wished_units = django_forms.CharField(
        label="希望由哪个单位承办", max_length=200, required=False, help_text="不确定可以不写；至多三个"
    )
    publish_wish = RadioField(label="是否同意公开", choices=PublishWish.choices)
    publish_wish_reason = django_forms.CharField(
        label="不同意公开的理由", max_length=200, required=False, help_text="选了“不同意公开”才要写"
    )
    wants_meeting = django_forms.BooleanField(label="希望承办单位当面沟通", required=False)
    contact_phone = PhoneField(label="联系电话", required=False)
    contact_wish = django_forms.CharField(label="什么时候、怎样联系您方便", max_length=100, required=False)
    hides_identity = django_forms.BooleanField(label="要求对公众保密身份", required=False)
    revision = django_forms.IntegerField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args, strict: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.strict = strict
        if not strict:
            for name in self.LATER:
                self.fields[name].required = False

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_body(self) -> str:
        return clean_text(self.cleaned_data["body"])

    def clean(self) -> dict:
        data = super().clean()
        silent = data.get("publish_wish") == PublishWish.NONE and not data.get("publish_wish_reason")
        if self.strict and silent:
            self.add_error("publish_wish_reason", "填写不同意公开的理由")
        return data

    def entry(self) -> dict:
        """交给动作的数据；形式没选的不改。"""
        data = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        if not data["kind"]:
            del data["kind"]
        return data


def initial_of(suggestion: Suggestion) -> dict:
    names = [name for name in OwnForm.base_fields if name != "requests"]
    return {
        **{name: getattr(suggestion, name) for name in names},
        "requests": [request.text for request in suggestion.requests.all()],
    }


class CheckForm(forms.Form):
    """提交前的核对页：一事一议由代表自己声明。"""

    one_matter = django_forms.BooleanField(
        label="这件建议只写了一件事（一事一议）", error_messages={"required": "确认这件只写了一件事（一事一议）"}
    )


class InviteForm(forms.Form):
    """添加一位查找到的代表；同僚的证号、电话不给看，所以按内部号。"""

    deputy = django_forms.ModelChoiceField(Deputy.objects.none(), label="联名代表")

    def __init__(self, *args, congress_id: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = Deputy.objects.filter(congress_id=congress_id)


class CosignForm(forms.Form):
    """确认或谢绝联名；摘要随页面带回，确认的就是眼前这份。"""

    text_hash = django_forms.CharField(max_length=64, required=False, widget=django_forms.HiddenInput)
    answer = RadioField(
        label="您的意见", choices=[("yes", "同意联名"), ("no", "不参加联名")],
        error_messages={"required": "选择同意联名，或者不参加联名"},
    )
    reason = django_forms.CharField(label="给领衔代表留言", max_length=100, required=False)


class WithdrawForm(forms.Form):
    """撤回：理由；联名的逐位确认同意。"""

    reason = django_forms.CharField(
        label="撤回的理由", max_length=300, widget=django_forms.Textarea({"rows": 3}),
        error_messages={"required": "写明撤回的理由"},
    )
    consented = CheckField(label="已同意撤回的联名代表", required=False, choices=[])
    consent_how = django_forms.CharField(
        label="怎样同意的", max_length=60, required=False, help_text="如书面、当面、电话"
    )

    def __init__(self, *args, suggestion: Suggestion, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.signed = list(suggestion.cosigners.exclude(confirmed_hash="").select_related("deputy"))
        if not self.signed:
            del self.fields["consented"], self.fields["consent_how"]
        else:
            self.fields["consented"].choices = [(str(row.pk), f"{row.deputy.name}代表同意撤回") for row in self.signed]

    def agreed(self) -> list[CoSigner]:
        ticked = set(self.cleaned_data.get("consented", []))
        return [row for row in self.signed if str(row.pk) in ticked]
