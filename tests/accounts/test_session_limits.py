"""会话限度：空闲与绝对上限精确到秒，拨钟不能延长；停用、改密码、全部退出下一次请求即生效。"""
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianluo.accounts import actions, sessions
from lianluo.accounts.models import User, UserSession
from lianluo.accounts.session_store import SessionStore
from lianluo.audit.models import AuditEvent

from .conftest import is_signed_in

START = "2026-11-24 09:00 +0800"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(("seconds", "stays"), [(-1, True), (0, False), (1, False)])
def test_the_idle_limit_holds_to_the_second(client, liu, log_in, settings, clock, seconds, stays):
    log_in(client, "liu")
    clock.shift(settings.SESSION_IDLE_SECONDS + seconds)
    assert is_signed_in(client) is stays


@pytest.mark.parametrize(("seconds", "stays"), [(-1, True), (0, False), (1, False)])
def test_the_absolute_limit_holds_to_the_second_however_busy(client, liu, log_in, settings, clock, seconds, stays):
    log_in(client, "liu")
    hours = settings.SESSION_COOKIE_AGE // 3600
    for _ in range(hours - 1):
        clock.shift(3600)
        assert is_signed_in(client)
    clock.shift(3600 + seconds)
    assert is_signed_in(client) is stays


def test_turning_the_clock_back_does_not_lengthen_a_session(client, liu, log_in, clock):
    log_in(client, "liu")
    clock.shift(-3600)
    assert not is_signed_in(client)


def test_an_ended_session_is_gone_and_says_why(client, liu, log_in, settings, clock):
    log_in(client, "liu")
    key = client.cookies["lianluo"].value
    clock.shift(settings.SESSION_IDLE_SECONDS)
    page = client.get("/probe/own/", follow=True).content.decode()
    assert "没有操作，重新登录后继续" in page
    assert not client.session.exists(key) and not UserSession.objects.exists()


def test_an_ended_session_still_reads_public_pages(client, liu, log_in, settings, clock):
    log_in(client, "liu")
    clock.shift(settings.SESSION_IDLE_SECONDS)
    assert client.get("/probe/open/").status_code == 200


def test_last_seen_is_written_at_most_once_a_minute(client, liu, log_in, clock):
    log_in(client, "liu")

    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            is_signed_in(client)
        reading = ("SELECT", "EXECUTE", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return sum(not row["sql"].startswith(reading) for row in queries)

    clock.shift(59)
    assert writes() == 0
    clock.shift(1)
    assert writes() > 0 and writes() == 0
    liu.refresh_from_db()
    assert liu.last_seen_at == UserSession.objects.get().last_seen_at


def test_a_request_costs_two_queries_before_roles(client, liu, log_in, django_assert_num_queries):
    log_in(client, "liu")
    with django_assert_num_queries(2):  # 会话、账号；登录代次不另查
        client.get("/probe/own/")


@pytest.mark.parametrize(
    "end",
    [
        lambda liu, boss: actions.disable_account(liu, actor=boss),
        lambda liu, boss: User.objects.filter(pk=liu.pk).update(is_active=False),
        lambda liu, boss: actions.reset_password(liu, actor=boss),
        lambda liu, boss: actions.change_password(liu, "Another-Strong-59", actor=liu),
        lambda liu, boss: actions.end_all_sessions(liu, actor=boss),
        lambda liu, boss: actions.change_account(liu, ["phone"], actor=boss),
    ],
    ids=["停用", "直接改库停用", "重设密码", "改密码", "结束全部登录", "改取码手机"],
)
def test_a_live_session_ends_at_the_next_request(client, liu, person, log_in, end):
    log_in(client, "liu")
    assert is_signed_in(client)
    end(User.objects.get(pk=liu.pk), person("boss"))
    assert not is_signed_in(client)


def test_a_disabled_account_enabled_again_does_not_revive_old_sessions(client, liu, person, log_in):
    boss = person("boss")
    log_in(client, "liu")
    actions.disable_account(liu, actor=boss)
    actions.enable_account(liu, actor=boss)
    assert not is_signed_in(client)


def test_own_sessions_are_listed_and_others_can_be_ended(client, liu, log_in):
    phone = Client(headers={"User-Agent": "Phone Browser"})
    log_in(client, "liu")
    log_in(phone, "liu")
    page = client.get(reverse("accounts:profile")).content.decode()
    assert "Phone Browser" in page and "本次登录" in page and "138****1402" in page
    client.post(reverse("accounts:sessions_end_others"))
    assert is_signed_in(client) and not is_signed_in(phone)
    assert UserSession.objects.get().key_hash == sessions.key_hash(client.cookies["lianluo"].value)
    assert AuditEvent.objects.filter(event="account.sessions_ended", data__count=1).count() == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 12) Chrome/99 MicroMessenger/8.0", "安卓手机，微信"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/110 Safari/537 Edg/110", "Windows 电脑，微软浏览器"),
        ("curl/8", "认不出的浏览器"),
    ],
)
def test_a_session_is_named_in_plain_words(agent, words):
    assert UserSession(agent=agent).device == words


def test_one_session_is_ended_and_no_one_elses(client, liu, person, log_in):
    person("chen")
    phone, stranger = Client(), Client()
    for browser, name in ((client, "liu"), (phone, "liu"), (stranger, "chen")):
        log_in(browser, name)
    row = {name: UserSession.objects.filter(key_hash=sessions.key_hash(b.cookies["lianluo"].value)).get().pk
           for b, name in ((phone, "phone"), (stranger, "stranger"))}
    assert client.post(reverse("accounts:session_end", args=[row["stranger"]])).status_code == 404
    assert client.post(reverse("accounts:session_end", args=[row["phone"]])).status_code == 302
    assert is_signed_in(client) and is_signed_in(stranger) and not is_signed_in(phone)


def test_stale_rows_are_swept(client, liu, log_in, settings, clock):
    from django.utils import timezone

    log_in(client, "liu")
    clock.shift(settings.SESSION_COOKIE_AGE + 1)
    assert actions.sweep(timezone.now()) == 1 and not UserSession.objects.exists()


@pytest.mark.parametrize("key", ["\0abcdefgh", "abcdefg\0h", "abcdefg'h", "ÿÿÿÿÿÿÿÿ"])
def test_a_key_that_cannot_be_one_of_ours_is_not_looked_up(client, world, key):
    """PostgreSQL 查不了空字符：不认的会话号当作没有，公开页照样打开。"""
    assert SessionStore(key).session_key is None
    client.cookies["lianluo"] = key
    assert client.get("/").status_code == 200
