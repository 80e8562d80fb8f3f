"""接口上代表名册的筛选；件的筛选与页面同一套。"""
from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from lianluo.web import forms

from ..models import Delegation, Deputy
from .serializers import SEES_PHONES


class DeputyFilter(django_filters.FilterSet):
    """姓名或拼音、代表团。证号与电话尾号只给看得到它们的人找。"""

    q = django_filters.CharFilter(label="姓名、拼音或首字母", method="by_words", max_length=60)
    delegation = django_filters.ModelChoiceFilter(label="代表团", queryset=Delegation.objects.all())

    class Meta:
        model = Deputy
        fields: list[str] = []
        form = forms.Form

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value, private=self.request.user.has_role(*SEES_PHONES))
