"""服务活动、回执与签收、栏目、留言的表单。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from lianluo.web.forms import (
    CheckList,
    DateField,
    Form,
    RadioField,
    TypeaheadSelect,
    TypeaheadSelectMultiple,
)
from suggestions.models import Delegation, Suggestion

from .. import counterparts
from ..access import posts_of
from ..models import (
    CONTACT_KINDS,
    ActivityDeputy,
    ActivityKind,
    Answer,
    Assignment,
    Column,
    Division,
    Matter,
    Post,
    Unit,
)
from .liaising import UnitDeputyField, UnitDeputyListField
from .planning import with_division

KINDS = [(kind.value, kind.label) for kind in CONTACT_KINDS if kind != ActivityKind.LEADER_LETTER]
#: 各种活动各问什么
ASKED = {
    Matter.RESEARCH: (
        "subject", "happened_on", "place", "members", "deputies", "delegations", "divisions", "content", "assignments",
    ),
    Matter.GROUP_VISIT: (
        "subject", "happened_on", "place", "members", "deputies", "delegations", "divisions", "content", "assignments",
    ),
    Matter.INVITATION: (
        "subject", "happened_on", "place", "deputies", "delegations", "divisions", "content", "members",
    ),
    Matter.MAILING: ("subject", "happened_on", "deputies", "delegations", "divisions", "content"),
    Matter.LIAISON: ("deputies", "happened_on", "kind", "members", "content", "assignments"),
}
LABELS = {
    Matter.RESEARCH: {"subject": "调研题目", "happened_on": "调研日期", "content": "情况和成果"},
    Matter.GROUP_VISIT: {"subject": "走访名称", "happened_on": "走访日期", "content": "情况和成果"},
    Matter.INVITATION: {
        "subject": "会议或活动", "happened_on": "举行日期", "place": "地点", "content": "议程和说明",
        "members": "由谁联系",
    },
    Matter.MAILING: {"subject": "寄的什么", "happened_on": "寄出日期", "content": "说明"},
    Matter.LIAISON: {"happened_on": "日期", "content": "联络了什么", "members": "谁联络的"},
}
OPTIONAL = {
    Matter.RESEARCH: ("place", "assignments"), Matter.GROUP_VISIT: ("place", "assignments"),
    Matter.INVITATION: ("content", "members"), Matter.MAILING: ("content",), Matter.LIAISON: ("assignments",),
}


class ServiceForm(Form):
    """登记一次服务活动：代表可以一名一名写，也可以整个代表团、整个对口处室地选。"""

    subject = forms.CharField(label="名称", max_length=200)
    happened_on = DateField(label="日期")
    kind = forms.ChoiceField(label="怎样联络的", choices=[("", "选择方式"), *KINDS])
    place = forms.CharField(label="地点", max_length=100)
    members = forms.ModelMultipleChoiceField(Post.objects.none(), label="我方人员", widget=TypeaheadSelectMultiple)
    deputies = UnitDeputyListField(label="代表", required=False, help_text="姓名，用顿号隔开")
    delegations = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), label="整个代表团", required=False, widget=CheckList({"class": "choices-row"})
    )
    divisions = forms.ModelMultipleChoiceField(
        Division.objects.none(), label="处室对口联系的全部代表", required=False,
        widget=CheckList({"class": "choices-row"}),
    )
    content = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea({"rows": 5}))
    assignments = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="与哪些件有关", widget=TypeaheadSelectMultiple, required=False
    )

    def __init__(self, *args, matter: Matter, unit: Unit, user, today: date, **kwargs) -> None:
        mine = [post.pk for post in posts_of(user) if post.unit_id == unit.pk][:1]
        kwargs["initial"] = {"happened_on": today, "members": mine, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.matter, self.unit, self.today = matter, unit, today
        for name in set(self.fields) - set(ASKED[matter]):
            del self.fields[name]
        self.order_fields(ASKED[matter])
        for name, label in LABELS[matter].items():
            self.fields[name].label = label
        for name in OPTIONAL[matter]:
            self.fields[name].required = False
        if matter == Matter.INVITATION:
            self.fields["happened_on"].help_text = "回执到会前三天还没有的，系统提醒代表"
            self.initial["happened_on"] = None
        self._offer(user)

    def _offer(self, user) -> None:
        """各项有哪些可选。"""
        fields = self.fields
        fields["deputies"].within(self.unit.congress_id)
        if "members" in fields:
            posts = Post.objects.staff(self.today).filter(unit=self.unit).select_related("division")
            fields["members"].queryset = posts
            fields["members"].label_from_instance = with_division
        if "delegations" in fields:
            fields["delegations"].queryset = Delegation.objects.filter(congress=self.unit.congress_id)
            paired = counterparts.posts_on(self.today).filter(unit=self.unit).values("division")
            fields["divisions"].queryset = Division.objects.filter(pk__in=paired)
        if "assignments" in fields:
            cases = Assignment.objects.visible_to(user).live().filter(unit=self.unit)
            fields["assignments"].queryset = cases.select_related("suggestion__session").order_by("-pk")
            fields["assignments"].label_from_instance = lambda one: str(one.suggestion)

    def clean(self) -> dict:
        """三种写法合成一份名单。"""
        data = super().clean()
        found = list(data.get("deputies") or [])
        serving = counterparts.serving(self.unit, self.today).select_related("delegation", "account")
        if data.get("delegations"):
            found += serving.filter(delegation__in=data["delegations"])
        if data.get("divisions"):
            rooms = [division.pk for division in data["divisions"]]
            found += serving.filter(counterparts.paired_with(rooms, self.today))
        if not found and "deputies" not in self.errors:
            whole = "，或者选代表团、对口处室" if "delegations" in self.fields else ""
            self.add_error("deputies", f"写上代表{whole}")
        data["deputies"] = list(dict.fromkeys(found))
        return data

    def values(self) -> dict:
        """交给动作的各项。"""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("delegations", "divisions")}
        return {"matter": self.matter, **data}


class MarksForm(Form):
    """一次活动各名代表的回执、出席、签收，一张表一次存。"""

    def __init__(self, *args, matter: str, rows: Iterable[ActivityDeputy], held: bool, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.matter, self.held = list(rows), matter, held
        if matter == Matter.MAILING:
            self.fields["received_on"] = DateField(label="签收日期", initial=today)
        for row in self.rows:
            for name, field in self._fields_of(row):
                self.fields[name] = field

    def _fields_of(self, row: ActivityDeputy):
        if self.matter == Matter.MAILING:
            yield f"received_{row.pk}", forms.BooleanField(
                label=f"{row.deputy.name}已签收", required=False, initial=row.received_on is not None
            )
        elif self.held:
            yield f"attended_{row.pk}", forms.BooleanField(
                label=f"{row.deputy.name}出席", required=False, initial=bool(row.attended)
            )
        else:
            yield f"answer_{row.pk}", forms.ChoiceField(
                label=f"{row.deputy.name}的回执", required=False, choices=[("", "还没有"), *Answer.choices],
                initial=row.answer, widget=forms.Select({"class": "input input-short"}),
            )

    def lines(self):
        """一行一名代表：行、要填的那一项。"""
        names = {Matter.MAILING: "received"}
        prefix = names.get(self.matter, "attended" if self.held else "answer")
        return [(row, self[f"{prefix}_{row.pk}"]) for row in self.rows]


class MessageForm(Form):
    """留一条言。"""

    text = forms.CharField(label="要说的话", max_length=1000, widget=forms.Textarea({"rows": 4}))
    suggestion = forms.ModelChoiceField(
        Suggestion.objects.none(), label="关于哪一件", required=False, empty_label="不专说哪一件"
    )

    def __init__(self, *args, cases, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suggestion"].queryset = cases
        if not cases.exists():
            del self.fields["suggestion"]


class ColumnForm(Form):
    """设一个栏目。"""

    publication = forms.CharField(label="刊物", max_length=60, help_text="如《新理财（湖南财政）》，书名号可以不写")
    name = forms.CharField(label="栏目", max_length=40, help_text="如 连心桥")


class ArticleForm(Form):
    """登一篇：代表来稿，或单位回应。"""

    column = forms.ModelChoiceField(Column.objects.none(), label="栏目", empty_label="选择栏目")
    issue = forms.CharField(label="期", max_length=30, help_text="如 2018 年第 4 期")
    title = forms.CharField(label="题目", max_length=100)
    by = RadioField(
        label="谁写的", choices=[("deputy", "代表来稿"), ("unit", "单位回应")],
        widget=forms.RadioSelect({"class": "choices-row"}),
    )
    deputy = UnitDeputyField(label="代表", required=False, help_text="来稿的代表，或回应的是哪位代表")
    suggestion = forms.ModelChoiceField(
        Suggestion.objects.none(), label="与哪一件有关", required=False, widget=TypeaheadSelect,
        empty_label="不专说哪一件",
    )
    text = forms.CharField(label="正文", max_length=5000, widget=forms.Textarea({"rows": 10}))
    published_on = DateField(label="刊出日期")

    def __init__(self, *args, unit: Unit, user, today: date, **kwargs) -> None:
        columns = Column.objects.filter(unit=unit).order_by("pk")
        first = columns.first()
        kwargs.setdefault("initial", {"published_on": today, "column": first.pk if first else None})
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns
        self.fields["deputy"].within(unit.congress_id)
        cases = Assignment.objects.visible_to(user).live().filter(unit=unit).values("suggestion")
        self.fields["suggestion"].queryset = Suggestion.objects.filter(pk__in=cases).select_related("session")

    def values(self) -> dict:
        data = dict(self.cleaned_data)
        by = data.pop("by")
        return {**data, "by_deputy": by == "deputy"}


class InvitationForm(Form):
    """代表的回执。"""

    answer = RadioField(label="能不能参加", choices=Answer.choices, widget=forms.RadioSelect({"class": "choices-big"}))
