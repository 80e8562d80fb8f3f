"""编号：每次会议、每个序列一条计数行，登记时取号，不空号、不重号。"""
from __future__ import annotations

from lianluo.congresses.models import Session
from lianluo.documents import counters

from .models import Series


def scope_of(session: Session, series: str) -> str:
    """计数行的名字：按人大、届次与序列区分。"""
    return f"suggestion:{session.term.congress_id}:{session.code}:{series}"


def next_number(session: Session, series: str) -> int:
    """取下一号；同一事务回滚则号也回滚，因此不留空号。"""
    return counters.take(scope_of(session, series))


def upcoming_number(session: Session, series: str = Series.SESSION) -> int:
    """下一号将是多少，只看不取。"""
    return counters.peek(scope_of(session, series)) + 1


def raise_to(session: Session, series: str, number: int) -> None:
    """导入带编号的件后，计数行不低于最大编号。"""
    counters.raise_to(scope_of(session, series), number)
