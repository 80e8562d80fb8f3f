"""交办到分派的接口：谁能办、缺什么、看得见谁的，与页面相同。"""
from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.models import Assignment, ReturnRequest
from lianluo.workdays import clock
from tests.handlers import cases
from tests.world import DAY

from .conftest import ok, refused

TODAY = clock.today()


def choices(*rows) -> dict:
    return {"choices": [{"unit": cast.unit.pk, "role": role, **more} for cast, role, more in rows]}


@pytest.fixture
def pending(world):
    """今天交给水利厅的件，还没有签收。"""
    return cases.assigned(world, today=TODAY)[1][0]


@pytest.fixture
def accepted(world):
    return cases.accepted(world, today=TODAY)[1]


def test_proposing_then_assigning_by_the_proposal(world, call):
    case = cases.registered(world)
    path, data = f"/suggestions/{case.pk}", choices((world.water, "lead", {}), (world.transport, "assist", {}))
    refused(call(world.secretariat).post(f"{path}/propose/", data), 403)
    refused(call(world.stranger).post(f"{path}/propose/", data), 404)
    assert ok(call(world.gov).post(f"{path}/propose/", data))["status"] == "registered"
    refused(call(world.gov).post(f"{path}/assign/"), 403)
    assert ok(call(world.clerk).post(f"{path}/assign/"))["status"] == "assigned"
    assert [(row.unit.short, row.role) for row in Assignment.objects.order_by("id")] == [
        ("省水利厅", "lead"), ("省交通运输厅", "assist"),
    ]
    refused(call(world.clerk).post(f"{path}/assign/"), 409)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "选一个主办单位"), ([("water", "lead")], "主办加会办须选会办单位"),
        ([("water", "sole"), ("transport", "sole")], "主办单位只能有一个"),
        ([("water", "assist")], "还须选一个主办单位"),
    ],
)
def test_choices_that_do_not_stand_are_said(world, call, rows, said):
    case = cases.registered(world)
    data = choices(*((getattr(world, name), role, {}) for name, role in rows))
    assert said in refused(call(world.clerk).post(f"/suggestions/{case.pk}/assign/", data), 422)["detail"]
    assert not Assignment.objects.exists()


def test_a_choice_takes_nothing_else(world, call):
    case = cases.registered(world)
    data = choices((world.water, "sole", {"due_on": "2099-01-01", "status": "concluded"}))
    body = refused(call(world.clerk).post(f"/suggestions/{case.pk}/assign/", data), 400)
    assert set(body["errors"]["choices"]["0"]) == {"due_on", "status"} and not Assignment.objects.exists()


def test_unassigning_until_somebody_accepts(world, call, pending):
    path = f"/suggestions/{pending.suggestion_id}/unassign/"
    refused(call(world.gov).post(path, {"reason": "交错"}), 403)
    assert ok(call(world.clerk).post(path, {"reason": "交错"}))["status"] == "registered"
    refused(call(world.clerk).post(path, {"reason": "交错"}), 409)


def test_each_sees_his_own_assignments(world, call):
    rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport), today=DAY)[1]
    for account in (world.clerk, world.gov, world.committee, world.water.liaison, world.transport.head):
        assert ok(call(account).get("/assignments/"))["count"] == 2
    for account in (world.publicity.liaison, world.water.officer, world.stranger, world.auditor, world.secretariat):
        assert ok(call(account).get("/assignments/"))["count"] == 0
        refused(call(account).get(f"/assignments/{rows[0].pk}/"), 404)
    found = ok(call(world.clerk).get("/assignments/", unit=world.water.unit.pk, role="lead", ordering="due"))["results"]
    assert [row["id"] for row in found] == [rows[0].pk]
    refused(call(world.clerk).get("/assignments/", unit="x' OR 1=1"), 400)
    refused(call(world.clerk).get("/assignments/", ordering="assigned_by__password"), 400)


def test_accepting_is_the_liaisons_and_once(world, call, pending):
    path = f"/assignments/{pending.pk}/accept/"
    refused(call(world.clerk).post(path), 403)
    refused(call(world.transport.liaison).post(path), 404)
    refused(call(world.water.officer).post(path), 404)
    body = ok(call(world.water.liaison).post(path))
    assert (body["status"], body["accepted_on"]) == ("accepted", str(TODAY))
    assert {row["rule_code"] for row in body["dues"]} >= {"reply_normal", "first_contact_days"}
    assert "不能签收" in refused(call(world.water.liaison).post(path), 409)["detail"]


