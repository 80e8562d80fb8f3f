"""跳转只到本站：``next`` 等参数、来路、局部请求头里写什么地址都不出去（ASVS 3.7.2）。"""
from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.test import Client

from tests.hostile.payloads import group
from tests.routes import rows
from tests.scene import scene  # noqa: F401
from tests.test_permissions import allowed
from tests.world import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAMES = ("next", "back", "return", "return_to", "redirect", "url", "from", "go", "result_url")
AWAY = (
    *group("url"), "https://evil.example/", "//evil.example", "///evil.example", "\\\\evil.example", "/\t/evil.example",
    "http:///evil.example", "https:evil.example", " //evil.example", "/%0d%0aLocation:%20//evil.example", "http://a@b/",
    "https://testserver.evil.example/", "https://testserver@evil.example/",
)
ROUTES = [row for row in rows() if not row.key.startswith(("admin", "api"))]
FOUR = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")


def stays(location: str) -> bool:
    """照浏览器的规矩解开，看是不是还在本站。"""
    bare = "".join(one for one in location.strip() if one not in "\t\r\n").replace("\\", "/")
    landed = urlsplit(urljoin("http://testserver/somewhere/", bare))
    return landed.scheme == "http" and landed.netloc == "testserver"


def places(answer) -> list[str]:
    return [answer.headers[name] for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh")
            if name in answer.headers]


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.key)
def test_no_page_sends_anyone_away(scene, row):  # noqa: F811
    """每条路由都带上全部参数名：办得了的人四种地址各交一次，打得开的与匿名的轮着试。"""
    url, turn = row.targets(scene)[0], ROUTES.index(row)
    visits = [(allowed(row.key, "POST") or "clerk", "POST", number) for number in range(4)]
    visits += [(allowed(row.key) or "clerk", "GET", turn)]
    visits += [("anonymous", "GET", turn + 1), ("anonymous", "POST", turn + 2)]
    for role, method, number in visits:
        away = FOUR[number % 4]
        given = urlencode(dict.fromkeys(NAMES, away))
        headers = {"referer": away, "hx-current-url": away, **({"hx-request": "true"} if number % 2 else {})}
        answer = scene.ask(
            role, method, f"{url}?{given}", data=given, headers=headers, keep=lambda it: False,
            content_type="application/x-www-form-urlencoded",
        )
        assert [place for place in places(answer) if not stays(place)] == []


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_stays_on_this_site(scene, away):  # noqa: F811
    answer = Client().post("/login/", {"username": "clerk", "password": PASSWORD, "next": away})
    assert answer.status_code == 302 and all(stays(place) for place in places(answer))


def test_signing_in_goes_back_inside():
    """反证：站内的地址照去。"""
    assert stays("/office/suggestions/?q=1") and stays("http://testserver/x") and stays("?page=2")
    assert not any(stays(away) for away in (*FOUR, "/\t/evil.example", "https:evil.example"))
