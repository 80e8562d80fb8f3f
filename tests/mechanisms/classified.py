"""分类办理测试的布景：定性质、拟方案、征求意见、列整改。日子都由参数给出。"""
from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import investigating, rectifying, sheeting, solving
from handlers.actions.plan_steps import Row
from handlers.models import Assignment, Plan, PlanStep
from tests.handlers import handling
from tests.handlers.handling import ACCEPTED, MET, WRITTEN
from tests.world import World

SOON = WRITTEN + timedelta(days=60)


def in_hand(world: World, nature: str = "", **case) -> Assignment:
    """分派了的独办件，性质照给的定。"""
    assignment = handling.allotted(handling.handed_to(world, **case), world.water)
    return settle(world, assignment, nature=nature) if nature else assignment


def settle(world: World, assignment: Assignment, **data) -> Assignment:
    sheeting.save_sheet(assignment, data=data, actor=world.water.officer, today=ACCEPTED)
    return assignment


def measure(world: World, **more) -> Row:
    posts = world.water.posts
    values = {"text": "清淤三处山塘", "leader": posts["leader"], "person": posts["officer"], "due_on": SOON, **more}
    return Row(**values)


def solved(world: World, assignment: Assignment, *measures: Row, today: date = MET, **more) -> Plan:
    """解决方案一份。"""
    values = {
        "text": "先清淤，再立补偿办法", "expected": "三处山塘恢复蓄水", "expected_on": SOON, "measures": measures,
        "actor": world.water.officer, "today": today, **more,
    }
    return solving.draft_solution(assignment, **values)


def asked(world: World, assignment: Assignment, conclusion: str = "agreed", *, on: date = MET, **more):
    """征求领衔代表的意见。"""
    values = {
        "conclusion": conclusion, "kind": "phone", "happened_on": on, "members": [world.water.posts["officer"]],
        "deputies": [assignment.suggestion.lead_deputy], "content": "逐条说明方案",
        "deputy_view": "" if conclusion == "agreed" else "补偿标准要写明", "actor": world.water.officer, "today": on,
        **more,
    }
    return solving.record_consent(assignment, **values)


def started(world: World, assignment: Assignment, today: date = MET) -> Plan:
    """在实施的解决方案。"""
    plan = solved(world, assignment, measure(world), today=today)
    asked(world, assignment, on=today)
    return solving.start_solution(plan, actor=world.water.officer, today=today)


def investigated(world: World, assignment: Assignment, *tasks: Row, today: date = MET) -> Plan:
    """设立问题调查。"""
    return investigating.open_investigation(
        assignment, text="清淤资金为什么没有到位", investigator=world.water.posts["director"], tasks=tasks,
        actor=world.water.liaison, today=today,
    )


def task(body: str = "长沙市水利局", text: str = "查明资金去向") -> Row:
    return Row(text=text, body=body, due_on=SOON)


def concluded(world: World, plan: Plan, today: date = MET) -> Plan:
    return investigating.conclude_investigation(
        plan, findings="资金拨付晚了两个月", liability="综合处经办不力", conclusion="问题属实",
        actor=world.water.liaison,
        today=today,
    )


def problem(world: World, **more) -> Row:
    values = {
        "text": "资金没有按时拨付", "measure": "补拨并改流程", "person": world.water.posts["officer"], "due_on": SOON,
        **more,
    }
    return Row(**values)


def listed(world: World, assignment: Assignment, *problems: Row, today: date = MET) -> Plan:
    return rectifying.list_problems(assignment, problems=problems, actor=world.water.liaison, today=today)


def paper() -> SimpleUploadedFile:
    """一份佐证。"""
    content = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    return SimpleUploadedFile("拨款凭证.pdf", content, "application/pdf")


def reported(world: World, step: PlanStep, today: date = WRITTEN, actor=None):
    return rectifying.report_rectified(
        step, text="已补拨", happened_on=today, evidence=paper(), actor=actor or world.water.officer, today=today
    )


def verified(world: World, step: PlanStep, passed: bool = True, today: date = WRITTEN, actor=None) -> PlanStep:
    return rectifying.verify_step(
        step, passed=passed, text="" if passed else "流程没有改", actor=actor or world.water.liaison, today=today
    )
