"""追责：整改逾期、两次核验不到位的进待办；只有本单位的主要负责人、分管领导和人大办事机构看得到（MZ-19）。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from handlers.access import duties_in, posts_of
from handlers.mechanisms import policies
from handlers.models import AssignmentStatus, Duty, PlanKind, PlanStep, StepStatus
from lianluo.accounts.roles import Role

from .models import Directive, DirectiveKind

#: 看得到的职责；登记只由主要负责人和人大办事机构
LEADERS = (Duty.HEAD, Duty.DEPUTY_HEAD)
#: 核验不通过几次就要追责
FAILED_TIMES = 2


def led_units(user) -> list[int]:
    """此人主管、分管的单位。"""
    return [post.unit_id for post in posts_of(user) if post.duty in LEADERS]


def may_look(user) -> bool:
    return user.has_role(Role.NPC_OFFICE) or bool(led_units(user))


def may_register(user, unit_id: int) -> bool:
    """由本单位的主要负责人，或者人大办事机构登记。"""
    return user.has_role(Role.NPC_OFFICE) or Duty.HEAD in duties_in(user, unit_id)


def visible(user) -> QuerySet[Directive]:
    """看得到的追责登记。"""
    rows = Directive.objects.filter(kind=DirectiveKind.ACCOUNTABILITY).select_related("unit", "issued_by", "step__plan")
    return rows if user.has_role(Role.NPC_OFFICE) else rows.filter(unit__in=led_units(user))


def access_directive(user, pk: int) -> Directive:
    found = visible(user).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份登记，或者不在可见范围内")
    return found


@dataclass(frozen=True)
class Held:
    """一项该追责的整改，和为什么。"""

    step: PlanStep
    why: str

    @property
    def assignment(self):
        return self.step.plan.assignment


def to_hold(user, today: date) -> list[Held]:
    """此人看得到的追责待办：核验两次不通过，或者逾期还没有核验通过；登记过的不再列。"""
    if not may_look(user):
        return []
    rows = _steps(user).filter(
        Q(failed_times__gte=FAILED_TIMES) | Q(due_on__lt=today) & ~Q(status=StepStatus.DONE)
    )
    switches: dict[int, list] = {}
    found = []
    for step in rows.order_by("due_on", "id"):
        unit = step.plan.unit_id
        if unit not in switches:
            switches[unit] = policies.rows_of(unit, today)
        if "MZ-19" in policies.in_force(switches[unit], step.plan.assignment.assigned_on):
            found.append(Held(step, why(step, today)))
    return found


def _steps(user) -> QuerySet[PlanStep]:
    held = Directive.objects.filter(kind=DirectiveKind.ACCOUNTABILITY, step=OuterRef("pk"))
    rows = PlanStep.objects.filter(~Exists(held), plan__kind=PlanKind.RECTIFICATION).exclude(plan__status="void")
    rows = rows.exclude(plan__assignment__status=AssignmentStatus.REASSIGNED)
    if not user.has_role(Role.NPC_OFFICE):
        rows = rows.filter(plan__unit__in=led_units(user))
    return rows.select_related("plan__assignment__suggestion__session", "plan__unit", "person")


def why(step: PlanStep, today: date) -> str:
    """为什么该追责。"""
    reasons = []
    if step.failed_times >= FAILED_TIMES:
        reasons.append(f"核验 {step.failed_times} 次不通过")
    if step.due_on and step.due_on < today and step.status != StepStatus.DONE:
        reasons.append(f"整改逾期 {(today - step.due_on).days} 天")
    return "，".join(reasons)


def access_held(user, pk: int, today: date) -> Held:
    """待办里的一项；不在待办里的，与没有一样。"""
    found = next((one for one in to_hold(user, today) if one.step.pk == pk), None)
    if found is None:
        raise Http404("没有这一项，或者不在可见范围内")
    return found
