"""公开：单位拟、办公室终审；个人信息不放行；公开时间由机器记；撤下留底。"""
from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers.actions.publishing import publish_reply, take_down, withhold_reply
from handlers.actions.replying import submit_reply
from handlers.models import AssignmentDue, Reply
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed
from lianluo.workdays import clock
from tests.handlers.handling import (
    SENT,
    TODAY,
    WRITTEN,
    allotted,
    answered,
    contacted,
    delivered,
    drafted,
    handed_to,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db


def answered_with(world, **more) -> Reply:
    """送达一份内容特别的答复。"""
    assignment = allotted(handed_to(world), world.water)
    contacted(assignment, world.water)
    reply = submit_reply(drafted(assignment, world.water, **more), actor=world.water.officer, today=WRITTEN)
    return delivered(signed(reply), world.water.liaison)


def publish(reply, world, **more) -> Reply:
    return publish_reply(reply, actor=world.clerk, today=TODAY, **more)


def test_publishing_stamps_the_time_and_meets_the_due_date(world):
    before = clock.now()
    reply = publish(answered(world), world)
    assert before <= reply.published_at <= clock.now()
    assert (reply.published_as, reply.published_by) == ("full", world.clerk)
    assert AssignmentDue.objects.get(rule_code="publish_days").met_on == TODAY
    assert list(Reply.objects.published()) == [reply]
    assert Notice.objects.filter(kind="reply.publication", recipient=world.water.liaison).exists()


def test_it_is_published_once_and_the_time_never_moves(world):
    reply = publish(answered(world), world)
    with pytest.raises(NotAllowed, match="已经公开过"):
        publish(reply, world)
    with pytest.raises(NotAllowed, match="撤下"):
        withhold_reply(reply, reason="不", actor=world.clerk, today=TODAY)


def test_nothing_is_published_before_delivery(world):
    with pytest.raises(NotAllowed, match="送达以后"):
        publish(signed(submitted(world)), world)


def test_the_units_refusal_is_not_overridden(world):
    reply = answered_with(world, publication="none", publication_reason="涉及个人隐私")
    with pytest.raises(NotAllowed, match="涉及个人隐私"):
        publish(reply, world)
    reply = withhold_reply(reply, reason="同意单位意见", actor=world.clerk, today=TODAY)
    assert reply.published_at is None and AssignmentDue.objects.get(rule_code="publish_days").met_on == TODAY


def test_only_the_summary_when_the_unit_said_so(world):
    reply = answered_with(world, publication="summary", summary="资金已经下达。")
    with pytest.raises(DomainError) as error:
        publish(reply, world, published_as="full")
    assert error.value.field == "published_as"
    assert publish(reply, world).published_as == "summary"


def test_the_office_may_publish_a_summary_of_its_own_instead(world):
    reply = publish(answered(world), world, published_as="summary", summary="办公室拟的摘要。")
    assert (reply.published_as, reply.publication, reply.summary) == ("summary", "full", "办公室拟的摘要。")
    assert AuditEvent.objects.get(event="reply.published").data["summary"] == "办公室拟的摘要。"


def test_a_private_number_that_slipped_in_is_stopped_here(world):
    """送审时查过；答复生效后号码才成为某代表的，终审仍查得出来。"""
    reply = answered_with(world, closing="另有泵站编号 88888888。")
    world.lead_deputy.phone = "88888888"
    world.lead_deputy.save()
    with pytest.raises(Incomplete, match="88888888"):
        publish(reply, world)
    reply.refresh_from_db()
    assert reply.published_at is None
    assert publish(reply, world, published_as="summary", summary="去掉号码的摘要。").published_at


def test_something_like_an_address_is_looked_at_first(world):
    reply = answered_with(world, closing="韶山北路1号泵站已经修好。")
    with pytest.raises(DomainError) as error:
        publish(reply, world)
    assert error.value.field == "addresses_checked"
    assert publish(reply, world, addresses_checked=True).published_at


def test_withholding_and_taking_down_need_reasons(world):
    reply = answered(world)
    with pytest.raises(DomainError):
        withhold_reply(reply, reason=" ", actor=world.clerk, today=TODAY)
    with pytest.raises(NotAllowed, match="没有公开着"):
        take_down(reply, reason="错", actor=world.clerk, today=TODAY)
    reply = publish(reply, world)
    with pytest.raises(DomainError):
        take_down(reply, reason="", actor=world.clerk, today=TODAY)


def test_a_withheld_letter_can_be_published_later(world):
    reply = withhold_reply(answered(world), reason="等政策公布", actor=world.clerk, today=TODAY)
    reply = publish(reply, world)
    assert reply.published_at and reply.withheld_reason == ""


def test_taking_down_leaves_the_stub_and_keeps_the_time(world):
    reply = publish(answered(world), world)
    at = reply.published_at
    reply = take_down(reply, reason="内容已过时", actor=world.clerk, today=TODAY)
    reply.refresh_from_db()
    assert (reply.published_at, reply.taken_down_reason) == (at, "内容已过时") and reply.taken_down_at
    assert not Reply.objects.published().exists()
    with pytest.raises(NotAllowed):
        take_down(reply, reason="再撤", actor=world.clerk, today=TODAY)
    with pytest.raises(NotAllowed):
        publish(reply, world)


# ── 页面 ──
def test_the_list_and_its_tabs(world, client):
    waiting, published = answered(world), publish(answered(world, title="第二件"), world)
    withheld = withhold_reply(answered(world, title="第三件"), reason="涉密", actor=world.clerk, today=TODAY)
    client.force_login(world.clerk)
    url = reverse("handlers:publishing")
    for tab, reply in (("waiting", waiting), ("published", published), ("withheld", withheld)):
        assert client.get(f"{url}?tab={tab}").context["page"].items == [reply], tab
    assert client.get(f"{url}?tab=waiting").context["page"].items[0].publish_due
    assert "没有符合条件的答复" in client.get(f"{url}?tab=taken_down").content.decode()


@pytest.mark.parametrize(("name", "heading"), [
    ("publishing", "公开期限"), ("replies", "文号"), ("activities", "我方人员"),
])
def test_every_list_exports_what_it_shows(world, client, name, heading):
    answered(world, title="=1+1 的建议")
    client.force_login(world.clerk)
    response = client.get(f"{reverse(f'handlers:{name}')}?export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).worksheets[0]
    heads, line = list(sheet.rows)
    assert heading in [cell.value for cell in heads]
    assert not any(cell.data_type == "f" for cell in line)


def test_units_see_their_own_and_cannot_decide(world, client):
    reply = answered(world)
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:publishing"))
    assert page.context["page"].items == [reply] and "审定公开</a>" not in page.content.decode()
    assert client.get(reverse("handlers:publish", args=[reply.pk])).status_code == 403
    client.force_login(world.transport.liaison)
    assert client.get(reverse("handlers:publishing")).context["page"].items == []
    assert client.get(reverse("handlers:publish", args=[reply.pk])).status_code == 404


def test_the_page_checks_then_publishes(world, client):
    reply = answered(world, hides_identity=True)
    client.force_login(world.clerk)
    url = reverse("handlers:publish", args=[reply.pk])
    assert client.post(url, {}).status_code == 422  # 不预选
    check = client.post(url, {"decision": "full"})
    page = check.content.decode()
    assert check.status_code == 200 and "公众将看到的全部内容" in page
    letter = page.split('<article class="letter"')[1].split("</article>")[0]
    assert world.lead_deputy.name not in letter and "提出建议的代表" in letter
    reply.refresh_from_db()
    assert reply.published_at is None
    done = client.post(url, {"decision": "full", "do": "confirm"})
    assert done["Location"] == reverse("handlers:publishing")
    reply.refresh_from_db()
    assert reply.published_at


def test_the_page_withholds_and_takes_down(world, client):
    reply = answered(world)
    client.force_login(world.clerk)
    url = reverse("handlers:publish", args=[reply.pk])
    assert client.post(url, {"decision": "withhold"}).status_code == 422
    client.post(url, {"decision": "withhold", "reason": "涉及未公开数据", "do": "confirm"})
    reply.refresh_from_db()
    assert reply.withheld_reason == "涉及未公开数据"
    client.post(url, {"decision": "full", "do": "confirm"})
    down = reverse("handlers:take_down", args=[reply.pk])
    assert client.get(down).status_code == 200
    client.post(down, {"reason": "更正"})
    reply.refresh_from_db()
    assert reply.taken_down_reason == "更正"
    assert client.get(down)["Location"] == reply.get_absolute_url()


def test_a_choice_that_is_not_offered_is_refused(world, client):
    reply = answered_with(world, publication="none", publication_reason="涉及个人隐私")
    client.force_login(world.clerk)
    response = client.post(reverse("handlers:publish", args=[reply.pk]), {"decision": "full", "do": "confirm"})
    assert response.status_code == 422
    reply.refresh_from_db()
    assert reply.published_at is None and SENT <= TODAY
