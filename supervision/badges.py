"""菜单上的数：待核准销号的。"""
from __future__ import annotations

from lianluo.accounts.roles import Role
from lianluo.web import badges

from .models import LedgerEntry


def _to_grant(user):
    if not user.has_role(Role.NPC_OFFICE):
        return LedgerEntry.objects.none()
    return LedgerEntry.objects.awaiting_decision()


def register() -> None:
    badges.provide("ledger", _to_grant)
