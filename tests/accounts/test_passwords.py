"""改密码：初始密码必须先改；改后别处登录失效；不收常见的与带字眼的密码。"""
import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from lianluo.accounts import actions
from lianluo.accounts.models import User
from lianluo.accounts.passwords import initial_password
from lianluo.audit.models import AuditEvent

from .conftest import PASSWORD, is_signed_in

NEW = "Xiangjiang-Boat-52"


def change(client, old=PASSWORD, new=NEW, again=None):
    values = {"old_password": old, "new_password": new, "new_password_again": again or new}
    return client.post(reverse("accounts:password_change"), values)


def test_with_an_initial_password_nothing_else_is_reachable(client, person, log_in):
    account, initial = actions.create_account(username="zhao", name="赵处长", actor=None)
    assert log_in(client, "zhao", initial)["Location"] == reverse("accounts:password_change")
    for path in ["/probe/own/", "/probe/open/", reverse("accounts:tokens"), "/admin/"]:
        assert client.get(path)["Location"] == reverse("accounts:password_change")
    assert client.get("/api/probe/").status_code == 403
    assert change(client, initial).status_code == 302
    assert is_signed_in(client)


def test_someone_forced_to_change_can_still_log_out(client, log_in):
    _, initial = actions.create_account(username="zhao", name="赵处长", actor=None)
    log_in(client, "zhao", initial)
    assert client.post(reverse("accounts:logout")).status_code == 302 and not is_signed_in(client)


def test_changing_ends_the_other_sessions_and_keeps_this_one(client, liu, log_in):
    other = Client()
    log_in(client, "liu")
    log_in(other, "liu")
    key = client.cookies["lianluo"].value
    assert change(client).status_code == 302
    assert is_signed_in(client) and client.cookies["lianluo"].value != key and not is_signed_in(other)
    assert log_in(Client(), "liu").status_code == 422 and log_in(Client(), "liu", NEW).status_code == 302
    assert AuditEvent.objects.filter(event="account.password_changed").count() == 1


def test_the_back_office_has_no_way_of_its_own_to_change_it_or_leave(client, liu, log_in):
    """Django 后台自带的改密码页不限猜的次数、不留痕，所以只转到这一页；退出也走同一处。"""
    User.objects.filter(pk=liu.pk).update(is_staff=True)
    log_in(client, "liu")
    values = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/admin/password_change/", values)["Location"] == reverse("accounts:password_change")
    liu.refresh_from_db()
    assert liu.check_password(PASSWORD)
    client.post("/admin/logout/")
    assert not is_signed_in(client) and not liu.sessions.exists()
    assert AuditEvent.objects.filter(event="account.signed_out").count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"old": "wrong-password"}, "原密码不对"),
        ({"new": PASSWORD}, "与现在的相同"),
        ({"again": "different-thing-1"}, "不一致"),
        ({"new": "short1"}, "8"),
        ({"new": "password123"}, "密码"),
        ({"new": "1357924680"}, "数字"),
    ],
)
def test_a_bad_change_is_refused_with_what_to_do(client, liu, log_in, values, sentence):
    log_in(client, "liu")
    answer = change(client, **values)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_guessing_the_old_password_is_limited_and_not_recorded(client, liu, log_in):
    log_in(client, "liu")
    answers = [change(client, f"Guess-Old-{number}").status_code for number in range(6)]
    assert answers == [422] * 4 + [429] * 2
    kept = str(list(AccessAttempt.objects.values()))
    assert "Guess-Old" not in kept and NEW not in kept


def test_whoever_forgot_it_enters_by_code_and_sets_a_new_one(client, liu, ask_code, give_code, last_code):
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as clock:
        ask_code("13800001402")
        give_code(last_code())
        assert "原密码" not in client.get(reverse("accounts:password_change")).content.decode()
        clock.shift(601)
        assert "原密码" in client.get(reverse("accounts:password_change")).content.decode()
        clock.shift(-60)
        assert change(client, old="").status_code == 302
    assert User.objects.get().check_password(NEW)


WEAK = ["renda2018", "Jianyi-12345", "人大建议2026", "lianluo888888", "ＨＵＮＡＮ20262026", "liu13800001402"]
GOOD = [NEW, "8x!9Qz7&2w", "renda-kingfisher-blue", "长沙的雨一直下到清明", "Aq7" * 21 + "!"]


@pytest.mark.parametrize("weak", WEAK)
def test_passwords_made_of_this_office_are_refused(liu, weak):
    with pytest.raises(ValidationError):
        validate_password(weak, liu)


@pytest.mark.parametrize("good", GOOD)
def test_long_or_random_passwords_are_taken_up_to_64(liu, good):
    validate_password(good, liu)


def test_initial_passwords_are_random_and_valid(liu):
    made = {initial_password() for _ in range(200)}
    assert len(made) == 200 and all(len(word) == 14 for word in made)
    for word in made:
        validate_password(word, liu)


def test_a_password_past_its_days_must_be_changed_when_the_profile_says_so(client, liu, log_in, settings):
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as clock:
        User.objects.update(password_changed_at="2026-08-26T09:00:01+08:00")
        log_in(client, "liu")
        settings.PASSWORD_MAX_AGE_DAYS = 90
        assert is_signed_in(client)
        clock.shift(1)
        assert client.get("/probe/own/")["Location"] == reverse("accounts:password_change")
        settings.PASSWORD_MAX_AGE_DAYS = 0
        assert is_signed_in(client)
