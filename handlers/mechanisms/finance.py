"""省财政厅：强化制度机制建设（CZ）。五定守在分派之前，别的单位也照此办。"""
from __future__ import annotations

from collections.abc import Iterator

from lianluo.statemachine import Missing

from ..models import Duty, Rank
from .base import Door, Guard
from .facts import Case


class DivisionHeadAnswers(Guard):
    """处长为主要责任人：牵头处室要有在任的处长。"""

    code, doors, field = "CZ-04", (Door.ALLOT,), "lead_division"

    def missing(self, case: Case) -> Iterator[Missing]:
        division = case.lead_division
        if division is None:
            return
        if not any(post.division_id == division.pk for post in case.holders(Duty.DIVISION_HEAD)):
            yield Missing(f"{division}没有在任的处长，无人作主要责任人", case.url("allot") + "#id_lead_division")


class DirectContact(Guard):
    """处级以上领导与代表直接沟通一次，再起草答复；科级人员沟通不算。"""

    code, doors = "CZ-08", (Door.DRAFT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        members = [one for row in case.contacts for one in row.members.all() if one.duty != Duty.LOCAL_BUREAU]
        if not any(one.rank >= Rank.DIVISION for one in members):
            yield Missing("处级以上领导还没有与代表直接沟通", case.contact_url(stage="before"))


class FixedPerson(Guard):
    """定人员：具体承办人。"""

    code, doors, field = "CZ-22", (Door.ALLOT,), "officer"

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.fixed is not None and case.fixed.officer is None:
            yield Missing("选定具体承办人")


class FixedTask(Guard):
    """定任务：任务要点。"""

    code, doors, field = "CZ-23", (Door.ALLOT,), "task_note"

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.fixed is not None and not case.fixed.task_note:
            yield Missing("填写任务要点")


class FixedTime(Guard):
    """定时间：内部时限，不早于今天、不晚于到期日；已过期的件不再拿旧的到期日卡它。"""

    code, doors, field = "CZ-24", (Door.ALLOT,), "inner_due_on"

    def missing(self, case: Case) -> Iterator[Missing]:
        fixed, due_on = case.fixed, case.assignment.due_on
        if fixed is None:
            return
        if fixed.inner_due_on is None:
            yield Missing("填写内部时限")
        elif fixed.inner_due_on < case.today:
            yield Missing("内部时限不能早于今天")
        elif due_on and due_on >= case.today and fixed.inner_due_on > due_on:
            yield Missing(f"内部时限不能晚于到期日 {due_on}")


class FixedQuality(Guard):
    """定质量：见面、满意、落实的标准。"""

    code, doors, field = "CZ-25", (Door.ALLOT,), "quality_goal"

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.fixed is not None and not case.fixed.quality_goal:
            yield Missing("填写质量要求")


class FixedLeader(Guard):
    """定责任领导：处级以上。"""

    code, doors, field = "CZ-26", (Door.ALLOT,), "responsible_leader"

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.fixed is None:
            return
        if case.fixed.responsible_leader is None:
            yield Missing("选定责任领导")
        elif case.fixed.responsible_leader.rank < Rank.DIVISION:
            yield Missing("责任领导从处级以上的人员里选")
