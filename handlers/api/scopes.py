"""没有单独登记可见范围的几样，各由它所属的承办关系、答复推出来；与页面同一条规矩。"""
from __future__ import annotations

from django.db.models import Q, QuerySet

from lianluo.accounts.roles import Role
from suggestions.access import deputy_of, unprotected

from ..access import READS_ALL, UNIT_WIDE, posts_of
from ..models import Assignment, AssistOpinion, Delivery, Evaluation, Extension, OpinionStatus, ReturnRequest

OFFICES = (Role.NPC_OFFICE, Role.GOV_OFFICE)
SENT = (OpinionStatus.SENT, OpinionStatus.ADOPTED)


def own_assignments(user) -> QuerySet[Assignment]:
    """本单位的承办关系：领导与联络员看全单位，处室的人看分到本处室的。改办的不列。"""
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty not in UNIT_WIDE and post.division_id]
    if not (wide or rooms):
        return Assignment.objects.none()
    found = Assignment.objects.filter(Q(unit__in=wide) | Q(allotments__division__in=rooms))
    return found.live()


def inside(user, unit_id: int) -> bool:
    """是不是本单位的人。"""
    return any(post.unit_id == unit_id for post in posts_of(user))


def returns_for(user) -> QuerySet[ReturnRequest]:
    """退回申请：裁决的两家看全部，单位看自己的。"""
    if user.has_role(*OFFICES):
        return ReturnRequest.objects.all()
    units = {post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE}
    mine = Q(assignment__in=own_assignments(user).values("pk")) | Q(assignment__unit__in=units)
    return ReturnRequest.objects.filter(mine)


def extensions_for(user) -> QuerySet[Extension]:
    """延期申请：批复的两家看全部，单位看自己的。"""
    if user.has_role(*OFFICES):
        return Extension.objects.all()
    return Extension.objects.filter(assignment__in=own_assignments(user).values("pk"))


def opinions_for(user) -> QuerySet[AssistOpinion]:
    """会办意见：会办单位自己的全看；主办单位与人大、政府一侧只看送出的。"""
    own = own_assignments(user)
    found = Q(assignment__in=own.values("pk"))
    led = own.filter(role="lead").values("suggestion_id")
    found |= Q(status__in=SENT, assignment__suggestion_id__in=led)
    if user.has_role(*READS_ALL):
        found |= Q(status__in=SENT) & unprotected(user, "assignment__suggestion__")
    return AssistOpinion.objects.filter(found)


def evaluations_for(user) -> QuerySet[Evaluation]:
    """办理意见表：代表看自己的，单位看对本单位答复的，办公室看全部。"""
    if user.has_role(*READS_ALL):
        return Evaluation.objects.filter(unprotected(user, "reply__assignment__suggestion__"))
    found = Q(reply__assignment__in=own_assignments(user).values("pk"))
    deputy = deputy_of(user)
    if deputy is not None:
        found |= Q(deputy=deputy)
    return Evaluation.objects.filter(found)


def deliveries_to_rate(user) -> QuerySet[Delivery]:
    """此人能填办理意见表的送达：代表自己的；联工委凭纸质表代录的。"""
    delivered = Delivery.objects.filter(delivered_on__isnull=False).select_related("reply__assignment__suggestion")
    if user.has_role(Role.NPC_OFFICE):
        return delivered
    deputy = deputy_of(user)
    return delivered.filter(deputy=deputy) if deputy is not None else delivered.none()
