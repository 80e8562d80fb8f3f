"""到期没有报进展的提醒：一份方案一期一人一条，重跑不重复（MZ-12）。"""
from __future__ import annotations

from datetime import date

from django.urls import reverse

from handlers import audiences
from lianluo.accounts.models import User
from lianluo.notices import posting
from lianluo.notices.settling import settled_by

from .measures import Silence, overdue_reports

KIND = "plan.report_due"

settled_by("solution.progress_reported", "solution.finished", kinds=(KIND,), about=lambda plan: f"plan:{plan.pk}")


def remind(today: date) -> int:
    """今天要提醒的，返回新写条数。"""
    return sum(_post(one, today) for one in overdue_reports(today))


def _post(one: Silence, today: date) -> int:
    plan, case = one.plan, one.plan.assignment.suggestion
    return posting.post(
        KIND, about=f"plan:{plan.pk}", rung=str(one.periods.ended), recipients=_people(one, today), case_id=case.pk,
        congress=case.congress, url=reverse("handlers:plan", args=[plan.assignment_id, plan.kind]),
        context={"case": case, "assignment": plan.assignment, "silent": one.periods.silent},
    )


def _people(one: Silence, today: date) -> list[User]:
    """措施的责任人和联络员、承办人。"""
    people = [step.person.account for step in one.plan.steps.all() if step.person_id and step.person.account_id]
    return people + audiences.unit_people(one.plan.assignment, today)
