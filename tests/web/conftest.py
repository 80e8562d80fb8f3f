"""页面测试的环境：自己的几页和模板，菜单缓存每次清掉。"""
import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from lianluo.accounts import actions
from lianluo.accounts.models import User
from lianluo.web import menu
from lianluo.workdays import clock

TEMPLATES = Path(__file__).parent / "templates"
BACKEND = "lianluo.accounts.backends.AccountBackend"


@pytest.fixture
def probe(settings, db):
    """换上 probe_urls 与测试模板。"""
    settings.ROOT_URLCONF = "tests.web.probe_urls"
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], TEMPLATES]}]
    menu.forget()
    yield
    menu.forget()


@pytest.fixture
def person(db):
    """建一个人并给角色：``person("li", "npc_office")``。"""

    def make(username: str, *roles: str) -> User:
        account = User.objects.create_user(username, "Zhuzhou-River-38", name=f"{username}同志")
        for role in roles:
            actions.grant_role(account, role, actor=None, valid_from=clock.today())
        return account

    return make


@pytest.fixture
def signed_in(person):
    """登录了的浏览器：``signed_in("li", "npc_office")``。"""

    def make(username: str, *roles: str) -> Client:
        client = Client()
        client.force_login(person(username, *roles), backend=BACKEND)
        return client

    return make


@pytest.fixture
def clerk(probe, signed_in) -> Client:
    return signed_in("li", "npc_office")


@pytest.fixture
def open_page(live_server, probe, settings, monkeypatch):
    """真的浏览器：``open_page("/web/styles/", account=…, width=1366, height=768)``。"""
    from playwright.sync_api import sync_playwright

    settings.DEMO = True
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as machine:
        browser = machine.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield lambda path, **kwargs: _open(browser, live_server.url, path, **kwargs)
        browser.close()


def _open(browser, site: str, path: str, *, account: User | None = None, width: int = 1366, height: int = 768,
          cookies: dict | None = None, script: bool = True):
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=script
    )
    wanted = dict(cookies or {})
    if account:
        client = Client()
        client.force_login(account, backend=BACKEND)
        wanted[django_settings.SESSION_COOKIE_NAME] = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in wanted.items()])
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if "Content Security" in line.text else None)
    page.on("request", lambda request: page.problems.append(request.url) if not request.url.startswith(site) else None)
    page.goto(site + path)
    return page
