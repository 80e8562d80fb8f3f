"""待裁决的退回与延期：归谁裁决，各有一个查询；页面、工作台、徽标同问这里。"""
from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from lianluo.accounts.roles import Role

from .models import Assignment, AssignmentStatus, Extension, ReturnRequest, Unit
from .models.unit import GOVERNMENT_KINDS

GOVERNMENT = Q(assignment__unit__kind__in=GOVERNMENT_KINDS)
WAITING = (AssignmentStatus.PENDING, AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)


def disputed() -> Q:
    """有争议：同一件此前有过退回，或政府部门建议改交政府系统以外的单位。"""
    earlier = ReturnRequest.objects.filter(
        assignment__suggestion=OuterRef("assignment__suggestion"), pk__lt=OuterRef("pk")
    )
    return Q(Exists(earlier)) | (GOVERNMENT & ~Q(proposed_unit__kind__in=GOVERNMENT_KINDS))


def of_government() -> Q:
    """由政府办公厅裁决的退回。"""
    return GOVERNMENT & ~disputed()


def pending_returns():
    """等待裁决的退回。"""
    return ReturnRequest.objects.filter(
        granted__isnull=True, assignment__status=AssignmentStatus.RETURN_REQUESTED
    )


def pending_extensions():
    """等待批复的延期。"""
    return Extension.objects.filter(granted__isnull=True, assignment__status__in=WAITING)


def returns_to_decide(user):
    """归此人裁决的退回。"""
    return _mine(pending_returns(), user, of_government())


def extensions_to_decide(user):
    """归此人批复的延期。"""
    return _mine(pending_extensions(), user, GOVERNMENT)


def _mine(rows, user, government: Q):
    """政府办公厅看政府系统的，联工委看其余的和有争议的。"""
    scopes = Q()
    if user.has_role(Role.GOV_OFFICE):
        scopes |= government
    if user.has_role(Role.NPC_OFFICE):
        scopes |= ~government
    return rows.filter(scopes) if scopes else rows.none()


def decider_name(assignment: Assignment, *, is_disputed: bool = False) -> str:
    """由谁裁决。"""
    return Role.GOV_OFFICE.label if assignment.unit.is_government and not is_disputed else Role.NPC_OFFICE.label


def units_open_to(user, units: list[Unit], assignment: Assignment) -> list[Unit]:
    """改交可选的单位：政府办公厅只在政府系统内调整，改交系统以外的由联工委裁决。"""
    if user.has_role(Role.NPC_OFFICE) or not assignment.unit.is_government:
        return units
    return [unit for unit in units if unit.is_government]
