"""沟通、答复、公开各列表的筛选：页面与接口同一套。"""
from __future__ import annotations

import re

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from lianluo.web.forms import SearchInput

from .models import Activity, ActivityKind, Assignment, Publication, Reply, ResultClass, Stage, Unit

_NUMBER = re.compile(r"^\D{0,3}0*(\d{1,6})\D{0,3}$")


def case_words(words: str, prefix: str) -> Q:
    """编号、标题、领衔代表任一相符。"""
    words = words.strip()
    found = Q(**{f"{prefix}title__contains": words}) | Q(**{f"{prefix}lead_deputy__name__contains": words})
    number = _NUMBER.match(words)
    return found | Q(**{f"{prefix}number": int(number.group(1))}) if number else found


class ActivityFilter(filters.FilterSet):
    """沟通记录。"""

    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("编号、标题、代表、内容"))
    unit = filters.ModelChoiceFilter(queryset=Unit.objects.all(), label="单位", empty_label="全部单位")
    kind = filters.ChoiceFilter(choices=ActivityKind.choices, label="方式", empty_label="全部方式")
    stage = filters.ChoiceFilter(choices=Stage.choices, label="阶段", empty_label="全部阶段")
    face = filters.ChoiceFilter(
        field_name="face_to_face", choices=[("True", "见面"), ("False", "未见面")], label="见面", empty_label="不限"
    )

    class Meta:
        model = Activity
        fields = ["q", "unit", "kind", "stage", "face"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        cases = Assignment.objects.filter(case_words(value, "suggestion__")).values("pk")
        return queryset.filter(Q(cases__assignment__in=cases) | Q(content__contains=value.strip())).distinct()


class ReplyFilter(filters.FilterSet):
    """答复。``tab`` 只是带着走，换条件时不离开所在的栏。"""

    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("编号、标题、代表、文号"))
    unit = filters.ModelChoiceFilter(
        field_name="assignment__unit", queryset=Unit.objects.all(), label="单位", empty_label="全部单位"
    )
    result_class = filters.ModelChoiceFilter(
        queryset=ResultClass.objects.filter(is_active=True), label="结果类别", empty_label="全部类别"
    )
    round = filters.ChoiceFilter(
        choices=[("1", "首次"), ("2", "第 2 轮"), ("3", "第 3 轮")], label="轮次", empty_label="不限"
    )
    tab = filters.CharFilter(method="as_it_is", widget=forms.HiddenInput)

    class Meta:
        model = Reply
        fields = ["q", "unit", "result_class", "round"]

    def as_it_is(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        scope = case_words(value, "assignment__suggestion__")
        return queryset.filter(scope | Q(document_number__contains=value.strip()))


class PublishingFilter(ReplyFilter):
    """公开审定。"""

    publication = filters.ChoiceFilter(choices=Publication.choices, label="单位意见", empty_label="不限")
    round = None

    class Meta:
        model = Reply
        fields = ["q", "unit", "result_class", "publication"]
