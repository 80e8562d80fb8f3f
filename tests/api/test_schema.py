"""说明书：生成时没有一处警告；每个操作有中文名称；在严格的 CSP 下离线打得开。"""
from __future__ import annotations

import io
import os
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


@pytest.mark.django_db
def test_it_generates_without_a_single_warning():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())


def test_every_operation_speaks_chinese(schema):
    for name, operation in operations(schema):
        assert HAN.search(operation.get("summary", "")), name
        assert all(HAN.search(tag) for tag in operation["tags"]), name
        for parameter in operation.get("parameters", []):
            assert HAN.search(parameter.get("description", "")), (name, parameter["name"])


def test_every_refusal_is_declared(schema):
    for name, operation in operations(schema):
        wanted = {"400", "401", "403", "404", "429"} if name.startswith("get") else {"400", "401", "403", "409", "422"}
        assert wanted <= set(operation["responses"]), name


def test_every_post_takes_the_key(schema):
    for name, operation in operations(schema):
        if name.startswith("post") and "import" not in name:
            assert "Idempotency-Key" in {one["name"] for one in operation.get("parameters", [])}, name


def test_the_stages_of_step_one_are_all_there(schema):
    paths = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    for wanted in (
        "suggestions/", "suggestions/{id}/", "suggestions/{id}/submit/", "suggestions/{id}/register/",
        "suggestions/{id}/return/", "suggestions/{id}/decline/", "suggestions/{id}/withdraw/",
        "suggestions/{id}/merge/", "suggestions/{id}/assign/", "suggestions/{id}/unassign/",
        "suggestions/{id}/timeline/", "assignments/{id}/accept/", "assignments/{id}/return-requests/",
        "return-requests/{id}/decide/", "extensions/{id}/decide/", "assignments/{id}/allot/", "activities/",
        "opinions/{id}/send/", "opinions/{id}/ask-again/", "opinions/{id}/adopt/", "assignments/{id}/reply/",
        "replies/{id}/submit/", "replies/{id}/approve/", "replies/{id}/send-back/", "replies/{id}/deliver/",
        "replies/{id}/void/", "replies/{id}/publish/", "replies/{id}/withhold/", "evaluations/", "ledger/{id}/apply/",
        "ledger/{id}/grant/", "ledger/{id}/refuse/", "ledger/{id}/reopen/", "ledger/{id}/progress/", "units/",
        "deputies/", "notices/", "dues/{kind}/{id}/",
    ):
        assert wanted in paths


@pytest.mark.django_db
def test_the_page_needs_no_inline_script_or_style(client, world):
    client.force_login(world.clerk)
    response = client.get(reverse("api:docs"))
    page = response.content.decode()
    assert "<style" not in page and not re.search(r"<script(?![^>]*src=)", page) and "http" not in page
    assert "unsafe" not in response["Content-Security-Policy"]
    script = client.get(reverse("api:docs"), {"script": ""})
    assert script["Content-Type"].startswith("application/javascript") and "/api/schema/" in script.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_opens_in_a_browser_under_the_policy(live_server, client, world):
    """全部操作画得出来，没有被策略拦下的，也没有连别处。"""
    from playwright.sync_api import sync_playwright

    client.force_login(world.clerk)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        context = browser.new_context()
        cookie = client.cookies["lianluo"].value
        context.add_cookies([{"name": "lianluo", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        outside, said = [], []
        page.on("request", lambda one: outside.append(one.url))
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.goto(live_server.url + reverse("api:docs"))
        page.wait_for_selector(".opblock", timeout=30_000)
        assert page.locator(".opblock").count() >= 70
        assert [url for url in outside if not url.startswith((live_server.url, "data:"))] == []
        assert [text for text in said if "script" in text.lower()] == []
        assert "填写令牌" in page.inner_text("#swagger-ui")
        browser.close()
