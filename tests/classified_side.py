"""布景里一组人的分类办理：一件有解决方案，一件有问题调查和整改清单，一次追责，一名专家，一项成果；都经动作产生。"""
from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from handlers.actions import adopting, consulting, investigating, recording_outcomes, rectifying, sheeting, solving
from handlers.actions.plan_steps import Row
from handlers.mechanisms import policies
from supervision.actions import holding
from tests import cases


def _report(step, cast, today) -> None:
    rectifying.report_rectified(
        step, text="已补拨", happened_on=today, evidence=SimpleUploadedFile("凭证.txt", "已补拨".encode()),
        actor=cast.officer, today=today,
    )


def _fail_twice(step, cast, today) -> None:
    """两次核验都没有通过，列入追责待办。"""
    for _ in range(2):
        _report(step, cast, today)
        step.refresh_from_db()
        rectifying.verify_step(step, passed=False, text="流程没有改", actor=cast.liaison, today=today)
        step.refresh_from_db()


def classify(side) -> None:
    """各有一份（一个、一次）。"""
    cast, today = side.unit, cases.TODAY
    for code in ("MZ-22", "MZ-19"):
        if code not in policies.active_codes(cast.unit, today):
            adopting.switch_mechanism(
                cast.unit, code=code, on=True, scope="all_open", valid_from=today, actor=None, today=today
            )
    actor, soon = cast.officer, today + timedelta(days=20)
    side.solved = side.journey("solved").to("contacted")
    side.blamed = side.journey("blamed").to("contacted")
    for case, nature in ((side.solved, "opinion"), (side.blamed, "criticism")):
        sheeting.save_sheet(case.assignment, data={"nature": nature}, actor=actor, today=today)
    posts = cast.posts
    measure = Row(text=side.secret("solved"), leader=posts["leader"], person=posts["officer"], due_on=soon)
    solving.draft_solution(
        side.solved.assignment, text=side.secret("solved"), expected="恢复蓄水", expected_on=soon, measures=[measure],
        actor=actor, today=today,
    )
    inquiry = investigating.open_investigation(
        side.blamed.assignment, text=side.secret("blamed"), investigator=posts["director"],
        tasks=[Row(text=side.secret("blamed"), body="下属水库管理处", due_on=soon)], actor=cast.liaison, today=today,
    )
    side.inquiry_step = inquiry.steps.get()
    side.rectified = side.journey("rectified").to("contacted")
    sheeting.save_sheet(side.rectified.assignment, data={"nature": "criticism"}, actor=actor, today=today)
    done = investigating.open_investigation(
        side.rectified.assignment, text=side.secret("rectified"), investigator=posts["director"], tasks=[],
        actor=cast.liaison, today=today,
    )
    investigating.conclude_investigation(
        done, findings=side.secret("rectified"), liability="经办不力", conclusion="问题属实", actor=cast.liaison,
        today=today,
    )
    problems = [
        Row(text=f"{side.secret('rectified')}{number}", measure="补拨资金", person=posts["officer"], due_on=soon)
        for number in (1, 2, 3)
    ]
    steps = list(rectifying.list_problems(
        side.rectified.assignment, problems=problems, actor=cast.liaison, today=today
    ).steps.order_by("position"))
    for step in steps[:2]:
        _fail_twice(step, cast, today)
    side.to_hold, side.reported = steps[1], steps[2]
    _report(side.reported, cast, today)
    side.held = holding.register_accountability(
        steps[0], target=side.secret("rectified")[:60], basis="办理办法", treatment="约谈", issued_on=today,
        actor=cast.head, today=today,
    )
    side.expert = consulting.save_expert(
        cast.unit, name=f"{side.mark}工", title="高级工程师", institution="设计院", field="水工", actor=cast.liaison,
        today=today,
    )
    side.outcome = recording_outcomes.record_outcome(
        cast.unit, assignments=[side.solved.assignment], title="水库管护办法", kind="policy", stage="drafting",
        happened_on=today, actor=cast.officer, today=today,
    )
