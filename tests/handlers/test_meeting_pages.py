"""交办会的页面：建立、情况、核对与集中交办、清单；拟交办征求意见与异议。"""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handlers.actions import assigning
from handlers.actions import meeting as acting
from handlers.models import Assignment, AssignmentMeeting, ProposedAssignment
from suggestions.models import Request, Suggestion
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, world):
    client.force_login(world.clerk)
    return client


def prepared(world, count: int = 3) -> AssignmentMeeting:
    meeting = acting.prepare_meeting(session=world.session, name="交办会", held_on=DAY, actor=world.clerk, today=DAY)
    for number in range(1, count + 1):
        assigning.propose_assignment(
            cases.registered(world, number), choices=cases.lead_and_assist(world.water, world.transport),
            meeting=meeting, actor=world.clerk, today=DAY,
        )
    return meeting


def page(client, name: str, *args) -> str:
    return client.get(reverse(f"handlers:{name}", args=args)).content.decode()


def test_a_meeting_is_made_and_changed(office, world):
    answer = office.post(reverse("handlers:meeting_new"), {"name": "交办会", "held_on": "2026.3.2", "place": "长沙"})
    meeting = AssignmentMeeting.objects.get()
    assert answer.url == reverse("handlers:meeting", args=[meeting.pk])
    assert meeting.held_on == DAY
    office.post(reverse("handlers:meeting_edit", args=[meeting.pk]), {"name": "交办会", "held_on": "2026-03-03"})
    meeting.refresh_from_db()
    assert str(meeting.held_on) == "2026-03-03"
    assert "交办会" in page(office, "meetings")


def test_what_is_missing_is_said(office, world):
    answer = office.post(reverse("handlers:meeting_new"), {"name": "", "held_on": "2026-13-40"})
    assert answer.status_code == 422
    assert "填写名称" in answer.content.decode()


def test_counts_objections_and_cases_without_taker_are_shown(office, world):
    meeting = prepared(world)
    cases.registered(world, 8)
    row = ProposedAssignment.objects.filter(role="lead").first()
    assigning.object_to_proposal(
        row, reason="不属本厅", unit=world.publicity.unit, actor=world.water.liaison, today=DAY
    )
    text = page(office, "meeting", meeting.pk)
    assert "6 件次，2 个单位" in text
    assert "不属本厅" in text and "交办之前还有 1 项要办" in text
    assert "关于加强第8号" in text


def test_check_page_then_one_step_then_result(office, world):
    meeting = prepared(world)
    url = reverse("handlers:meeting_hand_over", args=[meeting.pk])
    text = office.get(url).content.decode()
    assert "核对后交办 3 件" in text and "湖南省交通运输厅" in text
    assert not Assignment.objects.exists()
    answer = office.post(url, {"form_token": "k" * 24})
    assert answer.url == f"{reverse('handlers:meeting', args=[meeting.pk])}?done=1"
    assert "已交办 3 件" in office.get(answer.url).content.decode()
    assert Assignment.objects.count() == 6


def test_pressing_again_or_reloading_is_harmless(office, world):
    meeting = prepared(world)
    url = reverse("handlers:meeting_hand_over", args=[meeting.pk])
    office.post(url, {"form_token": "k" * 24})
    for answer in (office.post(url, {"form_token": "k" * 24}), office.post(url), office.get(url)):
        assert answer.status_code == 302
    assert Assignment.objects.count() == 6


def test_obstacles_come_back_as_links(office, world):
    meeting = prepared(world)
    row = ProposedAssignment.objects.filter(role="lead").first()
    assigning.object_to_proposal(row, reason="不属", unit=world.publicity.unit, actor=world.water.liaison, today=DAY)
    answer = office.post(reverse("handlers:meeting_hand_over", args=[meeting.pk]))
    assert answer.status_code == 422
    assert reverse("handlers:objection", args=[row.pk]) in answer.content.decode()
    assert not Assignment.objects.exists()


def test_the_list_of_a_unit_has_a_signature_column(office, world):
    meeting = prepared(world)
    text = page(office, "meeting_print_unit", meeting.pk, world.water.unit.pk)
    assert "拟交办清单" in text and "签收人" in text and "共 3 件" in text
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    text = page(office, "meeting_print", meeting.pk)
    assert text.count("代表建议交办清单") == 2 and "主办加会办" in text
    missing = reverse("handlers:meeting_print_unit", args=[meeting.pk, world.publicity.unit.pk])
    assert office.get(missing).status_code == 404


def test_only_the_congress_office_hands_over(client, world):
    meeting = prepared(world)
    client.force_login(world.gov)
    assert client.get(reverse("handlers:meeting", args=[meeting.pk])).status_code == 200
    for name in ("meeting_hand_over", "meeting_announce", "meeting_edit"):
        assert client.post(reverse(f"handlers:{name}", args=[meeting.pk])).status_code == 403
    client.force_login(world.water.liaison)
    assert client.get(reverse("handlers:meetings")).status_code == 403


def test_units_see_their_proposals_and_object(client, world):
    prepared(world, 2)
    client.force_login(world.water.liaison)
    text = page(client, "proposals")
    assert "关于加强第1号" in text
    row = ProposedAssignment.objects.filter(unit=world.water.unit).first()
    url = reverse("handlers:proposal", args=[row.pk])
    assert "水库年久失修" in client.get(url).content.decode()
    assert client.post(url, {"reason": "", "unit": ""}).status_code == 422
    assert client.post(url, {"reason": "不属本厅", "unit": world.transport.unit.pk}).status_code == 302
    row.refresh_from_db()
    assert (row.objection, row.objected_by) == ("不属本厅", world.water.liaison)


def test_a_unit_sees_only_its_own_proposals_and_none_after_assignment(client, world):
    meeting = prepared(world, 1)
    row = ProposedAssignment.objects.get(unit=world.water.unit)
    client.force_login(world.publicity.liaison)
    assert client.get(reverse("handlers:proposal", args=[row.pk])).status_code == 404
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    client.force_login(world.water.liaison)
    assert client.get(reverse("handlers:proposal", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(("data", "status"), [({}, 422), ({"upheld": "keep", "note": ""}, 422),
                                              ({"upheld": "keep", "note": "维持"}, 302), ({"upheld": "change"}, 422)])
def test_the_office_decides_an_objection(office, world, data, status):
    prepared(world, 1)
    row = ProposedAssignment.objects.get(unit=world.water.unit)
    assigning.object_to_proposal(row, reason="不属", unit=world.publicity.unit, actor=world.water.liaison, today=DAY)
    assert office.post(reverse("handlers:objection", args=[row.pk]), data).status_code == status


def test_changing_the_unit_follows_the_objection(office, world):
    prepared(world, 1)
    row = ProposedAssignment.objects.get(unit=world.water.unit)
    assigning.object_to_proposal(row, reason="不属", unit=world.publicity.unit, actor=world.water.liaison, today=DAY)
    office.post(reverse("handlers:objection", args=[row.pk]), {"upheld": "change", "new_unit": world.publicity.unit.pk})
    assert ProposedAssignment.objects.get(role="lead").unit == world.publicity.unit


def test_the_meeting_page_does_not_query_by_row(office, world):
    def queries(count: int) -> int:
        meeting = prepared(world, count)
        with CaptureQueriesContext(connection) as caught:
            office.get(reverse("handlers:meeting", args=[meeting.pk]))
        ProposedAssignment.objects.all().delete()
        Request.objects.all().delete()
        Suggestion.objects.all().delete()
        return len(caught)

    few = queries(2)
    assert queries(12) == few
    assert few <= 15
