"""责任人员、对口联系的表单。"""
from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy

from lianluo.web.forms import (
    CheckList,
    DateField,
    Form,
    LookupField,
    LookupListField,
    PhoneField,
    RadioField,
    TypeaheadSelect,
)
from suggestions.models import Delegation, Deputy

from ..actions.liaising import SERVICE_DUTIES, Person
from ..models import Division, Post, Unit
from .planning import with_division

_NAMED = re.compile(r"^(.*?)[（(]([^（）()]+)[）)]$")
DEPUTY_URL = reverse_lazy("handlers:deputy_lookup")
SAME_NAME = {"several": "“%(text)s”有 %(count)d 位代表，写上代表团，如 %(one)s"}


def shown_deputy(deputy: Deputy) -> str:
    """黄岳若（长沙代表团）：括号里的代表团用来认准重名的人；证号不给单位看。"""
    return f"{deputy.name}（{deputy.delegation}）"


def find_deputies(congress_id: int, text: str) -> Iterable[Deputy]:
    """带代表团的两样都合，否则先按全名，再按拼音。"""
    found = Deputy.objects.filter(congress=congress_id).select_related("delegation", "account")
    named = _NAMED.match(text.strip())
    if named:
        return list(found.named(named.group(1)).filter(delegation__name=named.group(2).strip())[:20])
    return list(found.named(text)[:20]) or list(found.matching(text, private=False)[:20])


def deputy_choices(congress_id: int, text: str, most: int = 10) -> list[dict]:
    """查找框的候选。"""
    if not text.strip():
        return []
    found = Deputy.objects.filter(congress=congress_id).matching(text, private=False).select_related("delegation")
    return [
        {
            "text": shown_deputy(one), "label": one.name, "short": "", "pinyin": one.pinyin.replace(" ", ""),
            "initials": one.initials, "note": one.delegation.name,
        }
        for one in found.order_by("pinyin", "pk")[:most]
    ]


class UnitDeputyField(LookupField):
    """单位的人写一位代表：姓名或拼音首字母，重名的写上代表团。"""

    default_error_messages = SAME_NAME

    def __init__(self, **kwargs) -> None:
        super().__init__(find=lambda text: [], url=DEPUTY_URL, show=shown_deputy, **kwargs)

    def within(self, congress_id: int) -> None:
        self.find = lambda text: find_deputies(congress_id, text)


class UnitDeputyListField(LookupListField, UnitDeputyField):
    """几位代表，用顿号隔开。"""

    default_error_messages = SAME_NAME


class PersonForm(Form):
    """任命一个人：从本单位现有的人里选，没有账号的写姓名。"""

    person = forms.ModelChoiceField(
        Post.objects.none(), label="从本单位的人里选", required=False, widget=TypeaheadSelect, empty_label="选择人",
    )
    name = forms.CharField(label="姓名", max_length=60, required=False, help_text="上面没有的人，写下姓名")
    title = forms.CharField(label="职务", max_length=60, required=False, help_text="不写的用选的那个人现在的")
    phone = PhoneField(label="电话", required=False, help_text="代表看得到；不写的用选的那个人现在的")
    from_on = DateField(label="从哪天起")

    def __init__(self, *args, unit: Unit, today: date, **kwargs) -> None:
        kwargs["initial"] = {"from_on": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        posts = Post.objects.staff(today).filter(unit=unit).select_related("division", "account")
        self.fields["person"].queryset = posts.order_by("division__position", "-rank", "id")
        self.fields["person"].label_from_instance = with_division

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("person") and not data.get("name") and "person" not in self.errors:
            self.add_error("person", "从本单位的人里选一名，或者写下姓名")
        return data

    def taken(self) -> dict:
        """交给动作的：谁、从哪天起。"""
        data = self.cleaned_data
        post = data["person"]
        person = Person(post, data["name"] if post is None else "", data["title"], data["phone"])
        return {"person": person, "from_on": data["from_on"]}


class ServicePostForm(PersonForm):
    """服务代表工作领导小组的一名。"""

    duty = RadioField(label="担任", choices=[
        (duty.value, label) for duty, label in zip(SERVICE_DUTIES, ("组长", "副组长", "成员"), strict=True)
    ], widget=forms.RadioSelect({"class": "choices-row"}))
    division = forms.ModelChoiceField(
        Division.objects.none(), label="处室", required=False, widget=TypeaheadSelect, empty_label="不在处室"
    )
    field_order = ["duty", "person", "name", "title", "phone", "division", "from_on"]

    def __init__(self, *args, unit: Unit, today: date, **kwargs) -> None:
        super().__init__(*args, unit=unit, today=today, **kwargs)
        self.fields["division"].queryset = open_divisions(unit, today)


class AreasForm(Form):
    """联系哪些代表团、单独指定哪几名代表。"""

    delegations = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), label="代表团", required=False, widget=CheckList({"class": "choices-row"})
    )
    deputies = UnitDeputyListField(
        label="单独指定的代表", required=False, help_text="姓名，用顿号隔开；单独指定的不随代表团走",
    )

    def __init__(self, *args, unit: Unit, today: date, post: Post | None = None, **kwargs) -> None:
        if post is not None:
            areas = list(post.areas.select_related("delegation", "deputy__delegation"))
            kwargs.setdefault("initial", {
                "delegations": [area.delegation_id for area in areas if area.delegation_id],
                "deputies": [area.deputy for area in areas if area.deputy_id],
            })
        super().__init__(*args, **kwargs)
        self.fields["delegations"].queryset = Delegation.objects.filter(congress=unit.congress_id)
        self.fields["deputies"].within(unit.congress_id)


class CounterpartForm(PersonForm):
    """新定一名对口联系人：处室、人、联系哪些代表。"""

    division = forms.ModelChoiceField(
        Division.objects.none(), label="处室", widget=TypeaheadSelect, empty_label="选择处室"
    )
    delegations = AreasForm.base_fields["delegations"]
    deputies = AreasForm.base_fields["deputies"]
    field_order = ["division", "person", "name", "title", "phone", "delegations", "deputies", "from_on"]

    def __init__(self, *args, unit: Unit, today: date, **kwargs) -> None:
        super().__init__(*args, unit=unit, today=today, **kwargs)
        self.fields["division"].queryset = open_divisions(unit, today)
        self.fields["delegations"].queryset = Delegation.objects.filter(congress=unit.congress_id)
        self.fields["deputies"].within(unit.congress_id)


class EndForm(Form):
    """离任。"""

    on = DateField(label="从哪天起不再担任")

    def __init__(self, *args, today: date, **kwargs) -> None:
        kwargs.setdefault("initial", {"on": today})
        super().__init__(*args, **kwargs)


def open_divisions(unit: Unit, today: date):
    """没有撤并的处室。"""
    return Division.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), unit=unit)
