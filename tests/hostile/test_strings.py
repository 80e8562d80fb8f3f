"""坏字符、注入、慢正则：每个列表的筛选、每张表单、接口的正文都试，从不 5xx，不慢，库里不进 NUL（C1、C18、C22）。"""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.hostile.pages import Forms, PageForm
from tests.hostile.payloads import group, sendable
from tests.routes import Row, rows
from tests.scene import scene  # noqa: F401
from tests.test_permissions import allowed

pytestmark = pytest.mark.django_db
SECONDS = 30.0  # 只防卡死，不量速度
FORM = "application/x-www-form-urlencoded"
COMMON = ("q", "page", "size", "page_size", "ordering", "sort", "tab", "from", "to", "year", "status", "unit", "ids")
#: 一行请求放得下的字节数（deploy/gunicorn.conf.py 的 limit_request_line）
LINE = 8190
#: 每个筛选项都要单独试到的：NUL 与代理码、空、数不成数、日子不成日子
EVERYWHERE = ("\x00", "\ud800", "", "-1", "1e9", "\u0663", "１２３", "0000-00-00", "99999999999999999999", "%_\\'")
#: 其余的每页各试到一次，轮着落在不同的筛选项上；长的只交给一项，填满一行
QUERIES = (*group("sql"), *group("ordering_and_filter"), *group("text"), *group("header"))
LONG = tuple(text for text in (*group("regex_time"), *group("text"), *group("ordering_and_filter")) if len(text) > 1000)
#: 每张表单试的几种：NUL 与代理码、超长、方向控制符、换行、公式、模板、四字节字
TYPED = ("a\x00b\ud800c", "建" * 20000, "\u202e告报\u2066\u200b\ufeff", "主题\r\nBcc: x@example.invalid", "=1+1|cmd",
         "{{ 7*7 }}{% debug %}", "𠮷" * 300 + "<script>", "９９９９９９９９９９９９９９９９９９９９")


LISTS = [row for row in rows() if not row.route.parameters and allowed(row.key) and not row.key.startswith("admin:")]
PAGES = [row for row in rows() if allowed(row.key) and not row.key.startswith(("admin:", "api:"))]


def encoded(text: str) -> str:
    return urlencode({"": sendable(text)})[1:]


def queries(names: list[str], start: int) -> Iterator[dict[str, str]]:
    """这一页要发的各组筛选。``start`` 是第几页：同一句在各页落在不同的项上。"""
    for text in EVERYWHERE:
        yield dict.fromkeys(names, text)
    short = [text for text in QUERIES if text not in LONG]
    for first in range(0, len(short), len(names)):
        group = short[first : first + len(names)]
        yield {names[(start + number) % len(names)]: text for number, text in enumerate(group)}
    for number, text in enumerate(LONG):
        yield {"q" if number % 2 else names[(start + number) % len(names)]: text}


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.key)
def test_filters_answer_strange_strings(scene, row):  # noqa: F811
    """页面上的筛选项加上常见的参数名。"""
    url, role = row.targets(scene)[0], allowed(row.key)
    first = scene.ask(role, "GET", url)
    html = first.content.decode("utf-8", "replace") if "html" in first.get("Content-Type", "") else ""
    names = sorted({*COMMON, *(name for form in Forms(html).forms if form.method == "get" for name in form.texts)})
    for given in queries(names, LISTS.index(row)):
        began = time.monotonic()
        asked = "&".join(f"{name}={encoded(text)}" for name, text in given.items())
        answer = scene.ask(role, "GET", f"{url}?{asked}"[:LINE])
        assert answer.status_code < 500, repr(given)[:200]
        assert time.monotonic() - began < SECONDS, repr(given)[:200]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.key)
def test_forms_answer_strange_strings(scene, row):  # noqa: F811
    """办得了的人打开页面，把每个打字的地方填成怪字再交；只许收下或说哪里不对。"""
    url, role = row.targets(scene)[0], allowed(row.key)
    opened = scene.ask(role, "GET", url)
    if opened.status_code != 200 or "html" not in opened.get("Content-Type", ""):
        return
    for form in [one for one in Forms(opened.content.decode()).forms if one.method == "post" and one.texts]:
        for text in TYPED:
            answer = _send(scene, role, form, url, text)
            assert answer.status_code < 500, f"{form.action or url} {text[:20]!r}"


