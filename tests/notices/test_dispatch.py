"""单独发送与清扫：退避、放弃、重试、死掉的进程、毒信不拖累别人。"""
import json

import pytest
from django.core import mail

from lianluo.notices import dispatch, sending
from lianluo.notices.channels import email, sms
from lianluo.notices.models import NoticeDelivery, SendState

from .conftest import at

pytestmark = pytest.mark.django_db
NOON = at(24, 12)


class Gateway:
    """短信网关：记下送出的；号码在 ``refuses`` 里就不成。"""

    sent: list = []
    refuses: set = set()

    def send(self, phone, text):
        if phone in self.refuses:
            raise TimeoutError
        self.sent.append((phone, text))


@pytest.fixture
def gateway(settings):
    settings.SMS_BACKEND = f"{__name__}.Gateway"
    Gateway.sent, Gateway.refuses = [], set()
    return Gateway


@pytest.fixture
def urgent(send, gateway):
    def _urgent(*people, **options):
        return send(*people, urgent=True, at_time=at(24, 9), **options)

    return _urgent


def row(channel="sms"):
    return NoticeDelivery.objects.get(channel=channel)


def test_urgent_goes_alone_by_mail_and_text(urgent, gateway, liu):
    urgent(liu)
    assert dispatch.send_urgent(NOON) == 2
    text = "【代表建议办理】关于修路的建议待签收，登录系统办理。联系电话 0731-85309270"
    assert gateway.sent == [("13800000001", text)]
    assert mail.outbox[0].subject == "【代表建议办理】关于修路的建议待签收"
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<noticedelivery-{row('email').pk}@127.0.0.1>"
    assert dispatch.send_urgent(NOON) == 0


def test_ordinary_notices_do_not_go_alone(send, gateway, liu):
    send(liu, at_time=at(24, 9))
    assert dispatch.send_urgent(NOON) == 0


@pytest.mark.parametrize("moment", [at(24, 7, 45), at(24, 20), at(28, 12)])
def test_urgent_too_waits_for_working_hours(urgent, gateway, liu, moment):
    urgent(liu)
    assert dispatch.send_urgent(moment) == 0
    assert not gateway.sent


def test_failure_backs_off_then_gives_up_then_retry_sends(urgent, gateway, liu):
    urgent(liu)
    gateway.refuses = {liu.phone}
    moments = []
    for _ in range(40):
        current = row()
        if current.state == SendState.GIVEN_UP:
            break
        moments.append(current.next_try_at or NOON)
        NoticeDelivery.objects.filter(channel="sms").update(next_try_at=None)
        dispatch.send_urgent(NOON)
    gaps = [int((moment - NOON).total_seconds() / 60) for moment in moments]
    assert gaps == [0, 1, 5, 15, 30, 60, 120, 240]
    assert (row().tries, row().error) == (sending.MAX_TRIES, "网关没有在限定时间内回应")
    assert dispatch.send_urgent(NOON) == 0
    gateway.refuses = set()
    assert sending.retry(row(), NOON)
    assert dispatch.send_urgent(NOON) == 1
    assert row().state == SendState.SENT
    assert not sending.retry(row(), NOON)


def test_it_does_not_try_before_the_time(urgent, gateway, liu):
    urgent(liu)
    gateway.refuses = {liu.phone}
    dispatch.send_urgent(NOON)
    gateway.refuses = set()
    assert dispatch.send_urgent(NOON) == 0
    assert dispatch.send_urgent(at(24, 12, 1)) == 1


def test_one_bad_address_does_not_stop_the_others(urgent, gateway, liu, chen):
    gateway.refuses = {liu.phone}
    urgent(liu, chen)
    dispatch.send_urgent(NOON)
    assert [phone for phone, _ in gateway.sent] == [chen.phone]


def test_a_dead_gateway_stops_the_round(send, gateway, liu, monkeypatch):
    tried = []
    monkeypatch.setattr(email, "send", lambda **_: tried.append(1) or (_ for _ in ()).throw(ConnectionError()))
    liu.phone = ""
    for number in range(10):
        send(liu, about=f"assignment:{number}", urgent=True, at_time=at(24, 9))
    assert dispatch.send_urgent(NOON) == 0
    assert len(tried) == sending.GATEWAY_DOWN_AFTER
    assert NoticeDelivery.objects.filter(tries=0).count() == 7


def test_two_senders_claim_a_row_once(urgent, gateway, liu):
    urgent(liu)
    first, second = row(), row()
    assert sending.claim(first, NOON)
    assert not sending.claim(second, NOON)


def test_a_claim_of_a_dead_process_is_taken_back_after_ten_minutes(urgent, gateway, liu):
    urgent(liu)
    assert sending.claim(row(), NOON)
    assert sending.claim(row("email"), NOON)
    assert dispatch.sweep(at(24, 12, 10)) == 0
    dispatch.sweep(at(24, 12, 11))
    assert (row().state, row().error) == (SendState.FAILED, "发送进程中途停止")
    assert dispatch.sweep(at(24, 12, 13)) == 2
    assert row().state == SendState.SENT


def test_a_message_that_kills_its_process_ends_given_up(urgent, gateway, liu):
    urgent(liu)
    NoticeDelivery.objects.update(tries=sending.MAX_TRIES - 1)
    sending.claim(row(), NOON)
    dispatch.sweep(at(24, 12, 11))
    assert row().state == SendState.GIVEN_UP


def test_a_slow_process_does_not_overwrite_what_was_taken_back(urgent, gateway, liu):
    urgent(liu)
    slow = row()
    sending.claim(slow, NOON)
    dispatch.sweep(at(24, 12, 11))
    assert not sending.close(slow, SendState.SENT, now=at(24, 12, 12))
    assert row().state == SendState.FAILED


def test_the_file_gateway_writes_one_json_line_for_each(var_dir):
    sms.send_text("13800000001", "验证码 123456\r\n十分钟内有效")
    sms.send_text("13800000002", "第二条")
    (path,) = (var_dir / "sms").iterdir()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(item["phone"], item["text"]) for item in rows] == [
        ("13800000001", "验证码 123456 十分钟内有效"), ("13800000002", "第二条"),
    ]


@pytest.mark.parametrize("bad", ["标题\r\nBcc: x@evil.cn", "标题\nX-A: 1", "标题\x0dTo: y@evil.cn"])
def test_mail_headers_cannot_be_injected(bad):
    email.send(to="liu@example.cn", subject=bad, body="正文", message_id="<a@b>")
    message = mail.outbox[0].message()
    assert mail.outbox[0].recipients() == ["liu@example.cn"]
    assert message["Bcc"] is None and message["X-A"] is None
    assert len(message.get_all("Subject")) == len(message.get_all("To")) == 1


def test_negative_control_django_alone_refuses_what_we_fold():
    from django.core.mail import BadHeaderError, EmailMessage

    with pytest.raises(BadHeaderError):
        EmailMessage("标题\nBcc: x@evil.cn", "正文", "a@b.cn", ["liu@example.cn"]).message()
