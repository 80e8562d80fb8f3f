"""台账的筛选：页面、导出与接口同一套。"""
from __future__ import annotations

from datetime import date

import django_filters as filters
from django import forms
from django.db.models import Count, Q

from handlers.models import Unit
from handlers.models.unit import GOVERNMENT_KINDS
from lianluo.congresses.models import Session
from lianluo.web.forms import SearchInput
from lianluo.workdays import clock

from .ledger_rows import FILTERS
from .models import LedgerEntry, LedgerKind, LedgerStatus
from .querysets import CLOSED, OWED, READY, SIGNED_OFF, UNSENT, of_light

LIGHTS = [
    ("red", "■ 逾期"), ("soon", "◆ 5 个工作日内"), ("orange", "◆ 7 天内"), ("yellow", "▲ 30 天内"),
    ("green", "● 30 天以上"),
]


def _units(request):
    return Unit.objects.only("pk", "short").order_by("id")


def _sessions(request):
    return Session.objects.only("pk", "code", "name").order_by("-opened_on")


class LedgerFilter(filters.FilterSet):
    """种类、单位、会议、状态、灯、查找。"""

    q = filters.CharFilter(method="by_words", label="查找", widget=SearchInput("编号、标题、代表、单位"))
    kind = filters.ChoiceFilter(choices=LedgerKind, label="种类", empty_label="全部种类")
    unit = filters.ModelChoiceFilter(queryset=_units, label="责任单位", empty_label="全部单位")
    state = filters.ChoiceFilter(
        choices=[("owed", "在账"), *LedgerStatus.choices[1:], ("closed", "不再督办"), ("unsent", "未送会办意见")],
        method="by_state", label="状态", empty_label="全部状态",
    )
    system = filters.ChoiceFilter(
        choices=[("government", "省政府系统"), ("other", "其他")], method="by_system", label="系统",
        empty_label="全部系统", widget=forms.HiddenInput,
    )
    light = filters.ChoiceFilter(choices=LIGHTS, method="by_light", label="灯", empty_label="全部")
    session = filters.ModelChoiceFilter(
        field_name="suggestion__session", queryset=_sessions, to_field_name="code", label="会议", empty_label="全部会议"
    )

    class Meta:
        model = LedgerEntry
        fields = list(FILTERS)

    def by_words(self, queryset, name, value):
        """编号、标题、事项、领衔代表、责任单位（简称或拼音首字母）。"""
        words = value.strip()
        found = (
            Q(what__contains=words) | Q(suggestion__title__contains=words) | Q(unit__short__contains=words)
            | Q(suggestion__lead_deputy__name__contains=words)
        )
        if words.isascii() and words.isalpha():
            found |= Q(unit__initials__startswith=words.lower())
        digits = words.removeprefix("闭")
        if digits.isdecimal() and len(digits) < 9:
            found |= Q(suggestion__number=int(digits))
        return queryset.filter(found)

    def by_state(self, queryset, name, value):
        named = {"owed": OWED, "closed": CLOSED, "unsent": UNSENT}
        return queryset.filter(named.get(value) or Q(status=value) & ~CLOSED)

    def by_system(self, queryset, name, value):
        government = Q(unit__kind__in=GOVERNMENT_KINDS)
        return queryset.filter(government if value == "government" else ~government)

    def by_light(self, queryset, name, value):
        return queryset.with_light(value, clock.today())


def filtered(params, entries) -> LedgerFilter:
    """按地址里的条件筛；什么也没写就看在账的。"""
    data = params.copy()
    if not any(data.get(key) for key in FILTERS):
        data["state"] = "owed"
    return LedgerFilter(data, queryset=entries)


def tab_counts(entries, today: date) -> dict[str, int]:
    """常用筛选各有几条，一条查询。"""
    conditions = {
        "?state=owed": OWED, "?light=red": of_light("red", today), "?light=soon": of_light("soon", today),
        "?state=ready": READY, "?state=owed&kind=promise": OWED & Q(kind=LedgerKind.PROMISE),
        "?state=signed_off": SIGNED_OFF,
    }
    counted = entries.order_by().aggregate(
        **{f"n{place}": Count("pk", filter=condition) for place, condition in enumerate(conditions.values())}
    )
    return {url: counted[f"n{place}"] for place, url in enumerate(conditions)}
