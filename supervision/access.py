"""督办层的可见范围：办公室看全部台账，单位只看自己的。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from handlers.access import READS_ALL, UNIT_WIDE, may_in_unit, posts_of
from handlers.models import Allotment
from lianluo.accounts import visibility
from lianluo.accounts.roles import Role
from lianluo.audit import identity
from suggestions.access import unprotected

from .models import LedgerEntry, ScoreSheet, ScoreStatus

#: 办公室一侧的能力 → 角色
OFFICE_CAPABILITIES = {"decide": (Role.NPC_OFFICE,), "reopen": (Role.NPC_OFFICE,)}
#: 单位一侧的能力 → 办理层的能力
UNIT_CAPABILITIES = {"apply": "apply_sign_off", "progress": "progress"}


def ledger_for(user) -> Q | None:
    """台账可见范围：办公室全部；单位领导与联络员看本单位的，处室的人看分到本处室的。已改办走的不再看。"""
    if user.has_role(*READS_ALL):
        return unprotected(user, "suggestion__")
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty not in UNIT_WIDE and post.division_id]
    if not (wide or rooms):
        return None
    scope = Q(unit__in=wide)
    if rooms:
        scope |= Q(assignment__in=Allotment.objects.filter(division__in=rooms).values("assignment"))
    return scope & (Q(assignment__isnull=True) | ~Q(assignment__status="reassigned"))


def unit_posts_in_words(user) -> str:
    """留痕里单位的人以什么身份办事：单位简称加职责，如“省水利厅联络员”。"""
    return "、".join(dict.fromkeys(f"{post.unit.short}{post.get_duty_display()}" for post in posts_of(user)))


def scores_for(user) -> Q | None:
    """评分表：单位领导和联络员看本单位各处室的，处室的人看本处室公示以后的；别的单位、办公室不看。"""
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty not in UNIT_WIDE and post.division_id]
    if not (wide or rooms):
        return None
    return Q(unit__in=wide) | (Q(division__in=rooms) & ~Q(status=ScoreStatus.DRAFT))


def register() -> None:
    visibility.register(LedgerEntry, ledger_for)
    visibility.register(ScoreSheet, scores_for)
    identity.provide(unit_posts_in_words)


def may(user, entry: LedgerEntry, capability: str) -> bool:
    """此人能不能对这一条做这件事（不问状态）。"""
    if capability in OFFICE_CAPABILITIES:
        return user.has_role(*OFFICE_CAPABILITIES[capability])
    return entry.unit_id is not None and may_in_unit(user, entry.unit_id, UNIT_CAPABILITIES[capability])


def access_entry(user, pk: int, for_: str = "read") -> LedgerEntry:
    """取一条台账：看不到 404，无权办 403。for_ 为 read、apply、progress（单位）或 decide、reopen（办公室）。"""
    entry = LedgerEntry.objects.visible_to(user).with_case().with_latest_progress().filter(pk=pk).first()
    if entry is None:
        raise Http404("没有这条台账，或者不在可见范围内")
    if for_ != "read" and not may(user, entry, for_):
        raise PermissionDenied("这项工作不归此账号办理")
    return entry
