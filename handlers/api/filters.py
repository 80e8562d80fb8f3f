"""接口上几样小列表的筛选；承办关系、沟通、答复的筛选与页面同一套。"""
from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from lianluo.web import forms

from ..models import AssistOpinion, Evaluation, Extension, ReturnRequest, Satisfaction, Unit, UnitKind


class UnitFilter(django_filters.FilterSet):
    """单位：全称、简称、编码、拼音首字母；类别。"""

    q = django_filters.CharFilter(label="名称、编码或首字母", method="by_words", max_length=60)
    kind = django_filters.ChoiceFilter(label="类别", choices=UnitKind.choices)

    class Meta:
        model = Unit
        fields: list[str] = []
        form = forms.Form

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        words = value.strip()
        found = Q(name__contains=words) | Q(short__contains=words) | Q(code__iexact=words)
        return queryset.filter(found | Q(initials__startswith=words.lower()))


class RequestFilter(django_filters.FilterSet):
    """申请：属于哪个承办关系、裁决了没有。"""

    assignment = django_filters.NumberFilter(label="承办关系", field_name="assignment", max_value=2**53)
    pending = django_filters.BooleanFilter(label="等待裁决", field_name="granted", lookup_expr="isnull")

    class Meta:
        model = ReturnRequest
        fields: list[str] = []
        form = forms.Form


class ExtensionFilter(RequestFilter):
    """延期申请。"""

    class Meta(RequestFilter.Meta):
        model = Extension


class OpinionFilter(django_filters.FilterSet):
    """会办意见：属于哪件、哪个承办关系。"""

    suggestion = django_filters.NumberFilter(label="件", field_name="assignment__suggestion", max_value=2**53)
    assignment = django_filters.NumberFilter(label="承办关系", field_name="assignment", max_value=2**53)

    class Meta:
        model = AssistOpinion
        fields: list[str] = []
        form = forms.Form


class EvaluationFilter(django_filters.FilterSet):
    """办理意见表：哪份答复、总体评价、第几轮、只看领衔。"""

    reply = django_filters.NumberFilter(label="答复", field_name="reply", max_value=2**53)
    overall = django_filters.ChoiceFilter(label="总体评价", choices=Satisfaction.choices)
    round = django_filters.NumberFilter(label="轮次", field_name="round", max_value=99)
    is_lead = django_filters.BooleanFilter(label="只看领衔", field_name="is_lead")

    class Meta:
        model = Evaluation
        fields: list[str] = []
        form = forms.Form
