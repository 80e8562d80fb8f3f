"""真的浏览器：``browse("/office/review/", account)``，可关脚本、可换手机尺寸。"""
import os

import pytest
from django.conf import settings as django_settings
from django.test import Client


@pytest.fixture
def browse(live_server, monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as machine:
        browser = machine.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield lambda path, account, **kwargs: _open(browser, live_server.url, path, account, **kwargs)
        browser.close()


def _open(browser, site: str, path: str, account, *, width: int = 1366, height: int = 768, script: bool = True):
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=script
    )
    if account:
        client = Client()
        client.force_login(account)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if "Content Security" in line.text else None)
    page.on("request", lambda sent: page.problems.append(sent.url) if not sent.url.startswith(site) else None)
    page.goto(site + path)
    return page