def test_a_return_is_asked_and_decided_by_the_right_office(world, call, pending):
    path = f"/assignments/{pending.pk}/return-requests/"
    data = {"ground": "not_ours", "reason": "职责不符", "proposed_unit": world.transport.unit.pk}
    refused(call(world.clerk).post(path, data), 403)
    refused(call(world.transport.liaison).post(path, data), 404)
    unit = call(world.water.liaison)
    assert refused(unit.post(path, {**data, "reason": ""}), 400)["errors"]["reason"] == ["填写理由"]
    assert refused(unit.post(path, {**data, "proposed_unit": world.water.unit.pk}), 422)["field"] == "proposed_unit"
    asked = ok(unit.post(path, data), 201)
    assert asked["granted"] is None and asked["decider"] == "省政府办公厅"

    decide = f"/return-requests/{asked['id']}/decide/"
    refused(unit.post(decide, {"granted": True}), 403)
    refused(call(world.transport.liaison).post(decide, {"granted": True}), 404)
    refused(call(world.clerk).post(decide, {"granted": True}), 403)
    gov = call(world.gov)
    outside = {"granted": True, "new_unit": world.publicity.unit.pk}
    assert refused(gov.post(decide, outside), 422)["field"] == "new_unit"
    body = ok(gov.post(decide, {"granted": True, "new_unit": world.transport.unit.pk, "note": "同意"}))
    assert body["granted"] is True
    assert "已于" in refused(gov.post(decide, {"granted": True, "new_unit": world.transport.unit.pk}), 409)["detail"]
    assert ok(call(world.transport.liaison).get("/assignments/"))["results"][0]["replaces"] == pending.pk


def test_a_refused_return_needs_its_reason(world, call, pending):
    unit = call(world.water.liaison)
    data = {"ground": "not_ours", "reason": "职责不符", "proposed_unit": world.transport.unit.pk}
    asked = ok(unit.post(f"/assignments/{pending.pk}/return-requests/", data), 201)
    decide = f"/return-requests/{asked['id']}/decide/"
    assert refused(call(world.gov).post(decide, {"granted": False}), 422)["field"] == "note"
    assert ok(call(world.gov).post(decide, {"granted": False, "note": "属于职责"}))["granted"] is False
    assert ok(unit.get(f"/assignments/{pending.pk}/"))["status"] == "accepted"
    assert ok(unit.get("/return-requests/"))["count"] == 1
    assert ok(call(world.transport.liaison).get("/return-requests/"))["count"] == 0
    assert ok(call(world.gov).get("/return-requests/", pending="true"))["count"] == 0


def test_a_return_after_its_days_is_refused_and_stores_nothing(world, call):
    late = cases.assigned(world, today=TODAY - timedelta(days=60))[1][0]
    data = {"ground": "not_ours", "reason": "职责不符", "proposed_unit": world.transport.unit.pk}
    body = refused(call(world.water.liaison).post(f"/assignments/{late.pk}/return-requests/", data), 422)
    assert "届满" in body["detail"] and not ReturnRequest.objects.exists()


def test_an_extension_is_asked_and_decided(world, call, accepted):
    path, unit = f"/assignments/{accepted.pk}/extensions/", call(world.water.liaison)
    until = accepted.due_on + timedelta(days=20)
    data = {"asked_until": until, "reason": "涉及规划", "deputy_told_on": TODAY, "deputy_told_how": "电话"}
    refused(call(world.clerk).post(path, data), 403)
    assert refused(unit.post(path, {**data, "asked_until": TODAY}), 422)["field"] == "asked_until"
    asked = ok(unit.post(path, data), 201)
    decide = f"/extensions/{asked['id']}/decide/"
    refused(unit.post(decide, {"granted": True}), 403)
    refused(call(world.clerk).post(decide, {"granted": True}), 403)
    assert ok(call(world.gov).post(decide, {"granted": True}))["granted_until"] == str(until)
    assert ok(unit.get(f"/assignments/{accepted.pk}/"))["due_on"] == str(until)
    refused(call(world.gov).post(decide, {"granted": True}), 409)


def test_allotting_within_the_unit(world, call, accepted):
    path, water = f"/assignments/{accepted.pk}/allot/", world.water
    data = {
        "lead_division": water.division.pk, "officer": water.posts["officer"].pk, "quality_goal": "当面沟通",
        "responsible_leader": water.posts["leader"].pk, "task_note": "摸清底数",
        "inner_due_on": TODAY + timedelta(days=5),
    }
    refused(call(world.clerk).post(path, data), 403)
    foreign = {**data, "lead_division": world.transport.division.pk}
    assert refused(call(water.liaison).post(path, foreign), 422)["field"] == "lead_division"
    body = ok(call(water.liaison).post(path, data))
    assert body["status"] == "handling" and body["inner"]["allotments"][0]["division"] == "综合处"
    assert ok(call(water.officer).get(f"/assignments/{accepted.pk}/"))["inner"]["task_note"] == "摸清底数"


def test_inner_arrangements_are_not_shown_to_the_other_units(world, call):
    rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport), today=TODAY)[1]
    assert ok(call(world.transport.liaison).get(f"/assignments/{rows[0].pk}/"))["inner"] is None
    assert ok(call(world.water.liaison).get(f"/assignments/{rows[0].pk}/"))["inner"] is not None
