"""省交通运输厅：用真情与代表联系沟通（JT）。谁来、什么时候、怎么沟通。"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from lianluo.statemachine import Missing

from ..models import Activity, ActivityKind, Agreement, Duty, Rank, Stage
from .base import Door, Guard
from .facts import Case

#: 沟通矩阵：类别（或重点）→ 谁必须与代表沟通过。各单位可以改（JT-02 的参数 matrix）
MATRIX: dict[str, list[str]] = {"A": ["officer"], "B": ["officer"], "C": ["letter", "division"], "key": ["leader"]}
LEVELS = {
    "letter": "厅长写信", "leader": "厅领导", "division": "承办处室主要负责人", "officer": "具体承办人",
}
LEADERS = (Duty.HEAD, Duty.DEPUTY_HEAD)


def matrix_of(case: Case) -> dict[str, list[str]]:
    """这一件用的矩阵：单位改过的盖过缺省的。"""
    return {**MATRIX, **case.active.get("JT-02", {}).get("matrix", {})}


def required(case: Case) -> list[str]:
    """这一件要求哪几级沟通：按类别与重点取，类别变了随之重算。"""
    return levels_of(matrix_of(case), case.intended.code if case.intended else "", case.sheet.is_key)


def levels_of(matrix: dict[str, list[str]], result_class: str, is_key: bool) -> list[str]:
    """某一类别（重点）在矩阵里要求的各级。"""
    levels = [*matrix.get(result_class, []), *(matrix.get("key", []) if is_key else [])]
    return list(dict.fromkeys(levels))


def reached(level: str, contacts: Iterable[Activity]) -> bool:
    """这一级沟通过没有。市州局协助的记录不代替厅里的人（JT-07）。"""
    members = [member for row in contacts for member in row.members.all() if member.duty != Duty.LOCAL_BUREAU]
    return {
        "letter": lambda: any(row.kind == ActivityKind.LEADER_LETTER for row in contacts),
        "leader": lambda: any(one.duty in LEADERS for one in members),
        "division": lambda: any(one.duty == Duty.DIVISION_HEAD or one.rank >= Rank.BUREAU for one in members),
        "officer": lambda: bool(members),
    }[level]()


class LevelGuard(Guard):
    """矩阵里的一级：要求了而没有沟通过，就缺。"""

    level = ""
    advice = ""

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.answers and self.level in required(case) and not reached(self.level, case.contacts_in()):
            yield Missing(self.advice, self.where(case))

    def where(self, case: Case) -> str:
        return case.contact_url()


class Matrix(Guard):
    """层级沟通体系：先有拟定类别，矩阵才知道要谁去沟通。"""

    code, doors = "JT-02", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.answers and case.intended is None:
            yield Missing("拟定办理结果类别，据此定由谁与代表沟通", case.url("sheet_edit") + "#id_intended_class")


class HeadWrites(LevelGuard):
    """C 类件由厅长写信与代表沟通，没有信不能签发、不能销号。"""

    code, doors = "JT-03", (Door.SIGN, Door.SIGN_OFF)
    level, advice = "letter", "厅长还没有就这件写信给代表"

    def where(self, case: Case) -> str:
        return case.url("leader_letter")


class LeaderTalks(LevelGuard):
    """厅领导负责重点建议沟通。"""

    code, doors = "JT-04", (Door.SUBMIT,)
    level, advice = "leader", "重点建议由厅领导与代表沟通一次"


class DivisionHeadTalks(LevelGuard):
    """承办处室主要负责人负责 C 类件沟通，经办人沟通不算。"""

    code, doors = "JT-05", (Door.SUBMIT,)
    level, advice = "division", "这一类件由承办处室主要负责人与代表沟通一次"


class OfficerTalks(LevelGuard):
    """具体承办人负责 A、B 类件沟通。"""

    code, doors = "JT-06", (Door.SUBMIT,)
    level, advice = "officer", "具体承办人与代表沟通一次"


class IntentFirst(Guard):
    """办理前期了解代表意图，记下摘要，再起草。"""

    code, doors = "JT-08", (Door.DRAFT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        if not case.before:
            yield Missing("办理前期还没有与代表联系", case.contact_url(stage="before"))
        elif not any(row.intent.strip() for row in case.before):
            yield Missing("在办前沟通里写明代表意图", case.contact_url(stage="before"))


class Negotiated(Guard):
    """办理中解释政策、协商措施；没有达成一致的，分管领导批注后再送审。"""

    code, doors = "JT-10", (Door.SUBMIT,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if not case.answers:
            return
        talks = [row for row in case.contacts_in(Stage.DURING) if row.agreement]
        if not talks:
            yield Missing("办理中与代表协商一次，写明解释要点、措施和是否一致", case.contact_url(stage="during"))
        elif talks[-1].agreement == Agreement.NONE and not case.sheet.disagreement_note.strip():
            yield Missing("与代表没有达成一致，分管领导批注后再送审", case.url("disagreement"))


class ToldAfter(Guard):
    """办理后期把正式意见告知代表，再登记送达。"""

    code, doors = "JT-11", (Door.DELIVER,)

    def missing(self, case: Case) -> Iterator[Missing]:
        if case.answers and not case.contacts_in(Stage.AFTER):
            yield Missing("办理后期把正式意见告知代表，记一次办后沟通", case.contact_url(stage="after"))
