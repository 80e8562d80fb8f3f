"""列表的筛选：页面与接口同一套。"""
from __future__ import annotations

import django_filters
from django import forms as django_forms
from django.db.models import Q

from lianluo.congresses.models import session_by_code
from lianluo.web import forms
from lianluo.workdays import clock

from . import access, searching
from .forms.parts import label_by_tree
from .models import (
    Category,
    Delegation,
    RaisedDuring,
    Suggestion,
    SuggestionKind,
    SuggestionStatus,
)
from .models.deputy import PREFECTURES

#: 排序键 → 列；列表页与接口同用。都由索引或一次会议之内的少量行支撑
ORDERINGS = {
    "newest": ("-id",),
    "number": ("number", "id"), "-number": ("-number", "-id"),
    "due": ("due_on", "id"), "-due": ("-due_on", "-id"),
    "submitted": ("submitted_on", "id"), "-submitted": ("-submitted_on", "-id"),
    "deputy": ("lead_deputy__pinyin", "id"), "-deputy": ("-lead_deputy__pinyin", "-id"),
    "title": ("title", "id"), "-title": ("-title", "-id"),
}
DEFAULT_ORDERING, NEWEST = "-number", "newest"
ALL = "all"


class DayFilter(django_filters.DateFilter):
    """日期：2018-04-09、2018.4.9、2018年4月9日都收。"""

    field_class = forms.DateField


class CategoryChoiceField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, category: Category) -> str:
        return label_by_tree(category)


class CategoryFilter(django_filters.ModelChoiceFilter):
    """两级分类，二级缩进。"""

    field_class = CategoryChoiceField

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, queryset=Category.objects.in_use_by_tree(), **kwargs)


class SuggestionFilter(django_filters.FilterSet):
    """一处定义，页面、接口、导出、打印共用。"""

    words = django_filters.CharFilter(label="查找", method="by_words", max_length=60)
    session = django_filters.CharFilter(label="届次", method="by_session", max_length=12)
    number = django_filters.NumberFilter(label="编号", field_name="number", min_value=1, max_value=999_999)
    status = django_filters.MultipleChoiceFilter(label="状态", choices=SuggestionStatus.choices, distinct=False)
    kind = django_filters.ChoiceFilter(label="形式", choices=SuggestionKind.choices, empty_label="全部")
    category = CategoryFilter(label="分类", method="by_category", empty_label="全部")
    delegation = django_filters.ModelChoiceFilter(
        label="代表团", queryset=Delegation.objects.all(), empty_label="全部"
    )
    region = django_filters.ChoiceFilter(
        label="涉及地区", choices=[(name, name) for name in PREFECTURES], method="by_region", empty_label="全部"
    )
    raised_during = django_filters.ChoiceFilter(label="提出时间", choices=RaisedDuring.choices, empty_label="全部")
    submitted_after = DayFilter(label="提交日期从", field_name="submitted_on", lookup_expr="gte")
    submitted_before = DayFilter(label="提交日期到", field_name="submitted_on", lookup_expr="lte")
    overdue = django_filters.BooleanFilter(
        label="只看逾期", method="by_overdue", widget=django_forms.CheckboxInput
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []
        form = forms.Form

    def __init__(self, data=None, *args, **kwargs) -> None:
        """只建问到的条件：十三个字段全建要两毫秒，一次筛选不过用到一两个；筛选栏由列表页自己画。"""
        if data is not None:
            self.base_filters = {name: one for name, one in self.base_filters.items() if name in data}
        super().__init__(data, *args, **kwargs)

    def by_words(self, queryset, name, value):
        user = getattr(self.request, "user", None)
        return searching.matching(queryset, value, private=user is not None and access.sees_all_private(user))

    def by_session(self, queryset, name, value):
        """“14-4”；all 或没有这次会议时分别为全部、没有。"""
        if value == ALL:
            return queryset
        session = session_by_code(value)
        return queryset.filter(session=session) if session else queryset.none()

    def by_category(self, queryset, name, value):
        """一级分类连同它的二级。"""
        return queryset.filter(Q(category=value) | Q(category__parent=value))

    def by_region(self, queryset, name, value):
        """市州名互不包含，按名字在名单里找即可。"""
        return queryset.filter(searching.in_regions(value))

    def by_overdue(self, queryset, name, value):
        return queryset.overdue(clock.today()) if value else queryset


def ordered(queryset, key: str):
    """按排序键排；不认识的按缺省。"""
    return queryset.order_by(*ORDERINGS.get(key, ORDERINGS[DEFAULT_ORDERING]))
