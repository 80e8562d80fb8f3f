"""通知中心、通知设置、发送记录的页面：走前门。"""
import pytest

from lianluo.accounts.models import RoleGrant
from lianluo.notices import digest, sending
from lianluo.notices.models import Digest, Notice, NoticeDelivery, NoticePreference, SendState

from .conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(client, liu):
    client.force_login(liu)
    return client


def grant(user, role):
    RoleGrant.objects.create(account=user, role=role)
    user.forget_roles()


def shown(response) -> str:
    return response.content.decode()


def test_strangers_go_to_the_login_page(client, db):
    for path in ("/notices/", "/notices/preferences/", "/notices/sendings/"):
        response = client.get(path)
        assert response.status_code == 302 and "login" in response["Location"]


def test_tabs_show_unread_all_and_done(signed, send, liu):
    send(liu, about="assignment:1")
    send(liu, about="assignment:2", context={"title": "关于建桥的建议", "days": 3})
    signed.post(f"/notices/{Notice.objects.get(about='assignment:2').pk}/done/")
    assert "关于修路的建议" in shown(signed.get("/notices/"))
    assert "关于建桥的建议" not in shown(signed.get("/notices/"))
    assert "关于建桥的建议" in shown(signed.get("/notices/?tab=done"))
    both = shown(signed.get("/notices/?tab=all"))
    assert "关于修路的建议" in both and "关于建桥的建议" in both
    assert signed.get("/notices/?tab=nonsense").status_code == 200


def test_notices_of_one_matter_stand_together(signed, send, liu):
    send(liu, about="assignment:1", rung="7", at_time=at(20, 9))
    send(liu, about="assignment:2", at_time=at(21, 9))
    send(liu, about="assignment:1", rung="3", at_time=at(22, 9))
    groups = signed.get("/notices/").context["groups"]
    assert [[notice.rung for notice in group] for group in groups] == [["3", "7"], [""]]


def test_the_link_goes_to_the_act(signed, send, liu):
    send(liu, url="/s/14-4/0486/")
    assert 'href="/s/14-4/0486/"' in shown(signed.get("/notices/"))


def test_reading_by_get_changes_nothing(signed, send, liu):
    send(liu)
    pk = Notice.objects.get().pk
    signed.get("/notices/?tab=all")
    for path in ("/notices/read/", f"/notices/{pk}/read/", f"/notices/{pk}/done/"):
        assert signed.get(path).status_code == 405
    assert Notice.objects.unread().count() == 1


def test_read_one_then_all(signed, send, liu):
    for number in range(3):
        send(liu, about=f"assignment:{number}")
    response = signed.post(f"/notices/{Notice.objects.first().pk}/read/", {"next": "/notices/?tab=all"})
    assert response["Location"] == "/notices/?tab=all"
    assert Notice.objects.unread().count() == 2
    signed.post("/notices/read/")
    assert Notice.objects.unread().count() == 0
    assert "没有新通知" in shown(signed.get("/notices/"))


def test_next_stays_on_this_host(signed):
    assert signed.post("/notices/read/", {"next": "https://evil.cn/"})["Location"] == "/notices/"


def test_anothers_notice_does_not_exist(signed, send, chen):
    send(chen)
    pk = Notice.objects.get().pk
    assert signed.post(f"/notices/{pk}/read/").status_code == 404
    assert signed.post("/notices/999999/read/").status_code == 404
    assert "修路" not in shown(signed.get("/notices/?tab=all"))
    assert Notice.objects.unread().count() == 1


def test_script_in_a_title_stays_text(signed, send, liu):
    send(liu, context={"title": "<script>alert(1)</script>", "days": 1})
    page = shown(signed.get("/notices/"))
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_htmx_gets_the_fragment_only(signed):
    page = shown(signed.get("/notices/", headers={"HX-Request": "true"}))
    assert page.lstrip().startswith('<div id="notice-list">') and "<html" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_queries_of_the_page_do_not_grow(signed, send, liu, number, django_assert_max_num_queries):
    for index in range(number):
        send(liu, about=f"assignment:{index}")
    with django_assert_max_num_queries(9):
        signed.get("/notices/")


def test_preferences_are_kept_and_used(signed, send, liu):
    assert "每个工作日早上收一封汇总邮件" in shown(signed.get("/notices/preferences/"))
    response = signed.post("/notices/preferences/", {"by_sms": "on"})
    assert response.status_code == 302
    choice = NoticePreference.objects.get(account=liu)
    assert (choice.by_email, choice.by_sms) == (False, True)
    send(liu)
    assert not NoticeDelivery.objects.exists()


def test_only_the_office_and_the_system_administrator_see_the_record(signed, liu):
    assert signed.get("/notices/sendings/").status_code == 403
    grant(liu, "npc_office")
    assert signed.get("/notices/sendings/").status_code == 200
    assert signed.get("/notices/sendings/?kind=x").status_code == 404


def test_the_system_administrator_sees_no_contents(signed, send, liu, chen):
    send(chen, urgent=True)
    grant(liu, "sysadmin")
    page = shown(signed.get("/notices/sendings/?kind=singles"))
    assert "陈主任" in page and "修路" not in page


def test_what_was_given_up_is_listed_with_a_button_that_queues_it_again(signed, send, liu, chen):
    grant(liu, "npc_office")
    send(chen, at_time=at(23, 18))
    digest._open(at(24, 8).date())
    row = Digest.objects.get()
    Digest.objects.update(state=SendState.GIVEN_UP, tries=sending.MAX_TRIES, error="连不上网关")
    page = shown(signed.get("/notices/sendings/?kind=digests&state=failures"))
    assert "陈主任" in page and "连不上网关" in page and "重试发送" in page
    url = f"/notices/sendings/digests/{row.pk}/retry/"
    assert signed.get(url).status_code == 405
    signed.post(url)
    row.refresh_from_db()
    assert (row.state, row.tries, row.error) == (SendState.PENDING, 0, "")
    assert "不用重发" in shown(signed.post(url, follow=True))


def test_retry_is_refused_to_others(signed, liu, chen):
    row = Digest.objects.create(recipient=chen, day=at(24, 8).date(), state=SendState.GIVEN_UP)
    assert signed.post(f"/notices/sendings/digests/{row.pk}/retry/").status_code == 403
    row.refresh_from_db()
    assert row.state == SendState.GIVEN_UP
