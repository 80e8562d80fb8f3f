"""一件的时间线：谁在何时做了什么，新的在上。"""
from __future__ import annotations

from .models import AuditEvent


def of_case(suggestion_id: int, *, limit: int | None = None):
    """件的全部留痕；``limit`` 只取最近若干条。"""
    found = AuditEvent.objects.filter(chain=f"suggestion:{suggestion_id}").order_by("-seq")
    return found[:limit] if limit else found
