"""浏览器里的一个人：自己的会话、自己的屏幕，只用看得见的文字点和填。"""
from __future__ import annotations

import os
from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.test import Client
from playwright.sync_api import Error as PlaywrightError

BACKEND = "lianluo.accounts.backends.AccountBackend"
DESK, PHONE = (1366, 768), (360, 740)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@contextmanager
def chromium():
    """Debian 的 Chromium，由 Playwright 驱动。"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as machine:
        browser = machine.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


def _telling(step):
    """找不到要按的、要填的时，把页面上的字带出来，好知道停在哪里。"""

    @wraps(step)
    def told(self, *args, **kwargs):
        try:
            return step(self, *args, **kwargs)
        except PlaywrightError as error:
            first = str(error).splitlines()[0]
            raise AssertionError(f"{step.__name__}{args}：{first}\n{self.path}\n{self.text[:2500]}") from None

    return told


class Person:
    """一个人和他的浏览器。``script=False`` 时关掉 JavaScript。"""

    def __init__(self, browser, site: str, account=None, *, size=DESK, script: bool = True) -> None:
        self.site, self.problems = site, []
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", java_script_enabled=script
        )
        if account is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(account), "url": site}])
        self.page = context.new_page()
        self.page.set_default_timeout(6_000)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note_refusals)
        self.page.on("request", self._note_outsiders)

    def _note_refusals(self, line) -> None:
        if "Content Security" in line.text:
            self.problems.append(line.text)

    def _note_outsiders(self, request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"连到了外面：{request.url}")

    def go(self, path: str) -> Person:
        answer = self.page.goto(self.site + path)
        assert answer.status < 400, f"{path} 答 {answer.status}：{self.text[:300]}"
        return self

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    def sees(self, *words: str) -> Person:
        for word in words:
            assert word in self.text, f"{self.path} 上没有“{word}”：\n{self.text[:2000]}"
        return self

    def misses(self, *words: str) -> Person:
        for word in words:
            assert word not in self.text, f"{self.path} 上不该有“{word}”"
        return self

    @_telling
    def fill(self, label: str, value: str, *, nth: int = 0) -> Person:
        self.page.get_by_label(label).nth(nth).fill(value)
        return self

    @_telling
    def set(self, name: str, value: str) -> Person:
        """按字段名填（一组相同标签时用）。"""
        self.page.fill(f"[name='{name}']", value)
        return self

    @_telling
    def pick(self, name: str, value: str) -> Person:
        """单选、多选框：按字段名和值。"""
        self.page.check(f"input[name='{name}'][value='{value}']")
        return self

    @_telling
    def tick(self, label: str) -> Person:
        """单选、多选框：按看得见的字。"""
        self.page.get_by_label(label, exact=True).first.check()
        return self

    @_telling
    def select(self, name: str, value: str) -> Person:
        self.page.locator(f"select[name='{name}']").select_option(value, force=True)
        return self

    @_telling
    def upload(self, name: str, path) -> Person:
        self.page.set_input_files(f"input[name='{name}']", str(path))
        return self

    @_telling
    def press(self, words: str, *, nth: int = 0) -> Person:
        """按按钮，等新页面。"""
        button = self.page.get_by_role("button", name=words).nth(nth)
        with self.page.expect_navigation():
            button.click()
        return self

    @_telling
    def press_exact(self, words: str) -> Person:
        """按字面完全相同的按钮（“满意”与“不满意”分得开）。"""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).first.click()
        return self

    def names(self, selector: str) -> list[str]:
        """一组控件的字段名，去重。"""
        found = [one.get_attribute("name") for one in self.page.locator(selector).all()]
        return list(dict.fromkeys(found))

    @_telling
    def choose_unit(self, name: str, unit) -> Person:
        """选一个单位：原生下拉或由它增强来的组合框都行。"""
        self.page.locator(f"select[name='{name}']").select_option(str(unit.pk), force=True)
        return self

    choose_units = choose_unit

    @_telling
    def follow(self, words: str, *, nth: int = 0) -> Person:
        """点链接，等新页面。"""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).nth(nth).click()
        return self

    def shot(self, path) -> Person:
        self.page.screenshot(path=str(path))
        return self


def _session(account) -> str:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
