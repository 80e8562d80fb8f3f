"""接口怎样拒绝：一句中文、一种样子；恶意的参数、太大太深的内容不拖垮进程。"""
from __future__ import annotations

import json
import re

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.urls import resolve, reverse
from rest_framework.throttling import UserRateThrottle

from lianluo.accounts import actions
from lianluo.audit.models import AuditEvent
from tests.handlers.handling import registered

from .conftest import ROOT, ok, refused

LISTS = [
    "/suggestions/", "/assignments/", "/return-requests/", "/extensions/", "/activities/", "/opinions/", "/replies/",
    "/evaluations/", "/ledger/", "/notices/", "/units/", "/deputies/", "/sessions/", "/categories/", "/delegations/",
    "/result-classes/",
]
HOSTILE = [
    "'", "';--", "1' OR '1'='1", "\" OR 1=1 --", "1); DROP TABLE suggestions_suggestion;--", "%", "\\", "\x00", "😀",
    "9" * 400, "-1", "1e9", "[]", "{}", "__proto__", "../../etc/passwd", "status__in", "made_by__password",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
]


@pytest.mark.parametrize("path", LISTS)
def test_nobody_reads_without_signing_in(call, path):
    body = refused(call(None).get(path), 401)
    assert body["detail"] == "先登录，或者带上接口令牌"


@pytest.mark.parametrize("path", LISTS)
def test_hostile_parameters_never_break_a_list(world, call, path):
    """每个筛选、排序、分页参数 × 每个恶意的值：不出 5xx（C1、C18、C22）。"""
    registered(world)
    view = resolve(f"{ROOT}{path}").func.cls
    names = list(view.filterset_class.base_filters) if getattr(view, "filterset_class", None) else []
    clerk = call(world.clerk)
    for name in [*names, "ordering", "page", "page_size"]:
        for value in HOSTILE:
            response = clerk.get(path, **{name: value})
            assert response.status_code in (200, 400, 404), (name, value, response.status_code)


def test_a_refused_call_is_recorded(world, call):
    case = registered(world)
    refused(call(world.gov).post(f"/suggestions/{case.pk}/register/"), 403)
    event = AuditEvent.objects.filter(event="account.refused").latest("id")
    assert event.actor == world.gov and event.data["path"].endswith("/register/") and event.data["method"] == "POST"


def test_other_methods_and_unknown_addresses(world, call):
    clerk = call(world.clerk)
    assert "不接受 DELETE" in refused(clerk.delete("/assignments/1/"), 405)["detail"]
    assert clerk.get("/nothing/").json() == {"detail": "没有这个地址"}
    assert clerk.get("/suggestions/abc/").status_code == 404
    refused(clerk.get(f"/suggestions/{'9' * 18}/"), 404)


UNREADABLE = [
    "{", "not json", '{"a": ', "[" * 100_000, '{"note": "\\ud800"}', "[]", '"x"', "null", "1" * 5000, "NaN",
    '{"note": NaN}',
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_unreadable_body_is_said_in_chinese(world, call, text):
    case = registered(world)
    client = Client()
    client.force_login(world.clerk)
    response = client.post(f"{ROOT}/suggestions/{case.pk}/return/", text, content_type="application/json")
    refused(response, 400)


@pytest.mark.parametrize("by_token", [True, False])
def test_a_body_too_large_is_refused_unread(world, by_token):
    client = Client()
    headers = {}
    if by_token:
        token = actions.issue_token(world.clerk, "厅办公系统", days=30, actor=world.clerk)
        headers = {"Authorization": f"Token {token}"}
    else:
        client.force_login(world.clerk)
    text = json.dumps({"title": "长" * 4_000_000})
    response = client.post(f"{ROOT}/suggestions/", text, content_type="application/json", headers=headers)
    assert "10 MB" in refused(response, 413)["detail"]


def test_another_content_type_is_refused(world, call):
    client = Client()
    client.force_login(world.clerk)
    response = client.post(f"{ROOT}/suggestions/", "title=x", content_type="application/x-www-form-urlencoded")
    assert "JSON" in refused(response, 415)["detail"]


def test_several_mistakes_are_counted(world, call):
    body = refused(call(world.clerk).post("/suggestions/", {"title": "", "kind": "x"}), 400)
    assert re.fullmatch(r"有 \d 处需要修改", body["detail"])
    assert {"title", "kind", "lead_deputy", "body"} <= set(body["errors"])


def test_a_session_post_needs_the_csrf_token_and_a_token_post_does_not(world, var_dir):
    case = registered(world)
    path = f"{ROOT}/suggestions/{case.pk}/return/"
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    body = refused(client.post(path, "{}", content_type="application/json"), 403)
    assert body["detail"] == "登录状态已换新，刷新后再试"
    token = actions.issue_token(world.clerk, "厅办公系统", days=30, actor=world.clerk)
    response = Client(enforce_csrf_checks=True).post(
        path, json.dumps({"note": "补充"}), content_type="application/json", headers={"Authorization": f"Token {token}"}
    )
    refused(response, 409)


def test_too_many_requests_say_when_to_come_back(world, call, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "get_rate", lambda self: "2/min")
    monkeypatch.setattr(UserRateThrottle, "cache", LocMemCache("throttle-test", {}))
    clerk = call(world.clerk)
    answers = [clerk.get("/sessions/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    body = refused(answers[-1], 429)
    assert re.fullmatch(r"一分钟内的请求太多，等 \d+ 秒再试", body["detail"]) and int(answers[-1]["Retry-After"]) > 0


def test_the_schema_is_not_open_to_everybody(world, call):
    assert Client().get(reverse("api:schema")).status_code == 401
    assert Client().get(reverse("api:docs")).status_code == 302
    client = Client()
    client.force_login(world.clerk)
    page = client.get(reverse("api:docs"))
    assert page.status_code == 200 and "接口说明" in page.content.decode()
    assert ok(call(world.clerk).get("/suggestions/")) is not None
