"""验证码登录：单次、限时、限次、认会话；看不出账号有没有。"""
import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianluo.accounts import codes, delivery, limits
from lianluo.accounts.models import OneTimeCode, User

from .conftest import is_signed_in

START = "2026-11-24 09:00 +0800"


def test_a_code_enters_once_and_a_wrong_one_does_not(client, liu, ask_code, give_code, last_code):
    assert ask_code("13800001402")["Location"] == reverse("accounts:code_check")
    right = last_code()
    wrong = f"{(int(right) + 1) % 1000000:06d}"
    assert give_code(wrong).status_code == 422 and not is_signed_in(client)
    assert give_code(right).status_code == 302 and is_signed_in(client)
    client.post(reverse("accounts:logout"))
    assert give_code(right).status_code == 422 and not is_signed_in(client)


@pytest.mark.parametrize("shape", ["{0} {1}", "{0}-{1}", "　{0}{1} ", "full"])
def test_spaces_hyphens_and_full_width_digits_are_accepted(liu, ask_code, give_code, last_code, shape):
    ask_code("138 0000-1402")
    code = last_code()
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert give_code(wide if shape == "full" else shape.format(code[:3], code[3:])).status_code == 302


def test_a_code_of_the_wrong_length_costs_no_try(liu, ask_code, give_code, last_code):
    ask_code("13800001402")
    for text in ["12345", "1234567", "abcdef", ""]:
        assert "6 位数字" in give_code(text).content.decode()
    assert OneTimeCode.objects.get().tries == 0


def test_a_code_lives_ten_minutes_to_the_second(liu, ask_code, give_code, last_code):
    with time_machine.travel(START, tick=False) as clock:
        ask_code("13800001402")
        code = last_code()
        clock.shift(600)
        late = give_code(code)
        assert late.status_code == 422 and "已失效" in late.content.decode()
        clock.shift(-1)
        assert give_code(code).status_code == 302


def test_the_sixth_try_is_refused_even_when_right(client, liu, ask_code, give_code, last_code):
    ask_code("13800001402")
    right = last_code()
    for step in range(1, 6):
        give_code(f"{(int(right) + step) % 1000000:06d}")
    assert give_code(right).status_code == 422 and not is_signed_in(client)


def test_a_code_is_bound_to_the_browser_that_asked(client, liu, ask_code, give_code, last_code):
    ask_code("13800001402")
    thief = Client()
    assert give_code(last_code(), thief).status_code == 422 and not is_signed_in(thief)
    ask_code("13900000000", thief)
    assert give_code(last_code(), thief).status_code == 422 and not is_signed_in(thief)
    assert give_code(last_code()).status_code == 302


def test_the_earlier_code_stays_valid_after_asking_again(liu, ask_code, give_code, last_code):
    with time_machine.travel(START, tick=False) as clock:
        ask_code("13800001402")
        first = last_code()
        clock.shift(61)
        ask_code("13800001402")
        assert give_code(first).status_code == 302


def test_asking_again_gives_no_more_than_five_tries_for_the_earlier_code(liu, ask_code, give_code, last_code):
    with time_machine.travel(START, tick=False) as clock:
        ask_code("13800001402")
        first = last_code()
        for step in range(1, 6):
            give_code(f"{(int(first) + step) % 1000000:06d}")
        clock.shift(61)
        ask_code("13800001402")
        assert give_code(first).status_code == 422


def test_asking_again_within_a_minute_is_put_off(liu, ask_code, texts):
    with time_machine.travel(START, tick=False) as clock:
        ask_code("13800001402")
        clock.shift(30)
        again = ask_code("13800001402")
    assert again.status_code == 429 and "30 秒后可重新取码" in again.content.decode().replace("31", "30")
    assert len(texts()) == 1


def test_one_account_gets_at_most_five_codes_an_hour_and_nobody_notices(liu, ask_code, texts):
    answers = {(ask_code("13800001402", Client()).status_code) for _ in range(8)}
    assert answers == {302} and len(texts()) == codes.PER_HOUR


def test_one_address_gets_a_limited_number_of_codes(liu, ask_code, monkeypatch):
    monkeypatch.setattr(limits, "CODES_PER_ADDRESS", 3)
    answers = [ask_code(f"1390000000{number}", Client()).status_code for number in range(5)]
    assert answers == [302, 302, 302, 429, 429]


def test_known_and_unknown_contacts_answer_alike(client, liu, person):
    person("gone", phone="13800009999", is_active=False)

    def try_once(contact: str):
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            asked = browser.post(reverse("accounts:code"), {"contact": contact})
            page = browser.get(asked["Location"])
        answers = [browser.post(reverse("accounts:code_check"), {"code": "000000"}) for _ in range(7)]
        shown = [(row.status_code, "已失效" in row.content.decode(), "不对" in row.content.decode()) for row in answers]
        return asked.status_code, asked["Location"], page.status_code, len(page.content), len(queries), shown

    try_once("13700000000")
    known = try_once("13800001402")
    for contact in ["13911112222", "13800009999", "nobody@example.cn", "liu", "no-such-name"]:
        assert try_once(contact) == known


def test_a_code_goes_by_mail_when_the_mail_address_was_given(liu, ask_code, texts):
    ask_code(" LIU＠example.cn ")
    assert texts() == [] and mail.outbox[0].to == ["liu@example.cn"]
    assert "登录验证码" in mail.outbox[0].subject and "10 分钟内有效" in mail.outbox[0].body


def test_a_number_shared_by_two_people_needs_the_username(person, ask_code, give_code, last_code, texts):
    person("office1", phone="07318530000")
    person("office2", phone="07318530000")
    ask_code("0731-8530000")
    assert texts() == []
    browser = Client()
    ask_code("Office2", browser)
    assert give_code(last_code(), browser).status_code == 302
    assert browser.session["_auth_user_id"] == str(User.objects.get(username="office2").pk)


def test_an_account_without_phone_and_mail_gets_nothing(person, ask_code, texts):
    person("bare")
    assert ask_code("bare").status_code == 302 and texts() == [] and mail.outbox == []


def test_a_broken_gateway_does_not_break_the_page(liu, ask_code, settings):
    settings.SMS_BACKEND = "nowhere.Backend"
    assert ask_code("13800001402").status_code == 302
    delivery.drain()


def test_an_account_disabled_in_between_does_not_enter(client, liu, ask_code, give_code, last_code):
    ask_code("13800001402")
    User.objects.update(is_active=False)
    assert give_code(last_code()).status_code == 422 and not is_signed_in(client)


def test_the_code_is_not_kept_in_the_database(liu, ask_code, last_code):
    ask_code("13800001402")
    row = OneTimeCode.objects.get()
    assert last_code() not in f"{row.code_hash}{row.binding}" and len(row.code_hash) == 64


def test_old_codes_are_swept(liu, ask_code):
    with time_machine.travel(START, tick=False) as clock:
        from django.utils import timezone

        ask_code("13800001402")
        clock.shift(86400)
        assert codes.sweep(timezone.now()) == 0
        clock.shift(601)
        assert codes.sweep(timezone.now()) == 1
