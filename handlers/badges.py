"""菜单上的数：待交办、收件箱里待签收的。"""
from __future__ import annotations

from lianluo.accounts.roles import Role
from lianluo.web import badges
from suggestions.models import Suggestion

from . import badges_handling, badges_serving
from .access import posts_of
from .desk import own_assignments
from .models import Assignment


def _to_assign(user):
    if not user.has_role(Role.NPC_OFFICE, Role.GOV_OFFICE):
        return Suggestion.objects.none()
    return Suggestion.objects.awaiting_assignment()


def _to_accept(user):
    """只给单位的人数；办公室的收件箱是看情况的。"""
    return own_assignments(user).pending() if posts_of(user) else Assignment.objects.none()


def register() -> None:
    badges.provide("assign", _to_assign)
    badges.provide("inbox", _to_accept)
    badges_handling.register()
    badges_serving.register()
