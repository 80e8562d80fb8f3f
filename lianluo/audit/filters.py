"""审计查看的筛选：时间、人、身份、事件、对象、来源地址。"""
from __future__ import annotations

from datetime import date, timedelta

import django_filters
from django.db.models import Q, QuerySet

from lianluo.web import forms
from lianluo.workdays import clock

from . import vocabulary
from .models import AuditEvent
from .reading import kind_of


def event_choices() -> list[tuple[str, str]]:
    """词表里的全部事件，按说法排。"""
    return sorted(vocabulary.SENTENCES.items(), key=lambda one: one[1])


def kind_choices() -> list[tuple[str, str]]:
    """留过痕的对象种类。"""
    types = AuditEvent.objects.order_by("target_type").values_list("target_type", flat=True).distinct()
    return [(one, kind_of(one)) for one in types]


class DayFilter(django_filters.DateFilter):
    """2018-04-09、2018年4月9日都收。"""

    field_class = forms.DateField


class AuditFilter(django_filters.FilterSet):
    """一处定义，页面与导出共用。"""

    who = django_filters.CharFilter(label="操作人", field_name="actor_name", lookup_expr="contains", max_length=60)
    post = django_filters.CharFilter(label="单位或身份", field_name="actor_post", lookup_expr="contains", max_length=60)
    event = django_filters.ChoiceFilter(
        label="事件", choices=event_choices, empty_label="全部事件", widget=forms.TypeaheadSelect
    )
    kind = django_filters.ChoiceFilter(
        label="对象种类", choices=kind_choices, field_name="target_type", empty_label="全部"
    )
    target = django_filters.CharFilter(label="对象", method="by_target", max_length=60)
    since = DayFilter(label="从", method="by_since")
    until = DayFilter(label="到", method="by_until")
    ip = django_filters.CharFilter(label="来源地址", field_name="ip", lookup_expr="startswith", max_length=45)

    class Meta:
        model = AuditEvent
        fields: list[str] = []
        form = forms.Form

    def by_target(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """对象名称里的字，或者链名（suggestion:12）。"""
        return queryset.filter(Q(target_name__contains=value) | Q(chain=value))

    def by_since(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__gte=clock.midnight(value))

    def by_until(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        """当天算在内。"""
        return queryset.filter(at__lt=clock.midnight(value + timedelta(days=1)))
