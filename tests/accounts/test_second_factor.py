"""双因素：密码之后还要验证码，验证码之后还要密码；跳步、重放、换会话都进不来。"""
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianluo.accounts.models import OneTimeCode
from lianluo.accounts.roles import Role

from .conftest import PASSWORD, is_signed_in


@pytest.fixture(autouse=True)
def two_steps(settings):
    settings.SECOND_FACTOR = True


def second(client, **values):
    return client.post(reverse("accounts:second_step"), values)


def test_password_then_code_enters_and_the_password_alone_reaches_no_page(client, liu, log_in, last_code):
    held = log_in(client, "liu", next="/probe/own/?a=1")
    assert held["Location"] == reverse("accounts:second_step") and not is_signed_in(client)
    for path in ["/probe/office/", "/probe/plain/", reverse("accounts:profile"), reverse("accounts:tokens")]:
        assert client.get(path).status_code == 302
    assert "尾号 1402 的手机" in client.get(held["Location"]).content.decode()
    assert second(client, code=last_code())["Location"] == "/probe/own/?a=1" and is_signed_in(client)


def test_the_session_key_changes_at_both_steps(client, liu, log_in, last_code):
    client.get(reverse("accounts:login"))
    log_in(client, "liu")
    between = client.cookies["lianluo"].value
    second(client, code=last_code())
    assert client.cookies["lianluo"].value != between
    thief = Client()
    thief.cookies["lianluo"] = between
    assert not is_signed_in(thief) and second(thief, code="000000")["Location"] == reverse("accounts:login")


def test_a_session_from_another_door_does_not_count(client, liu):
    client.force_login(liu)
    assert not is_signed_in(client)


def test_a_code_of_another_login_does_not_pass(liu, log_in, last_code):
    mine, thief = Client(), Client()
    log_in(mine, "liu")
    code = last_code()
    log_in(thief, "liu")
    assert second(thief, code=code).status_code == 422 and not is_signed_in(thief)
    assert second(mine, code=code).status_code == 302


def test_a_sign_in_code_is_not_a_second_step_code(client, liu, log_in, ask_code, last_code):
    ask_code("13800001402")
    code = last_code()
    log_in(client, "liu")
    if code != last_code():
        assert second(client, code=code).status_code == 422 and not is_signed_in(client)


def test_a_code_for_someone_else_does_not_pass(client, liu, person, log_in, ask_code, last_code):
    person("chen", phone="13800002222")
    log_in(client, "chen")
    code = last_code()
    log_in(client, "liu")
    second(client, code=code)
    assert not is_signed_in(client)


def test_five_wrong_codes_end_the_chance(client, liu, log_in, last_code):
    log_in(client, "liu")
    right = last_code()
    for step in range(1, 6):
        second(client, code=f"{(int(right) + step) % 1000000:06d}")
    assert second(client, code=right).status_code == 422 and not is_signed_in(client)


def test_a_used_code_is_not_good_twice(client, liu, log_in, last_code):
    log_in(client, "liu")
    code = last_code()
    second(client, code=code)
    client.post(reverse("accounts:logout"))
    log_in(client, "liu")
    if code != last_code():
        assert second(client, code=code).status_code == 422
    assert not is_signed_in(client)


def test_the_half_done_login_lapses_after_ten_minutes(client, liu, log_in, last_code):
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as clock:
        log_in(client, "liu")
        clock.shift(601)
        assert second(client, code=last_code())["Location"] == reverse("accounts:login")


def test_the_half_done_login_ends_with_the_account(client, liu, log_in, last_code):
    log_in(client, "liu")
    liu.is_active = False
    liu.save()
    assert second(client, code=last_code())["Location"] == reverse("accounts:login")


def test_code_first_still_needs_the_password(client, liu, ask_code, give_code, last_code):
    ask_code("13800001402")
    assert give_code(last_code())["Location"] == reverse("accounts:second_step") and not is_signed_in(client)
    assert second(client, password="wrong-password").status_code == 422 and not is_signed_in(client)
    assert second(client, password=PASSWORD).status_code == 302 and is_signed_in(client)


def test_the_code_can_be_sent_again(client, liu, log_in, texts, last_code):
    with time_machine.travel("2026-11-24 09:00 +0800", tick=False) as clock:
        log_in(client, "liu")
        clock.shift(61)
        client.post(reverse("accounts:second_resend"))
        assert len(texts()) == 2 and second(client, code=last_code()).status_code == 302


def test_a_deputy_enters_by_code_alone(client, person, ask_code, give_code, last_code):
    person("deputy1", Role.DEPUTY, phone="13800003333", password=None)
    ask_code("13800003333")
    assert give_code(last_code()).status_code == 302 and is_signed_in(client)


def test_an_account_that_cannot_get_a_code_is_told_what_to_do(client, person, log_in):
    person("bare")
    page = client.get(log_in(client, "bare")["Location"]).content.decode()
    assert "联系系统管理员" in page and OneTimeCode.objects.get().account is None
