"""并发：两个发送者、两个发通知者、两个看表者，结果都只有一份。每项有反例：去掉认领就会重复。"""
from datetime import timedelta

import pytest

from lianluo.notices import digest, dispatch, sending
from lianluo.notices.channels import email
from lianluo.notices.models import Digest, Notice, NoticeDelivery, SendState
from lianluo.operations import beat
from tests.racing import at_once

from .conftest import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOON = at(24, 12)


@pytest.fixture
def sent(monkeypatch):
    """记下真正送出的每一封。"""
    letters: list[str] = []
    monkeypatch.setattr(email, "send", lambda **mail: letters.append(mail["message_id"]))
    return letters


def test_two_senders_send_each_letter_once(send, liu, sent, rounds):
    liu.phone = ""
    for number in range(rounds):
        send(liu, about=f"assignment:{number}", urgent=True, at_time=at(24, 9))
    counts = at_once(lambda: dispatch.send_urgent(NOON), lambda: dispatch.send_urgent(NOON))
    assert sum(counts) == rounds
    assert len(sent) == len(set(sent)) == rounds


def test_negative_control_without_claiming_letters_go_twice(send, liu, sent, rounds, monkeypatch):
    liu.phone = ""
    monkeypatch.setattr(sending, "claim", lambda row, now: True)
    for number in range(rounds):
        send(liu, about=f"assignment:{number}", urgent=True, at_time=at(24, 9))
    at_once(lambda: dispatch.send_urgent(NOON), lambda: dispatch.send_urgent(NOON))
    assert len(sent) > len(set(sent))


def test_two_digest_runs_make_one_letter(send, liu, sent, rounds):
    today = at(24, 7).date()
    for number in range(rounds):
        send(liu, about=f"assignment:{number}", at_time=at(24, 6))
        Digest.objects.filter(day=today).update(day=today - timedelta(days=number))
        at_once(lambda: digest.send_daily(at(24, 7, 30)), lambda: digest.send_daily(at(24, 7, 30)))
        assert Digest.objects.filter(day=today).count() == 1
    assert len(sent) == len(set(sent)) == rounds
    assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {SendState.SENT}


def test_two_posts_of_one_notice_write_one_row(send, liu, chen, rounds):
    for number in range(rounds):
        about = f"assignment:{number}"
        counts = at_once(*[lambda about=about: send(liu, chen, about=about)] * 3)
        assert sum(counts) == 2
    assert Notice.objects.count() == NoticeDelivery.objects.count() == 2 * rounds


def test_two_processes_looking_at_the_table_make_one_run(rounds):
    ran = []
    row = beat.Row("race", "none", "*", "*", "试验")
    for minute in range(rounds):
        moment = at(24, 9 + minute // 60, minute % 60)
        run = [lambda moment=moment: beat.run_row(row, moment, function=lambda: ran.append(1) or 1)] * 4
        assert sum(result is not None for result in at_once(*run)) == 1
    assert len(ran) == rounds
