"""收件人名册：一次查出全部任职与授权，按单位、职责、角色取人。"""
from __future__ import annotations

from collections import defaultdict
from datetime import date

from handlers.models import Duty, Post
from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role

from .reminders import OFFICE, Rung
from .watches import Watch

#: 单位没有联络员账号的，给分管领导和主要负责人
FALLBACK = (Duty.DEPUTY_HEAD, Duty.HEAD)
#: 会收提醒的办公室角色
OFFICE_ROLES = (Role.NPC_OFFICE, Role.GOV_OFFICE)


class Directory:
    """某一天的名册。"""

    def __init__(self, today: date) -> None:
        self.by_duty: dict[tuple[int, str], list[Post]] = defaultdict(list)
        for post in Post.objects.valid(today).filter(account__is_active=True).select_related("account"):
            self.by_duty[post.unit_id, post.duty].append(post)
        self.by_role: dict[str, dict[int, User]] = defaultdict(dict)
        grants = RoleGrant.objects.active(today).filter(role__in=OFFICE_ROLES, account__is_active=True)
        for grant in grants.select_related("account"):
            self.by_role[grant.role][grant.account_id] = grant.account

    def recipients(self, watch: Watch, rung: Rung) -> list[User]:
        """这一级发给谁。"""
        people: dict[int, User] = {}
        duties = [audience for audience in rung.to if audience != OFFICE]
        if watch.assignment is not None and duties:
            people |= self._in_unit(watch, duties) or self._in_unit(watch, FALLBACK)
        if OFFICE in rung.to:
            for role in watch.offices:
                people |= self.by_role[role]
        return list(people.values())

    def _in_unit(self, watch: Watch, duties) -> dict[int, User]:
        """单位里担任这些职责的人；处室的人只取分到的处室。"""
        assignment = watch.assignment
        rooms = {allotment.division_id for allotment in assignment.allotments.all()}
        return {
            post.account_id: post.account
            for duty in duties for post in self.by_duty[assignment.unit_id, duty]
            if post.division_id is None or post.division_id in rooms
        }
