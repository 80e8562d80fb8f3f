"""评分标准：每项一个小类，只看事实；满分和每次扣加多少在方案里，可以改。

缺省方案照“百分制＋附加分”：组织领导 10、办理时限 20、沟通程序 20、答复质量 25、办理结果 25，附加分 20 封顶。
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from lianluo.workdays.models import RuleCode

from ..models import MarkKind
from ..statistics import rates
from .facts import STAGES, CaseFacts, RoomFacts

CENT = Decimal("0.01")
#: 凭据最多列这么多条
MOST_EVIDENCE = 40


def exact(value) -> Decimal:
    """两位小数，四舍五入。"""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Score:
    """一项的得分：几分、怎样算的、凭什么（文字、地址）。"""

    points: Decimal
    explanation: str
    evidence: list[tuple[str, str]] = field(default_factory=list)


def linked(cases: Iterable[CaseFacts]) -> list[tuple[str, str]]:
    return [(one.number, one.url) for one in cases][:MOST_EVIDENCE]


class Criterion:
    """一项标准。``most`` 是缺省满分（附加分是上限），``each`` 是缺省的每次扣、加多少。"""

    code: ClassVar[str] = ""
    group: ClassVar[str] = ""
    name: ClassVar[str] = ""
    most: ClassVar[Decimal] = Decimal(0)
    each: ClassVar[dict[str, Decimal]] = {}
    rule: ClassVar[str] = ""
    is_bonus: ClassVar[bool] = False

    def __init__(self, most=None, each: dict | None = None) -> None:
        self.most = Decimal(str(most)) if most is not None else type(self).most
        self.each = {**type(self).each, **{key: Decimal(str(value)) for key, value in (each or {}).items()}}

    def applies(self, room: RoomFacts) -> bool:
        """件数为零的不适用，由其余各项按比例放大，不记零分也不记满分。"""
        return True

    def score(self, room: RoomFacts) -> Score:
        raise NotImplementedError

    def within(self, points) -> Decimal:
        """不低于零，不超过满分。"""
        return exact(min(self.most, max(Decimal(0), Decimal(points))))


class Proportion(Criterion):
    """做到的占几分之几，就得几分之几。"""

    unit = "件"

    def of(self, room: RoomFacts) -> list[CaseFacts]:
        return room.cases

    def is_met(self, case: CaseFacts) -> bool:
        raise NotImplementedError

    def applies(self, room: RoomFacts) -> bool:
        return bool(self.of(room))

    def score(self, room: RoomFacts) -> Score:
        counted = self.of(room)
        short = [one for one in counted if not self.is_met(one)]
        done = len(counted) - len(short)
        points = self.within(self.most * done / len(counted))
        return Score(points, f"{len(counted)} 件中 {done} 件做到，{self.most}×{done}/{len(counted)}", linked(short))


@dataclass(frozen=True)
class Hits:
    """某一种情形：哪几件、共几次。"""

    key: str
    label: str
    number: int
    evidence: list[tuple[str, str]]


class Deduction(Criterion):
    """从满分起，每出现一次扣多少，扣完为止。"""

    def hits(self, room: RoomFacts) -> list[Hits]:
        raise NotImplementedError

    def score(self, room: RoomFacts) -> Score:
        found = [one for one in self.hits(room) if one.number]
        lost = sum((self.each[one.key] * one.number for one in found), Decimal(0))
        said = "，".join(f"{one.label} {one.number} 次各扣 {self.each[one.key].normalize():f}" for one in found)
        points = self.within(self.most - lost)
        return Score(points, f"满分 {self.most}，{said or '没有扣分'}", sum((one.evidence for one in found), []))


class Bonus(Criterion):
    """附加分：每出现一次加多少，到上限为止。"""

    is_bonus, group = True, "附加分"

    def hits(self, room: RoomFacts) -> Hits:
        raise NotImplementedError

    def score(self, room: RoomFacts) -> Score:
        found = self.hits(room)
        each = self.each[found.key]
        if not found.number:
            return Score(self.within(0), "没有加分")
        said = f"{found.label} {found.number} 次各加 {each.normalize():f}，最多 {self.most}"
        return Score(self.within(each * found.number), said, found.evidence)


def counted(key: str, label: str, pairs: Iterable[tuple[CaseFacts, int]]) -> Hits:
    """按件数出来的情形。"""
    some = [(case, number) for case, number in pairs if number]
    return Hits(key, label, sum(number for _, number in some), linked(case for case, _ in some))


def marked(room: RoomFacts, kind: str) -> Hits:
    """人工记下的情形。"""
    rows = room.marks.get(kind, [])
    evidence = [
        (f"{one.ground}（{one.assignment.suggestion.shown_number}）" if one.assignment else one.ground, "")
        for one in rows
    ]
    return Hits(kind, MarkKind(kind).label, len(rows), evidence[:MOST_EVIDENCE])


# ── 组织领导 10 ──
class Fixed(Proportion):
    code, group, name, most = "fixed", "组织领导", "五定齐全", Decimal(4)
    rule = "定人员、定任务、定时间、定质量、定责任领导齐全的件占比"

    def is_met(self, case: CaseFacts) -> bool:
        return case.is_fixed


class RoomLiaison(Criterion):
    code, group, name, most = "liaison", "组织领导", "联络员在岗", Decimal(2)
    rule = "截止日处室有在任的联络员"

    def score(self, room: RoomFacts) -> Score:
        return Score(self.within(self.most if room.has_liaison else 0), "有" if room.has_liaison else "空岗")


class OwnDrafts(Criterion):
    code, group, name, most = "own_drafts", "组织领导", "处长亲自撰稿", Decimal(4)
    rule = "至少两件；承办不足两件的按件数，准了例外的不算"

    def applies(self, room: RoomFacts) -> bool:
        return room.drafts_owed > 0

    def score(self, room: RoomFacts) -> Score:
        done, owed = len(room.own_drafts), room.drafts_owed
        points = self.within(self.most * min(done, owed) / owed)
        return Score(points, f"应撰稿 {owed} 件，撰稿 {done} 件", linked(room.own_drafts))


# ── 办理时限 20 ──
class OnTime(Deduction):
    code, group, name, most = "on_time", "办理时限", "按时办理", Decimal(20)
    each = {"reply": Decimal(1), "opinion": Decimal("0.5"), "inner": Decimal("0.5")}
    rule = "逾期答复、逾期会办、过了内部时限，每件扣"

    def applies(self, room: RoomFacts) -> bool:
        return bool(room.cases)

    def hits(self, room: RoomFacts) -> list[Hits]:
        answers = (RuleCode.REPLY, RuleCode.REHANDLE, "extension")
        return [
            counted("reply", "逾期答复", ((one, one.late(*answers, cutoff=room.cutoff)) for one in room.answering)),
            counted("opinion", "逾期会办", (
                (one, one.late(RuleCode.COHANDLE, RuleCode.COHANDLE_AGAIN, cutoff=room.cutoff)) for one in room.cases
            )),
            counted("inner", "过了内部时限", ((one, self._past_inner(one, room)) for one in room.cases)),
        ]

    @staticmethod
    def _past_inner(case: CaseFacts, room: RoomFacts) -> int:
        due, done = case.assignment.inner_due_on, case.assignment.answered_on
        return int(due is not None and (done if done and done <= room.cutoff else room.cutoff) > due)


# ── 沟通程序 20 ──
class Meeting(Criterion):
    code, group, name, most = "meeting", "沟通程序", "见面率", Decimal(10)
    each = {"percent": Decimal(1)}
    rule = "首次答复前见面率 100% 得满分，每少一个百分点扣"

    def applies(self, room: RoomFacts) -> bool:
        return bool(room.answering)

    def score(self, room: RoomFacts) -> Score:
        share = rates.meeting_rate((one.met for one in room.answering), room.cutoff)
        short = Decimal(100) - Decimal(100) * share.part / share.whole
        unmet = [one for one in room.answering if not one.met.is_met(room.cutoff)]
        said = f"见面率 {share.percent}（{share.fraction}），少 {exact(short)} 个百分点"
        return Score(self.within(self.most - self.each["percent"] * short), said, linked(unmet))


class ThreeStages(Proportion):
    code, group, name, most = "stages", "沟通程序", "三阶段沟通齐全", Decimal(6)
    rule = "答复了的件中，办前、办中、办后都沟通过的占比"

    def of(self, room: RoomFacts) -> list[CaseFacts]:
        return room.answered

    def is_met(self, case: CaseFacts) -> bool:
        return case.stages >= STAGES


class Levels(Proportion):
    code, group, name, most = "levels", "沟通程序", "沟通层级达标", Decimal(4)
    rule = "答复了的件中，矩阵要求的各级都沟通过的占比"

    def of(self, room: RoomFacts) -> list[CaseFacts]:
        return room.answered

    def is_met(self, case: CaseFacts) -> bool:
        return not case.lacking_levels


# ── 答复质量 25 ──
class Quality(Deduction):
    code, group, name, most = "quality", "答复质量", "答复质量", Decimal(25)
    each = {"sent_back": Decimal(1), MarkKind.FORMAT: Decimal(2), MarkKind.OFF_POINT: Decimal(5),
            MarkKind.UNTRUE: Decimal(5), MarkKind.BLUNT: Decimal(2)}
    rule = "审签退回、格式不规范、没有答所提问题、与实际不符、不完整或生硬，每次扣"

    def applies(self, room: RoomFacts) -> bool:
        return any(one.replies for one in room.answering)

    def hits(self, room: RoomFacts) -> list[Hits]:
        kinds = (MarkKind.FORMAT, MarkKind.OFF_POINT, MarkKind.UNTRUE, MarkKind.BLUNT)
        back = counted("sent_back", "审签退回", ((one, one.sent_back) for one in room.answering))
        return [back, *(marked(room, kind) for kind in kinds)]


# ── 办理结果 25 ──
class Results(Deduction):
    code, group, name, most = "results", "办理结果", "办理结果", Decimal(25)
    each = {"dissatisfied": Decimal(5), "again": Decimal(3), "promise": Decimal(3), "publish": Decimal(1)}
    rule = "不满意、再办理仍不满意、承诺到期没有兑现、该公开没有按时公开，每次扣"

    def applies(self, room: RoomFacts) -> bool:
        return bool(room.answered)

    def hits(self, room: RoomFacts) -> list[Hits]:
        cases = room.answered
        return [
            counted("dissatisfied", "不满意", ((one, int(bool(one.dissatisfied))) for one in cases)),
            counted("again", "再办理仍不满意", ((one, max(0, len(one.dissatisfied) - 1)) for one in cases)),
            counted("promise", "承诺到期没有兑现", ((one, one.broken_promises) for one in cases)),
            counted("publish", "逾期没有公开", (
                (one, one.late(RuleCode.PUBLISH, cutoff=room.cutoff)) for one in cases
            )),
        ]


# ── 附加分，合计 20 封顶 ──
class Early(Bonus):
    code, name, most, each = "early", "提前十天以上答复", Decimal(5), {"early": Decimal(1)}

    def hits(self, room: RoomFacts) -> Hits:
        return counted("early", "提前十天以上答复", ((one, int(one.days_early >= 10)) for one in room.answering))


class Praise(Bonus):
    code, name, most, each = "praise", "受到表扬", Decimal(10), {MarkKind.PRAISE: Decimal(5)}

    def hits(self, room: RoomFacts) -> Hits:
        return marked(room, MarkKind.PRAISE)


class Articles(Bonus):
    code, name, most, each = "articles", "经验被简报刊发", Decimal(4), {MarkKind.ARTICLE: Decimal(2)}

    def hits(self, room: RoomFacts) -> Hits:
        return marked(room, MarkKind.ARTICLE)


class Load(Bonus):
    """承办 50 至 99 件加一档，100 件以上加另一档。"""

    code, name, most = "load", "承办件多", Decimal(3)
    each = {"many": Decimal(2), "most": Decimal(3)}

    def score(self, room: RoomFacts) -> Score:
        number = len(room.cases)
        points = self.each["most"] if number >= 100 else self.each["many"] if number >= 50 else Decimal(0)
        return Score(self.within(points), f"承办 {number} 件")


class Led(Bonus):
    code, name, most, each = "led", "领导领办", Decimal(3), {"led": Decimal(1)}

    def hits(self, room: RoomFacts) -> Hits:
        return counted("led", "领导领办", ((one, int(one.is_led)) for one in room.answering))


#: 处室考核的各项，按次序
OF_ROOMS: tuple[type[Criterion], ...] = (
    Fixed, RoomLiaison, OwnDrafts, OnTime, Meeting, ThreeStages, Levels, Quality, Results,
    Early, Praise, Articles, Load, Led,
)
