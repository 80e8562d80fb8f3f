"""退回的页面：申请、期限过后、裁决、特批。"""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from handlers.actions import receiving
from handlers.models import AssignmentStatus, ReturnRequest
from lianluo.notices.models import Notice
from lianluo.workdays import clock
from suggestions.models import Attachment

from . import cases
from .handling import delivered, signed, submitted
from .replied import delivery, dislike

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(world):
    """今天交办的一件：退回窗口开着。"""
    suggestion, [row] = cases.assigned(world, today=clock.today())
    return row


def form(world, **more) -> dict:
    return {"ground": "not_ours", "reason": "属公路桥梁职责", "proposed_unit": world.transport.unit.pk, **more}


def ask(client, world, row, **more):
    client.force_login(world.water.liaison)
    return client.post(reverse("handlers:return_request", args=[row.pk]), form(world, **more))


def test_asking_stores_the_request_with_its_papers_and_says_who_decides(client, world, fresh, var_dir):
    paper = SimpleUploadedFile("意见.txt", "主要负责人意见".encode(), content_type="text/plain")
    answer = ask(client, world, fresh, files=paper)
    request = ReturnRequest.objects.get()
    assert answer.url == reverse("handlers:return_done", args=[request.pk])
    assert Attachment.objects.get().about == f"return:{request.pk}"
    text = client.get(answer.url).content.decode()
    assert "已送省政府办公厅裁决" in text
    assert Notice.objects.filter(kind="assignment.return_requested", recipient=world.gov).exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"ground": ""}, "理由类别"), ({"reason": ""}, "填写理由"), ({"proposed_unit": ""}, "选建议承办单位")],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, world, fresh, more, sentence):
    answer = ask(client, world, fresh, **{"reason": "写了很久", **more})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert ("写了很久" in text) is ("reason" not in more)
    assert not ReturnRequest.objects.exists()


def test_after_the_window_the_page_tells_whom_to_call_and_stores_nothing(client, world, settings):
    _, [row] = cases.assigned(world, today=clock.today() - timedelta(days=40))
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:return_request", args=[row.pk]))
    assert page.status_code == 200
    assert "退回的期限已过" in page.content.decode() and settings.ORGAN_PHONE in page.content.decode()
    assert "<textarea" not in page.content.decode()
    assert ask(client, world, row).status_code == 409
    assert not ReturnRequest.objects.exists()
    row.refresh_from_db()
    assert row.status == AssignmentStatus.PENDING


def test_only_the_units_own_office_may_ask(client, world, fresh):
    url = reverse("handlers:return_request", args=[fresh.pk])
    for user, status in ((world.transport.liaison, 404), (world.clerk, 403), (world.stranger, 403)):
        client.force_login(user)
        assert client.get(url).status_code == status


def decide(client, user, request, **data):
    client.force_login(user)
    return client.post(reverse("handlers:return_decision", args=[request.pk]), data)


@pytest.fixture
def asked(client, world, fresh):
    ask(client, world, fresh)
    return ReturnRequest.objects.get()


def test_the_government_office_reassigns_and_the_deputy_is_told(client, world, asked):
    client.force_login(world.gov)
    page = client.get(reverse("handlers:returns"))
    assert asked.assignment.suggestion.title in page.content.decode()
    answer = decide(client, world.gov, asked, granted="yes", new_unit=world.transport.unit.pk, deadline="keep")
    assert answer.status_code == 302
    live = asked.assignment.suggestion.assignments.live().get()
    assert live.unit == world.transport.unit
    kinds = set(Notice.objects.values_list("kind", "recipient__username"))
    assert ("suggestion.unit_changed", "hn140001") in kinds
    assert ("assignment.made", "jtt-liaison") in kinds
    assert ("assignment.reassigned", "slt-liaison") in kinds


def test_the_congress_office_cannot_decide_what_is_the_governments(client, world, asked):
    assert decide(client, world.clerk, asked, granted="no", note="x").status_code == 403
    client.force_login(world.clerk)
    text = client.get(reverse("handlers:return_decision", args=[asked.pk])).content.decode()
    assert "这份退回由省政府办公厅裁决" in text


def test_refusing_needs_a_reason(client, world, asked):
    answer = decide(client, world.gov, asked, granted="no", note="")
    assert answer.status_code == 422
    assert "写明不同意退回的理由" in answer.content.decode()


def test_agreeing_needs_a_unit_within_the_government(client, world, asked):
    assert decide(client, world.gov, asked, granted="yes", new_unit="").status_code == 422
    answer = decide(client, world.gov, asked, granted="yes", new_unit=world.publicity.unit.pk)
    assert answer.status_code == 422
    assert "从名单里选单位" in answer.content.decode()


def test_a_decided_return_is_shown_not_asked_again(client, world, asked):
    decide(client, world.gov, asked, granted="no", note="三定规定明确")
    text = client.get(reverse("handlers:return_decision", args=[asked.pk])).content.decode()
    assert "不同意退回，继续办理" in text and "三定规定明确" in text
    assert decide(client, world.gov, asked, granted="yes", new_unit=world.transport.unit.pk).status_code == 409


def test_the_second_time_the_form_asks_for_the_heads_signature(client, world, asked):
    decide(client, world.gov, asked, granted="no", note="属于")
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:return_request", args=[asked.assignment_id])).content.decode()
    assert "本单位主要负责人已审签" in page
    assert ask(client, world, asked.assignment).status_code == 422
    assert ask(client, world, asked.assignment, head_signed="on").status_code == 302
    again = ReturnRequest.objects.order_by("-pk").first()
    client.force_login(world.clerk)
    text = client.get(reverse("handlers:return_decision", args=[again.pk])).content.decode()
    assert "第 2 次退回，先开协调会再裁决" in text and "裁决退回</button>" in text


def test_a_late_return_is_permitted_by_the_congress_office_only(client, world):
    _, [row] = cases.assigned(world, today=clock.today() - timedelta(days=40))
    url = reverse("handlers:late_return", args=[row.pk])
    data = {"until": (clock.today() + timedelta(days=3)).isoformat(), "reason": "机构刚调整"}
    for user in (world.gov, world.water.liaison):
        client.force_login(user)
        assert client.post(url, data).status_code == 403
    client.force_login(world.clerk)
    assert client.post(url, data).status_code == 302
    assert receiving.return_window(row, clock.today()).is_open
    assert ask(client, world, row).status_code == 302


def test_a_return_that_is_waiting_is_shown_not_asked_again(client, world, fresh):
    """已申请、等着裁决的，再点“申请退回”看到的是那一份，不是空表。"""
    ask(client, world, fresh)
    answer = client.get(reverse("handlers:return_request", args=[fresh.pk]))
    assert answer.url == reverse("handlers:return_done", args=[ReturnRequest.objects.get().pk])


def test_after_the_reply_is_submitted_no_return_is_offered(client, world):
    """答复送审以后不给“申请退回”；照老地址打开的，说明为什么。"""
    reply = submitted(world)
    url = reverse("handlers:return_request", args=[reply.assignment_id])
    client.force_login(world.water.liaison)
    panel = f"{reply.assignment.suggestion.get_absolute_url()}handling/"
    assert f'href="{url}"' not in client.get(panel).content.decode()
    page = client.get(url)
    assert "答复已经送审" in page.content.decode() and "form" not in page.context
    dislike(delivery(delivered(signed(reply), world.water.liaison)))
    assert f'href="{url}"' not in client.get(panel).content.decode(), "再办理的也不退回"
