"""一个承办关系的事实，各取一次；机制只看这里，不各自查库。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q
from django.urls import reverse

from ..models import (
    CONTACTS,
    Activity,
    Allotment,
    AllotmentRole,
    Assignment,
    Division,
    Duty,
    HandlingSheet,
    Nature,
    Plan,
    PlanKind,
    PlanStep,
    Post,
    Reply,
    ResultClass,
    Stage,
    StepStatus,
    Waiver,
)
from . import policies


@dataclass(frozen=True)
class Visit:
    """正要记的一次现场办理：带队人，别人代为带队的理由。"""

    leader: Post | None
    stand_in_reason: str = ""


@dataclass(frozen=True)
class Item:
    """年度现场办理方案里正要存、正要送审定的一行。"""

    leader: Post | None
    division: Division | None
    joining: tuple[Division, ...]
    due_on: date | None


class Case:
    """一个承办关系。

    正要办、还没有入库的：``fixed`` 是分派的五定，``visit`` 是现场办理，``item`` 是现场办理方案里的一行。
    """

    def __init__(
        self, assignment: Assignment, today: date, *, fixed=None, visit: Visit | None = None,
        item: Item | None = None, active: dict | None = None,
    ) -> None:
        self.assignment, self.today, self.fixed, self.visit = assignment, today, fixed, visit
        self.item = item
        if active is not None:
            self.active = active

    @cached_property
    def active(self) -> dict[str, dict]:
        """管着这一件的机制及其参数。"""
        return policies.for_assignment(self.assignment, self.today)

    @cached_property
    def waivers(self) -> list[Waiver]:
        return list(self.assignment.waivers.select_related("asked_by", "decided_by"))

    @property
    def waived(self) -> set[str]:
        """准许了例外的机制。"""
        return {one.code for one in self.waivers if one.granted}

    @cached_property
    def sheet(self) -> HandlingSheet:
        """办理单；还没有填的，是一张空白的。随承办关系一起取来的不再查。"""
        fetched = self.assignment._state.fields_cache
        if "sheet" in fetched and (fetched["sheet"] is None or fetched["sheet"].pk):
            found = fetched["sheet"]
        else:  # 没有取来，或者是上次给出的空白一张
            rows = HandlingSheet.objects.select_related("intended_class", "regulation", "partner")
            found = rows.filter(assignment=self.assignment.pk).first()
        return found or HandlingSheet(assignment=self.assignment)

    @cached_property
    def allotments(self) -> list[Allotment]:
        return list(self.assignment.allotments.select_related("division", "officer"))

    @property
    def lead_allotment(self) -> Allotment | None:
        return next((one for one in self.allotments if one.role == AllotmentRole.LEAD), None)

    @property
    def lead_division(self):
        """牵头处室：正要分派的，或已分派的。"""
        if self.fixed is not None:
            return self.fixed.lead_division
        return self.lead_allotment.division if self.lead_allotment else None

    @cached_property
    def posts(self) -> list[Post]:
        """本单位此刻有效的任职。"""
        rows = Post.objects.valid(self.today).filter(unit=self.assignment.unit_id).select_related("division")
        return list(rows.order_by("-rank", "id"))

    def holders(self, duty: str) -> list[Post]:
        return [post for post in self.posts if post.duty == duty]

    @cached_property
    def activities(self) -> list[Activity]:
        """这一件上算数的活动，连同我方人员；这一件的代表说没有联系过的沟通不算。"""
        within = ~Q(matter__in=CONTACTS)
        standing = Activity.objects.standing_for(self.assignment.pk).values("pk")
        rows = Activity.objects.of_assignment(self.assignment.pk).filter(within | Q(pk__in=standing))
        return list(rows.prefetch_related("members").order_by("happened_on", "id"))

    @property
    def contacts(self) -> list[Activity]:
        """与代表的沟通。"""
        return [row for row in self.activities if row.matter in CONTACTS]

    @cached_property
    def since(self) -> date | None:
        """本轮从哪天起：再办理的，是上一次答复送达之日。"""
        if self.assignment.round == 1:
            return None
        earlier = Reply.objects.delivered().filter(assignment=self.assignment.pk, round__lt=self.assignment.round)
        return earlier.order_by("-round").values_list("delivered_on", flat=True).first()

    def contacts_in(self, stage: str = "") -> list[Activity]:
        """本轮（某一阶段）的沟通。"""
        return [
            row for row in self.contacts
            if (not stage or row.stage == stage) and (self.since is None or row.happened_on >= self.since)
        ]

    @property
    def before(self) -> list[Activity]:
        """办前沟通，不论哪一轮。"""
        return [row for row in self.contacts if row.stage == Stage.BEFORE]

    def of_matter(self, matter: str) -> list[Activity]:
        return [row for row in self.activities if row.matter == matter]

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """本轮各种方案，和列入了这一件的年度现场办理方案；``left`` 是还没有完成的事项数。"""
        shared = Plan.also.through.objects.filter(assignment=self.assignment.pk).values("plan")
        mine = Q(assignment=self.assignment.pk, round=self.assignment.round) | Q(pk__in=shared)
        yearly = Q(kind=PlanKind.FIELD, pk__in=PlanStep.objects.filter(assignment=self.assignment.pk).values("plan"))
        left = Count("steps", filter=~Q(steps__status=StepStatus.DONE))
        rows = Plan.objects.current().filter(mine | yearly).annotate(left=left).order_by("year", "id")
        return {row.kind: row for row in rows}

    @cached_property
    def reply(self) -> Reply | None:
        """本轮没有作废的答复。"""
        rows = Reply.objects.current().filter(assignment=self.assignment.pk, round=self.assignment.round)
        return rows.select_related("result_class").first()

    @property
    def intended(self) -> ResultClass | None:
        """类别：答复里定了的，否则办理单上拟定的（机制冲突之一：拟稿前按拟定类别算，改了重算）。"""
        chosen = self.reply.result_class if self.reply else None
        return chosen or self.sheet.intended_class

    @property
    def answers(self) -> bool:
        """由它答复代表；会办不适用主办件的机制。"""
        return self.assignment.answers_deputy

    def is_nature(self, nature: str) -> bool:
        return self.answers and self.sheet.nature == nature

    @property
    def is_criticism(self) -> bool:
        return self.is_nature(Nature.CRITICISM)

    @property
    def head(self) -> Post | None:
        """主要负责人。"""
        return next(iter(self.holders(Duty.HEAD)), None)

    def url(self, name: str, *more) -> str:
        """到哪里补：地址名与承办关系。"""
        return reverse(f"handlers:{name}", args=[self.assignment.pk, *more])

    def contact_url(self, **query: str) -> str:
        """记一次沟通，几项先填好。"""
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return self.url("activity_new") + (f"?{pairs}" if pairs else "")
