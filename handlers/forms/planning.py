"""分派的表单：一页七项。"""
from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Q

from lianluo.web.forms import DateField, Form, TypeaheadSelect, TypeaheadSelectMultiple

from ..models import Assignment, Division, Post, Rank

GOAL = "当面沟通，逐条回应，代表满意"


class AllotForm(Form):
    """五定：处室与承办人、任务、时间、质量、责任领导。"""

    lead_division = forms.ModelChoiceField(
        Division.objects.none(), label="牵头处室", widget=TypeaheadSelect, empty_label="选择处室"
    )
    officer = forms.ModelChoiceField(
        Post.objects.none(), label="具体承办人", widget=TypeaheadSelect, empty_label="选择牵头处室的人"
    )
    assist_divisions = forms.ModelMultipleChoiceField(
        Division.objects.none(), label="参与处室", required=False, widget=TypeaheadSelectMultiple
    )
    responsible_leader = forms.ModelChoiceField(
        Post.objects.none(), label="责任领导", widget=TypeaheadSelect, empty_label="选择处级以上领导"
    )
    inner_due_on = DateField(label="内部时限")
    quality_goal = forms.CharField(label="质量要求", max_length=100, initial=GOAL)
    task_note = forms.CharField(label="任务要点", max_length=200, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, assignment: Assignment, today: date, **kwargs) -> None:
        kwargs.setdefault("initial", initial_of(assignment))
        super().__init__(*args, **kwargs)
        divisions = Division.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), unit=assignment.unit_id)
        posts = Post.objects.staff(today).filter(unit=assignment.unit_id).select_related("division")
        self.fields["lead_division"].queryset = divisions
        self.fields["assist_divisions"].queryset = divisions
        self.fields["officer"].queryset = posts.order_by("division__position", "id")
        self.fields["responsible_leader"].queryset = posts.filter(rank__gte=Rank.DIVISION)
        self.fields["officer"].label_from_instance = with_division
        self.fields["responsible_leader"].label_from_instance = with_division
        if assignment.due_on:
            self.fields["inner_due_on"].help_text = f"不晚于到期日 {assignment.due_on}"


def with_division(post: Post) -> str:
    """李明（规划财务处 主任科员）。"""
    where = f"{post.division} " if post.division_id else ""
    return f"{post.name}（{where}{post.title or post.get_duty_display()}）"


def initial_of(assignment: Assignment) -> dict:
    """已分派过的带出原来的安排。"""
    rows = list(assignment.allotments.all())
    lead = next((row for row in rows if row.role == "lead"), None)
    return {
        "lead_division": lead.division_id if lead else None,
        "officer": lead.officer_id if lead else None,
        "assist_divisions": [row.division_id for row in rows if row.role == "assist"],
        "responsible_leader": assignment.responsible_leader_id,
        "inner_due_on": assignment.inner_due_on,
        "quality_goal": assignment.quality_goal or GOAL,
        "task_note": assignment.task_note,
    }
