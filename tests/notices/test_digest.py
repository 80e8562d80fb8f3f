"""汇总邮件：每人每个工作日一封，07:30 发，读过的不再发，不成的补发同一封。"""
import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from lianluo.accounts.models import User
from lianluo.notices import digest, dispatch, inbox
from lianluo.notices.channels import email
from lianluo.notices.models import Digest, NoticeDelivery, SendState

from .conftest import at

pytestmark = pytest.mark.django_db
EVENING = at(23, 18)
MORNING = at(24, 7, 30)


@pytest.fixture
def broken(monkeypatch):
    """邮件网关不通。"""

    def refuse(**_):
        raise ConnectionRefusedError

    monkeypatch.setattr(email, "send", refuse)
    return monkeypatch


def states():
    return list(Digest.objects.order_by("day").values_list("state", flat=True))


def test_one_mail_for_each_person_with_all_that_is_new(send, liu, chen):
    for number in range(3):
        send(liu, about=f"assignment:{number}", at_time=EVENING)
    send(chen, at_time=EVENING)
    assert digest.send_daily(MORNING) == 2
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {"liu@example.cn", "chen@example.cn"}
    assert letters["liu@example.cn"].subject == "【代表建议办理】11月24日有 3 条新通知"
    assert letters["liu@example.cn"].body.count("关于修路的建议待签收") == 3
    assert "/s/1/" in letters["liu@example.cn"].body
    assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {SendState.SENT}


def test_a_second_run_sends_nothing(send, liu):
    send(liu, at_time=EVENING)
    assert [digest.send_daily(MORNING), digest.send_daily(at(24, 7, 31))] == [1, 0]
    assert len(mail.outbox) == 1


def test_what_comes_later_waits_for_the_next_working_day(send, liu):
    send(liu, about="assignment:1", at_time=EVENING)
    digest.send_daily(MORNING)
    send(liu, about="assignment:2", at_time=at(24, 9))
    assert digest.send_daily(at(24, 10)) == 0
    assert digest.send_daily(at(25, 7, 30)) == 1


def test_the_database_refuses_two_digests_on_one_day(liu):
    Digest.objects.create(recipient=liu, day=MORNING.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(recipient=liu, day=MORNING.date())


@pytest.mark.parametrize("moment", [at(24, 6), at(24, 20), at(28, 7, 30)])
def test_nothing_at_night_and_on_rest_days(send, liu, moment):
    send(liu, at_time=EVENING)
    assert digest.send_daily(moment) == 0
    assert dispatch.sweep(moment) == 0
    assert not mail.outbox
    assert not Digest.objects.exists()


def test_what_was_read_or_done_or_is_old_is_not_mailed(send, liu, chen):
    send(liu, about="assignment:1", at_time=EVENING)
    inbox.mark_read(liu, now=EVENING)
    send(liu, about="assignment:2", at_time=at(1, 9))
    send(chen, about="assignment:3", at_time=EVENING)
    User.objects.filter(pk=chen.pk).update(is_active=False)
    assert digest.send_daily(MORNING) == 0
    assert set(NoticeDelivery.objects.values_list("state", flat=True)) == {SendState.SKIPPED}


def test_urgent_notices_are_not_in_the_digest(send, liu):
    send(liu, urgent=True, at_time=EVENING)
    assert digest.send_daily(MORNING) == 0


def test_long_digests_are_cut_and_say_so(send, liu, monkeypatch):
    monkeypatch.setattr(digest, "LINES", 2)
    for number in range(5):
        send(liu, about=f"assignment:{number}", at_time=EVENING)
    digest.send_daily(MORNING)
    body = mail.outbox[0].body
    assert body.count("待签收") == 2
    assert "另有 3 条" in body


def test_a_failed_digest_is_sent_again_with_the_same_contents_and_message_id(send, liu, broken):
    send(liu, about="assignment:1", at_time=EVENING)
    assert digest.send_daily(MORNING) == 0
    assert states() == [SendState.FAILED]
    assert Digest.objects.get().error == "连不上网关"
    assert NoticeDelivery.objects.get().state == SendState.FAILED
    broken.undo()
    send(liu, about="assignment:2", at_time=at(24, 8))
    assert dispatch.sweep(at(24, 7, 30)) == 0  # 还没有到重试时间
    assert dispatch.sweep(at(24, 7, 32)) == 1
    assert mail.outbox[0].body.count("待签收") == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{Digest.objects.get().pk}@127.0.0.1>"


def test_what_failed_all_day_goes_with_the_next_days_digest(send, liu, broken):
    send(liu, about="assignment:1", at_time=EVENING)
    digest.send_daily(MORNING)
    broken.undo()
    send(liu, about="assignment:2", at_time=at(24, 9))
    assert digest.send_daily(at(25, 7, 30)) == 1
    assert states() == [SendState.SKIPPED, SendState.SENT]
    assert mail.outbox[0].body.count("待签收") == 2


def test_a_person_who_removed_the_address_is_skipped(send, liu):
    send(liu, at_time=EVENING)
    User.objects.filter(pk=liu.pk).update(email="")
    digest.send_daily(MORNING)
    assert states() == [SendState.SKIPPED]
    assert not mail.outbox