def _send(scene, role: str, form: PageForm, url: str, text: str):  # noqa: F811
    body = urlencode([(name, sendable(value)) for name, value in form.filled(text)])
    kept = lambda answer: _no_nul() and False  # noqa: E731
    return scene.ask(role, "POST", form.action or url, data=body, content_type=FORM, keep=kept)


def _no_nul() -> bool:
    """件的文字里没有 NUL（PostgreSQL 存不下，SQLite 存得下，所以要查）。"""
    tables = {"suggestions_suggestion": ("title", "body", "note"), "handlers_reply": ("opening", "closing"),
              "handlers_activity": ("content", "place"), "web_draft": ("title",)}
    with connection.cursor() as cursor:
        for name, columns in tables.items():
            cursor.execute(f"SELECT {', '.join(columns)} FROM {name}")  # noqa: S608
            assert not any("\x00" in (value or "") for row in cursor.fetchall() for value in row), name
    return True


API_WRITES = [(row, method) for row in rows() for method in row.route.methods
              if row.key.startswith("api:") and method in {"POST", "PATCH"} and allowed(row.key, method)]
BODIES = {
    "不是 JSON": b"{", "坏的编码": b'{"title": "\xff\xfe"}', "NUL": b'{"title": "a\\u0000b", "note": "a\\u0000b"}',
    "代理码": b'{"title": "\\ud800", "note": "\\ud800", "reason": "\\udfff"}', "数组": b"[1, 2]", "空值": b"null",
    "数": b'{"title": 1e999, "number": 99999999999999999999, "note": {"a": []}}', "深": b"[" * 50000,
    "重复的键": b'{"note": "a", "note": {"note": []}}',
}


@pytest.mark.parametrize(("row", "method"), API_WRITES, ids=lambda one: one.key if isinstance(one, Row) else one)
def test_the_api_answers_strange_bodies(scene, row, method):  # noqa: F811
    url, role = row.targets(scene)[0], allowed(row.key, method)
    for name, body in BODIES.items():
        answer = scene.ask(role, method, url, data=body, content_type="application/json", keep=lambda it: False)
        assert answer.status_code < 500, name
        assert answer.status_code in {204, 404} or json.loads(answer.content) is not None


@pytest.mark.parametrize("name", ["x-forwarded-for", "user-agent", "accept-language", "accept", "referer", "hx-target",
                                  "hx-current-url", "x-request-id", "if-modified-since", "range", "cookie"])
def test_headers_answer_strange_strings(scene, name):  # noqa: F811
    for text in ("\x01\x02", "é" * 300, "../../etc/passwd", "9" * 4000, "{{7*7}}", "a=b; lianluo=1; lianluo-csrf=<x>"):
        for url in ("/login/", "/office/suggestions/", "/api/v1/suggestions/", "/nowhere/"):
            answer = scene.ask("clerk", "GET", url, headers={name: text.encode("latin-1", "replace").decode("latin-1")})
            assert answer.status_code < 500


@pytest.mark.parametrize("path", [
    "/s/%00/0001/", "/s/14-4/%EF%BC%91/", "/s/14-4/٣/", "/s/14-4/b/", "/s/14-4/99999999999999999999/", "/my/c/%ff/",
    "/r/%00/", "/r/a%0d%0ab/", "/my/99999999999999999999/", "/replies/99999999999999999999/", "/workdays/99999999/",
    "/workdays/days/0000-00-00/", "/workdays/days/2026-02-30/", "/workdays/0/", "/files/99999999999999999999/",
    "/api/v1/suggestions/99999999999999999999/", "/admin/accounts/user/%00/change/", "/pub/%00/%ff/",
    "/office/due/assignment/99999999999999999999/", "/%2e%2e/%2e%2e/etc/passwd", "/static/../lianluo/settings.py",
])
def test_addresses_answer_strange_numbers(scene, path):  # noqa: F811
    """号码大过库里的整数、日期不存在、地址里有坏字符，都是 404（或 400），不是 500。"""
    for role in ("anonymous", "clerk", "lead", "unit_liaison", "sysadmin"):
        assert scene.ask(role, "GET", path).status_code in {200, 301, 302, 400, 403, 404, 410}, role
        assert scene.ask(role, "POST", path, keep=lambda it: False).status_code < 500, role
