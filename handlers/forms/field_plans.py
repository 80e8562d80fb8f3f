"""现场办理方案的表单：一组一页，一件一行。"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.db.models import Q

from lianluo.web.forms import DateField, Form, TypeaheadSelect, TypeaheadSelectMultiple

from ..models import Division, Plan, PlanStep, Post, Rank, Way
from .planning import with_division

COLUMNS = ("leader", "division", "joining", "way", "place", "due_on")
LABELS = {
    "leader": "带队领导", "division": "牵头处室", "joining": "参与处室", "way": "方式", "place": "地点",
    "due_on": "办结时限",
}


class NoteForm(Form):
    """审定、退回、作废：一句意见。"""

    note = forms.CharField(label="意见", max_length=200, required=False, widget=forms.Textarea({"rows": 2}))


class ItemsForm(Form):
    """一组的各行；人和处室只取一次，各行共用。"""

    def __init__(self, *args, plan: Plan, steps: Sequence[PlanStep], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.steps = list(steps)
        posts = Post.objects.staff(today).filter(unit=plan.unit_id, rank__gte=Rank.DIVISION).select_related("division")
        rooms = Division.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), unit=plan.unit_id)
        self.posts = {one.pk: one for one in [*(step.leader for step in self.steps if step.leader), *posts]}
        self.divisions = {one.pk: one for one in rooms}
        for step in self.steps:
            self._add(step)

    def _add(self, step: PlanStep) -> None:
        """一行的六项。"""
        leaders = [("", "选择领导"), *((pk, with_division(one)) for pk, one in self.posts.items())]
        rooms = [(pk, one.name) for pk, one in self.divisions.items()]
        number = step.assignment.suggestion.shown_number
        fields = {
            "leader": forms.TypedChoiceField(choices=leaders, coerce=int, empty_value=None, widget=TypeaheadSelect),
            "division": forms.TypedChoiceField(
                choices=[("", "选择处室"), *rooms], coerce=int, empty_value=None, widget=TypeaheadSelect
            ),
            "joining": forms.TypedMultipleChoiceField(choices=rooms, coerce=int, widget=TypeaheadSelectMultiple),
            "way": forms.ChoiceField(choices=Way.choices), "place": forms.CharField(max_length=100),
            "due_on": DateField(),
        }
        for name, field in fields.items():
            field.required, field.label = False, f"{number} {LABELS[name]}"
            field.initial = self._initial(step, name)
            field.widget.attrs["aria-label"] = field.label
            self.fields[f"{name}-{step.pk}"] = field

    @staticmethod
    def _initial(step: PlanStep, name: str):
        if name == "joining":
            return [one.pk for one in step.joining.all()]
        return getattr(step, f"{name}_id", None) if name in ("leader", "division") else getattr(step, name)

    def rows(self) -> list[dict]:
        """页面上的各行：件，和它的六个框。"""
        return [{"step": step, "bounds": [self[f"{name}-{step.pk}"] for name in COLUMNS]} for step in self.steps]

    def items(self) -> dict[int, dict]:
        """交给动作的：步的主键 → 各项。"""
        return {step.pk: self._typed(step.pk) for step in self.steps}

    def _typed(self, pk: int) -> dict:
        found = {name: self.cleaned_data.get(f"{name}-{pk}") for name in COLUMNS}
        found["leader"] = self.posts.get(found["leader"])
        found["division"] = self.divisions.get(found["division"])
        found["joining"] = [self.divisions[one] for one in found["joining"] or []]
        return found
