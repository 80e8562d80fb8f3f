"""评价的个人链接：办事机构印发，60 天，提交才用掉；单位看不到；误打有上限。"""
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from handlers import guessing
from handlers.actions import evaluation_links
from handlers.models import Assignment, Delivery, Evaluation
from lianluo.accounts.models import PersonalLink
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError
from tests.handlers import replied
from tests.handlers.replied import RATED, delivery, dislike, rate
from tests.handlers.taps import Phone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


@pytest.fixture(autouse=True)
def forget_wrong_tries():
    cache.clear()
    yield
    cache.clear()


def link_for(world, row: Delivery) -> str:
    """发一条链接，返回路径。"""
    return f"/r/{evaluation_links.issue_link(row, actor=world.clerk, today=RATED)}/"


# ── 印发 ──
def test_the_slip_prints_the_link_and_a_qr_once(world, client):
    row = delivery(replied.replied(world))
    url = reverse("handlers:evaluation_slip", args=[row.pk])
    client.force_login(world.clerk)
    assert "/r/" not in client.get(url).content.decode() and not PersonalLink.objects.exists()
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(url).content.decode()).group(1)
    page = client.post(url, {"form_token": token}).content.decode()
    printed = re.search(r"http://[^<\s]*(/r/[\w-]+/)", page).group(1)
    assert "<svg" in page and "<img" not in page and world.lead_deputy.name in page
    again = client.post(url, {"form_token": token}).content.decode()
    assert "/r/" not in again and "已经印出" in again
    client.logout()
    assert "您满意吗" in client.get(printed).content.decode()


