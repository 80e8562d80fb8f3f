"""「怎样算出来的」连到哪一条时限。"""
from __future__ import annotations

from django.urls import reverse

from handlers.deadlines import governing_codes
from handlers.models import Assignment, AssignmentDue
from suggestions.models import Suggestion

from .models import LedgerEntry, LedgerKind


def explained_at(entry: LedgerEntry) -> str:
    """条目的到期日由哪条时限得来；承诺是答复里写的日子，没有算法。"""
    if entry.kind == LedgerKind.MAIN:
        return of_case(entry.suggestion)
    return of_assignment(entry.assignment) if entry.kind == LedgerKind.HANDLING else ""


def of_assignment(assignment: Assignment) -> str:
    """承办关系的到期日取自哪一条。"""
    rows = assignment.dues.filter(rule_code__in=governing_codes(assignment.role), due_on=assignment.due_on)
    return _link("assignment", rows.order_by("-id").values_list("pk", flat=True).first())


def of_case(case: Suggestion) -> str:
    """件的到期日取自哪一条：交办以前看件自己的，交办以后看承办关系上最早的。"""
    own = case.dues.open().filter(due_on=case.due_on).values_list("pk", flat=True).first()
    if own:
        return _link("suggestion", own)
    rows = AssignmentDue.objects.open().filter(assignment__suggestion=case, due_on=case.due_on)
    return _link("assignment", rows.order_by("id").values_list("pk", flat=True).first())


def _link(kind: str, pk: int | None) -> str:
    return reverse("handlers:due", args=[kind, pk]) if pk else ""
