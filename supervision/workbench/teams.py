"""提出一侧的工作台：代表团工作人员看本团，大会秘书处看收件。数点开是建议列表的同一个条件。"""
from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from suggestions.models import Suggestion
from suggestions.querysets import ON_RECORD

from .figures import Card


def suggestion_list(*statuses: str, **more: str) -> str:
    """建议列表，连同筛选条件；各次会议的都在内。"""
    pairs = [("session", "all"), *more.items(), *(("status", status) for status in statuses)]
    return reverse("suggestions:list") + "?" + "&".join(f"{name}={value}" for name, value in pairs)


def intake_cards(user, today: date) -> list[Card]:
    """今日收件、在册、退回修改中。"""
    found = Suggestion.objects.visible_to(user).order_by().aggregate(
        today=Count("pk", filter=Q(submitted_on=today)), filed=Count("pk", filter=Q(status__in=ON_RECORD)),
        returned=Count("pk", filter=Q(status="returned")),
    )
    day = today.isoformat()
    return [
        Card(found["today"], "今日收件", suggestion_list(submitted_after=day, submitted_before=day)),
        Card(found["returned"], "退回修改中", suggestion_list("returned"), "yellow"),
        Card(found["filed"], "已登记在册", suggestion_list(*ON_RECORD)),
    ]


def delegation_cards(user) -> list[Card]:
    """本团：要修改、待登记、办理中、已答复待测评。"""
    groups = (
        ("要修改", ("returned",), "red"), ("已提交待登记", ("submitted",), "yellow"),
        ("交办与办理中", ("registered", "assigned", "handling", "rehandling", "escalated"), ""),
        ("已答复待测评", ("replied",), "green"), ("已办结", ("concluded",), ""),
    )
    rows = Suggestion.objects.visible_to(user).order_by()
    counted = dict(rows.values_list("status").annotate(n=Count("pk")))
    return [
        Card(sum(counted.get(status, 0) for status in statuses), label, suggestion_list(*statuses), tone)
        for label, statuses, tone in groups
    ]


def returned(user) -> list[Suggestion]:
    """退回修改的，等着改好再提交。"""
    return _rows(Suggestion.objects.visible_to(user).filter(status="returned"))


def latest(user) -> list[Suggestion]:
    """最近有动静的。"""
    return _rows(Suggestion.objects.visible_to(user).exclude(status__in=("draft", "cosigning", "returned")))


def _rows(found) -> list[Suggestion]:
    return list(found.select_related("session", "lead_deputy").order_by("-changed_at", "-id")[:8])
