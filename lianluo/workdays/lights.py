"""红黄绿灯：读时计算，从不存储。颜色之外另有形状与文字（不靠颜色辨认）。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YELLOW_DAYS, ORANGE_DAYS = 30, 7
SHAPES = {"green": "●", "yellow": "▲", "orange": "◆", "red": "■", "grey": "○"}
NAMES = {"green": "绿灯", "yellow": "黄灯", "orange": "橙灯", "red": "红灯", "grey": "灰灯"}


@dataclass(frozen=True)
class Light:
    """一盏灯：颜色代码、形状、文字。"""

    code: str
    words: str

    @property
    def shape(self) -> str:
        """● ▲ ◆ ■ ○。"""
        return SHAPES[self.code]

    @property
    def name(self) -> str:
        """绿灯、黄灯……"""
        return NAMES[self.code]


def light(due_on: date | None, today: date, done: bool = False) -> Light:
    """剩 30 天以上绿，30 天内黄，7 天内橙，逾期红，办结或没有期限灰。"""
    if done:
        return Light("grey", "已办结")
    if due_on is None:
        return Light("grey", "未定期限")
    left = (due_on - today).days
    if left < 0:
        return Light("red", f"逾期 {-left} 天")
    return Light(code_for(left), f"剩 {left} 天" if left else "今天到期")


def code_for(left: int) -> str:
    """剩余天数对应的颜色；负数为逾期。"""
    if left < 0:
        return "red"
    if left <= ORANGE_DAYS:
        return "orange"
    return "yellow" if left <= YELLOW_DAYS else "green"
