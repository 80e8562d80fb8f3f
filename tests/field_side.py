"""布景里一组人的现场办理方案、主题活动、会议、市州局协助、困难、督查单；都经动作产生。"""
from __future__ import annotations

from datetime import timedelta

from handlers.actions import adopting, bureaus, convening, field_planning, tagging
from handlers.mechanisms import policies
from supervision.actions import checking, difficulties
from tests import cases


def plan_field_work(side) -> None:
    """各有一份（一个、一次）。"""
    unit, cast, written, today = side.unit.unit, side.unit, side.written, cases.TODAY
    side.plan = field_planning.draft_plan(unit, year=today.year, actor=cast.liaison, today=today)
    side.tag = tagging.make_tag(unit, name=f"{side.mark}组作风建设", actor=cast.liaison, today=today)
    tagging.tag_assignments(side.tag, [written.assignment], actor=cast.liaison, today=today)
    convening.hold_unit_meeting(
        unit, organ="executive", happened_on=today, subject="研究代表建议", content=side.secret("written"),
        assignments=[written.assignment], actor=cast.liaison, today=today,
    )
    side.bureau = bureaus.ask_bureau(
        written.assignment, body="市水利局", text=side.secret("written"), due_on=today + timedelta(days=7),
        actor=cast.officer, today=today,
    )
    side.difficulty = difficulties.raise_difficulty(
        written.assignment, what=side.secret("written")[:100], owner=cast.posts["director"],
        due_on=today + timedelta(days=7), actor=cast.officer, today=today,
    )
    if checking.CODE not in policies.active_codes(unit, today):
        adopting.switch_mechanism(unit, code=checking.CODE, on=True, valid_from=today, actor=None, today=today)
    side.check = checking.open_checks(unit, checking.period_of(today), today=today)
