"""提醒阶梯：只由日期算出，不碰数据库。

到期前的级逢休息日提前到前一个工作日，逾期后的级顺延；每件事一条阶梯，层级越靠后收件人职责越高。
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from handlers.models import Duty
from lianluo.workdays.arithmetic import Calendar, roll_back, roll_forward

#: 收件的一方：单位里按职责，办公室按这件事归谁管
OFFICE = "office"
WORKERS = (Duty.OFFICER, Duty.LIAISON)
LEADERS = (Duty.LIAISON, Duty.DEPUTY_HEAD, Duty.HEAD)


@dataclass(frozen=True)
class Rung:
    """一级提醒：到期前（负数为逾期后）几天、发给谁。"""

    days: int
    to: tuple[str, ...]

    @property
    def words(self) -> str:
        """这一级叫什么。"""
        if self.days > 0:
            return f"到期前 {self.days} 天"
        return "到期当天" if self.days == 0 else f"逾期 {-self.days} 天"

    @property
    def is_overdue(self) -> bool:
        return self.days < 0


Ladder = tuple[Rung, ...]

#: 答复、会办意见、再办理、承诺（30/15/7/3/0，逾期 1、10）
LADDER: Ladder = (
    Rung(30, WORKERS),
    Rung(15, WORKERS),
    Rung(7, (*WORKERS, Duty.DIVISION_HEAD)),
    Rung(3, (Duty.LIAISON, Duty.DIVISION_HEAD, Duty.DEPUTY_HEAD)),
    Rung(0, LEADERS),
    Rung(-1, (*LEADERS, OFFICE)),
    Rung(-10, (Duty.LIAISON, Duty.HEAD, OFFICE)),
)
#: 签收：交办后三个工作日为限；先催联络员，再告诉单位领导和办公室
ACCEPTANCE: Ladder = (
    Rung(-1, (Duty.LIAISON,)),
    Rung(-4, (Duty.LIAISON, Duty.DEPUTY_HEAD)),
    Rung(-7, (*LEADERS, OFFICE)),
)
#: 首次沟通
FIRST_CONTACT: Ladder = (Rung(3, WORKERS), Rung(-1, (*WORKERS, Duty.DIVISION_HEAD)))
#: 办公室自己的事：审查登记、交办、裁决、批复、公开审定
DUTIES: Ladder = (Rung(2, (OFFICE,)), Rung(0, (OFFICE,)), Rung(-1, (OFFICE,)), Rung(-10, (OFFICE,)))
#: 代表反馈：期满前催一次，期满再催一次，之后可按未反馈办结（重庆条例第二十九条）
FEEDBACK: Ladder = (Rung(7, (OFFICE,)), Rung(0, (OFFICE,)), Rung(-1, (OFFICE,)))


def fires_on(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """这一级在哪天发：到期前的逢休息日提前，逾期后的顺延。"""
    day = due_on - timedelta(days=rung.days)
    return roll_forward(day, calendar) if rung.is_overdue else roll_back(day, calendar)


def reached(ladder: Ladder, due_on: date, since: date, today: date, calendar: Calendar) -> tuple[date, Rung] | None:
    """今天处于哪一级、本该哪天发；``since`` 当天及以前就该发的级不补。停摆几天之后只发最近一级。"""
    passed = [(day, rung) for day, rung in schedule(ladder, due_on, since, calendar) if day <= today]
    return passed[-1] if passed else None


def schedule(ladder: Ladder, due_on: date, since: date, calendar: Calendar) -> list[tuple[date, Rung]]:
    """全部各级的日子。"""
    days = [(fires_on(rung, due_on, calendar), rung) for rung in ladder]
    return [(day, rung) for day, rung in days if day > since]


def left_in_words(due_on: date, today: date) -> str:
    """按今天说还剩几天，补发的也说得准。"""
    left = (due_on - today).days
    if left > 0:
        return f"还剩 {left} 天"
    return "今天到期" if left == 0 else f"已逾期 {-left} 天"
