"""过门：一步之前，问遍管着这一件、守在这一步的机制。"""
from __future__ import annotations

from dataclasses import replace
from datetime import date

from lianluo.statemachine import Incomplete, Missing

from ..models import Assignment
from . import civil_affairs, finance, science, transport  # noqa: F401  各厅的机制在导入时登记
from .base import GUARDS, Door
from .facts import Case


def missing(case: Case, door: Door) -> list[Missing]:
    """走这一步还缺什么，每一句带机制编号；准许了例外的不算。"""
    lacking = [
        replace(one, code=code)
        for code, guard in GUARDS.items()
        if door in guard.doors and code in case.active
        for one in guard.missing(case)
    ]
    return [one for one in lacking if one.code not in case.waived] if lacking else []


def check(assignment: Assignment, door: Door, today: date) -> Case:
    """缺一项就不放行，逐条列出；返回取好的事实。"""
    case = Case(assignment, today)
    lacking = missing(case, door)
    if lacking:
        raise Incomplete(door.label, lacking)
    return case
