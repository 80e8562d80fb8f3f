"""交办页的表单：选单位、批量、缓议、裁定异议。"""
from __future__ import annotations

from django import forms as django_forms

from lianluo.statemachine import DomainError
from lianluo.web import forms

from ..choosing import ASSIST, LEAD, SEPARATE, SOLE, Choice, check_choices
from ..models import AssignmentRole
from ..unitbook import UnitBook

MODES = [("sole", "独办"), ("lead", "主办加会办"), ("separate", "分办")]
#: 分办最多几个单位
SEPARATES = 4


class ChoiceForm(forms.Form):
    """办理方式与单位。推荐的单位可直接点，其他单位从名单里找；两处都选了主办就请人留一个。"""

    mode = forms.RadioField(
        label="办理方式", choices=MODES, required=False,
        help_text="不选时按单位判断：只有主办为独办，另有会办为主办加会办",
    )

    def __init__(self, *args, book: UnitBook, recommended=(), today=None, proposals=(), **kwargs) -> None:
        self.book, self.recommended, self.today = book, list(recommended), today
        super().__init__(*args, initial=initial_of(proposals, self.recommended), **kwargs)
        units = [("", "")] + [(str(pk), name) for pk, name in book.choices]
        picks = [(str(item.unit.pk), item.unit.short) for item in self.recommended]
        self.fields["pick"] = django_forms.ChoiceField(label="推荐的主办单位", choices=picks, required=False)
        self.fields["assist_picks"] = django_forms.MultipleChoiceField(
            label="推荐的会办单位", choices=picks, required=False
        )
        self.fields["lead"] = django_forms.ChoiceField(
            label="主办单位", choices=units, required=False,
            widget=forms.TypeaheadSelect({"data-key": "u"}, extra=book.note),
        )
        self.fields["assists"] = django_forms.MultipleChoiceField(
            label="会办单位", choices=units[1:], required=False, widget=forms.TypeaheadSelectMultiple(extra=book.note),
        )
        self.fields["lead"].either = True
        self._add_separates(units)
        for name in ("pick", "assist_picks", "lead", "assists"):
            self.fields[name].error_messages["invalid_choice"] = "从名单里选单位"

    def _add_separates(self, units) -> None:
        for number in range(1, SEPARATES + 1):
            self.fields[f"separate_{number}"] = django_forms.ChoiceField(
                label=f"分办单位 {number}", choices=units, required=False,
                widget=forms.TypeaheadSelect(extra=self.book.note),
            )
            self.fields[f"part_{number}"] = django_forms.CharField(
                label=f"单位 {number} 办理的内容", max_length=200, required=False
            )

    @property
    def separates(self):
        """分办的各行：（单位，内容）。"""
        return [(self[f"separate_{n}"], self[f"part_{n}"]) for n in range(1, SEPARATES + 1)]

    @property
    def picks(self):
        """推荐的各行：推荐、件数、是否已点为主办、会办。"""
        lead, assists = str(self["pick"].value() or ""), {str(pk) for pk in self["assist_picks"].value() or []}
        for item in self.recommended:
            key = str(item.unit.pk)
            yield {"item": item, "load": self.book.load(item.unit.pk), "lead": key == lead, "assist": key in assists}

    @property
    def shows_separates(self) -> bool:
        """分办一栏要不要展开。"""
        return any(unit.value() or part.value() for unit, part in self.separates) or self["mode"].value() == "separate"

    def clean(self) -> dict:
        data = super().clean()
        if self.errors:
            return data
        if data["lead"] and data["pick"] and data["lead"] != data["pick"]:
            self.add_error("lead", "主办单位选了两个，推荐里的和名单里的留一个")
            return data
        try:
            data["choices"] = self._choices(data)
            check_choices(data["choices"], self.today, self.book.session.term.congress_id)
        except DomainError as error:
            self.add_error(error.field if error.field in self.fields else None, error.sentence)
        return data

    def _choices(self, data: dict) -> list[Choice]:
        lead = data["lead"] or data["pick"]
        assists = list(dict.fromkeys([*data["assist_picks"], *data["assists"]]))
        apart = [
            (data[f"separate_{n}"], data[f"part_{n}"]) for n in range(1, SEPARATES + 1) if data[f"separate_{n}"]
        ]
        mode = data["mode"] or ("separate" if apart and not lead else "")
        if mode == "separate" or (apart and not mode):
            return self._separate(lead, assists, apart)
        if apart:
            raise DomainError("办理方式不是分办，清空分办单位，或改选分办", field="mode")
        role = SOLE if mode == "sole" or (not mode and not assists) else LEAD
        leading = [Choice(self._unit(lead), role)] if lead else []
        return leading + [Choice(self._unit(pk), ASSIST) for pk in assists]

    def _separate(self, lead: str, assists: list[str], apart: list[tuple[str, str]]) -> list[Choice]:
        if lead or assists:
            raise DomainError("分办的各单位各自答复，清空主办、会办单位", field="mode")
        return [Choice(self._unit(pk), SEPARATE, part) for pk, part in apart]

    def _unit(self, pk: str):
        return self.book.by_id[int(pk)]


