"""库里每个文字列都换成脚本，再把每一页看一遍：页面上只许是字，不许变成标签。

直接改库，绕过一切校验：不靠入口拦得住，靠出口写得对。
"""
from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client

from lianluo.audit import guards, remembering
from tests.cases import Journey
from tests.hostile.pages import Strangers
from tests.hostile.payloads import group
from tests.routes import rows
from tests.scene import BACKEND, ROLES, Scene, scene  # noqa: F401
from tests.test_architecture import APPS
from tests.test_permissions import table

pytestmark = [pytest.mark.django_db, pytest.mark.once]
#: 长的列放得下全部；短的列用短的；再短的不试
LONG, SHORT, LEAST = "".join(group("xss")), '"><img src=x onerror=a()>', "<b onclick=x>"
#: 程序自己写、自己读的列：键、摘要、地址、代码
MACHINE = {
    "username", "username_key", "password", "digest", "prefix", "hash", "prev_hash", "token_hash", "key_hash",
    "code_hash", "row_hash", "text_hash", "content_hash", "confirmed_hash", "sha256", "about", "kind", "rung", "url",
    "result_url", "chain", "event", "target_type", "algorithm", "request_id", "ip", "scope", "key", "token", "subject",
    "purpose", "session_key", "session_data", "rule_code", "code", "profile_code", "content_type", "content",
    "receipt_number", "certificate_no", "document_number", "name_folded", "source", "target_state", "basis", "scheme",
}
KEPT = {"sessions", "contenttypes", "axes", "workdays", "documents"}


def text_columns(model) -> dict[str, str]:
    """一张表里给人看的文字列，各换成多长的一句。"""
    found = {}
    for field in model._meta.local_concrete_fields:
        text = isinstance(field, (models.CharField, models.TextField)) and not isinstance(field, models.FileField)
        if not text or field.choices or field.unique or field.name in MACHINE:
            continue
        room = field.max_length or 10_000
        if room >= len(LEAST):
            found[field.name] = next(one for one in (LONG, SHORT, LEAST) if len(one) <= room)
    return found


@pytest.fixture(scope="module")
def poisoned(scene) -> Iterator[Scene]:  # noqa: F811
    """全库的字都换过的布景。"""
    with connection.cursor() as cursor:
        for statement in guards.DROP[connection.vendor]:
            cursor.execute(statement)
    for model in apps.get_models():
        columns = text_columns(model) if model._meta.app_label not in KEPT else {}
        if columns and model.__module__.partition(".")[0] in APPS:
            for pk in list(model._base_manager.values_list("pk", flat=True)):
                models.QuerySet(model).filter(pk=pk).update(**_unlike(model, columns, pk))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembering, "SECONDS", 0)  # 改库没有留痕，记着的数与字要重取
        yield scene


def _unlike(model, columns: dict[str, str], pk) -> dict[str, str]:
    """合在一起不许重复的列，各带上自己的号。"""
    together = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
    return {name: f"{pk}{text}"[: model._meta.get_field(name).max_length] if name in together else text
            for name, text in columns.items()}


def readers_of(key: str) -> list[str]:
    cells = table().get((key, "GET"), {})
    seen = [role for role in ROLES if cells.get(role, "").partition("/")[0] == "200"]
    return seen[:1] + seen[-1:]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.key)
def test_scripts_in_the_data_stay_text(poisoned, row):
    for role in readers_of(row.key):
        answer = poisoned.ask(role, "GET", row.targets(poisoned)[0])
        assert answer.status_code < 500
        if "html" in answer.get("Content-Type", ""):
            assert Strangers(answer.content.decode()).found == [], role


def test_the_data_is_really_poisoned(poisoned):
    """反证：页面上确实有这些字，而且是转义过的。"""
    answer = poisoned.ask("clerk", "GET", poisoned.a.registered.suggestion.get_absolute_url())
    assert "&lt;img src=x onerror" in answer.content.decode()


@pytest.mark.parametrize("text", [one for one in group("xss") if "<" in one and "＜" not in one and one[:2] != "</"])
def test_the_check_sees_an_injected_tag(text):
    """反证：不转义的，每一种都看得出来。"""
    assert Strangers(f"<p>{text}</p>").found or Strangers(f'<a href="{text}">').found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_real_browser_runs_none_of_it(world, live_server, monkeypatch):
    """真的 Chromium：标题没有被改，没有 CSP 报告，没有连别处。"""
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    case = Journey(world, title=f"关于{SHORT}的建议", body=LONG, contact_name=SHORT, note=SHORT).to("delivered")
    pages = {
        "clerk": [case.suggestion.get_absolute_url(), "/office/suggestions/", "/ledger/"],
        "slt-liaison": ["/unit/", case.reply.get_absolute_url(), f"/replies/{case.reply.pk}/print/"],
        case.lead.account.username: ["/my/", f"/my/{case.pk}/"],
    }
    with sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        for username, paths in pages.items():
            assert _problems(browser, live_server.url, username, paths) == []
        browser.close()


def _problems(browser, site: str, username: str, paths: list[str]) -> list[str]:
    client, found = Client(), []
    from lianluo.accounts.models import User

    client.force_login(User.objects.get(username=username), backend=BACKEND)
    context = browser.new_context()
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    page.on("console", lambda line: found.append(line.text) if "Content Security" in line.text else None)
    page.on("request", lambda asked: found.append(asked.url) if not asked.url.startswith(site) else None)
    page.on("dialog", lambda dialog: found.append("弹窗"))
    for path in paths:
        page.goto(site + path)
        found += ["标题被改"] if page.title() == "pwned" else []
    context.close()
    return found
