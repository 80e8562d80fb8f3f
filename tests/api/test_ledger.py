"""督办台账的接口：申请、核准、不予、恢复、进展；申请人不能自批。"""
from __future__ import annotations

import io

import pytest

from handlers.actions.evaluating import record_evaluation
from handlers.actions.publishing import publish_reply
from supervision.models import LedgerEntry
from tests.handlers import cases, handling
from tests.handlers.handling import TODAY

from .conftest import ok, refused


def proof(name: str = "验收单.txt"):
    out = io.BytesIO("验收合格".encode())
    out.name = name
    return out


@pytest.fixture
def ripe(world):
    """答复送达、已公开、代表满意的件：承办条目可以申请销号。"""
    reply = handling.answered(world)
    publish_reply(reply, actor=world.clerk, today=TODAY)
    record_evaluation(
        reply.deliveries.get(), attitude="satisfied", outcome="satisfied", overall="satisfied",
        actor=world.lead_deputy.account, today=TODAY,
    )
    return LedgerEntry.objects.get(kind="handling")


def test_each_sees_what_his_unit_owes(world, call):
    cases.assigned(world, cases.lead_and_assist(world.water, world.transport), today=TODAY)
    assert ok(call(world.clerk).get("/ledger/"))["count"] == 3
    assert ok(call(world.clerk).get("/ledger/", kind="main"))["count"] == 1
    assert ok(call(world.transport.liaison).get("/ledger/"))["count"] == 1
    for account in (world.publicity.liaison, world.lead_deputy.account, world.stranger, world.sysadmin):
        assert ok(call(account).get("/ledger/"))["count"] == 0
        refused(call(account).get(f"/ledger/{LedgerEntry.objects.first().pk}/"), 404)
    refused(call(world.clerk).get("/ledger/", ordering="unit"), 400)


def test_what_is_missing_is_listed_before_signing_off(world, call):
    cases.assigned(world, today=TODAY)
    entry = LedgerEntry.objects.get(kind="handling")
    shown = ok(call(world.water.liaison).get(f"/ledger/{entry.pk}/"))
    assert [one["sentence"] for one in shown["missing"]] == ["答复还未送达全部代表"]
    data = {"statement": "办完", "evidence": [proof()]}
    body = refused(call(world.water.liaison).upload(f"/ledger/{entry.pk}/apply/", data), 422)
    assert body["missing"][0]["sentence"] == "答复还未送达全部代表"


def test_applying_and_granting_take_two_people(world, call, ripe):
    path, unit = f"/ledger/{ripe.pk}", call(world.water.liaison)
    refused(call(world.clerk).upload(f"{path}/apply/", {"statement": "办完", "evidence": [proof()]}), 403)
    refused(call(world.transport.liaison).upload(f"{path}/apply/", {"statement": "办完"}), 404)
    assert refused(unit.post(f"{path}/apply/", {"statement": "办完"}), 422)["field"] == "evidence"
    refused(call(world.clerk).post(f"{path}/grant/"), 409)
    applied = ok(unit.upload(f"{path}/apply/", {"statement": "办完", "evidence": [proof()]}))
    assert applied["status"] == "ready" and applied["signing_offs"][0]["applied_by"] == world.water.liaison.name
    refused(unit.post(f"{path}/grant/"), 403)
    assert ok(call(world.clerk).post(f"{path}/grant/", {"note": "属实"}))["status"] == "signed_off"
    ripe.suggestion.refresh_from_db()
    assert ripe.suggestion.status == "concluded"

    refused(unit.post(f"{path}/reopen/", {"reason": "错"}), 403)
    assert refused(call(world.clerk).post(f"{path}/reopen/"), 400)["errors"]["reason"] == ["填写恢复挂账的理由"]
    assert ok(call(world.second_clerk).post(f"{path}/reopen/", {"reason": "承诺未落实"}))["status"] == "open"


def test_refusing_puts_it_back_on_account(world, call, ripe):
    path = f"/ledger/{ripe.pk}"
    ok(call(world.water.liaison).upload(f"{path}/apply/", {"statement": "办完", "evidence": [proof()]}))
    assert refused(call(world.clerk).post(f"{path}/refuse/"), 400)["errors"]["note"] == ["填写不予销号的理由"]
    body = ok(call(world.clerk).post(f"{path}/refuse/", {"note": "佐证不足"}))
    assert body["status"] == "open" and body["signing_offs"][0]["granted"] is False


def test_progress_needs_a_figure_or_a_file(world, call):
    cases.assigned(world, today=TODAY)
    entry = LedgerEntry.objects.get(kind="handling")
    path, unit = f"/ledger/{entry.pk}/progress/", call(world.water.liaison)
    data = {"text": "按计划推进", "happened_on": str(TODAY)}
    assert refused(unit.post(path, data), 422)["field"] == "figure"
    refused(call(world.clerk).post(path, {**data, "figure": "3 公里"}), 403)
    ok(unit.post(path, {**data, "figure": "完工 3 公里，共 30 公里"}))
    body = ok(unit.upload(path, {**data, "evidence": proof()}))
    assert len(body["progress"]) == 2
