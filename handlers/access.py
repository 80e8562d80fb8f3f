"""办理层的可见范围与能力：本单位的人看本单位的件，处室的人看分到本处室的件。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from lianluo.accounts import roles, visibility
from lianluo.accounts.roles import Role
from lianluo.workdays import clock
from suggestions.access import deputy_of, show_attachments, unprotected
from suggestions.models import Purpose, Suggestion
from suggestions.querysets import ON_RECORD

from .models import CONTACTS, Activity, Assignment, AssistOpinion, Duty, Evaluation, Post, Reply, Unit
from .models.assignment import LIVE

#: 任职这一角色来源的键
POST = "post"
#: 职责 → 角色
ROLE_OF_DUTY: dict[str, str] = {
    Duty.HEAD: Role.UNIT_HEAD,
    Duty.DEPUTY_HEAD: Role.UNIT_LEADER,
    Duty.LIAISON: Role.UNIT_OFFICE,
    Duty.DIVISION_HEAD: Role.DEPT_HEAD,
    Duty.OFFICER: Role.HANDLER,
    Duty.ROOM_LIAISON: Role.HANDLER,
}
#: 兼着的差事：领导小组、对口联系，本身不带来权限
SIDE_DUTIES = (Duty.COUNTERPART, Duty.SERVICE_HEAD, Duty.SERVICE_DEPUTY, Duty.SERVICE_MEMBER)
#: 看得到全单位件的职责
UNIT_WIDE = (Duty.HEAD, Duty.DEPUTY_HEAD, Duty.LIAISON)
#: 只看得到分到本处室的件的职责
ROOM_WIDE = (Duty.DIVISION_HEAD, Duty.OFFICER, Duty.ROOM_LIAISON)
#: 看得到全部承办关系的角色
READS_ALL = (Role.NPC_OFFICE, Role.GOV_OFFICE, Role.NPC_COMMITTEE, Role.CHAIR_MEETING, Role.ASSESSOR)

#: 单位一侧的能力 → 具备的职责
UNIT_CAPABILITIES: dict[str, tuple[str, ...]] = {
    "accept": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "ask_return": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "ask_extension": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "allot": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "contact": (*UNIT_WIDE, *ROOM_WIDE),
    "opine": (*UNIT_WIDE, *ROOM_WIDE),
    "send_opinion": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "draft": (*UNIT_WIDE, *ROOM_WIDE),
    "deliver": (Duty.LIAISON,),
    "void_reply": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "apply_sign_off": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "progress": (*UNIT_WIDE, *ROOM_WIDE),
    "sheet": (*UNIT_WIDE, *ROOM_WIDE),
    "adopt": (Duty.LIAISON, Duty.HEAD, Duty.DEPUTY_HEAD),
    "appoint": UNIT_WIDE,
    "regulate": UNIT_WIDE,
    "field_plan": (Duty.LIAISON, Duty.DEPUTY_HEAD),
    "approve_plan": (Duty.HEAD,),
    "issue_plan": UNIT_WIDE,
    "tag": UNIT_WIDE,
    "convene": UNIT_WIDE,
    "check": UNIT_WIDE,
    "appraise": UNIT_WIDE,
    "lock_score": (Duty.HEAD, Duty.DEPUTY_HEAD),
    "serve": (*UNIT_WIDE, *ROOM_WIDE),
}
#: 人大、政府一侧的能力 → 具备的角色
OFFICE_CAPABILITIES: dict[str, tuple[str, ...]] = {
    "propose": (Role.NPC_OFFICE, Role.GOV_OFFICE),
    "assign": (Role.NPC_OFFICE,),
    "proxy_evaluation": (Role.NPC_OFFICE,),
    "start_round": (Role.NPC_OFFICE,),
    "conclude": (Role.NPC_OFFICE,),
    "publish": (Role.NPC_OFFICE,),
}


def posts_of(user) -> list[Post]:
    """此账号当前有效的任职；每个请求只查一次，名下没有的不查。"""
    if not user.is_authenticated or POST not in user.holdings:
        return []
    if not hasattr(user, "_valid_posts"):
        user._valid_posts = list(
            Post.objects.of(user).valid(clock.today()).exclude(duty__in=SIDE_DUTIES)
            .select_related("unit", "division").order_by("-rank", "id")
        )
    return user._valid_posts


def units_of(user) -> list[Unit]:
    """此账号任职的单位，不重复。"""
    return list({post.unit_id: post.unit for post in posts_of(user)}.values())


def duties_in(user, unit_id: int) -> set[str]:
    """此账号在某单位的职责。"""
    return {post.duty for post in posts_of(user) if post.unit_id == unit_id}


def _post_scope(user, prefix: str) -> Q | None:
    """由任职得出的范围；``prefix`` 是走到承办关系的路径（自身为空）。"""
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty not in UNIT_WIDE and post.division_id]
    scope = Q()
    if wide:
        scope |= Q(**{f"{prefix}unit__in": wide, f"{prefix}status__in": LIVE})
    if rooms:
        scope |= Q(**{f"{prefix}allotments__division__in": rooms, f"{prefix}status__in": LIVE})
    return scope or None


def assignments_for(user) -> Q | None:
    """承办关系的可见范围。主办与会办互见对方的承办关系（同一件），答复草稿另有限制。"""
    scope, scopes = _post_scope(user, ""), []
    if user.has_role(*READS_ALL):
        scopes.append(unprotected(user, "suggestion__"))
    if scope is not None:
        scopes.append(Q(suggestion_id__in=Assignment.objects.filter(scope).values("suggestion_id")))
    return _union(scopes)


def suggestions_for(user) -> Q | None:
    """承办单位看得到交给自己的件，以及并入这些件的件。"""
    scope = _post_scope(user, "")
    if scope is None:
        return None
    mine = Assignment.objects.filter(scope).values("suggestion_id")
    return Q(status__in=ON_RECORD) & (Q(pk__in=mine) | Q(merged_into__in=mine))


def replies_for(user) -> Q | None:
    """答复：本单位看全部稿；办公室与其他在件上的单位只看送达后的；代表看送达给自己的。"""
    if user.has_role(Role.NPC_OFFICE):
        return Q(status__in=("signed", "delivered", "void"))
    delivered = Q(status="delivered")
    scopes = []
    if user.has_role(*READS_ALL):
        scopes.append(delivered & unprotected(user, "assignment__suggestion__"))
    own = _post_scope(user, "assignment__")
    if own is not None:
        cases = Assignment.objects.filter(_post_scope(user, "")).values("suggestion_id")
        scopes.append(own)
        scopes.append(delivered & Q(assignment__suggestion_id__in=cases))
    deputy = deputy_of(user)
    if deputy is not None:
        scopes.append(delivered & Q(deliveries__deputy=deputy, deliveries__delivered_on__isnull=False))
    return _union(scopes)


def activities_for(user) -> Q | None:
    """沟通记录：看得到承办关系就看得到；单位内部的会商只本单位和办公室看；代表看自己参加的。"""
    assignments = assignments_for(user)
    scopes = []
    if assignments is not None:
        seen = Assignment.objects.filter(assignments).values("pk")
        scope = Q(pk__in=Activity.objects.filter(cases__assignment__in=seen).values("pk"))
        if not user.has_role(*READS_ALL):
            scope &= Q(matter__in=CONTACTS) | Q(unit__in=[unit.pk for unit in units_of(user)])
        scopes.append(scope)
    deputy = deputy_of(user)
    if deputy is not None:
        scopes.append(Q(deputies__deputy=deputy))
    return _union(scopes)


def evaluations_for(user) -> Q | None:
    """办理意见表（只有已提交的才有行）：办公室看全部；承办单位看对本单位的；代表看自己的。会办单位看不到。"""
    scopes = []
    if user.has_role(*READS_ALL):
        scopes.append(unprotected(user, "reply__assignment__suggestion__"))
    own = _post_scope(user, "")
    if own is not None:
        scopes.append(Q(reply__assignment__in=Assignment.objects.filter(own).values("pk")))
    deputy = deputy_of(user)
    if deputy is not None:
        scopes.append(Q(deputy=deputy))
    return _union(scopes)


def _union(scopes: list[Q]) -> Q | None:
    """几个范围合起来；一个也没有是看不到，有一个不设条件就是看全部。"""
    if not scopes:
        return None
    if not all(scopes):
        return Q()
    total = scopes[0]
    for scope in scopes[1:]:
        total |= scope
    return total


#: 裁决退回、延期要看的材料
DECISION_PAPERS = (Purpose.RETURN, Purpose.EXTENSION)


def attachments_in(user, suggestion: Suggestion) -> Q | None:
    """一件下另外看得到的附件：本单位上传的、已送出的会办意见的、已送达答复的；裁决者看申请材料。

    代表的纸质意见表只给人大办理机构看（重庆第三十八条）。
    """
    units = [post.unit_id for post in posts_of(user)]
    sent = Reply.objects.visible_to(user).delivered().filter(assignment__suggestion=suggestion)
    scope = Q(about__in=_subjects("reply", sent), purpose__in=(Purpose.REPLY, Purpose.SEALED))
    if user.has_role(Role.GOV_OFFICE):
        scope |= Q(purpose__in=DECISION_PAPERS)
    if units:
        colleagues = Post.objects.filter(unit__in=units, account__isnull=False).values("account_id")
        opinions = AssistOpinion.objects.filter(assignment__suggestion=suggestion, sent_on__isnull=False)
        scope |= Q(added_by__in=colleagues) | Q(about__in=_subjects("opinion", opinions), purpose=Purpose.OPINION)
    return scope & ~Q(purpose=Purpose.EVALUATION)


def _subjects(kind: str, rows) -> QuerySet:
    """这些记录在附件上的写法：``reply:12``；作子查询用。"""
    return rows.order_by().values_list(Concat(Value(f"{kind}:"), Cast("pk", CharField())))


def register() -> None:
    """启动时登记。"""
    show_attachments(attachments_in)
    valid = Post.objects.of(roles.ACCOUNT).valid(roles.TODAY)
    roles.provide(POST, valid, code="duty", role_of=ROLE_OF_DUTY.get)
    visibility.register(Suggestion, suggestions_for)
    visibility.register(Assignment, assignments_for)
    visibility.register(Reply, replies_for)
    visibility.register(Activity, activities_for)
    visibility.register(Evaluation, evaluations_for)


def may_in_unit(user, unit_id: int, capability: str) -> bool:
    """此人在这个单位有没有这项能力。"""
    return bool(duties_in(user, unit_id) & set(UNIT_CAPABILITIES[capability]))


def units_able(user, capability: str) -> set[int]:
    """此人在哪些单位有这项能力。"""
    return {post.unit_id for post in posts_of(user) if post.duty in UNIT_CAPABILITIES[capability]}


def may(user, capability: str) -> bool:
    """此人有没有这项办公室一侧的能力。"""
    return user.has_role(*OFFICE_CAPABILITIES[capability])


def may_decide(user, assignment: Assignment, *, disputed: bool) -> bool:
    """退回与延期由谁裁决：政府系统归政府办公厅，其余及有争议的归人大办事机构。"""
    if assignment.unit.is_government and not disputed:
        return user.has_role(Role.GOV_OFFICE)
    return user.has_role(Role.NPC_OFFICE)


#: 办理单要一并取的
SHEET = ("responsible_leader", "sheet__intended_class", "sheet__regulation", "sheet__partner")


def access_assignment(user, pk: int, for_: str = "read", *, with_: tuple[str, ...] = ()) -> Assignment:
    """取一个承办关系：看不到 404，无权办 403。``with_`` 是要一并取的。"""
    assignment = (
        Assignment.objects.visible_to(user)
        .select_related("suggestion__session__term", "suggestion__lead_deputy", "unit", "result_class", *with_)
        .filter(pk=pk).first()
    )
    if assignment is None:
        raise Http404("没有这个承办关系，或者不在可见范围内")
    if for_ == "read":
        return assignment
    office = for_ in OFFICE_CAPABILITIES
    allowed = may(user, for_) if office else may_in_unit(user, assignment.unit_id, for_)
    if not allowed:
        raise PermissionDenied("这项工作不归此账号办理")
    return assignment


def access_sheet(user, pk: int) -> Assignment:
    """办理单：本单位的人和人大、政府办理机构看；同一件上的别家单位看不到，404。"""
    assignment = access_assignment(user, pk, with_=SHEET)
    if not user.has_role(*READS_ALL) and not duties_in(user, assignment.unit_id):
        raise Http404("没有这张办理单，或者不在可见范围内")
    return assignment


def access_reply(user, pk: int, for_: str = "read") -> Reply:
    """取一份答复：看不到 404，无权办 403。"""
    reply = (
        Reply.objects.visible_to(user)
        .select_related("assignment__suggestion__session__term", "assignment__unit", "result_class")
        .filter(pk=pk).distinct().first()
    )
    if reply is None:
        raise Http404("没有这份答复，或者不在可见范围内")
    if for_ == "read":
        return reply
    office = for_ in OFFICE_CAPABILITIES
    unit_id = reply.assignment.unit_id
    if not (may(user, for_) if office else may_in_unit(user, unit_id, for_)):
        raise PermissionDenied("这项工作不归此账号办理")
    return reply
