"""件页「办理」栏：承办关系、时限、分派、会办意见、退回与延期。"""
from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.urls import reverse

from lianluo.accounts.roles import Role
from lianluo.workdays import clock
from lianluo.workdays.lights import Light, light
from lianluo.workdays.models import RuleCode

from . import upcoming, wishes
from .access import READS_ALL, duties_in, may, may_in_unit
from .deadlines import governing_codes
from .models import Allotment, Assignment, Extension, ReturnRequest, Unit
from .models import AssignmentStatus as A
from .upcoming import UNANSWERED


@dataclass
class Line:
    """一个承办关系和它下面的一切，以及此人能办的事。"""

    assignment: Assignment
    light: Light
    dues: list
    governing: object = None
    returns: list = field(default_factory=list)
    extensions: list = field(default_factory=list)
    may_return: bool = False
    may_extend: bool = False
    may_permit: bool = False
    undone: bool = False
    sheet_url: str = ""
    thing: upcoming.Thing | None = None
    steps: list[upcoming.Step] = field(default_factory=list)


def handling(request, suggestion) -> dict:
    """「办理」栏的内容；已并案的看主件。"""
    main = suggestion.main
    rows = list(
        Assignment.objects.visible_to(request.user).filter(suggestion=main)
        .select_related("unit", "responsible_leader", "result_class", "opinion", "replaces", "accepted_by")
        .prefetch_related("dues", Prefetch("allotments", Allotment.objects.select_related("division", "officer")))
        .order_by("id")
    )
    asked = _grouped(ReturnRequest.objects.select_related("proposed_unit", "decided_by"), rows)
    extended = _grouped(Extension.objects.select_related("decided_by"), rows)
    replaced = {row.replaces_id for row in rows}
    facts = upcoming.gather(request.user, rows)
    lines = [_line(row, asked.get(row.pk, []), extended.get(row.pk, []), replaced, request.user) for row in rows]
    for line in lines:
        _look_ahead(line, request.user, facts)
    live = [line for line in lines if line.assignment.status != A.REASSIGNED]
    live.sort(key=lambda line: not duties_in(request.user, line.assignment.unit_id))
    return {
        "main": main, "lines": live, "former": [line for line in lines if line.assignment.status == A.REASSIGNED],
        "case_dues": list(main.dues.order_by("id")), "wish": _wish(main, rows),
        "undoable": may(request.user, "assign") and main.status == "assigned"
        and all(line.assignment.status == A.PENDING for line in live),
    }


def _grouped(queryset, rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for one in queryset.filter(assignment__in=[row.pk for row in rows]).order_by("pk"):
        found.setdefault(one.assignment_id, []).append(one)
    return found


def _line(row: Assignment, asked, extended, replaced: set, user) -> Line:
    today = clock.today()
    dues = sorted(row.dues.all(), key=lambda due: due.pk)
    window = max((due.due_on for due in dues if due.rule_code == RuleCode.RETURN and not due.closed_on), default=None)
    open_window = window is None or today <= window
    member = bool(duties_in(user, row.unit_id))
    before_answer = row.status in (A.PENDING, A.ACCEPTED, A.HANDLING)
    may_return = member and before_answer and may_in_unit(user, row.unit_id, "ask_return")
    return Line(
        row, light(row.due_on, today, done=row.status not in UNANSWERED), dues,
        governing=_governing(row, dues), returns=asked, extensions=extended,
        may_return=may_return,
        may_extend=member and row.answers_deputy and row.status in (A.ACCEPTED, A.HANDLING)
        and may_in_unit(user, row.unit_id, "ask_extension"),
        may_permit=before_answer and not open_window and user.has_role(Role.NPC_OFFICE),
        undone=row.status == A.REASSIGNED and row.pk not in replaced,
        sheet_url=reverse("handlers:sheet", args=[row.pk]) if member or user.has_role(*READS_ALL) else "",
    )


def _look_ahead(line: Line, user, facts: upcoming.Facts) -> None:
    """接下来是什么事：灯照它亮，按钮照它给。"""
    one = line.assignment
    line.steps = upcoming.steps_of(one, user, facts)
    line.may_return = line.may_return and upcoming.nothing_submitted(one, facts)
    if one.status in UNANSWERED:
        line.thing = upcoming.thing_of(one, facts)
        line.light = light(line.thing.due_on, clock.today())


def _governing(row: Assignment, dues: list):
    """到期日取自哪一条。"""
    codes = governing_codes(row.role)
    found = [due for due in dues if due.rule_code in codes and due.due_on == row.due_on and not due.closed_on]
    return found[-1] if found else None


def _wish(main, rows) -> dict | None:
    """代表希望的单位，交办时采纳了没有。"""
    if not main.wished_units:
        return None
    units = list(Unit.objects.filter(congress=main.congress_id))
    wished = wishes.resolve(main.wished_units, units)
    live = [row.unit_id for row in rows if row.status != A.REASSIGNED]
    return {"wishes": wished, "followed": wishes.followed(wished, live) if live else None}
