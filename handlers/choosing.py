"""选单位：交给谁、以什么角色；一次选择是否成立。"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lianluo.statemachine import DomainError

from .models import AssignmentRole, Unit
from .models.meeting import ANSWERING_ROLES

SOLE, LEAD = AssignmentRole.SOLE, AssignmentRole.LEAD
SEPARATE, ASSIST = AssignmentRole.SEPARATE, AssignmentRole.ASSIST
LEADING = (SOLE, LEAD)


@dataclass(frozen=True)
class Choice:
    """一个单位和它的角色；分办须写明各自办理的内容。"""

    unit: Unit
    role: str
    part: str = ""


def choices_of(proposals: Iterable) -> list[Choice]:
    """拟交办的各行变成选择。"""
    return [Choice(row.unit, row.role, row.part) for row in proposals]


def check_choices(choices: Sequence[Choice], today: date, congress_id: int) -> None:
    """一独办，或一主办加会办，或两个以上分办；单位有效、不重复。不成立就说明改哪里。"""
    if not choices:
        raise DomainError("选一个主办单位，或两个以上分办单位", field="lead")
    _check_twice(choices)
    for choice in choices:
        check_unit(choice.unit, today, congress_id, field=field_of(choice.role))
    _check_roles(choices)


def field_of(role: str) -> str:
    """出错时指向表单的哪一项。"""
    return {ASSIST: "assists", SEPARATE: "separate_1"}.get(role, "lead")


def check_unit(unit: Unit, today: date, congress_id: int, *, field: str | None = None) -> None:
    """单位当日有效，属于本级人大。"""
    if unit.congress_id != congress_id:
        raise DomainError(f"“{unit}”不是本级人大的承办单位，换一个", field=field)
    if unit.valid_from and unit.valid_from > today:
        raise DomainError(f"“{unit}”自 {unit.valid_from} 起才成立，换一个", field=field)
    if unit.valid_to and unit.valid_to < today:
        heir = f"，由“{unit.successor}”承接，改选它" if unit.successor else "，换一个"
        raise DomainError(f"“{unit}”已于 {unit.valid_to} 撤并{heir}", field=field)


def _check_twice(choices: Sequence[Choice]) -> None:
    seen: dict[int, Choice] = {}
    for choice in choices:
        if choice.unit.pk in seen:
            raise DomainError(f"“{choice.unit}”选了两次，留一个", field=field_of(choice.role))
        seen[choice.unit.pk] = choice


def _check_roles(choices: Sequence[Choice]) -> None:
    roles = [choice.role for choice in choices]
    leads = sum(role in LEADING for role in roles)
    if leads > 1:
        raise DomainError("主办单位只能有一个，其余改为会办", field="lead")
    if SEPARATE in roles:
        _check_separate(choices)
    elif not leads:
        raise DomainError("会办之外还须选一个主办单位", field="lead")
    elif SOLE in roles and len(roles) > 1:
        raise DomainError("独办只有一个单位；另有会办单位的，改为主办加会办", field="mode")
    elif LEAD in roles and ASSIST not in roles:
        raise DomainError("主办加会办须选会办单位；只有一个单位的，改为独办", field="assists")


def _check_separate(choices: Sequence[Choice]) -> None:
    if any(choice.role != SEPARATE for choice in choices):
        raise DomainError("分办的各单位各自答复，不再另设主办、会办", field="mode")
    if len(choices) < 2:
        raise DomainError("分办须选两个以上单位", field="separate_1")
    for number, choice in enumerate(choices, 1):
        if not choice.part.strip():
            raise DomainError(f"写明“{choice.unit}”办理的内容（上海第十三条）", field=f"part_{number}")


def mode_name(roles: Iterable[str]) -> str:
    """办理方式：独办、主办加会办、分办。"""
    found = set(roles)
    if SEPARATE in found:
        return "分办"
    return "主办加会办" if ASSIST in found else "独办"


def in_words(choices: Iterable) -> str:
    """省水利厅（主办）、省财政厅（会办）。拟交办行、承办关系、选择都可以。"""
    return "、".join(f"{choice.unit}（{AssignmentRole(choice.role).label}）" for choice in choices)


def answers(choice: Choice) -> bool:
    """由它答复代表。"""
    return choice.role in ANSWERING_ROLES
