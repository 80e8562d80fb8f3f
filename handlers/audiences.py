"""消息给谁：办公室、政府办公厅、单位的联络员、代表。"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BigIntegerField, DateField, prefetch_related_objects

from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.statements import Blank, Statement
from suggestions.models import Suggestion

from .models import Assignment, Duty, Post, Unit

#: 没有联络员账号的，给单位的分管领导和主要负责人
FALLBACK = (Duty.DEPUTY_HEAD, Duty.HEAD)


def holding(role: str, today: date) -> list[User]:
    """今天担任某个办公室角色的账号。"""
    grants = RoleGrant.objects.active(today).filter(role=role, account__is_active=True).select_related("account")
    return list({grant.account_id: grant.account for grant in grants}.values())


def office(today: date) -> list[User]:
    """联工委的人。"""
    return holding(Role.NPC_OFFICE, today)


def deciders(unit: Unit, today: date, *, disputed: bool = False) -> list[User]:
    """退回、延期由谁裁决：政府系统归政府办公厅，其余及有争议的归联工委。"""
    return holding(Role.GOV_OFFICE if unit.is_government and not disputed else Role.NPC_OFFICE, today)


ONE_UNIT = Statement(lambda: _liaison_posts(Blank("today", DateField())).filter(unit=Blank("unit", BigIntegerField())))


def _liaison_posts(today):
    posts = Post.objects.valid(today).filter(account__is_active=True)
    return posts.with_duty(Duty.LIAISON, *FALLBACK).select_related("account")


def liaisons(unit_ids: Iterable[int], today: date) -> dict[int, list[User]]:
    """各单位的联络员账号；没有联络员账号的，给单位领导。一条查询。"""
    wanted = list(unit_ids)
    posts = ONE_UNIT.objects(today=today, unit=wanted[0]) if len(wanted) == 1 else (
        _liaison_posts(today).filter(unit__in=wanted)
    )
    found: dict[int, dict[str, list[User]]] = {}
    for post in posts:
        found.setdefault(post.unit_id, {}).setdefault(post.duty, []).append(post.account)
    return {unit: duties.get(Duty.LIAISON) or sum(duties.values(), []) for unit, duties in found.items()}


def unit_people(assignment: Assignment, today: date) -> list[User]:
    """一个承办关系的联络员，加上已分派的具体承办人。"""
    people = liaisons([assignment.unit_id], today).get(assignment.unit_id, [])
    rows = assignment.allotments.filter(officer__account__isnull=False).select_related("officer__account")
    return people + [row.officer.account for row in rows]


def deputies(suggestion: Suggestion) -> list[User]:
    """领衔与联名代表的账号；成批办理的事先取齐，这里不再查。"""
    prefetch_related_objects([suggestion], "cosigners__deputy__account")
    signers = [suggestion.lead_deputy] + [row.deputy for row in suggestion.cosigners.all() if not row.refused_at]
    return [deputy.account for deputy in signers if deputy.account_id]
