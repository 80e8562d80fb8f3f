"""件页上归提出这一层的两页：概要、原文。"""
from __future__ import annotations

from datetime import date

from django.db.models import BigIntegerField
from django.http import HttpRequest
from django.urls import reverse

from lianluo.statements import Blank, Statement

from . import access
from .actions.withdrawing import BEFORE_ASSIGNMENT
from .models import Suggestion
from .models.attachment import Purpose


def overview(request: HttpRequest, suggestion: Suggestion) -> dict:
    """概要：提出的基本情况、相关的件、可办的事。"""
    return {
        "case": suggestion, "facts": facts(request.user, suggestion), **_related(request.user, suggestion),
        "doings": doings(request.user, suggestion),
    }


def text(request: HttpRequest, suggestion: Suggestion) -> dict:
    """原文：事实表、内容、具体建议、联名确认、附件。"""
    files = access.attachments_for(request.user, suggestion).filter(purpose__in=(Purpose.MATERIAL, Purpose.ORIGINAL))
    return {
        "case": suggestion, "facts": facts(request.user, suggestion), "requests": list(suggestion.requests.all()),
        "cosigners": list(suggestion.cosigners.filter(refused_at__isnull=True).select_related("deputy__delegation")),
        "attachments": list(files), "may_attach": access.may(request.user, "edit"),
        **_related(request.user, suggestion), "doings": doings(request.user, suggestion),
    }


CHILDREN = Statement(
    lambda: Suggestion.objects.filter(merged_into=Blank("main", BigIntegerField()))
    .select_related("session", "lead_deputy").order_by("number")
    .only("series", "number", "converted_from_bill", "title", "session__code", "lead_deputy__name")
)


def _related(user, suggestion: Suggestion) -> dict:
    """并入它的件、同组的件。"""
    return {
        "children": CHILDREN.objects(main=suggestion.pk), "group_members": _group_members(user, suggestion),
    }


def doings(user, suggestion: Suggestion) -> list[tuple[str, str]]:
    """此人在这件上、提出这一层可办的事：（按钮，地址）。"""
    status, found = suggestion.status, []
    if access.may(user, "review") and status == "submitted":
        found.append(("审查", "review_one"))
    if access.may(user, "edit") and status in ("submitted", "returned"):
        found.append(("更正录入", "edit"))
    if access.may(user, "review") and status not in ("withdrawn", "declined"):
        found.append(("相近的件", "similar"))
    if access.may(user, "group"):
        found += {"registered": [("并案", "merge")], "merged": [("解除并案", "unmerge")]}.get(status, [])
        found += [("编入相近件组", "group_with")] if suggestion.number and status != "withdrawn" else []
    if may_withdraw(user, suggestion):
        found.append(("撤回", "withdraw"))
    return [(label, reverse(f"suggestions:{name}", args=[suggestion.pk])) for label, name in found]


def facts(user, suggestion: Suggestion) -> list[tuple[str, object]]:
    """事实表：（项目，内容）。电话、地址、证号只给办理需要的人。"""
    lead, rows = suggestion.lead_deputy, []
    rows += [
        ("编号", suggestion.shown_number or "登记后给出"), ("会议", suggestion.session.name),
        ("形式", suggestion.get_kind_display()), ("提出时间", suggestion.get_raised_during_display()),
        ("提出方式", suggestion.get_raised_by_display()), ("领衔代表", lead.name),
        ("代表团", suggestion.delegation.name),
    ]
    if access.sees_private(user, suggestion):
        rows += [
            ("代表证号", lead.certificate_no), ("单位及职务", lead.employer_post),
            ("联系电话", suggestion.contact_phone or lead.phone), ("通讯地址", lead.address),
            ("联系人", suggestion.contact_name), ("方便联系的时间与方式", suggestion.contact_wish),
        ]
    rows += [
        ("分类", suggestion.category), ("涉及地区", "、".join(suggestion.regions)),
        ("涉及具体单位或地点", {True: "是", False: "否"}.get(suggestion.involves_place, "")),
        ("希望承办单位", suggestion.wished_units), ("公开意愿", suggestion.get_publish_wish_display()),
        ("不同意公开的理由", suggestion.publish_wish_reason), ("形成方式", suggestion.formed_by),
        ("多年多次提出", suggestion.repeated_years), ("提交日期", suggestion.submitted_on),
        ("登记日期", suggestion.registered_on),
        ("不作为建议的理由", suggestion.get_decline_ground_display() if suggestion.decline_ground else ""),
        ("备注", suggestion.note),
    ]
    wishes = (("wants_meeting", "希望加强联系沟通"), ("for_reference", "供研究参考，不需要书面答复"),
              ("hides_identity", "要求保密身份"))
    said = [label for name, label in wishes if getattr(suggestion, name)]
    rows.append(("代表的要求", "；".join(said)))
    return [(label, _shown(value)) for label, value in rows if value not in (None, "")]


def _shown(value) -> object:
    """日期写成 2018-04-09，其余照原样。"""
    return value.isoformat() if isinstance(value, date) else value


def _group_members(user, suggestion: Suggestion) -> list[Suggestion]:
    """同组的其他件，只列看得见的。"""
    if suggestion.group_id is None:
        return []
    return list(
        Suggestion.objects.visible_to(user).filter(group=suggestion.group_id).exclude(pk=suggestion.pk)
        .select_related("session", "lead_deputy").order_by("number")
    )


def may_withdraw(user, suggestion: Suggestion) -> bool:
    """联工委可撤；领衔代表在交办之前可撤。"""
    if suggestion.status in ("withdrawn", "declined", "concluded", "escalated"):
        return False
    own = access.deputy_of(user)
    mine = own is not None and own.pk == suggestion.lead_deputy_id and suggestion.main.status in BEFORE_ASSIGNMENT
    return access.may(user, "withdraw") or mine
