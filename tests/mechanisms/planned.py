"""现场办理方案的布景：几件在办的主办件，一份填齐、审定、下发的方案。"""
from __future__ import annotations

from handlers.actions import field_planning
from handlers.models import Assignment, Division, Plan, PlanStep
from tests.handlers import handling
from tests.handlers.handling import ACCEPTED, WRITTEN
from tests.world import World


def second_room(world: World) -> Division:
    """省水利厅的另一个处室。"""
    return Division.objects.get_or_create(unit=world.water.unit, name="河湖处", defaults={"position": 2})[0]


def in_hand(world: World, **case) -> Assignment:
    """签收、分派好的一件：河湖处参与。"""
    return handling.allotted(
        handling.handed_to(world, **case), world.water, assist_divisions=[second_room(world)]
    )


def drafted(world: World, today=ACCEPTED) -> Plan:
    """联络员编好的一份。"""
    return field_planning.draft_plan(world.water.unit, year=today.year, actor=world.water.liaison, today=today)


def step_of(plan: Plan, assignment: Assignment) -> PlanStep:
    return plan.steps.get(assignment=assignment)


def approved(world: World, today=ACCEPTED) -> Plan:
    """编好、送审定、厅长审定。"""
    plan = field_planning.submit_plan(drafted(world, today), actor=world.water.liaison, today=today)
    return field_planning.approve_plan(plan, actor=world.water.head, today=today)


def issued(world: World, today=ACCEPTED) -> Plan:
    return field_planning.issue_plan(approved(world, today), actor=world.water.liaison, today=today)


def visited(world: World, *assignments: Assignment, leader: str = "leader", on=WRITTEN, **more):
    """由某位领导带队，到现场办理一次，每件的领衔代表都到。"""
    return handling.contacted(
        assignments[0], world.water, kind="on_site", on=on, leader=world.water.posts[leader],
        assignments=list(assignments), deputies=[one.suggestion.lead_deputy for one in assignments],
        members=[world.water.posts[leader], world.water.posts["officer"]], **more,
    )
