"""一件走到哪一步、下一道门是哪一道。"""
from __future__ import annotations

from ..models import AssignmentStatus as A
from ..models import ReplyStatus as R
from .base import Door
from .facts import Case

#: 主办件依次要过的门；会办件只有分派一道
ORDER = (Door.ALLOT, Door.DRAFT, Door.SUBMIT, Door.SIGN, Door.DELIVER, Door.SIGN_OFF)
_OF_REPLY = {
    R.DRAFT: Door.SUBMIT, R.CHECKING: Door.SIGN, R.REVIEWING: Door.SIGN, R.SPONSOR_REVIEW: Door.SIGN,
    R.SIGNED: Door.DELIVER, R.DELIVERED: Door.SIGN_OFF,
}


def next_door(case: Case) -> Door | None:
    """下一道门；办结、改办的没有了。"""
    status = case.assignment.status
    if status in (A.PENDING, A.ACCEPTED):
        return Door.ALLOT
    if status == A.ANSWERED:
        return Door.SIGN_OFF if case.answers else None
    if status != A.HANDLING or not case.answers:
        return None
    return _OF_REPLY[case.reply.status] if case.reply else Door.DRAFT


def doors_ahead(case: Case) -> list[Door]:
    """从下一道门起，往后要过的。"""
    first = next_door(case)
    if first is None:
        return []
    ahead = list(ORDER[ORDER.index(first):])
    return ahead if case.answers else [door for door in ahead if door == Door.ALLOT]
