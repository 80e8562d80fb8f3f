"""谁看得到哪些件、能做什么。页面、接口、导出、后台都只问这里。

看不到的一律 404（不泄露“有但不给你”）；看得到但不归此人办的 403。
"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, CharField, IntegerField, Q, Value
from django.http import Http404

from lianluo.accounts import roles, visibility
from lianluo.accounts.roles import Role
from lianluo.statements import Blank, Statement

from .models import Attachment, Deputy, Purpose, Suggestion
from .querysets import FILED, ON_RECORD

#: 代表身份这一角色来源的键
DEPUTY = "deputy"
#: 看得到全部在册件的角色
READS_ALL_FILED = (Role.NPC_OFFICE, Role.SECRETARIAT)
READS_ALL_ON_RECORD = (Role.GOV_OFFICE, Role.NPC_COMMITTEE, Role.CHAIR_MEETING, Role.ASSESSOR)

#: 经手办理的机构；其余看全部的（专门委员会、主任会议、考评）只看面上情况
CONDUCTS = (Role.NPC_OFFICE, Role.SECRETARIAT, Role.GOV_OFFICE)

#: 件上的能力 → 具备的角色（本人、本单位的能力另由函数判断）
CAPABILITIES: dict[str, tuple[str, ...]] = {
    "intake": (Role.NPC_OFFICE, Role.SECRETARIAT, Role.DELEGATION_STAFF),
    "import": (Role.NPC_OFFICE, Role.SECRETARIAT),
    "review": (Role.NPC_OFFICE, Role.SECRETARIAT),
    "group": (Role.NPC_OFFICE,),
    "withdraw": (Role.NPC_OFFICE,),
    "edit": (Role.NPC_OFFICE, Role.SECRETARIAT, Role.DELEGATION_STAFF),
}


def listed(user):
    """列表里列得出的件：在册可见、已离开代表之手。看得到全部的人不必带上“本人录入”一条，好走索引。"""
    if user.is_authenticated and user.is_active and user.has_role(*READS_ALL_FILED):
        return Suggestion.objects.filed()
    return Suggestion.objects.visible_to(user).filed()


def deputy_of(user):
    """此账号对应的代表；没有则 None，不必查。"""
    return user.deputy if user.is_authenticated and DEPUTY in user.holdings else None


def suggestions_for(user) -> Q | None:
    """提出这一层的可见范围。"""
    scopes = []
    if user.has_role(*READS_ALL_FILED):
        scopes.append(Q(status__in=FILED) | Q(made_by=user))
    elif user.has_role(*READS_ALL_ON_RECORD):
        scopes.append(Q(status__in=ON_RECORD) & unprotected(user))
    if user.has_role(Role.DELEGATION_STAFF):
        mine = user.delegations.values("pk")
        scopes.append(Q(delegation__in=mine, status__in=FILED) | Q(made_by=user))
    if user.has_role(Role.DEPUTY) and (deputy := deputy_of(user)):
        scopes.append(Q(lead_deputy=deputy) | Q(pk__in=cosigned_ids(deputy)))
    return _any(scopes)


def unprotected(user, path: str = "") -> Q:
    """看全部的人里，不经手办理的看不到要求保密身份的件（山东第十一条、青岛第十八条）；``path`` 是到件的路。"""
    return Q() if user.has_role(*CONDUCTS) else Q(**{f"{path}hides_identity": False})


def cosigned_ids(deputy):
    """本人受邀联名且未谢绝的件。"""
    joined = Suggestion.objects.filter(cosigners__deputy=deputy, cosigners__refused_at__isnull=True)
    return joined.exclude(status="draft").values("pk")


def _any(scopes: list[Q]) -> Q | None:
    if not scopes:
        return None
    total = scopes[0]
    for scope in scopes[1:]:
        total |= scope
    return total


def register() -> None:
    """启动时登记本层的可见范围与角色来源。"""
    visibility.register(Suggestion, suggestions_for)
    own = Deputy.objects.filter(account=roles.ACCOUNT)
    roles.provide(DEPUTY, own, code=Value(Role.DEPUTY.value))


def may(user, capability: str) -> bool:
    """此人有没有这类能力（不问具体哪件）。"""
    return user.has_role(*CAPABILITIES[capability])


def may_enter_for(user, deputy: Deputy) -> bool:
    """能不能代这位代表录入：代表团工作人员只录本团的。"""
    return user.has_role(Role.NPC_OFFICE, Role.SECRETARIAT) or user.delegations.filter(pk=deputy.delegation_id).exists()


def to_review(user):
    """等此人审查的件，供菜单上的数。"""
    if not user.has_role(*CAPABILITIES["review"]):
        return Suggestion.objects.none()
    return Suggestion.objects.awaiting_review()


def access_suggestion(user, pk: int | None = None, for_: str = "read", **numbered) -> Suggestion:
    """取一件：看不到 404，无权办 403。``for_`` 为 read、own 或 CAPABILITIES 中的能力。

    不给内部号的，由届次、序列、编号找。
    """
    suggestion = _visible(user, numbered or {"pk": int(pk)})  # 接口的路由给的是字
    if suggestion is None:
        raise Http404("没有这件建议，或者不在可见范围内")
    if for_ == "own":
        allowed = suggestion.lead_deputy_id == getattr(deputy_of(user), "pk", None) or suggestion.made_by_id == user.pk
    else:
        allowed = for_ == "read" or may(user, for_)
    if not allowed:
        raise PermissionDenied("这件不归此账号办理")
    return suggestion


PARTS = ("session", "lead_deputy", "delegation", "category")
BY_PK = Statement(
    lambda: Suggestion.objects.filed().filter(pk=Blank("pk", BigIntegerField())).select_related(*PARTS).order_by()
)
BY_NUMBER = Statement(
    lambda: Suggestion.objects.filed().filter(
        session__code=Blank("session__code", CharField()), series=Blank("series", CharField()),
        number=Blank("number", IntegerField()),
    ).select_related(*PARTS).order_by()
)


def _visible(user, wanted: dict) -> Suggestion | None:
    """看得见的那一件。看得到全部的人先按编译好的语句在已提交的里找，找不到（自己录入未提交的）再走可见范围。"""
    if user.has_role(*READS_ALL_FILED) and wanted.get("pk", 0) <= BigIntegerField.MAX_BIGINT:
        found = (BY_PK if "pk" in wanted else BY_NUMBER).first(**wanted)
        if found:
            return found
    return next(iter(Suggestion.objects.visible_to(user).select_related(*PARTS).filter(**wanted).order_by()[:1]), None)


def access_attaching(user, pk: int) -> Suggestion:
    """能在这件上放附件的人：领衔代表本人、录入人、登记前的工作人员。"""
    suggestion = access_suggestion(user, pk)
    own = deputy_of(user)
    mine = (own is not None and own.pk == suggestion.lead_deputy_id) or suggestion.made_by_id == user.pk
    if not (mine or may(user, "edit")):
        raise PermissionDenied("这件的附件不归此账号上传")
    return suggestion


def sees_all_private(user) -> bool:
    """列表、查找、导出里能否看到电话、证号：只有人大办理人员。"""
    return user.is_authenticated and user.has_role(Role.NPC_OFFICE, Role.SECRETARIAT)


def sees_private(user, suggestion: Suggestion) -> bool:
    """能否看到代表的电话、地址：人大办理人员、本人；承办单位由办理层另放行。"""
    deputy = deputy_of(user)
    return user.has_role(Role.NPC_OFFICE, Role.SECRETARIAT) or (
        deputy is not None and deputy.pk == suggestion.lead_deputy_id
    )


#: 看得到件就看得到的附件：代表交来的材料和原件
OPEN_PURPOSES = (Purpose.MATERIAL, Purpose.ORIGINAL)
_attachment_scopes: list = []


def show_attachments(function):
    """上层登记：``fn(user, suggestion) -> Q | None``，此人在这件下另外还看得到哪些附件。"""
    if function not in _attachment_scopes:
        _attachment_scopes.append(function)
    return function


def attachments_for(user, suggestion: Suggestion):
    """此人在这件下看得到的附件：材料和原件、自己上传的、上层放行的；人大办理机构看全部。"""
    found = Attachment.objects.filter(suggestion=suggestion)
    if user.has_role(Role.NPC_OFFICE):
        return found
    scopes = (function(user, suggestion) for function in _attachment_scopes)
    own = Q(purpose__in=OPEN_PURPOSES) | Q(added_by=user)
    return found.filter(_any([own, *(scope for scope in scopes if scope is not None)]))
