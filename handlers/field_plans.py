"""年度现场办理方案：哪些件要编进去、怎样分组排线路、每件先填好什么、谁看得到。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from .access import READS_ALL, ROOM_WIDE, UNIT_WIDE, may_in_unit, posts_of
from .mechanisms import policies
from .mechanisms.facts import Case
from .models import (
    ActivityCase,
    AllotmentRole,
    Assignment,
    AssignmentStatus,
    HandlingSheet,
    Plan,
    PlanKind,
    PlanStep,
    Post,
    Unit,
    Waiver,
    Way,
)
from .ways import KIND_OF_WAY, recommend

#: 还要安排现场办理的：答复以前
OPEN = (AssignmentStatus.PENDING, AssignmentStatus.ACCEPTED, AssignmentStatus.HANDLING)
UNSORTED, NOWHERE = "未分类", "其他"
RELATED = (
    "unit", "responsible_leader", "suggestion__session", "suggestion__category",
    "suggestion__lead_deputy__delegation", "sheet",
)


def open_cases(unit: Unit) -> QuerySet[Assignment]:
    """本单位在办的主办件（会办件不要求现场办理）。"""
    rows = Assignment.objects.live().answering().filter(unit=unit, status__in=OPEN)
    return rows.select_related(*RELATED).prefetch_related("allotments__division").order_by("suggestion__number", "id")


@dataclass
class Group:
    """一组：同一个市州、同一个内容分类的件，排在一条线路上。"""

    name: str
    prefecture: str
    category: str
    rows: list = field(default_factory=list)


def group_cases(assignments: Iterable[Assignment]) -> list[Group]:
    """按代表所在市州、内容分类分组（KJ-08）；每件恰在一组，同一市州的组挨着。"""
    found: dict[tuple, Group] = {}
    for one in assignments:
        delegation, category = one.suggestion.lead_deputy.delegation, one.suggestion.category
        place, kind = delegation.prefecture or delegation.name or NOWHERE, category.name if category else UNSORTED
        rank = (delegation.position, place, category.position if category else 999, kind)
        found.setdefault(rank, Group(f"{place} {kind}"[:60], place, kind)).rows.append(one)
    return [found[rank] for rank in sorted(found)]


def facts_of(assignments: Sequence[Assignment], today: date) -> dict[int, Case]:
    """各件的事实：机制开关、例外、办理单各一次取齐。"""
    waived: dict[int, set[str]] = defaultdict(set)
    granted = Waiver.objects.filter(assignment__in=[one.pk for one in assignments], granted=True)
    for pk, code in granted.values_list("assignment_id", "code"):
        waived[pk].add(code)
    switches = {unit: policies.rows_of(unit, today) for unit in {one.unit_id for one in assignments}}
    found = {}
    for one in assignments:
        active = policies.in_force(switches[one.unit_id], one.assigned_on)
        case = Case(one, today, active={code: row for code, row in active.items() if code not in waived[one.pk]})
        case.sheet = getattr(one, "sheet", None) or HandlingSheet(assignment=one)
        found[one.pk] = case
    return found


@dataclass(frozen=True)
class Filled:
    """一件先填好的：照分派的五定、办理单和推荐的方式。"""

    leader: Post | None
    division_id: int | None
    joining: tuple[int, ...]
    way: str
    place: str
    due_on: date | None


def prefill(case: Case) -> Filled:
    """带队的是责任领导，处室照分派，时限取内部时限（没有则法定期限）。"""
    one, way = case.assignment, case.sheet.way or recommend(case).way
    rows = list(one.allotments.all())
    lead = next((row.division_id for row in rows if row.role == AllotmentRole.LEAD), None)
    joining = tuple(row.division_id for row in rows if row.role == AllotmentRole.ASSIST)
    there = one.suggestion.lead_deputy.delegation.prefecture
    place = case.sheet.place_named if way == Way.ON_SITE and case.sheet.place_named else there
    return Filled(one.responsible_leader, lead, joining, way, place, one.inner_due_on or one.due_on)


def left_out(plan: Plan) -> int:
    """在办的主办件里还没有编进这份方案的件数。"""
    return open_cases(plan.unit).exclude(plan_steps__plan=plan).count()


# ── 谁看得到、谁能办 ──
def visible_plans(user) -> QuerySet[Plan]:
    """办公室看全部；单位领导和联络员看本单位的；处室的人看列有分到本处室的件的。"""
    rows = Plan.objects.filter(kind=PlanKind.FIELD)
    if user.has_role(*READS_ALL):
        return rows
    wide = [post.unit_id for post in posts_of(user) if post.duty in UNIT_WIDE]
    rooms = [post.division_id for post in posts_of(user) if post.duty in ROOM_WIDE and post.division_id]
    own = PlanStep.objects.filter(assignment__allotments__division__in=rooms).values("plan")
    return rows.filter(Q(unit__in=wide) | Q(pk__in=own)) if rooms else rows.filter(unit__in=wide)


def access_plan(user, pk: int, for_: str = "read") -> Plan:
    """取一份年度方案：看不到 404，无权办 403。"""
    plan = visible_plans(user).select_related("unit", "drafted_by", "approved_by").filter(pk=pk).first()
    if plan is None:
        raise Http404("没有这份方案，或者不在可见范围内")
    if for_ != "read" and not may_in_unit(user, plan.unit_id, for_):
        raise PermissionDenied("这项工作不归此账号办理")
    return plan


def steps_of(plan: Plan, user) -> list[PlanStep]:
    """方案的各行；处室的人只看得到分到本处室的件。"""
    rows = plan.steps.filter(assignment__in=Assignment.objects.visible_to(user)).select_related(
        "leader", "division", "assignment__unit", "assignment__suggestion__session",
        "assignment__suggestion__lead_deputy__delegation",
    )
    return list(rows.prefetch_related("joining").order_by("position", "id"))


@dataclass
class Route:
    """方案里的一组：各行，和每位带队领导名下可以一次办的件。"""

    name: str
    steps: list[PlanStep] = field(default_factory=list)
    trips: list[dict] = field(default_factory=list)


def routes_of(steps: Iterable[PlanStep]) -> list[Route]:
    """照组排好；已去过现场的写上哪天。"""
    steps = list(steps)
    done = visited_on([step.assignment_id for step in steps])
    found: dict[str, Route] = {}
    for step in steps:
        step.visited_on = done.get(step.assignment_id)
        step.way_label = dict(Way.choices).get(step.way, "")
        step.is_live = step.assignment.status != AssignmentStatus.REASSIGNED
        found.setdefault(step.group_name, Route(step.group_name)).steps.append(step)
    for route in found.values():
        route.trips = _trips(route.steps)
    return list(found.values())


def visited_on(assignments: list[int]) -> dict[int, date]:
    """件 → 最近一次有人带队、当面的沟通是哪天。"""
    rows = ActivityCase.objects.standing().face_to_face().filter(
        assignment__in=assignments, activity__leader__isnull=False
    )
    return dict(rows.order_by("activity__happened_on").values_list("assignment", "activity__happened_on"))


def _trips(steps: list[PlanStep]) -> list[dict]:
    """同一带队领导、同一方式、还没有去过的，一次现场办理（机制冲突之七：一次办多件）。"""
    found: dict[tuple, list[PlanStep]] = {}
    for step in steps:
        if step.is_live and not step.visited_on and step.assignment.status in OPEN[1:]:
            found.setdefault((step.leader_id, step.way), []).append(step)
    return [
        {"leader": rows[0].leader, "first": rows[0], "rest": rows[1:], "number": len(rows),
         "kind": KIND_OF_WAY.get(rows[0].way, "on_site")}
        for rows in found.values()
    ]
