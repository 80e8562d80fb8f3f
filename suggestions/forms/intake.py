"""工作人员录入：完整登记与速录（次序同纸质表）。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.congresses.models import Session
from lianluo.text.numbers import int_of
from lianluo.web import forms
from lianluo.web.forms import DateField, PhoneField, RadioField, YesNoField

from ..models import PublishWish, RaisedDuring, Suggestion, SuggestionKind
from ..models.deputy import PREFECTURES
from ..texts import BODY_LIMIT, TITLE_HINT, clean_line, clean_text, split_requests
from .parts import CategoryField, DeputyField, DeputyListField, RequestsField

#: 来源：大会期间、闭会期间，议案转建议另记一栏
SOURCES = [*RaisedDuring.choices, ("bill", "议案转建议")]
#: 选项少而短的，排成一行
IN_A_ROW = forms.RadioList({"class": "choices-row"})
FORMED = ["专题调研", "座谈", "走访", "视察", "联系群众", "其他"]
REPEATED = ["否", "两年", "三年", "三年以上"]


class SessionField(django_forms.ModelChoiceField):
    """届次会议，新的在前。"""

    def __init__(self, **kwargs) -> None:
        sessions = Session.objects.select_related("term__congress").order_by("-opened_on")
        super().__init__(sessions, label="届次会议", empty_label=None, **kwargs)


class WithPeople(forms.Form):
    """有领衔、联名代表的表单：只在所选会议那一级人大里找人。"""

    def within(self, session: Session | None) -> None:
        """先定会议，再定在哪一级人大找代表。"""
        congress_id = session.term.congress_id if session else None
        for name in ("lead_deputy", "cosigners"):
            self.fields[name].within(congress_id)

    def _posted_session(self) -> Session | None:
        value = self.data.get(self.add_prefix("session")) if self.is_bound else self.initial.get("session")
        if isinstance(value, Session):
            return value
        known = int_of(str(value))
        return self.fields["session"].queryset.filter(pk=known).first() if known else None

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean(self) -> dict:
        data = super().clean()
        lead = data.get("lead_deputy")
        if lead and lead in (data.get("cosigners") or []):
            self.add_error("cosigners", "领衔代表不再列入联名代表，从联名代表中去掉")
        return data


class IntakeForm(WithPeople):
    """完整登记。"""

    session = SessionField()
    number = django_forms.IntegerField(
        label="预印编号", required=False, min_value=1, max_value=9999, help_text="纸上印了的才填，随即登记",
    )
    kind = RadioField(label="形式", choices=SuggestionKind.choices, widget=IN_A_ROW)
    source = RadioField(label="来源", choices=SOURCES, widget=IN_A_ROW)
    submitted_on = DateField(label="收到日期", required=False, help_text="不填即今天")
    title = django_forms.CharField(
        label="标题", max_length=200, help_text=f"一般写成“关于……的建议”，{TITLE_HINT} 字以内为宜"
    )
    lead_deputy = DeputyField(label="领衔代表", help_text="打姓名、拼音首字母或代表证号")
    cosigners = DeputyListField(label="联名代表", required=False, help_text="几位用顿号隔开；纸上已签名的才写")
    as_delegation = django_forms.BooleanField(label="以代表团名义提出", required=False)
    body = django_forms.CharField(
        label="内容：情况和问题", max_length=BODY_LIMIT, strip=False, widget=django_forms.Textarea({"rows": 12}),
        help_text="从 Word 粘贴的，只留文字和段落",
    )
    requests = RequestsField(label="具体建议", help_text="一条一框，答复时逐条回应")
    category = CategoryField(label="分类", empty_label="选择分类")
    regions = forms.CheckField(
        label="涉及地区", required=False, choices=[(name, name) for name in PREFECTURES],
        widget=forms.CheckList({"class": "choices-row"}),
    )
    involves_place = YesNoField(label="涉及具体单位或地点", widget=IN_A_ROW)
    wished_units = django_forms.CharField(
        label="希望承办单位", max_length=200, required=False, help_text="照录，至多三个，用顿号隔开"
    )
    publish_wish = RadioField(label="是否同意公开", choices=PublishWish.choices, widget=IN_A_ROW)
    publish_wish_reason = django_forms.CharField(label="不同意公开的理由", max_length=200, required=False)
    wants_meeting = django_forms.BooleanField(label="希望加强联系沟通（要求面商）", required=False)
    contact_name = django_forms.CharField(
        label="联系人", max_length=60, required=False, help_text="与领衔代表不同时填写"
    )
    contact_phone = PhoneField(label="联系电话", required=False, help_text="不填即用代表名册上的电话")
    contact_wish = django_forms.CharField(label="方便联系的时间与方式", max_length=100, required=False)
    formed_by = django_forms.ChoiceField(
        label="形成方式", required=False, choices=[("", "未注明"), *[(name, name) for name in FORMED]]
    )
    repeated_years = django_forms.ChoiceField(
        label="多年多次提出未解决", required=False, choices=[("", "未注明"), *[(name, name) for name in REPEATED]]
    )
    for_reference = django_forms.BooleanField(label="供研究参考，不需要书面答复", required=False)
    hides_identity = django_forms.BooleanField(label="要求保密身份", required=False)
    note = django_forms.CharField(label="备注", max_length=300, required=False)
    revision = django_forms.IntegerField(required=False, widget=django_forms.HiddenInput)

    MORE = (
        "contact_name", "contact_phone", "contact_wish", "formed_by", "repeated_years", "for_reference",
        "hides_identity", "note",
    )

    #: 速录不问的几项
    LATER = ("category", "involves_place", "publish_wish")

    def __init__(self, *args, may_number: bool = True, entered: Suggestion | None = None, **kwargs) -> None:
        """``entered`` 是要更正的件：速录时没有问、还空着的，更正时也可以空着。"""
        super().__init__(*args, **kwargs)
        self.within(self._posted_session())
        if not may_number:
            del self.fields["number"]
        for name in self.LATER if entered is not None else ():
            self.fields[name].required = getattr(entered, name) not in (None, "")

    def clean_body(self) -> str:
        return _filled(clean_text(self.cleaned_data["body"]), "填写内容：情况和问题")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("publish_wish") == PublishWish.NONE and not data.get("publish_wish_reason"):
            self.add_error("publish_wish_reason", "填写不同意公开的理由")
        return data

    def entry(self) -> dict:
        """交给动作的数据。"""
        data = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        data.update(period_of(data.pop("source")))
        data["raised_by"] = "delegation" if data.pop("as_delegation") else "personal"
        return data

    @property
    def more(self) -> list:
        """收在“更多”里的几项。"""
        return [self[name] for name in self.MORE]

    @property
    def more_filled(self) -> bool:
        """“更多”里填过、或有要改的，就展开。"""
        return any(bound.value() or (self.is_bound and bound.errors) for bound in self.more)


class FastForm(WithPeople):
    """速录：六项，回车到下一项；会议、来源、领衔代表沿用上一件。"""

    session = SessionField(widget=django_forms.HiddenInput)
    source = django_forms.ChoiceField(choices=SOURCES, widget=django_forms.HiddenInput)
    lead_deputy = DeputyField(label="领衔代表")
    cosigners = DeputyListField(label="联名代表", required=False)
    kind = django_forms.ChoiceField(label="形式", choices=SuggestionKind.choices)
    title = django_forms.CharField(label="标题", max_length=200)
    body = django_forms.CharField(
        label="内容：情况和问题", max_length=BODY_LIMIT, strip=False, widget=django_forms.Textarea({"rows": 4})
    )
    requests = django_forms.CharField(
        label="具体建议", strip=False, widget=django_forms.Textarea({"rows": 3}),
        help_text="一行一条；带序号的按序号分条",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.within(self._posted_session())

    def clean_body(self) -> str:
        return _filled(clean_text(self.cleaned_data["body"]), "填写内容：情况和问题")

    def clean_requests(self) -> list[str]:
        found = split_requests(self.cleaned_data["requests"])
        return _filled(found, "至少写一条具体建议")

    def entry(self) -> dict:
        data = dict(self.cleaned_data)
        data.update(period_of(data.pop("source")))
        return data


def _filled(value, sentence: str):
    """清理之后空了的，当作没填。"""
    if not value:
        raise django_forms.ValidationError(sentence, code="required")
    return value


def period_of(source: str) -> dict:
    """来源一栏变成两列：议案转建议都在大会期间。"""
    return {
        "raised_during": RaisedDuring.IN_SESSION if source == "bill" else source,
        "converted_from_bill": source == "bill",
    }


def source_of(suggestion: Suggestion) -> str:
    return "bill" if suggestion.converted_from_bill else suggestion.raised_during


def initial_of(suggestion: Suggestion) -> dict:
    """更正时表单里先放的内容。"""
    names = [name for name in IntakeForm.base_fields if hasattr(suggestion, name)]
    values = {name: getattr(suggestion, name) for name in names if name not in ("requests", "cosigners")}
    return {
        **values, "source": source_of(suggestion), "as_delegation": suggestion.raised_by == "delegation",
        "requests": [request.text for request in suggestion.requests.all()],
        "cosigners": [row.deputy for row in suggestion.cosigners.select_related("deputy")],
    }
