"""现场办理以哪种方式为主：四个事实，固定的先后（KJ-11 至 KJ-15）。"""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .models import FACE_TO_FACE, Way

if TYPE_CHECKING:
    from .mechanisms.facts import Case

#: 方式 → 用它办理时记沟通的方式
KIND_OF_WAY = {Way.ON_SITE: "on_site", Way.AT_DEPUTY: "talk", Way.TOGETHER: "talk", Way.VISIT: "visit"}


@dataclass(frozen=True)
class Recommended:
    """推荐的方式、出自哪条机制、一句理由。"""

    way: Way
    code: str
    reason: str


def is_on_site(kind: str) -> bool:
    """面对面的各种方式都是现场办理的方式。"""
    return kind in FACE_TO_FACE


def recommend(case: Case) -> Recommended:
    """内容相近 > 涉及地区 > 内容单一 > 其他；停用的一条跳过，看下一条。"""
    sheet, suggestion = case.sheet, case.assignment.suggestion
    place = sheet.place_named or "所指的单位或地区"
    rules = (
        ("KJ-14", suggestion.group_id is not None, Way.TOGETHER, "内容相近的件不止一件，邀请相关代表一起座谈"),
        ("KJ-12", bool(sheet.involves_place), Way.ON_SITE, f"涉及{place}，到那里现场调研"),
        ("KJ-15", bool(sheet.single_issue), Way.VISIT, "内容相对单一，上门走访或座谈"),
    )
    for code, fits, way, reason in rules:
        if fits and code in case.active:
            return Recommended(way, code, reason)
    return Recommended(Way.AT_DEPUTY, "KJ-13", "不涉及具体单位或地区，到代表所在单位座谈")
