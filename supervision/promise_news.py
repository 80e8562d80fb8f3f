"""把台账上承诺条目的近况告诉下层的页面：兑现（已销号）没有，最近一条进展。"""
from __future__ import annotations

from django.db.models import OuterRef, Subquery

from handlers.promise_news import News, provide

from .models import LedgerEntry, LedgerProgress, LedgerStatus


def news_of(promise_ids: list[int]) -> dict[int, News]:
    """一条语句取全。"""
    latest = LedgerProgress.objects.filter(entry=OuterRef("pk")).order_by("-happened_on", "-id")
    rows = LedgerEntry.objects.filter(promise__in=promise_ids).annotate(
        last_text=Subquery(latest.values("text")[:1]), last_figure=Subquery(latest.values("figure")[:1]),
        last_on=Subquery(latest.values("happened_on")[:1]),
    )
    return {
        row.promise_id: News(
            row.signed_off_on if row.status == LedgerStatus.SIGNED_OFF else None,
            row.last_text or "", row.last_figure or "", row.last_on,
        )
        for row in rows
    }


def register() -> None:
    provide(news_of)
