"""连续猜密码：五次即锁，换写法、换伪造来源都不能多试；一个来源也有总数上限。"""
import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from lianluo.accounts import actions, limits
from lianluo.audit.models import AuditEvent

from .conftest import is_signed_in


@pytest.fixture
def evaluated(monkeypatch):
    """真正比对过的密码次数。"""
    done = []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda self, *a: done.append(1) or verify(self, *a))
    return done


def test_of_a_hundred_guesses_five_are_evaluated(client, liu, log_in, evaluated):
    answers = [log_in(client, "liu", f"guess-{number}") for number in range(100)]
    assert len(evaluated) == 5
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 96


def test_the_right_password_during_the_lock_gets_the_same_page(client, liu, log_in):
    for number in range(5):
        locked = log_in(client, "liu", f"guess-{number}")
    right = log_in(client, "liu")
    assert right.status_code == locked.status_code == 429
    assert right.content == locked.content and not is_signed_in(client)
    assert "登录暂停 15 分钟" in right.content.decode()


def test_an_unknown_account_is_locked_alike(client, liu, log_in):
    pages = []
    for username in ("liu", "nobody"):
        answers = [log_in(client, username, f"guess-{number}") for number in range(6)]
        pages.append([(answer.status_code, answer.content if answer.status_code == 429 else b"") for answer in answers])
    assert pages[0] == pages[1]


def test_other_spellings_of_the_username_give_no_further_guesses(client, liu, log_in, evaluated):
    for username in ["liu", "LIU", "ｌｉｕ", "Liu", "l iu", " LIU", "LiU", "lIu"]:
        log_in(client, username, "guess")
    assert len(evaluated) == 5


def test_forged_forwarding_headers_give_no_further_guesses(client, liu, log_in, evaluated):
    for number in range(20):
        client.post(
            reverse("accounts:login"), {"username": "liu", "password": "guess"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.1.{number}", "User-Agent": f"{number}"},
        )
    assert len(evaluated) == 5


def test_behind_a_declared_proxy_the_forwarded_address_counts(client, liu, log_in, settings, evaluated):
    settings.AXES_IPWARE_PROXY_COUNT = 1
    for number in range(10):
        client.post(
            reverse("accounts:login"), {"username": "liu", "password": "guess"},
            headers={"X-Forwarded-For": f"10.9.9.9, 10.0.0.{number % 2}"},
        )
    assert len(evaluated) == 10  # 两个来源各五次


def test_the_lock_ends_after_fifteen_minutes(client, liu, log_in):
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as clock:
        for number in range(5):
            log_in(client, "liu", f"guess-{number}")
        clock.shift(14 * 60)
        assert log_in(client, "liu").status_code == 429
        clock.shift(62)
        assert log_in(client, "liu").status_code == 302


def test_spraying_one_password_over_many_accounts_is_stopped(client, log_in, liu, monkeypatch):
    monkeypatch.setattr(limits, "FAILURES_PER_ADDRESS", 20)
    answers = [log_in(client, f"person{number}", "Spring2026").status_code for number in range(30)]
    assert answers.count(422) == 20 and answers[20:] == [429] * 10
    assert log_in(client, "liu").status_code == 429


def test_success_clears_the_count(client, liu, log_in):
    for _ in range(3):
        for number in range(4):
            log_in(client, "liu", f"guess-{number}")
        assert log_in(client, "liu").status_code == 302
        client.post(reverse("accounts:logout"))


def test_each_failure_and_the_lock_leave_one_line(client, liu, log_in):
    for number in range(6):
        log_in(client, "liu", f"guess-{number}")
    names = list(AuditEvent.objects.order_by("id").values_list("event", flat=True))
    assert names == ["account.sign_in_failed"] * 4 + ["account.locked", "account.sign_in_failed"]


def test_an_administrator_lifts_the_lock(client, liu, log_in, person):
    for number in range(5):
        log_in(client, "ＬＩＵ", f"guess-{number}")
    actions.unlock_account(liu, actor=person("wang"))
    assert not AccessAttempt.objects.exists() and log_in(Client(), "liu").status_code == 302
