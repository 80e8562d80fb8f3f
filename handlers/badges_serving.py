"""菜单上的数：等本单位回应的代表留言。"""
from __future__ import annotations

from lianluo.web import badges

from . import threads
from .access import posts_of
from .models import DeputyMessage


def _to_answer(user):
    return threads.owed(user) if posts_of(user) else DeputyMessage.objects.none()


def register() -> None:
    badges.provide("messages", _to_answer)
