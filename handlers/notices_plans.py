"""分类办理的消息：整改报完成了请人核验，核验不通过告诉责任人。"""
from __future__ import annotations

from django.urls import reverse

from lianluo.accounts.models import User
from lianluo.audit import listen
from lianluo.notices.posting import post
from lianluo.notices.settling import settled_by

from . import audiences
from .listeners import day_of
from .models import PlanStep

settled_by("step.passed", "step.failed", kinds=("step.to_verify",), about=lambda step: f"step:{step.pk}")
settled_by("step.reported", kinds=("step.failed",), about=lambda step: f"step:{step.pk}")


@listen("step.reported")
def ask_to_verify(event, step: PlanStep) -> None:
    """报完成了：请联络员和责任领导核验；报的人、责任人自己不核验。"""
    assignment = step.plan.assignment
    leader = assignment.responsible_leader
    people = audiences.unit_people(assignment, day_of(event))
    if leader is not None and leader.account_id:
        people.append(leader.account)
    own = step.person.account_id if step.person else None
    _tell("step.to_verify", event, step, [one for one in people if one.pk != own], "step_verify")


@listen("step.failed")
def tell_failed(event, step: PlanStep) -> None:
    """核验不通过：告诉责任人、承办人重新整改。"""
    people = audiences.unit_people(step.plan.assignment, day_of(event))
    if step.person and step.person.account_id:
        people.append(step.person.account)
    _tell("step.failed", event, step, people, "step_report")


def _tell(kind: str, event, step: PlanStep, people: list[User], page: str) -> None:
    case = step.plan.assignment.suggestion
    post(
        kind, about=f"step:{step.pk}", rung=str(event.seq), recipients=people, actor=event.actor, case_id=case.pk,
        congress=case.congress, url=reverse(f"handlers:{page}", args=[step.pk]),
        context={"case": case, "step": step, "reason": event.reason},
    )
