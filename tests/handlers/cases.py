"""交办一环的测试素材：已登记的件、各种选择。"""
from __future__ import annotations

from datetime import date

from handlers.actions import assigning, receiving
from handlers.choosing import Choice
from handlers.models import AssignmentDue
from suggestions.models import Request, Suggestion, SuggestionStatus
from tests.world import DAY, World


def registered(world: World, number: int = 1, **fields) -> Suggestion:
    """一件已登记、等待交办的建议。"""
    values = {
        "title": f"关于加强第{number}号水库除险加固的建议",
        "body": "水库年久失修，汛期有险。建议加固大坝，疏浚溢洪道。",
        "lead_deputy": world.lead_deputy, "delegation": world.changsha, "submitted_on": date(2026, 2, 10),
        "registered_on": date(2026, 2, 12), "made_by": world.clerk, **fields,
    }
    suggestion = Suggestion.objects.create(
        congress=world.congress, session=world.session, number=number, status=SuggestionStatus.REGISTERED, **values
    )
    Request.objects.create(suggestion=suggestion, position=1, text="加固大坝")
    return suggestion


def sole(cast) -> list[Choice]:
    return [Choice(cast.unit, "sole")]


def lead_and_assist(lead, *assists) -> list[Choice]:
    return [Choice(lead.unit, "lead"), *(Choice(cast.unit, "assist") for cast in assists)]


def separate(*casts) -> list[Choice]:
    return [Choice(cast.unit, "separate", f"{cast.unit}的部分") for cast in casts]


def assigned(world: World, choices=None, *, number: int = 1, today: date = DAY, **fields):
    """已交办的件；返回件与承办关系。"""
    suggestion = registered(world, number, **fields)
    rows = assigning.assign_suggestion(
        suggestion, choices=choices or sole(world.water), actor=world.clerk, today=today
    )
    suggestion.refresh_from_db()
    return suggestion, rows


def accepted(world: World, choices=None, *, number: int = 1, today: date = DAY, on: date | None = None, **fields):
    """已交办且第一个单位已签收。"""
    suggestion, rows = assigned(world, choices, number=number, today=today, **fields)
    row = receiving.accept_assignment(rows[0], actor=world.water.liaison, today=on or today)
    suggestion.refresh_from_db()
    return suggestion, row


def due(assignment, code: str) -> AssignmentDue:
    """某条时限最近的一行。"""
    return assignment.dues.filter(rule_code=code).order_by("-id").first()
