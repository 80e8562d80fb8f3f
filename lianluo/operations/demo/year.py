"""演一年：建人、收件、交办、办理、收尾，按天推进到今天。同样的件数、种子与日期，结果逐字相同。"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from django.db import connection

from handlers.actions import adopting
from handlers.mechanisms import presets
from handlers.models import Assignment, Evaluation, Reply
from lianluo.notices.models import Notice
from lianluo.workdays import arithmetic, calendar, clock
from suggestions.models import Suggestion
from supervision import reminding
from supervision.models import LedgerEntry

from . import people, serving
from .agenda import Agenda
from .closing import Closing
from .handling import Handling
from .intake import Intake, meeting_day
from .own import COUNT as OWN
from .own import raise_own
from .workbook import take_workbook

SESSION_DAYS = 6
MONTHS_AGO = 10
READING_DAY = 4


def opening_day(today: date) -> date:
    """会议在今天之前十个月开幕。"""
    return arithmetic.add_months(today, -MONTHS_AGO)


def play(
    *, suggestions: int, seed: int, today: date, tell: Callable[[str], None] = lambda line: None
) -> people.Province:
    """演完一年，返回角色。``suggestions`` 含工作簿的件与代表自己手里的几件。"""
    rng, current = Random(seed), calendar.current()
    opened = opening_day(today)
    closed = opened + timedelta(days=SESSION_DAYS)
    tell("建立代表、单位和账号")
    province = people.build(opened, closed, rng)
    _adopt_presets(province, opened)
    agenda = Agenda(current, today)
    serving.begin(province, agenda, opened)
    closing = Closing(province, agenda)
    handling = Handling(province, agenda, closing)
    closing.handling = handling
    intake = Intake(province, agenda, handling.begin)
    intake.plan_meeting(meeting_day(closed, current))
    taken = take_workbook(province, intake, agenda, closed)
    intake.schedule(max(suggestions - taken - OWN, 0))
    agenda.at(intake.meeting_day - timedelta(days=3), intake.withdraw_some)
    agenda.at(intake.meeting_day + timedelta(days=30), closing.grant_weekly, hour=16)
    agenda.at(intake.meeting_day + timedelta(days=75), closing.follow_promises, hour=15)
    agenda.at(arithmetic.roll_back(today, current), lambda day: raise_own(province, day), hour=20)
    agenda.play(opened, morning=_remind, evening=_Evening(tell))
    return province


def _adopt_presets(province: people.Province, day: date) -> None:
    """四个厅各照自己在简报里说的办；其余单位只有五定。"""
    for one in province.units.values():
        office = presets.OFFICE_OF_UNIT.get(one.unit.code)
        if office:
            adopting.adopt_preset(one.unit, office, valid_from=day, actor=None, today=day)


class _Evening:
    """收工：一周以前的通知都看过了；每月说一句进度。"""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell, self.month = tell, 0

    def __call__(self, day: date) -> None:
        if day.weekday() == READING_DAY:
            _read_notices(day)
        if day.month != self.month:
            self.month = day.month
            self.tell(f"演到 {day.year}年{day.month}月")
            _count_rows()


def _read_notices(day: date) -> None:
    now = clock.midnight(day)
    Notice.objects.unread().filter(created_at__lt=now - timedelta(days=7)).update(read_at=now)


def _count_rows() -> None:
    """整年演在一个事务里，PostgreSQL 来不及自己统计各表的行数，查询会选错路：每月替它统计一次。"""
    if connection.vendor == "postgresql":
        # 只统计自己的表：不带表名的 ANALYZE 会锁住全服务器共用的系统表，直到事务结束
        names = ", ".join(map(connection.ops.quote_name, connection.introspection.django_table_names()))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")


def _remind(day: date) -> None:
    reminding.write(day)


def content_hash() -> str:
    """演示内容的摘要：同样的参数得同样的值。"""
    whole = hashlib.sha256()
    for model, fields in (
        (Suggestion, ("pk", "number", "status", "title", "submitted_on", "registered_on", "due_on")),
        (Assignment, ("pk", "unit__code", "role", "status", "assigned_on", "due_on", "round")),
        (Reply, ("pk", "status", "document_number", "signed_on", "delivered_on")),
        (Evaluation, ("pk", "overall", "round", "signed_on")),
        (LedgerEntry, ("pk", "kind", "status", "due_on", "signed_off_on")),
    ):
        for row in model.objects.order_by("pk").values_list(*fields).iterator():
            whole.update(repr(row).encode())
    return whole.hexdigest()
