"""密码登录：通过与拒绝、换会话号、登录后去处、看不出账号有没有。"""
import json
import re
from urllib.parse import urljoin, urlsplit

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianluo.accounts.models import User, UserSession
from lianluo.audit.models import AuditEvent

from .conftest import PASSWORD, is_signed_in


def events(name: str) -> int:
    return AuditEvent.objects.filter(event=name).count()


def test_the_right_password_enters_and_a_wrong_one_does_not(client, liu, log_in):
    refused = log_in(client, "liu", "wrong-password")
    assert refused.status_code == 422 and not is_signed_in(client)
    assert log_in(client, "liu").status_code == 302 and is_signed_in(client)
    assert (events("account.sign_in_failed"), events("account.signed_in")) == (1, 1)


@pytest.mark.parametrize("typed", ["LIU", "ｌｉｕ", " liu ", "Ｌiu"])
def test_width_and_case_of_the_username_do_not_matter(client, liu, log_in, typed):
    assert log_in(client, typed).status_code == 302


def test_an_empty_form_says_what_to_fill(client):
    text = client.post(reverse("accounts:login"), {}).content.decode()
    assert "填写登录名" in text and "填写密码" in text


def test_overlong_entries_are_refused_before_any_guess_is_counted(client, liu, log_in):
    text = log_in(client, "l" * 121, "p" * 129).content.decode()
    assert "登录名缩短到 120 字以内" in text and "密码缩短到 128 字以内" in text and not AccessAttempt.objects.exists()


def test_a_disabled_account_is_refused_like_a_wrong_password(client, liu, log_in):
    wrong = log_in(client, "liu", "wrong-password").content
    User.objects.update(is_active=False)
    disabled = log_in(client, "liu")
    assert disabled.status_code == 422 and _bare(disabled.content) == _bare(wrong)


def _bare(content: bytes) -> str:
    """去掉每次都变的令牌和填过的登录名。"""
    return re.sub(r'value="[^"]*"', "", content.decode())


def test_unknown_and_known_accounts_answer_alike(client, liu, log_in, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(1) or encode(self, *a))

    def try_once(username: str):
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            response = log_in(Client(), username, "wrong-password")
        return response.status_code, _bare(response.content), len(hashed), len(queries)

    try_once("warm-up")
    assert try_once("liu") == try_once("nobody-here")


def test_the_session_key_changes_at_login_and_the_old_one_is_dead(client, liu, log_in):
    client.post(reverse("accounts:code"), {"contact": "13800001402"})
    planted = client.cookies["lianluo"].value
    log_in(client, "liu")
    assert client.cookies["lianluo"].value != planted
    thief = Client()
    thief.cookies["lianluo"] = planted
    assert not is_signed_in(thief)


@pytest.mark.parametrize("second", ["liu", "chen"])
def test_logging_in_again_ends_the_earlier_session(client, liu, person, log_in, second):
    person("chen")
    log_in(client, "liu")
    earlier = Client()
    earlier.cookies["lianluo"] = client.cookies["lianluo"].value
    assert log_in(client, second).status_code == 302 and is_signed_in(client)
    assert not is_signed_in(earlier) and UserSession.objects.count() == 1


def test_a_forced_session_key_is_not_taken_over(client, liu, log_in):
    client.cookies["lianluo"] = "a" * 32
    log_in(client, "liu")
    assert client.cookies["lianluo"].value != "a" * 32


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)", "/\tevil", "https:/evil.example", "ｈttps://evil.example", " //evil.example",
        "\x00//evil", "@evil.example",
        "http://testserver@evil.example/", "/%09/evil.example", "data:text/html,x",
    ],
)
def test_login_never_leads_off_the_site(client, liu, log_in, target):
    place = log_in(client, "liu", next=target)["Location"]
    assert place.startswith("/") and not place.startswith(("//", "/\\"))
    assert urlsplit(urljoin("http://testserver/login/", place)).netloc == "testserver"


def test_login_leads_back_to_the_page_asked_for(client, liu, log_in):
    asked = client.get("/probe/own/?page=2")
    assert asked["Location"] == f"{reverse('accounts:login')}?next=/probe/own/%3Fpage%3D2"
    assert log_in(client, "liu", next="/probe/own/?page=2")["Location"] == "/probe/own/?page=2"


def test_logout_is_by_post_and_leaves_no_session_behind(client, liu, log_in):
    log_in(client, "liu")
    assert client.get(reverse("accounts:logout")).status_code == 405 and is_signed_in(client)
    key = client.cookies["lianluo"].value
    client.post(reverse("accounts:logout"))
    assert not is_signed_in(client) and not UserSession.objects.exists()
    assert not client.session.exists(key) and events("account.signed_out") == 1


def test_login_and_logout_ask_for_the_csrf_token(liu, log_in):
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "liu").status_code == 403
    assert strict.post(reverse("accounts:logout")).status_code == 403


def test_the_password_is_nowhere_in_the_records(client, liu, log_in):
    log_in(client, "liu", "Secret-Wrong-77")
    log_in(client, "Secret-In-The-Wrong-Box")
    attempts = AccessAttempt.objects.values("get_data", "post_data")
    kept = json.dumps([*attempts, *AuditEvent.objects.values("data", "reason", "target_name")])
    assert "Secret-Wrong-77" not in kept and "Wrong-Box" not in kept


def test_demo_accounts_are_offered_only_in_the_demo(client, liu, settings):
    rows = [{"label": "联工委", "username": "liu", "password": PASSWORD, "what": "登记、交办"}]
    (settings.VAR_DIR / "demo_accounts.json").write_text(json.dumps(rows), encoding="utf-8")
    assert PASSWORD not in client.get(reverse("accounts:login")).content.decode()
    settings.DEMO = True
    page = client.get(reverse("accounts:login")).content.decode()
    assert "以联工委登录" in page and PASSWORD in page


def test_someone_signed_in_is_led_past_the_login_page(client, liu, log_in):
    log_in(client, "liu")
    assert client.get(reverse("accounts:login"), {"next": "/probe/own/"})["Location"] == "/probe/own/"


def test_login_pages_are_not_stored(client):
    assert "no-store" in client.get(reverse("accounts:login"))["Cache-Control"]


def test_there_is_no_account_after_migrate():
    assert User.objects.count() == 0