def test_a_batch_prints_one_sheet_for_each_deputy(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    client.force_login(world.clerk)
    page = client.post(reverse("handlers:evaluation_links", args=[reply.pk])).content.decode()
    links = re.findall(r"http://[^<\s]*(/r/[\w-]+/)", page)
    assert len(set(links)) == 2 and page.count("<svg") == 2
    assert page.index(world.lead_deputy.name) < page.index(world.cosigner.name)
    assert PersonalLink.objects.filter(deputy_id__in=[world.lead_deputy.pk, world.cosigner.pk]).count() == 2


def test_a_new_slip_voids_the_unused_one(world, client):
    row = delivery(replied.replied(world))
    old, new = link_for(world, row), link_for(world, row)
    dead = client.get(old)
    assert dead.status_code == 410 and "以最近收到的链接为准" in dead.content.decode()
    assert client.get(new).status_code == 200


def test_what_the_link_shows_is_not_kept_in_the_browser(world, client):
    """没有登录，页上有代表的姓名和评价：与登录后的页面一样不许留存（ASVS 14.3.2）。"""
    url = link_for(world, delivery(replied.replied(world)))
    for answer in (client.get(url), client.get("/r/wrong/")):
        assert "no-store" in answer["Cache-Control"]


def test_the_link_lasts_sixty_days(world):
    link_for(world, delivery(replied.replied(world)))
    link = PersonalLink.objects.get()
    assert link.expires_at - link.issued_at == timedelta(days=60)


def test_no_slip_for_what_cannot_be_rated(world, client):
    row = delivery(replied.replied(world))
    rate(row)
    with pytest.raises(DomainError):
        evaluation_links.issue_link(row, actor=world.clerk, today=RATED)
    client.force_login(world.clerk)
    page = client.post(reverse("handlers:evaluation_slip", args=[row.pk])).content.decode()
    assert "没有要印的" in page and not PersonalLink.objects.exists()


@pytest.mark.parametrize("who", ["gov", "stranger", "auditor"])
def test_only_the_office_prints(world, client, who):
    reply = replied.replied(world)
    client.force_login(getattr(world, who))
    for url in (reverse("handlers:evaluation_slip", args=[delivery(reply).pk]),
                reverse("handlers:evaluation_links", args=[reply.pk])):
        assert client.post(url).status_code == 403
    assert not PersonalLink.objects.exists()


def test_a_unit_never_sees_a_link_anywhere(world, client):
    reply = replied.replied(world)
    path = link_for(world, delivery(reply))
    token = path.split("/")[2]
    case = reply.assignment.suggestion.get_absolute_url()
    client.force_login(world.water.liaison)
    for url in ("/home/", case, f"{case}evaluations/", f"{case}events/", f"/replies/{reply.pk}/",
                f"/replies/{reply.pk}/delivered/", f"/replies/{reply.pk}/print/", "/office/evaluations/", "/notices/"):
        assert token not in client.get(url, follow=True).content.decode(), url
    assert client.post(reverse("handlers:evaluation_slip", args=[delivery(reply).pk])).status_code == 403
    stored = [str(row.data) + row.reason for row in AuditEvent.objects.all()]
    assert not any(token in text for text in stored)  # 留痕里也没有


# ── 打开与提交 ──
def test_opening_does_not_use_it_up_and_submitting_does(world, client):
    row = delivery(replied.replied(world))
    path = link_for(world, row)
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert PersonalLink.objects.get().used_at is None
    phone = Phone(client, path)
    phone.rate("satisfied", "satisfied", "satisfied").tap("提交，可以公开")
    assert PersonalLink.objects.get().used_at is not None
    assert Evaluation.objects.get().receipt_number in phone.text
    assert phone.taps == 4


def test_dissatisfaction_by_link_starts_the_round_and_uses_the_link(world, client):
    row = delivery(replied.replied(world))
    phone = Phone(client, link_for(world, row)).rate("satisfied", "dissatisfied", "dissatisfied")
    phone.tap("下一步：核对", reasons=["off_point"]).tap("提交，不要公开")
    assert phone.taps == 6 and "已启动再次办理" in phone.text
    link = PersonalLink.objects.get()
    assert link.used_at is not None and link.voided_at is None
    assert Assignment.objects.get().round == 2


def test_used_up_it_shows_the_receipt(world, client):
    path = link_for(world, delivery(replied.replied(world)))
    Phone(client, path).rate("satisfied", "basically", "satisfied").tap("提交，不要公开")
    page = client.get(path)
    assert page.status_code == 200 and Evaluation.objects.get().receipt_number in page.content.decode()
    assert Evaluation.objects.get().agrees_to_publish is False


def test_a_form_returned_on_paper_shows_its_receipt_under_the_old_link(world, client):
    row = delivery(replied.replied(world))
    path = link_for(world, row)
    rate(row)
    assert "评价已收到" in client.get(path).content.decode()


def test_the_same_submission_twice_counts_once(world, client):
    """连按两下、两个窗口：只有一份，都看到同一张回执。"""
    row = delivery(replied.replied(world))
    path = link_for(world, row)
    phone = Phone(client, path).rate("satisfied", "satisfied", "satisfied")
    data = phone.data("提交，可以公开")
    first, second = client.post(path, data), client.post(path, data)
    changed = {"form_token": "another-window-token", "overall": "dissatisfied", "opinion": "不"}
    other = client.post(path, {**data, **changed})
    assert {one.status_code for one in (first, second, other)} <= {200, 302}
    assert Evaluation.objects.count() == 1 and Evaluation.objects.get().overall == "satisfied"
    assert Assignment.objects.get().round == 1


def test_an_expired_link_says_what_to_do(world, client):
    path = link_for(world, delivery(replied.replied(world)))
    then = timezone.now() - timedelta(days=61)
    PersonalLink.objects.update(issued_at=then, expires_at=then + timedelta(days=60))
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 410 and "已过期" in text
    assert "打电话" in text and "用手机号登录" in text
    assert client.post(path, {"attitude": "satisfied"}).status_code == 410 and not Evaluation.objects.exists()


def test_a_link_of_a_finished_round_says_so(world, client):
    reply = replied.replied(world, cosigners=[world.cosigner])
    path = link_for(world, delivery(reply, world.cosigner))
    dislike(delivery(reply))
    page = client.get(path)
    assert page.status_code == 410 and "已进入第 2 轮办理" in page.content.decode()


def test_an_unknown_link_is_not_found_and_names_nobody(world, client):
    replied.replied(world)
    page = client.get("/r/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/")
    text = page.content.decode()
    assert page.status_code == 404 and "打不开" in text and "湘江" not in text and "黄岳若" not in text


def test_wrong_tokens_are_limited(world, client):
    path = link_for(world, delivery(replied.replied(world)))
    for number in range(guessing.TRIES):
        assert client.get(f"/r/wrong-{number}/").status_code == 404
    assert client.get(f"/r/wrong-{guessing.TRIES}/").status_code == 429
    cache.clear()
    assert client.get(path).status_code == 200  # 反证：过了时候照常能开


def test_good_links_do_not_count_as_wrong(world, client):
    path = link_for(world, delivery(replied.replied(world)))
    for _ in range(guessing.TRIES + 5):
        assert client.get(path).status_code == 200


def test_nobody_can_rate_with_anothers_link_while_signed_in(world, client):
    """单位的人拿到了链接，登录着打不开；退出后链接仍只给代表本人用。"""
    path = link_for(world, delivery(replied.replied(world)))
    for user in (world.water.liaison, world.clerk, world.other_deputy.account):
        client.force_login(user)
        page = client.post(path, {"attitude": "satisfied"})
        assert page.status_code == 403 and "只给黄岳若代表本人" in page.content.decode()
    client.force_login(world.lead_deputy.account)
    assert client.get(path).status_code == 200


def test_a_link_made_for_something_else_opens_nothing(world, client):
    from lianluo.accounts import links

    row = delivery(replied.replied(world))
    token = links.issue("cosign", f"delivery:{row.pk}", days=60, deputy_id=row.deputy_id)
    assert client.get(f"/r/{token}/").status_code == 404
    strange = links.issue("evaluation", "delivery:999", days=60, deputy_id=row.deputy_id)
    assert client.get(f"/r/{strange}/").status_code == 404


def test_a_deputy_without_an_account_can_use_the_link(world, client):
    world.lead_deputy.account = None
    world.lead_deputy.save()
    path = link_for(world, delivery(replied.replied(world)))
    Phone(client, path).rate("satisfied", "satisfied", "satisfied").tap("提交，不要公开")
    assert Evaluation.objects.get().deputy == world.lead_deputy
    event = AuditEvent.objects.get(event="evaluation.submitted")
    assert event.data["deputy"] == "黄岳若" and event.data["by_proxy"] is False


def test_the_first_opening_is_remembered_as_reading(world, client):
    row = delivery(replied.replied(world))
    client.get(link_for(world, row))
    assert delivery(row.reply).read_at is not None
