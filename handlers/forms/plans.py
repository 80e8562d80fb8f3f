"""一件的方案的表单：方案本身，和一行一行的措施、任务、问题。没有 JavaScript 也能添行。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms

from lianluo.web.forms import (
    CheckList,
    DateField,
    Form,
    MultiFileField,
    RadioField,
    TypeaheadSelect,
    TypeaheadSelectMultiple,
    YesNoField,
)
from suggestions.models import Deputy

from ..access import posts_of
from ..actions.contacting import deputies_of
from ..actions.plan_steps import DRAFTING, Row, asked
from ..mechanisms.facts import Case
from ..models import CONCLUSIONS, Assignment, Conclusion, Matter, Nature, Plan, PlanKind, PlanStep, Post, StepStatus
from .contacting import KINDS, with_delegation
from .planning import with_division

#: 空着的行数；不够时按“再加三行”
BLANK_ROWS, MORE_ROWS, MOST_ROWS = 2, 3, 30


class RowForm(Form):
    """一行；整行空着的不算。"""

    #: 这一种方案的一行有哪几项：名称、标签、必填
    text = forms.CharField(label="措施", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    measure = forms.CharField(label="整改措施", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    body = forms.CharField(label="交给哪个单位", max_length=60, required=False)
    leader = forms.TypedChoiceField(label="责任领导", required=False, widget=TypeaheadSelect, empty_value=None)
    person = forms.TypedChoiceField(label="责任人", required=False, widget=TypeaheadSelect, empty_value=None)
    due_on = DateField(label="期限", required=False)

    def __init__(self, *args, kind: str, people: dict[str, Post], wants_people: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = dict(ROW_FIELDS[kind])
        for name in [name for name in self.fields if name not in self.wanted]:
            del self.fields[name]
        for name, label in ROW_FIELDS[kind]:
            self.fields[name].label = label
        choices = [("", "选择"), *((pk, with_division(post)) for pk, post in people.items())]
        for name in {"leader", "person"} & set(self.fields):
            self.fields[name].choices, self.fields[name].coerce = choices, people.get
        self.optional = set() if wants_people else {"leader", "person"}

    def clean(self) -> dict:
        data = super().clean()
        if not any(data.get(name) for name in self.wanted):
            return data
        for name, label in self.wanted.items():
            if not data.get(name) and name not in self.optional and name not in self.errors:
                verb = "选择" if name in ("leader", "person") else "填写"
                self.add_error(name, f"{verb}{label}")
        return data

    @property
    def row(self) -> Row | None:
        """填了的一行；整行空着为 None。"""
        data = {name: value for name, value in self.cleaned_data.items() if name in self.wanted}
        return Row(**data) if any(data.values()) else None


ROW_FIELDS = {
    PlanKind.SOLUTION: [("text", "措施"), ("leader", "责任领导"), ("person", "责任人"), ("due_on", "期限")],
    PlanKind.INVESTIGATION: [("body", "交给哪个单位"), ("text", "调查什么"), ("due_on", "限期")],
    PlanKind.RECTIFICATION: [("text", "问题"), ("measure", "整改措施"), ("person", "责任人"), ("due_on", "期限")],
}


class Rows:
    """几行；``forms`` 供页面画，``rows`` 是填了的。"""

    prefix = "rows"

    def __init__(self, posted, *, case: Case, kind: str, initial: list[dict], more: int = 0) -> None:
        people = {str(post.pk): post for post in case.posts}
        options = {"kind": kind, "people": people, "wants_people": asked(case, "MZ-11") or kind != PlanKind.SOLUTION}
        made = forms.formset_factory(RowForm, extra=BLANK_ROWS + more, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        self.formset = made(posted, initial=initial, prefix=self.prefix, form_kwargs=options)

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    @property
    def rows(self) -> list[Row]:
        return [row for row in (form.row for form in self.formset.forms) if row]


def typed_rows(posted) -> list[dict]:
    """交上来的各行原样，用来多加几行空的再给一次。"""
    found: list[dict] = []
    for place in range(MOST_ROWS):
        start = f"{Rows.prefix}-{place}-"
        line = {name.removeprefix(start): value for name, value in posted.items() if name.startswith(start)}
        if any(line.values()):
            found.append(line)
    return found


def rows_of(plan: Plan | None) -> list[dict]:
    """草拟中的方案已有的各行，供修改。"""
    if plan is None:
        return []
    return [
        {"text": step.text, "measure": step.measure, "body": step.body, "leader": step.leader_id,
         "person": step.person_id, "due_on": step.due_on}
        for step in plan.steps.all()
    ]


class SolutionForm(Form):
    """解决方案。"""

    text = forms.CharField(
        label="怎么解决", max_length=3000, widget=forms.Textarea({"rows": 6}),
        help_text="对照代表提的意见，逐条写怎么办",
    )
    expected = forms.CharField(label="预期结果", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    expected_on = DateField(label="预期什么时候见效", required=False)
    also = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label="同用这份方案的件", required=False, widget=TypeaheadSelectMultiple,
        help_text="一事一议，一件一份方案；确实要几件同用的，在这里选，并写明理由",
    )
    shared_reason = forms.CharField(label="几件同用的理由", max_length=200, required=False)

    def __init__(self, *args, case: Case, plan: Plan | None, user, **kwargs) -> None:
        kwargs.setdefault("initial", _solution_initial(plan))
        super().__init__(*args, **kwargs)
        for name in ("expected", "expected_on"):
            self.fields[name].required = asked(case, "MZ-08")
        self.fields["also"].queryset = _sharable(case, plan, user)
        self.fields["also"].label_from_instance = lambda one: str(one.suggestion)

    def values(self) -> dict:
        return {**self.cleaned_data, "also": list(self.cleaned_data["also"])}


def _solution_initial(plan: Plan | None) -> dict:
    if plan is None:
        return {}
    found = {name: getattr(plan, name) for name in ("text", "expected", "expected_on", "shared_reason")}
    return {**found, "also": list(plan.also.values_list("pk", flat=True))}


def _sharable(case: Case, plan: Plan | None, user):
    """本单位在办、此人看得见、还没有自己方案的意见件。"""
    rows = Assignment.objects.visible_to(user).answering().filter(
        unit=case.assignment.unit_id, status__in=DRAFTING, sheet__nature=Nature.OPINION
    ).exclude(pk=case.assignment.pk)
    own = Plan.objects.current().filter(kind=PlanKind.SOLUTION)
    shared = Plan.also.through.objects.all()
    if plan is not None:
        shared = shared.exclude(plan=plan)
    rows = rows.exclude(pk__in=own.values("assignment")).exclude(pk__in=shared.values("assignment"))
    return rows.select_related("suggestion__session").order_by("-suggestion__number", "pk")


class InvestigationForm(Form):
    """问题调查。"""

    text = forms.CharField(
        label="调查什么问题", max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text="代表批评的是什么，要查清什么",
    )
    investigator = forms.ModelChoiceField(
        Post.objects.none(), label="调查人", widget=TypeaheadSelect, empty_label="选择调查人"
    )

    def __init__(self, *args, case: Case, plan: Plan | None, user, **kwargs) -> None:
        if plan is not None:
            kwargs.setdefault("initial", {"text": plan.text, "investigator": plan.investigator_id})
        super().__init__(*args, **kwargs)
        staff(self, "investigator", case)

    def values(self) -> dict:
        return self.cleaned_data


class RectificationForm(Form):
    """整改清单：只有各行。"""

    def __init__(self, *args, case: Case, plan: Plan | None, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict:
        return {}


PLAN_FORMS = {
    PlanKind.SOLUTION: SolutionForm, PlanKind.INVESTIGATION: InvestigationForm,
    PlanKind.RECTIFICATION: RectificationForm,
}


def staff(form: Form, name: str, case: Case) -> None:
    """一项从本单位现在的人里选。"""
    posts = Post.objects.staff(case.today).filter(unit=case.assignment.unit_id)
    form.fields[name].queryset = posts.select_related("division")
    form.fields[name].label_from_instance = with_division


def other_cases(assignment: Assignment, user):
    """本单位在办、此人看得见的其他件。"""
    rows = Assignment.objects.visible_to(user).filter(unit=assignment.unit_id, status__in=DRAFTING)
    return rows.exclude(pk=assignment.pk).select_related("suggestion__session").order_by("-suggestion__number", "pk")


def own_posts(user, unit_id: int) -> list[int]:
    """本人在这个单位的任职，作我方人员的缺省。"""
    return [post.pk for post in posts_of(user) if post.unit_id == unit_id][:1]


class ConsentForm(Form):
    """代表对解决方案的意见。"""

    conclusion = RadioField(
        label="领衔代表的意见", choices=[(one, Conclusion(one).label) for one in CONCLUSIONS[Matter.CONSENT]]
    )
    happened_on = DateField(label="日期")
    kind = forms.ChoiceField(label="怎样征求的", choices=[("", "选择方式"), *KINDS])
    members = forms.ModelMultipleChoiceField(Post.objects.none(), label="我方人员", widget=TypeaheadSelectMultiple)
    deputies = forms.ModelMultipleChoiceField(Deputy.objects.none(), label="代表", widget=CheckList)
    content = forms.CharField(label="怎么谈的", max_length=2000, widget=forms.Textarea({"rows": 4}))
    deputy_view = forms.CharField(
        label="代表提的条件，或不同意的理由", max_length=1000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="有条件同意、不同意的要填写",
    )
    photos = MultiFileField(label="凭据", required=False, help_text="代表签字、短信截图、座谈照片等，可选多份")

    def __init__(self, *args, case: Case, involved: Iterable[Assignment], user, **kwargs) -> None:
        involved = list(involved)
        kwargs.setdefault("initial", {
            "happened_on": case.today, "members": own_posts(user, case.assignment.unit_id),
            "deputies": [one.suggestion.lead_deputy_id for one in involved],
        })
        super().__init__(*args, **kwargs)
        staff(self, "members", case)
        rows = Deputy.objects.filter(pk__in=deputies_of(involved)).select_related("delegation")
        self.fields["deputies"].queryset = rows
        self.fields["deputies"].label_from_instance = with_delegation


class ProgressForm(Form):
    """报一次进展。"""

    step = forms.ModelChoiceField(
        PlanStep.objects.none(), label="哪条措施", required=False, empty_label="整个方案"
    )
    text = forms.CharField(label="进展", max_length=1000, widget=forms.Textarea({"rows": 4}))
    happened_on = DateField(label="日期")
    done = forms.BooleanField(label="这条措施办完了", required=False)
    evidence = forms.FileField(label="佐证", required=False)

    def __init__(self, *args, plan: Plan, today: date, **kwargs) -> None:
        kwargs.setdefault("initial", {"happened_on": today})
        super().__init__(*args, **kwargs)
        self.fields["step"].queryset = plan.steps.exclude(status=StepStatus.DONE)
        self.fields["step"].label_from_instance = lambda step: f"第 {step.position} 条　{step.text}"


class SolutionFinishForm(Form):
    """问效结论。"""

    conclusion = forms.CharField(
        label="问效结论", max_length=1000, widget=forms.Textarea({"rows": 4}), help_text="对照预期结果，办到了没有"
    )


class InvestigationFinishForm(Form):
    """调查的事实、责任、结论。"""

    findings = forms.CharField(label="查明的事实", max_length=3000, widget=forms.Textarea({"rows": 5}))
    liability = forms.CharField(label="责任", max_length=1000, widget=forms.Textarea({"rows": 3}))
    conclusion = forms.CharField(label="结论", max_length=1000, widget=forms.Textarea({"rows": 3}))


class RecordForm(Form):
    """回执、报整改完成：情况、日期、佐证。"""

    text = forms.CharField(label="情况", max_length=1000, widget=forms.Textarea({"rows": 4}))
    happened_on = DateField(label="日期")
    evidence = forms.FileField(label="佐证", required=False)

    def __init__(self, *args, label: str, needs_evidence: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["evidence"].required = label, needs_evidence


class VerifyForm(Form):
    """核验。"""

    passed = YesNoField(label="整改到位了没有", help_text="是：核验通过；否：退回重新整改，次数记着")
    text = forms.CharField(
        label="核验情况", max_length=500, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="不到位的写明哪里不到位",
    )
