"""沟通的表单：六项，手机上也好填。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms

from lianluo.web.forms import CheckList, DateField, Form, MultiFileField, TypeaheadSelect, TypeaheadSelectMultiple
from suggestions.models import Deputy

from ..access import posts_of
from ..actions.contacting import CORRECTABLE, deputies_of, stage_now
from ..models import CONTACT_KINDS, Activity, ActivityKind, Agreement, Assignment, Post, Rank, Stage
from .planning import with_division

#: 与代表沟通的方式；厅长写信另有一页
KINDS = [(kind.value, kind.label) for kind in CONTACT_KINDS if kind != ActivityKind.LEADER_LETTER]


class ActivityForm(Form):
    """记一次沟通：时间、方式、我方人员、代表、内容、照片；其余的有默认值，收在“更多”里。"""

    happened_on = DateField(label="日期")
    kind = forms.ChoiceField(label="方式", choices=[("", "选择方式"), *KINDS])
    members = forms.ModelMultipleChoiceField(
        Post.objects.none(), label="我方人员", widget=TypeaheadSelectMultiple
    )
    deputies = forms.ModelMultipleChoiceField(Deputy.objects.none(), label="代表", widget=CheckList)
    content = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea({"rows": 5}))
    photos = MultiFileField(label="照片或附件", required=False, help_text="可选多份；照片里的位置信息会去掉")
    stage = forms.ChoiceField(label="阶段", choices=Stage.choices, help_text="按办理进度预填")
    place = forms.CharField(label="地点", max_length=100, required=False)
    deputy_view = forms.CharField(
        label="代表意见", max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    intent = forms.CharField(
        label="代表意图", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="代表到底想解决什么，一两句话；写答复时排在最上面",
    )
    explained = forms.CharField(
        label="解释要点", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
    )
    agreed_measures = forms.CharField(
        label="协商的措施", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
    )
    agreement = forms.ChoiceField(label="是否一致", choices=[("", "没有谈到"), *Agreement.choices], required=False)
    leader = forms.ModelChoiceField(
        Post.objects.none(), label="带队领导", required=False, empty_label="没有领导带队", widget=TypeaheadSelect,
        help_text="厅领导带队现场办理的，选带队的人",
    )
    stand_in_reason = forms.CharField(
        label="代为带队的理由", max_length=200, required=False, help_text="不是这件的分管领导带队时填写",
    )
    others = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="同一次沟通还涉及的件", required=False, widget=TypeaheadSelectMultiple
    )

    #: 首屏的六项与收起来的几项
    FIRST = ("happened_on", "kind", "members", "deputies", "content", "photos")
    MORE = (
        "stage", "place", "intent", "deputy_view", "explained", "agreed_measures", "agreement", "leader",
        "stand_in_reason", "others",
    )

    def __init__(self, *args, assignment: Assignment, others: Sequence[Assignment], user, today: date, **kwargs):
        if "initial" not in kwargs:
            kwargs["initial"] = self.defaults(assignment, user, today)
        super().__init__(*args, **kwargs)
        posts = Post.objects.staff(today).filter(unit=assignment.unit_id)
        self.fields["members"].queryset = posts.select_related("division")
        self.fields["members"].label_from_instance = with_division
        self.fields["leader"].queryset = posts.filter(rank__gte=Rank.DIVISION).select_related("division")
        self.fields["leader"].label_from_instance = with_division
        people = deputies_of([assignment, *others])
        self.fields["deputies"].queryset = Deputy.objects.filter(pk__in=people).select_related("delegation")
        self.fields["deputies"].label_from_instance = with_delegation
        self.fields["others"].queryset = _in_hand(assignment, user)
        self.fields["others"].label_from_instance = lambda one: str(one.suggestion)

    @staticmethod
    def defaults(assignment: Assignment, user, today: date) -> dict:
        """今天、本人、领衔代表，阶段按进度。"""
        mine = [post.pk for post in posts_of(user) if post.unit_id == assignment.unit_id][:1]
        return {
            "happened_on": today, "members": mine, "deputies": [assignment.suggestion.lead_deputy_id],
            "stage": stage_now(assignment),
        }

    def first(self):
        return [self[name] for name in self.FIRST]

    def more(self):
        return [self[name] for name in self.MORE]

    def more_open(self) -> bool:
        """收起来的几项有提示时要展开。"""
        return any(self[name].errors for name in self.MORE)


def with_delegation(deputy: Deputy) -> str:
    return f"{deputy.name}（{deputy.delegation}）"


def _in_hand(assignment: Assignment, user):
    """本单位手里、此人看得见的其他件。"""
    live = Assignment.objects.visible_to(user).filter(
        unit=assignment.unit_id, status__in=("accepted", "handling", "answered")
    )
    return live.exclude(pk=assignment.pk).select_related("suggestion__session").order_by("-suggestion__number")


class CorrectionForm(Form):
    """更正一条沟通记录。"""

    happened_on = DateField(label="日期")
    kind = forms.ChoiceField(label="方式", choices=KINDS)
    stage = forms.ChoiceField(label="阶段", choices=Stage.choices)
    place = forms.CharField(label="地点", max_length=100, required=False)
    content = forms.CharField(label="内容", max_length=2000, widget=forms.Textarea({"rows": 5}))
    deputy_view = forms.CharField(
        label="代表意见", max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    intent = forms.CharField(label="代表意图", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    explained = forms.CharField(label="解释要点", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    agreed_measures = forms.CharField(
        label="协商的措施", max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    agreement = forms.ChoiceField(label="是否一致", choices=[("", "没有谈到"), *Agreement.choices], required=False)
    reason = forms.CharField(label="更正的理由", max_length=200)

    def __init__(self, *args, activity: Activity, **kwargs) -> None:
        kwargs.setdefault("initial", {name: getattr(activity, name) for name in CORRECTABLE})
        super().__init__(*args, **kwargs)