def initial_of(proposals, recommended) -> dict:
    """按已有的拟交办填好：推荐里有的点在推荐里，没有的落在名单里。"""
    listed = {item.unit.pk for item in recommended}
    initial: dict = {"assist_picks": [], "assists": []}
    apart = [row for row in proposals if row.role == AssignmentRole.SEPARATE]
    for number, row in enumerate(apart[:SEPARATES], 1):
        initial[f"separate_{number}"], initial[f"part_{number}"] = str(row.unit_id), row.part
    for row in proposals:
        key = str(row.unit_id)
        if row.role in (AssignmentRole.SOLE, AssignmentRole.LEAD):
            initial["pick" if row.unit_id in listed else "lead"] = key
        elif row.role == AssignmentRole.ASSIST:
            initial["assist_picks" if row.unit_id in listed else "assists"].append(key)
    return initial


class DeferForm(forms.Form):
    """缓议。"""

    defer_reason = django_forms.CharField(label="缓议的理由", max_length=200)


class UnassignForm(forms.Form):
    """撤销交办。"""

    reason = django_forms.CharField(label="撤销的理由", max_length=200, required=False)


class PlainForm(forms.Form):
    """只有按钮、没有要填的项。"""


class ObjectionForm(forms.Form):
    """单位提异议。"""

    reason = django_forms.CharField(
        label="异议的理由", max_length=1000, widget=django_forms.Textarea(attrs={"rows": 5}),
        help_text="写明本单位的职责依据，例如三定规定的条款",
    )

    def __init__(self, *args, book: UnitBook, own_unit_id: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        units = [("", "")] + [(str(pk), name) for pk, name in book.choices if pk != own_unit_id]
        self.book = book
        self.fields["unit"] = django_forms.ChoiceField(
            label="建议改交的单位", choices=units, widget=forms.TypeaheadSelect(extra=book.note),
            error_messages={"required": "选建议改交的单位", "invalid_choice": "从名单里选单位"},
        )

    def clean_unit(self):
        return self.book.by_id[int(self.cleaned_data["unit"])]


class ObjectionDecisionForm(forms.Form):
    """裁定异议。"""

    upheld = forms.RadioField(label="裁定", choices=[("keep", "维持原拟"), ("change", "改交另一单位")])
    note = django_forms.CharField(
        label="裁定意见", max_length=200, required=False, help_text="维持原拟的，写明理由，单位看得到"
    )

    def __init__(self, *args, book: UnitBook, suggested: int | None, **kwargs) -> None:
        super().__init__(*args, initial={"new_unit": str(suggested or "")}, **kwargs)
        units = [("", "")] + [(str(pk), name) for pk, name in book.choices]
        self.book = book
        self.fields["new_unit"] = django_forms.ChoiceField(
            label="改交的单位", choices=units, required=False, widget=forms.TypeaheadSelect(extra=book.note),
            help_text="已填单位建议的，可以另选", error_messages={"invalid_choice": "从名单里选单位"},
        )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("upheld") == "change" and not data.get("new_unit") and "new_unit" not in self.errors:
            self.add_error("new_unit", "选改交的单位")
        data["unit"] = self.book.by_id.get(int(data["new_unit"])) if data.get("new_unit") else None
        return data
