"""Idempotency-Key：同一件事只办一次，再来给出第一次的结果。"""
from __future__ import annotations

import pytest

from lianluo.audit.models import AuditEvent
from lianluo.web.models import FormToken
from lianluo.workdays import clock
from suggestions.models import Suggestion
from tests.handlers import cases

from .conftest import ok, refused
from .test_suggestions import OWN, paper

KEY = {"Idempotency-Key": "f3b1c2d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d"}


def test_a_repeated_request_gives_the_first_result_and_does_nothing(world, call):
    clerk = call(world.clerk)
    first = clerk.post("/suggestions/", paper(world), **KEY)
    events = AuditEvent.objects.count()
    again = clerk.post("/suggestions/", paper(world), **KEY)
    assert ok(first, 201)["id"] == ok(again, 201)["id"] and again["Idempotent-Replayed"] == "true"
    assert first["Location"] == again["Location"] == f"/api/v1/suggestions/{ok(first, 201)['id']}/"
    assert Suggestion.objects.count() == 1 and AuditEvent.objects.count() == events


def test_without_the_key_it_is_done_twice(world, call):
    """反证。"""
    first, again = (call(world.clerk).post("/suggestions/", paper(world)) for _ in range(2))
    assert ok(first, 201)["id"] != ok(again, 201)["id"]


def test_an_action_repeated_is_not_refused(world, call):
    row = cases.assigned(world, today=clock.today())[1][0]
    path, unit = f"/assignments/{row.pk}/accept/", call(world.water.liaison)
    assert ok(unit.post(path, **KEY))["status"] == "accepted"
    assert ok(unit.post(path, **KEY))["status"] == "accepted"
    refused(unit.post(path), 409)
    assert AuditEvent.objects.filter(event="assignment.accepted").count() == 1


def test_a_failed_request_leaves_no_key_and_can_be_sent_again(world, call):
    draft = ok(call(world.lead_deputy.account).post("/suggestions/", {**OWN, "publish_wish": ""}), 201)
    path, deputy = f"/suggestions/{draft['id']}", call(world.lead_deputy.account)
    refused(deputy.post(f"{path}/submit/", {"one_matter": True}, **KEY), 422)
    assert not FormToken.objects.exists()
    ok(deputy.patch(f"{path}/", {"publish_wish": "full", "revision": draft["revision"]}))
    assert ok(deputy.post(f"{path}/submit/", {"one_matter": True}, **KEY))["status"] == "submitted"


def test_another_content_under_the_same_key_is_refused(world, call):
    clerk = call(world.clerk)
    ok(clerk.post("/suggestions/", paper(world), **KEY), 201)
    body = refused(clerk.post("/suggestions/", paper(world, title="关于别的事的建议"), **KEY), 422)
    assert "换一个" in body["detail"] and Suggestion.objects.count() == 1


def test_somebody_elses_key_does_not_collide(world, call):
    one = ok(call(world.clerk).post("/suggestions/", paper(world), **KEY), 201)
    two = ok(call(world.secretariat).post("/suggestions/", paper(world), **KEY), 201)
    assert one["id"] != two["id"]


def test_a_key_still_under_way_is_told_so(world, call):
    clerk = call(world.clerk)
    ok(clerk.post("/suggestions/", paper(world), **KEY), 201)
    FormToken.objects.update(result_url="")
    assert "正在办理" in refused(clerk.post("/suggestions/", paper(world), **KEY), 409)["detail"]


@pytest.mark.parametrize("key", ["短", "x" * 129])
def test_a_key_of_the_wrong_length_is_refused(world, call, key):
    header = {"Idempotency-Key": key.encode().decode("latin-1")}
    body = refused(call(world.clerk).post("/suggestions/", paper(world), **header), 400)
    assert "8 至 128" in body["detail"]


def test_whoever_lost_his_role_gets_no_replay(world, call):
    clerk = call(world.clerk)
    ok(clerk.post("/suggestions/", paper(world), **KEY), 201)
    world.clerk.grants.update(valid_to=clock.today())
    refused(clerk.post("/suggestions/", paper(world), **KEY), 403)
