"""评价列表的筛选：送达行与意见表行各一套，条件相同。"""
from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet

from lianluo.web.forms import SearchInput

from .filters_handling import case_words
from .models import Delivery, Evaluation, Satisfaction, Unit


class _ByCase(filters.FilterSet):
    """按件、单位、代表查。``path`` 是走到件的路径。"""

    path = "suggestion__"
    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("编号、标题、代表"))
    unit = filters.ModelChoiceFilter(
        field_name="reply__assignment__unit", queryset=Unit.objects.all(), label="单位", empty_label="全部单位"
    )

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(case_words(value, self.path) | Q(deputy__name__contains=value.strip()))


class DeliveryFilter(_ByCase):
    """还没有交回来的。"""

    urged = filters.ChoiceFilter(
        field_name="urged_times", choices=[("0", "没有催过"), ("1", "催过一次"), ("2", "催过两次")], label="催填",
        empty_label="不限",
    )

    class Meta:
        model = Delivery
        fields = ["q", "unit", "urged"]


class EvaluationFilter(_ByCase):
    """交回来的。"""

    path = "delivery__suggestion__"
    overall = filters.ChoiceFilter(choices=Satisfaction.choices, label="总体评价", empty_label="不限")
    round = filters.ChoiceFilter(
        choices=[("1", "首次"), ("2", "第 2 轮"), ("3", "第 3 轮")], label="轮次", empty_label="不限"
    )
    by_proxy = filters.ChoiceFilter(choices=[("True", "代录"), ("False", "本人")], label="怎样填", empty_label="不限")

    class Meta:
        model = Evaluation
        fields = ["q", "unit", "overall", "round", "by_proxy"]
