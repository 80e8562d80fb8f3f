"""可行性评估、专家会诊、专家库、成果的表单。"""
from __future__ import annotations

from datetime import date

from django import forms

from lianluo.web.forms import CheckList, DateField, Form, RadioField, TypeaheadSelectMultiple

from ..mechanisms.facts import Case
from ..models import CONCLUSIONS, Assignment, Conclusion, Expert, Matter, Outcome, OutcomeKind, OutcomeStage, Post, Unit
from .plans import other_cases, own_posts, staff


class FeasibilityForm(Form):
    """可行性评估：结论、要点、评估人、日期。"""

    conclusion = RadioField(
        label="结论", choices=[(one, Conclusion(one).label) for one in CONCLUSIONS[Matter.FEASIBILITY]]
    )
    content = forms.CharField(
        label="要点", max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text="法律政策依据、财力、时机、风险，哪些能办、哪些暂时办不了",
    )
    members = forms.ModelMultipleChoiceField(Post.objects.none(), label="评估人", widget=TypeaheadSelectMultiple)
    happened_on = DateField(label="日期")

    def __init__(self, *args, case: Case, user, **kwargs) -> None:
        kwargs.setdefault(
            "initial", {"happened_on": case.today, "members": own_posts(user, case.assignment.unit_id)}
        )
        super().__init__(*args, **kwargs)
        staff(self, "members", case)


class ConsultForm(Form):
    """专家会诊。"""

    subject = forms.CharField(label="议题", max_length=200)
    experts = forms.ModelMultipleChoiceField(Expert.objects.none(), label="专家", widget=CheckList)
    content = forms.CharField(label="专家的意见", max_length=3000, widget=forms.Textarea({"rows": 6}))
    happened_on = DateField(label="日期")
    place = forms.CharField(label="地点", max_length=100, required=False)
    members = forms.ModelMultipleChoiceField(
        Post.objects.none(), label="本单位参加的人", required=False, widget=TypeaheadSelectMultiple
    )
    others = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="同一次会诊还涉及的件", required=False, widget=TypeaheadSelectMultiple
    )

    def __init__(self, *args, case: Case, user, **kwargs) -> None:
        kwargs.setdefault(
            "initial", {"happened_on": case.today, "members": own_posts(user, case.assignment.unit_id)}
        )
        super().__init__(*args, **kwargs)
        staff(self, "members", case)
        self.fields["experts"].queryset = Expert.objects.filter(unit=case.assignment.unit_id, is_active=True)
        self.fields["others"].queryset = other_cases(case.assignment, user)
        self.fields["others"].label_from_instance = lambda one: str(one.suggestion)


class ExpertForm(Form):
    """专家库的一名专家。"""

    name = forms.CharField(label="姓名", max_length=60)
    institution = forms.CharField(label="所在单位", max_length=80)
    title = forms.CharField(label="职称", max_length=60, required=False)
    field = forms.CharField(label="专长", max_length=80, required=False)
    is_active = forms.BooleanField(label="在库，可以请来会诊", required=False)

    def __init__(self, *args, expert: Expert | None = None, **kwargs) -> None:
        names = ("name", "institution", "title", "field", "is_active")
        kwargs.setdefault("initial", {name: getattr(expert, name) for name in names} if expert else {"is_active": True})
        super().__init__(*args, **kwargs)
        if expert is None:
            del self.fields["is_active"]


class OutcomeForm(Form):
    """一项成果。"""

    title = forms.CharField(label="名称", max_length=120)
    kind = RadioField(label="种类", choices=OutcomeKind.choices)
    stage = RadioField(label="进度", choices=OutcomeStage.choices)
    document_number = forms.CharField(
        label="文号", max_length=40, required=False, help_text="没有文号的，不计入“已出台”"
    )
    happened_on = DateField(label="日期", help_text="列入、起草或出台的日子")
    assignments = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="由哪些件转化而来", widget=TypeaheadSelectMultiple
    )

    def __init__(self, *args, unit: Unit, user, today: date, outcome: Outcome | None = None, **kwargs) -> None:
        kwargs.setdefault("initial", _outcome_initial(outcome, today))
        super().__init__(*args, **kwargs)
        rows = Assignment.objects.visible_to(user).live().filter(unit=unit).select_related("suggestion__session")
        self.fields["assignments"].queryset = rows.order_by("-suggestion__number", "pk")
        self.fields["assignments"].label_from_instance = lambda one: str(one.suggestion)


def _outcome_initial(outcome: Outcome | None, today: date) -> dict:
    if outcome is None:
        return {"happened_on": today}
    names = ("title", "kind", "stage", "document_number", "happened_on")
    found = {name: getattr(outcome, name) for name in names}
    return {**found, "assignments": list(outcome.assignments.values_list("pk", flat=True))}
