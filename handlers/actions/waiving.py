"""例外：一件在一条机制上做不到，单位说明理由，联工委准许或不准；没有别的绕开办法。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.accounts.roles import Role
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.locking import lock_case

from ..access import may_in_unit
from ..mechanisms import policies
from ..mechanisms.catalogue import CATALOGUE
from ..models import Assignment, AssignmentStatus, Waiver

DONE = (AssignmentStatus.CONCLUDED, AssignmentStatus.REASSIGNED)


@transaction.atomic
def ask_waiver(assignment: Assignment, *, code: str, reason: str, actor, today: date) -> Waiver:
    """申请例外。一条机制同时只有一份在批。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("unit").get(pk=assignment.pk)
    if not may_in_unit(actor, assignment.unit_id, "adopt"):
        raise Forbidden("由本单位的联络员、分管领导或主要负责人申请")
    if assignment.status in DONE:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，不必申请例外")
    if code not in policies.for_assignment(assignment, today):
        raise DomainError(f"这一件没有用着 {code}，不必申请例外")
    if not reason.strip():
        raise DomainError("写明为什么做不到", field="reason")
    earlier = assignment.waivers.filter(code=code)
    if earlier.filter(granted__isnull=True).exists():
        raise NotAllowed(f"{code} 的例外已经申请，等联工委批复")
    if earlier.filter(granted=True).exists():
        raise NotAllowed(f"{code} 的例外已经准许")
    row = Waiver.objects.create(assignment=assignment, code=code, reason=reason.strip(), asked_on=today, asked_by=actor)
    record("waiver.requested", actor=actor, target=row, reason=row.reason, code=code, quote=CATALOGUE[code].quote)
    return row


@transaction.atomic
def decide_waiver(waiver: Waiver, *, granted: bool, note: str = "", actor, today: date) -> Waiver:
    """批复：准许或不准；不准的写明理由。"""
    lock_case(waiver.assignment.suggestion_id)
    waiver = Waiver.objects.select_related("assignment__unit").get(pk=waiver.pk)
    if not actor.has_role(Role.NPC_OFFICE):
        raise Forbidden("例外由人大办事机构批复")
    if waiver.granted is not None:
        raise NotAllowed("这份申请已经批复")
    if not granted and not note.strip():
        raise DomainError("不准的写明理由", field="note")
    waiver.granted, waiver.decision_note = granted, note.strip()
    waiver.decided_on, waiver.decided_by = today, actor
    waiver.save(update_fields=["granted", "decision_note", "decided_on", "decided_by"])
    record("waiver.granted" if granted else "waiver.refused", actor=actor, target=waiver, reason=note.strip(),
           code=waiver.code)
    return waiver
