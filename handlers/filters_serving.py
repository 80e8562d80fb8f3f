"""服务活动、制度库的筛选：页面与导出同一套。"""
from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet

from lianluo.text.numbers import int_of
from lianluo.web.forms import SearchInput

from .models import SERVICES, Activity, Regulation, Unit, WorkStage

MATTERS = [(code.value, code.label) for code in SERVICES]


class ServiceFilter(filters.FilterSet):
    """服务活动。"""

    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("名称、代表、地点、内容"))
    matter = filters.ChoiceFilter(choices=MATTERS, label="种类", empty_label="全部种类")
    year = filters.CharFilter(method="by_year", label="年份")

    class Meta:
        model = Activity
        fields = ["q", "matter", "year"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        words = value.strip()
        named = Activity.objects.filter(deputies__deputy__name__contains=words).values("pk")
        return queryset.filter(
            Q(subject__contains=words) | Q(place__contains=words) | Q(content__contains=words) | Q(pk__in=named)
        )

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        year = int_of(value)
        return queryset.filter(happened_on__year=year) if year and 1900 < year < 9999 else queryset


class RegulationFilter(filters.FilterSet):
    """制度：按环节、单位、字句。"""

    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("名称、文号、正文"))
    stage = filters.ChoiceFilter(
        method="by_stage", choices=WorkStage.choices, label="适用环节", empty_label="全部环节"
    )
    unit = filters.ModelChoiceFilter(queryset=Unit.objects.all(), label="单位", empty_label="全部单位")
    ended = filters.ChoiceFilter(
        method="as_it_is", choices=[("yes", "连同已废止的")], label="是否废止", empty_label="只看有效的"
    )

    class Meta:
        model = Regulation
        fields = ["q", "stage", "unit", "ended"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        having = Regulation.objects.order_by().values("unit")
        self.filters["unit"].extra["queryset"] = Unit.objects.filter(pk__in=having)

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        words = value.strip().strip("《》")
        return queryset.filter(
            Q(title__contains=words) | Q(document_number__contains=words) | Q(text__contains=words)
        )

    def by_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """环节存成代码的列表；代码之间没有谁含着谁，按带引号的字找，各种库都一样。"""
        return queryset.filter(stages__icontains=f'"{value}"')

    def as_it_is(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset
