"""交办会的数与清单：筹备中按拟交办，已交办按承办关系。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from lianluo.workdays import rules
from lianluo.workdays.models import RuleCode

from .actions.meeting import ready_proposals
from .choosing import mode_name
from .models import Assignment, AssignmentMeeting, MeetingStatus, ProposedAssignment, Unit
from .models.meeting import ANSWERING_ROLES


@dataclass
class Tally:
    """一个单位的件数。"""

    unit: Unit
    leading: int = 0
    assisting: int = 0
    accepted: int = 0

    @property
    def total(self) -> int:
        return self.leading + self.assisting


def _rows(meeting: AssignmentMeeting):
    """这场会的行：两种模型都有 unit、role、suggestion。"""
    if meeting.status == MeetingStatus.HELD:
        return Assignment.objects.live().filter(meeting=meeting)
    return ready_proposals(meeting)


def tally(meeting: AssignmentMeeting) -> list[Tally]:
    """各单位主办、会办、已签收的件数，多的在前。"""
    names = ("unit_id", "role", "status") if meeting.status == MeetingStatus.HELD else ("unit_id", "role")
    counted = _rows(meeting).order_by().values(*names).annotate(number=Count("pk"))
    found: dict[int, Tally] = {}
    rows = list(counted)
    units = Unit.objects.in_bulk({row["unit_id"] for row in rows})
    for row in rows:
        line = found.setdefault(row["unit_id"], Tally(units[row["unit_id"]]))
        if row["role"] in ANSWERING_ROLES:
            line.leading += row["number"]
        else:
            line.assisting += row["number"]
        if row.get("status", "pending") not in ("pending", "return_requested"):
            line.accepted += row["number"]
    return sorted(found.values(), key=lambda line: (-line.leading, -line.assisting, line.unit.pk))


def totals(meeting: AssignmentMeeting) -> dict[str, int]:
    """件数、件次、单位数。"""
    counted = _rows(meeting).aggregate(
        cases=Count("suggestion", distinct=True), assignments=Count("pk"), units=Count("unit", distinct=True)
    )
    return counted


def handed_counts(meetings: Iterable[int]) -> dict[int, tuple[int, int]]:
    """各场已交办的件数与件次。"""
    rows = Assignment.objects.live().filter(meeting__in=list(meetings)).order_by().values("meeting_id")
    counted = rows.annotate(cases=Count("suggestion", distinct=True), number=Count("pk"))
    return {row["meeting_id"]: (row["cases"], row["number"]) for row in counted}


def objections(meeting: AssignmentMeeting) -> list[ProposedAssignment]:
    """这场会的全部异议，没裁定的在前。"""
    rows = ready_proposals(meeting).filter(objected_at__isnull=False)
    found = rows.select_related("unit", "objection_unit", "suggestion__session").order_by("id")
    return sorted(found, key=lambda row: row.upheld is not None)


def lists(meeting: AssignmentMeeting, unit: Unit | None = None) -> list[tuple[Unit, list]]:
    """每个单位一份清单：（单位，各行）。"""
    rows = _rows(meeting).select_related(
        "unit", "suggestion__session", "suggestion__lead_deputy", "suggestion__delegation", "suggestion__category"
    )
    if unit:
        rows = rows.filter(unit=unit)
    rows = list(rows.order_by("unit_id", "suggestion__number", "suggestion_id"))
    _name_partners(rows)
    found: dict[int, tuple[Unit, list]] = {}
    for row in rows:
        found.setdefault(row.unit_id, (row.unit, []))[1].append(row)
    return list(found.values())


def _name_partners(rows) -> None:
    """每行写明这件的主办、会办、分办各是谁。"""
    if not rows:
        return
    model = type(rows[0])
    others = model.objects.filter(suggestion__in={row.suggestion_id for row in rows}).select_related("unit")
    if model is Assignment:
        others = others.live()
    named: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for other in others.order_by("id"):
        named[other.suggestion_id][other.role].append(other.unit.short)
    for row in rows:
        names = named[row.suggestion_id]
        row.leads = "、".join(names["sole"] + names["lead"])
        row.assists, row.separates = "、".join(names["assist"]), "、".join(names["separate"])
        row.mode = mode_name(role for role, units in names.items() if units)


def reply_due(meeting: AssignmentMeeting, today: date) -> date:
    """今天交办的话，答复到哪天为止。"""
    return rules.compute(meeting.session.profile, RuleCode.REPLY, today).due_on
