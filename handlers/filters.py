"""承办关系的筛选：收件箱、导出与接口同一套。"""
from __future__ import annotations

import django_filters as filters
from django.db.models import Exists, OuterRef, Q

from lianluo.congresses.models import session_by_code
from lianluo.web import forms
from suggestions import searching
from suggestions.models import Suggestion

from . import desk
from .models import Allotment, AllotmentRole, Assignment, AssignmentRole, ProposedAssignment, Unit


class AssignmentFilter(filters.FilterSet):
    """栏目、查找、单位、角色、届次、到期。"""

    q = filters.CharFilter(label="查找", method="by_words", max_length=60)
    unit = filters.ModelChoiceFilter(label="承办单位", queryset=Unit.objects.all(), empty_label="全部单位")
    role = filters.ChoiceFilter(label="角色", choices=AssignmentRole.choices, empty_label="全部角色")
    session = filters.CharFilter(label="届次", method="by_session", max_length=12)
    due_before = filters.DateFilter(label="到期不晚于", field_name="due_on", lookup_expr="lte")
    tag = filters.NumberFilter(label="主题活动", field_name="tags", max_value=10**15)
    leader = filters.NumberFilter(label="责任领导", method="by_leader", max_value=10**15)
    division = filters.NumberFilter(label="牵头处室", method="by_division", max_value=10**15)
    tab = filters.ChoiceFilter(
        label="栏目", method="by_tab",
        choices=[(code, label) for code, (label, _) in desk.conditions().items()],
    )

    class Meta:
        model = Assignment
        fields: list[str] = []
        form = forms.Form

    def by_words(self, queryset, name, value):
        """编号、标题、代表、单位、处室、承办人。"""
        cases = searching.matching(Suggestion.objects.all(), value, private=False)
        people = Q(allotments__division__name__contains=value) | Q(allotments__officer__name__contains=value)
        own = Q(unit_name__contains=value) | Q(pk__in=Assignment.objects.filter(people).values("pk"))
        return queryset.filter(Q(suggestion__in=cases.values("pk")) | own)

    def by_session(self, queryset, name, value):
        session = session_by_code(value)
        return queryset.filter(suggestion__session=session) if session else queryset.none()

    def by_leader(self, queryset, name, value):
        """责任领导；0 是还没有定的。"""
        return queryset.filter(responsible_leader=value or None)

    def by_division(self, queryset, name, value):
        """牵头处室；0 是还没有分派的。"""
        lead = Allotment.objects.filter(assignment=OuterRef("pk"), role=AllotmentRole.LEAD)
        return queryset.filter(Exists(lead.filter(division=value)) if value else ~Exists(lead))

    def by_tab(self, queryset, name, value):
        """收件箱的栏目，连同三件事。"""
        condition = desk.conditions()[value][1]
        return queryset.filter(condition) if condition else queryset


class BoardFilter(filters.FilterSet):
    """交办页左栏：查找、分类、进度。"""

    words = filters.CharFilter(label="查找", method="by_words", max_length=60)
    category = filters.NumberFilter(label="分类", field_name="category")
    state = filters.ChoiceFilter(
        label="进度", method="by_state",
        choices=[("open", "待拟办"), ("proposed", "已拟办"), ("objected", "有异议"), ("deferred", "缓议")],
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []
        form = forms.Form

    def by_words(self, queryset, name, value):
        return searching.matching(queryset, value, private=False)

    def by_state(self, queryset, name, value):
        return queryset.filter(board_states()[value])


def board_states() -> dict[str, Q]:
    """交办页的四种进度。"""
    return {
        "open": ~Q(pk__in=_proposed()) & Q(deferral__isnull=True),
        "proposed": Q(pk__in=_proposed()),
        "objected": Q(pk__in=_proposed(objected_at__isnull=False, upheld__isnull=True)),
        "deferred": Q(deferral__isnull=False),
    }


def _proposed(**conditions):
    return ProposedAssignment.objects.filter(**conditions).values("suggestion")
