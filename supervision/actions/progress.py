"""报进展：每条进展必须带一个数字或一份文件（防“报喜不报忧”）。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.audit import record
from lianluo.statemachine import DomainError, NotAllowed
from suggestions.models import Attachment

from ..models import LedgerEntry, LedgerProgress, LedgerStatus
from .signing_off import locked


@transaction.atomic
def add_progress(
    entry: LedgerEntry, *, text: str, figure: str = "", evidence: Attachment | None = None, happened_on: date,
    actor, today: date,
) -> LedgerProgress:
    """记一条进展；在账的才能报，日期在挂账之后、今天以前。"""
    entry = locked(entry)
    if entry.status == LedgerStatus.SIGNED_OFF:
        raise NotAllowed("已销号，不再报进展；还要督办的，先恢复挂账")
    text, figure = text.strip(), figure.strip()
    if not text:
        raise DomainError("写明进展", field="text")
    if not figure and evidence is None:
        raise DomainError("填写一个数字，或者上传一份文件", field="figure")
    if happened_on > today:
        raise DomainError("进展日期不能晚于今天", field="happened_on")
    if happened_on < entry.opened_on:
        raise DomainError(f"进展日期不能早于挂账日期 {entry.opened_on}", field="happened_on")
    progress = LedgerProgress.objects.create(
        entry=entry, text=text, figure=figure, evidence=evidence, happened_on=happened_on, added_by=actor
    )
    record(
        "ledger.progress_added", actor=actor, target=entry, text=text, figure=figure, happened_on=happened_on,
        evidence=evidence.sha256 if evidence else "",
    )
    return progress
