"""菜单上的数：待我审签的答复、待审定公开的答复。"""
from __future__ import annotations

from lianluo.web import badges

from .access import may, posts_of
from .models import Reply
from .reply_lists import awaiting_publication, mine_to_decide


def _to_approve(user):
    """单位的人待审签的。"""
    return mine_to_decide(Reply.objects.all(), user) if posts_of(user) else Reply.objects.none()


def _to_publish(user):
    """办公室待审定公开的。"""
    return awaiting_publication(Reply.objects.delivered(), "waiting") if may(user, "publish") else Reply.objects.none()


def register() -> None:
    badges.provide("replies", _to_approve)
    badges.provide("publishing", _to_publish)
