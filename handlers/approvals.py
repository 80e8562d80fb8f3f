"""审签链：谁在哪一环、跳过哪一环、现在轮到谁。

处室审稿 → 办公室核稿 → 分管领导审核 → 主要负责人签发（浙江第二十二条：主要负责人审核签发）。
没有人担任的环节跳过；撰稿的人不审自己的稿（处长撰稿，处室审稿一环由下一环承担）。
主要负责人自己撰稿时，须先经别人审过，仍由他签发。
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, DateField, QuerySet, Subquery
from django.utils.functional import cached_property

from lianluo.statements import Blank, Statement

from .access import UNIT_WIDE, duties_in, posts_of
from .models import AllotmentRole, Approval, ApprovalStep, Duty, Post, Reply

UNDER_REVIEW = ("checking", "reviewing", "sponsor_review")

CHAIN: tuple[tuple[str, str], ...] = (
    (ApprovalStep.DIVISION, Duty.DIVISION_HEAD),
    (ApprovalStep.OFFICE, Duty.LIAISON),
    (ApprovalStep.LEADER, Duty.DEPUTY_HEAD),
    (ApprovalStep.HEAD, Duty.HEAD),
)
DUTY_OF_STEP = dict(CHAIN)
STEP_OF_DUTY = {duty: step for step, duty in CHAIN}
#: 属于“核稿”阶段的环节，过完才进入“审核”
CHECKING_STEPS = (ApprovalStep.DIVISION, ApprovalStep.OFFICE)
#: 可以转请代审的职责
STAND_INS = (Duty.HEAD, Duty.DEPUTY_HEAD, Duty.LIAISON, Duty.DIVISION_HEAD)


@dataclass(frozen=True)
class Stage:
    """链上的一环和能办它的任职。"""

    step: str
    posts: tuple[Post, ...]

    @property
    def label(self) -> str:
        return ApprovalStep(self.step).label

    @property
    def names(self) -> str:
        return "、".join(f"{post.name}（{post.title or post.get_duty_display()}）" for post in self.posts)


def makers(reply: Reply) -> set[int]:
    """动过这份稿的人：撰稿人和每一版的保存人。"""
    return {pk for pk in (reply.written_by_id, *reply.versions.values_list("saved_by", flat=True)) if pk}


def _waiting():
    latest = Approval.objects.filter(reply=REPLY).order_by("-attempt").values("attempt")[:1]
    waiting = Approval.objects.filter(reply=REPLY, attempt=Subquery(latest), agreed__isnull=True)
    return waiting.select_related("delegate__account").order_by("position")[:1]


REPLY = Blank("reply", BigIntegerField())
WAITING = Statement(_waiting)
#: 一个单位某天能审签的任职
SIGNERS = Statement(
    lambda: Post.objects.valid(Blank("today", DateField())).with_duty(*STEP_OF_DUTY)
    .filter(unit=Blank("unit", BigIntegerField()), account__is_active=True)
    .select_related("account", "division").order_by("-rank", "id")
)


def current(reply: Reply) -> Approval | None:
    """现在轮到的一环；不在审签中为 None。"""
    if reply.status not in UNDER_REVIEW:
        return None
    return WAITING.first(reply=reply.pk)


class Chain:
    """一份答复此刻的审签链。一页、一个动作里只建一次，任职只查一次。"""

    def __init__(self, reply: Reply, today: date) -> None:
        self.reply, self.today = reply, today

    @cached_property
    def posts(self) -> list[Post]:
        """本单位能审签的任职：有效、有能登录的账号。"""
        return SIGNERS.objects(today=self.today, unit=self.reply.assignment.unit_id)

    @cached_property
    def rooms(self) -> set[int]:
        """牵头处室。"""
        rows = self.reply.assignment.allotments.filter(role=AllotmentRole.LEAD)
        return set(rows.values_list("division_id", flat=True))

    @cached_property
    def makers(self) -> set[int]:
        return makers(self.reply)

    def holders(self, step: str) -> list[Post]:
        """这一环由谁担任。"""
        found = [post for post in self.posts if post.duty == DUTY_OF_STEP.get(step)]
        if step == ApprovalStep.DIVISION:
            found = [post for post in found if post.division_id in self.rooms]
        return found

    @cached_property
    def stages(self) -> list[Stage]:
        """送审后依次经过的环节。"""
        stages: list[Stage] = []
        for step, _ in CHAIN:
            found = self.holders(step)
            others = [post for post in found if post.account_id not in self.makers]
            if others or (step == ApprovalStep.HEAD and found and stages):
                stages.append(Stage(step, tuple(others or found)))
        return stages

    @cached_property
    def step(self) -> Approval | None:
        """现在轮到的一环。"""
        return current(self.reply)

    @cached_property
    def is_last(self) -> bool:
        """最后一环的同意就是签发。"""
        step = self.step
        if step is None:
            return False
        return not self.reply.approvals.filter(attempt=step.attempt, position__gt=step.position).exists()

    @cached_property
    def stage(self) -> Stage | None:
        """这一环现在能由谁办；转请过的只由受请人办。"""
        step = self.step
        if step is None:
            return None
        if step.delegate_id:
            return Stage(step.step, (step.delegate,))
        planned = next((stage for stage in self.stages if stage.step == step.step), None)
        return planned or Stage(step.step, tuple(self.holders(step.step)))

    def may_decide(self, user) -> bool:
        """这一环现在归不归此人办。"""
        return self.stage is not None and any(post.account_id == user.pk for post in self.stage.posts)

    def may_hand_over(self, user) -> bool:
        """能把这一环转请他人的：这一环的人；这一环已没有人了，由联络员或领导转。"""
        if self.may_decide(user):
            return True
        if self.stage is None or self.stage.posts:
            return False
        return bool(duties_in(user, self.reply.assignment.unit_id) & set(UNIT_WIDE))

    def stand_ins(self) -> QuerySet:
        """可以转请的人：有审签职责，没有动过稿，不是自己。签发只能转请主要负责人或分管领导。"""
        duties = (Duty.HEAD, Duty.DEPUTY_HEAD) if self.is_last else STAND_INS
        asked = [post.pk for post in self.stage.posts] if self.stage else []
        fit = [
            post.pk for post in self.posts
            if post.duty in duties and post.account_id not in self.makers and post.pk not in asked
        ]
        return Post.objects.filter(pk__in=fit).select_related("account", "division").order_by("-rank", "id")


def post_in(user, unit_id: int) -> Post | None:
    """此人在本单位职级最高的任职，留名用。"""
    return next((post for post in posts_of(user) if post.unit_id == unit_id), None)
