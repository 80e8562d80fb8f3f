"""没有校验令牌、令牌是别人的、从别的站来、装成纯文本的写请求，一概 403，库一字不动。"""
from __future__ import annotations

import pytest
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from tests.routes import rows
from tests.scene import scene  # noqa: F401
from tests.test_permissions import allowed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
COOKIE = "lianluo-csrf"


WRITES = [row for row in rows() if allowed(row.key, "POST")]


def token() -> str:
    """一枚像样、却不属于这个浏览器的令牌。"""
    return get_token(RequestFactory().get("/"))


FORM = "application/x-www-form-urlencoded"
ATTACKS = {
    "没有令牌": {"data": b"", "content_type": FORM},
    "别人的令牌": {"data": b"csrfmiddlewaretoken=", "content_type": FORM},
    "别的站": {"data": b"", "content_type": FORM, "headers": {"origin": "https://evil.example"}},
    "装成纯文本": {"data": b'{"a": 1}', "content_type": "text/plain"},
}


@pytest.mark.parametrize("row", WRITES, ids=lambda row: row.key)
def test_a_write_without_our_token_is_refused(scene, row):  # noqa: F811
    role, url = allowed(row.key, "POST"), row.targets(scene)[0]
    for name, attack in ATTACKS.items():
        request = dict(attack)
        if name == "别人的令牌":
            request["data"] += token().encode()
        answer = scene.ask(role, "POST", url, strict=True, **request)
        assert answer.status_code == 403, f"{name}：{role} {url} 得 {answer.status_code}"
    assert scene.changed() == []


def test_there_are_writes_to_try():
    assert len(WRITES) > 80


def test_with_the_right_token_the_same_request_passes():
    """反证：令牌对了就收。"""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/login/")
    value = browser.cookies[COOKIE].value
    typed = {"username": "nobody", "password": "x"}
    assert browser.post("/login/", typed).status_code == 403
    assert browser.post("/login/", {**typed, "csrfmiddlewaretoken": value}).status_code != 403
