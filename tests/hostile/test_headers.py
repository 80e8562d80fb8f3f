"""安全响应头：每条路由的每种回答都带着，4xx、5xx、静态文件、接口、后台也不例外。"""
from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.routes import Row, rows
from tests.scene import scene  # noqa: F401
from tests.test_permissions import allowed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
#: 每条的要求；'none' 更严，也算
POLICY = {
    "default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'",
    "form-action": "'self'",
}
PLAIN = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"}


def faults(response: HttpResponse, *, private: bool) -> list[str]:
    """少了哪些、错了哪些。``private`` 是登录之后的回答，不许浏览器与代理留存（ASVS 14.3.2）。"""
    head, found = response.headers, []
    policy = dict(part.strip().partition(" ")[::2] for part in head.get("Content-Security-Policy", "").split(";"))
    found += [f"CSP {name} 是 {policy.get(name)!r}" for name, want in POLICY.items()
              if policy.get(name) not in {want, "'none'"}]
    found += [f"CSP 放宽了 {name} {value}" for name, value in policy.items()
              if "unsafe" in value or "*" in value or "http:" in value]
    found += [f"{name} 是 {head.get(name)!r}" for name, want in PLAIN.items() if head.get(name) != want]
    if head.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append(f"Referrer-Policy 是 {head.get('Referrer-Policy')!r}")
    if private and "no-store" not in head.get("Cache-Control", ""):
        found.append(f"Cache-Control 是 {head.get('Cache-Control')!r}")
    if "text/html" in head.get("Content-Type", "") and "utf-8" not in head["Content-Type"]:
        found.append(f"Content-Type 是 {head['Content-Type']!r}")
    return found + [f"多余的 {name}" for name in ("Server", "X-Powered-By") if name in head]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.key)
def test_every_answer_carries_the_headers(scene, row):  # noqa: F811
    """没登录的、打得开的、办得了的、被拒绝的各一次。"""
    url = row.targets(scene)[0]
    visits = {("anonymous", "GET"), (allowed(row.key), "GET"), (allowed(row.key, "POST"), "POST"), ("stranger", "GET")}
    for role, method in sorted(visits):
        if role:
            answer = scene.ask(role, method, url, keep=lambda it: False)
            assert faults(answer, private=role != "anonymous") == [], f"{role} {method} {url} {answer.status_code}"


@pytest.mark.parametrize("path", [
    "/nowhere/", "/api/v1/nowhere/", "/static/css/base.css", "/static/nowhere.css", "/media/1/a.txt", "/admin/nowhere/",
])
def test_answers_outside_the_routes_carry_them_too(scene, path):  # noqa: F811
    static = path.startswith("/static/css")
    for role in ("anonymous", "clerk"):
        answer = scene.ask(role, "GET", path)
        hidden = path.startswith("/admin/") and role == "anonymous"  # 后台有没有这一页，登录以后才说
        assert answer.status_code == (200 if static else 302 if hidden else 404)
        if not static:  # 静态文件由 whitenoise 直接给，不经视图
            assert faults(answer, private=role != "anonymous") == []


def test_a_crash_carries_the_headers_and_tells_nothing(scene, monkeypatch):  # noqa: F811
    def broken(*args, **kwargs):
        raise RuntimeError("口令是 hunter2")

    monkeypatch.setattr("lianluo.web.views.render_page", broken)
    answer = scene.ask("clerk", "GET", "/web/keys/")
    assert answer.status_code == 500
    assert faults(answer, private=True) == []
    assert "hunter2" not in answer.content.decode() and "RuntimeError" not in answer.content.decode()


def test_a_foreign_host_is_refused():
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert faults(answer, private=False) == []


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG", "PROPFIND"])
def test_odd_methods_are_not_answered(scene, method):  # noqa: F811
    """ASVS 13.4.4：没有 TRACE；别的怪方法也不办事。"""
    answer = scene.ask("clerk", method, "/office/suggestions/")
    assert "Cookie" not in answer.content.decode()
    assert scene.ask("anonymous", method, "/login/").status_code in {200, 403, 405}


def test_cookies_are_kept_from_scripts(scene):  # noqa: F811
    answer = Client().get("/login/")
    assert settings.SESSION_COOKIE_HTTPONLY and settings.CSRF_COOKIE_HTTPONLY
    for cookie in answer.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_under_https_cookies_and_transport_are_strict(tmp_path):
    """LIANLUO_HTTPS=1 的设置：HSTS 一年含子域，__Host- 饼干只走 HTTPS（ASVS 3.3、3.4.1）。"""
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME",
             "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE")
    code = f"import json; from lianluo import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    env = {**os.environ, "LIANLUO_HTTPS": "1", "LIANLUO_VAR": str(tmp_path), "SECRET_KEY": "x" * 60}
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=env, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found.pop("SECURE_HSTS_SECONDS") >= 31536000
    assert found.pop("SESSION_COOKIE_NAME").startswith("__Host-")
    assert found.pop("CSRF_COOKIE_NAME").startswith("__Host-")
    assert all(found.values())


def test_hsts_is_sent_over_https(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    answer = Client().get("/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("name", [*POLICY, *PLAIN, "Referrer-Policy", "Cache-Control"])
def test_the_check_sees_each_missing_header(name):
    """反证：拿掉一样就看得出来。"""
    answer = HttpResponse()
    policy = "; ".join(f"{key} {value}" for key, value in POLICY.items() if key != name)
    whole = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin", "Cache-Control": "no-store", **PLAIN}
    for key, value in whole.items():
        if key != name:
            answer[key] = value
    assert len(faults(answer, private=True)) == 1


def test_every_route_was_asked():
    assert len(rows()) > 200 and all(isinstance(row, Row) for row in rows())
