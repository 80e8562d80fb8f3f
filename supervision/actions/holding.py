"""登记追责：对象、依据、处理、日期（MZ-19）。由本单位的主要负责人或人大办事机构登记。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from handlers.models import PlanStep
from lianluo.audit import record
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from suggestions.locking import lock_case

from ..accountability import FAILED_TIMES, may_register
from ..models import Directive, DirectiveKind


@transaction.atomic
def register_accountability(
    step: PlanStep, *, target: str, basis: str, treatment: str, issued_on: date, actor, today: date
) -> Directive:
    """一项整改不到位的追责；不必追究的也在处理里写明，一项只登记一次。"""
    lock_case(step.plan.assignment.suggestion_id)
    step = PlanStep.objects.select_related("plan__assignment", "plan__unit").get(pk=step.pk)
    if not may_register(actor, step.plan.unit_id):
        raise Forbidden("追责由本单位的主要负责人或人大办事机构登记")
    late = step.due_on is not None and step.due_on < today and step.status != "done"
    if step.failed_times < FAILED_TIMES and not late:
        raise NotAllowed("这一项整改没有逾期，也没有两次核验不通过")
    if Directive.objects.filter(kind=DirectiveKind.ACCOUNTABILITY, step=step).exists():
        raise NotAllowed("这一项已经登记过追责")
    values = {"target": target.strip(), "basis": basis.strip(), "treatment": treatment.strip()}
    for name, label in (("target", "对象"), ("basis", "依据"), ("treatment", "处理")):
        if not values[name]:
            raise DomainError(f"填写{label}", field=name)
    if issued_on > today:
        raise DomainError("日期不能晚于今天", field="issued_on")
    directive = Directive.objects.create(
        unit=step.plan.unit, kind=DirectiveKind.ACCOUNTABILITY, title="整改不到位", step=step, issued_on=issued_on,
        issued_by=actor, **values,
    )
    record("accountability.registered", actor=actor, target=directive, step=step.pk)
    return directive
