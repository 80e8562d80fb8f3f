"""一次会议的办理走到哪个时期：由会期、交办之日和法定期限算出，不另设日期。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.models import AssignmentMeeting, MeetingStatus
from lianluo.congresses.models import Session
from lianluo.workdays import arithmetic, rules
from lianluo.workdays.arithmetic import Calendar
from lianluo.workdays.lights import YELLOW_DAYS
from lianluo.workdays.models import RuleCode

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Phase:
    """一个时期：代码、名称、起止；总结期没有止日。"""

    code: str
    label: str
    starts_on: date
    ends_on: date | None = None

    def state(self, today: date) -> str:
        """done、now 或 coming。"""
        if today < self.starts_on:
            return "coming"
        return "done" if self.ends_on and today > self.ends_on else "now"


def handed_on(session: Session, calendar: Calendar) -> date:
    """交办之日：交办会的日子；还没有定的，按闭会后一个月内算（上海条例第十五条）。"""
    rows = AssignmentMeeting.objects.filter(session=session)
    held = sorted(rows.values_list("status", "held_on"), key=lambda row: (row[0] != MeetingStatus.HELD, row[1]))
    if held:
        return held[0][1]
    return arithmetic.roll_back(arithmetic.add_months(session.closed_on, 1), calendar)


def phases(session: Session, handed: date, calendar: Calendar) -> list[Phase]:
    """大会期间 → 交办期 → 办理期 → 督办期（到期前三十天）→ 测评期 → 总结期。"""
    due = rules.compute(session.profile, RuleCode.REPLY, handed, calendar).due_on
    rated = rules.compute(session.profile, RuleCode.FEEDBACK, due, calendar).due_on
    pressed = due - timedelta(days=YELLOW_DAYS)
    marks = [
        ("session", "大会期间", session.opened_on), ("assigning", "交办期", session.closed_on + ONE_DAY),
        ("handling", "办理期", handed + ONE_DAY), ("pressing", "督办期", pressed + ONE_DAY),
        ("rating", "测评期", due + ONE_DAY), ("closing", "总结期", rated + ONE_DAY),
    ]
    following = [mark[2] - ONE_DAY for mark in marks[1:]] + [None]
    return [Phase(code, label, start, end) for (code, label, start), end in zip(marks, following, strict=True)]


def current(found: list[Phase], today: date) -> Phase | None:
    """现在所处的时期；会前没有。"""
    return next((phase for phase in found if phase.state(today) == "now"), None)
