"""发通知：幂等、不发给本人与停用账号、查询数不随人数增长、标题只有一行。"""
import pytest
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist

from lianluo.accounts.models import User
from lianluo.notices.models import Channel, Notice, NoticeDelivery, NoticePreference
from lianluo.notices.posting import one_line

pytestmark = pytest.mark.django_db


def test_it_writes_one_row_for_each_person_with_the_text_of_the_template(send, liu, chen):
    assert send(liu, chen, case_id=7) == 2
    notice = Notice.objects.get(recipient=liu)
    assert (notice.subject, notice.body) == ("关于修路的建议待签收", "关于修路的建议已交办，10 日内签收。")
    assert (notice.about, notice.kind, notice.case_id, notice.url) == ("assignment:1", "trial.sent", 7, "/s/1/")


def test_the_same_notice_is_written_once(send, liu, chen):
    assert send(liu) == 1
    assert send(liu, chen, liu) == 1
    assert Notice.objects.count() == 2
    assert NoticeDelivery.objects.count() == 2


def test_another_rung_is_another_notice(send, liu):
    assert [send(liu, rung="7"), send(liu, rung="3"), send(liu, rung="3")] == [1, 1, 0]


def test_the_database_itself_refuses_a_second_row(send, liu):
    send(liu)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(about="assignment:1", kind="trial.sent", recipient=liu, subject="重复")


def test_the_actor_and_disabled_accounts_get_none(send, liu, chen):
    User.objects.filter(pk=chen.pk).update(is_active=False)
    chen.refresh_from_db()
    assert send(liu, chen, None, actor=liu) == 0
    assert send(liu, chen) == 1


def test_it_rolls_back_with_the_action(send, liu):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send(liu)
        raise ZeroDivisionError
    assert not Notice.objects.exists()


@pytest.mark.parametrize("number", [2, 40])
def test_queries_do_not_grow_with_recipients(send, number, django_assert_num_queries):
    people = [User.objects.create_user(f"u{i}", name=f"甲{i}", email=f"u{i}@example.cn") for i in range(number)]
    with django_assert_num_queries(6):  # 保存点二、通知一、取新行一、渠道选择一、待发行一
        assert send(*people) == number


def test_a_missing_template_is_an_error(send, liu):
    with pytest.raises(TemplateDoesNotExist):
        send(liu, kind="no.such_kind")


def test_text_is_not_html_escaped(send, texts, liu):
    send(liu, context={"title": "A<B & “C”", "days": 1})
    assert Notice.objects.get().subject == "A<B & “C”待签收"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\u2028", "\x0b", "\x85"])
def test_the_subject_stays_one_line(send, liu, line_break):
    send(liu, context={"title": f"修路{line_break}Bcc: x@evil.cn", "days": 1})
    assert Notice.objects.get().subject == "修路 Bcc: x@evil.cn待签收"


def test_one_line_cuts_to_the_column():
    assert len(one_line("长" * 500)) == 200


def test_email_for_all_text_messages_only_for_urgent(send, liu, chen):
    send(liu)
    send(chen, urgent=True)
    rows = set(NoticeDelivery.objects.values_list("notice__recipient__name", "channel"))
    assert rows == {("刘科长", "email"), ("陈主任", "email"), ("陈主任", "sms")}


def test_people_without_address_or_who_refused_get_it_on_the_site_only(send, liu, chen):
    User.objects.filter(pk=liu.pk).update(email="", phone="")
    liu.refresh_from_db()
    NoticePreference.objects.create(account=chen, by_email=False, by_sms=True)
    assert send(liu, chen, urgent=True) == 2
    assert list(NoticeDelivery.objects.values_list("channel", flat=True)) == [Channel.SMS]


def test_every_template_has_a_subject_that_stands_alone(settings):
    """第一行自成一段：标签不跨到正文，标题不空。"""
    from django.template import engines

    engine = engines["django"]
    for path in sorted((settings.BASE_DIR / "templates" / "notices").glob("*.txt")):
        subject, _, body = path.read_text(encoding="utf-8").partition("\n")
        assert subject.strip(), path.name
        for part in (subject, body):
            engine.from_string(part)
