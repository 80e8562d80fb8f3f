"""基础资料、通知、时限说明、时间线：谁看得到，看到多少。"""
from __future__ import annotations

import pytest

from handlers.actions.evaluating import urge_evaluation
from handlers.actions.evaluation_links import issue_link
from handlers.actions.replying import send_back_reply
from lianluo.notices.models import Notice
from lianluo.notices.posting import post
from lianluo.workdays import clock
from supervision import timeline
from tests.cases import SENT
from tests.handlers import cases, handling
from tests.supervision.factory import alone
from tests.world import DAY

from .conftest import ok, refused

TODAY = clock.today()
REFERENCE = ["/units/", "/result-classes/", "/delegations/", "/categories/", "/sessions/"]


@pytest.mark.parametrize("path", REFERENCE)
def test_reference_is_for_whoever_has_a_role_and_read_only(world, call, path):
    found = ok(call(world.water.officer).get(path))
    assert found["count"] >= 1
    first = found["results"][0]["id"]
    assert ok(call(world.sysadmin).get(f"{path}{first}/"))["id"] == first
    assert ok(call(world.stranger).get(path))["count"] == 0
    refused(call(world.stranger).get(f"{path}{first}/"), 404)
    for method in (call(world.sysadmin).post, call(world.clerk).post):
        refused(method(path, {"name": "新"}), 405)
    refused(call(world.clerk).patch(f"{path}{first}/", {"name": "改"}), 405)
    refused(call(world.clerk).delete(f"{path}{first}/"), 405)


def test_telephones_of_deputies_are_masked_but_for_the_office(world, call):
    one = f"/deputies/{world.lead_deputy.pk}/"
    for account in (world.clerk, world.secretariat, world.lead_deputy.account):
        assert ok(call(account).get(one))["phone"] == world.lead_deputy.phone
    for account in (world.gov, world.water.liaison, world.delegation_staff, world.other_deputy.account):
        for path in (one, "/deputies/"):
            response = call(account).get(path)
            assert "****" in response.content.decode() and world.lead_deputy.phone not in response.content.decode()
    assert ok(call(world.water.liaison).get(one))["certificate_no"] == ""
    for account in (world.auditor, world.sysadmin, world.stranger):
        refused(call(account).get(one), 404)


def test_searching_deputies_by_a_telephone_tail_is_not_open_to_all(world, call):
    tail = world.lead_deputy.phone[-4:]
    assert ok(call(world.clerk).get("/deputies/", q=tail))["count"] >= 1
    assert ok(call(world.water.liaison).get("/deputies/", q=tail))["count"] == 0
    assert ok(call(world.water.liaison).get("/deputies/", q="hyr"))["results"][0]["name"] == "黄岳若"


def test_posts_of_a_unit_are_for_the_unit_and_the_office(world, call):
    path = f"/units/{world.water.unit.pk}/"
    for account in (world.water.officer, world.clerk, world.gov):
        assert len(ok(call(account).get(path))["posts"]) == 5
    for account in (world.transport.liaison, world.lead_deputy.account, world.sysadmin):
        assert ok(call(account).get(path))["posts"] == []
    assert [row["short"] for row in ok(call(world.clerk).get("/units/", q="水利"))["results"]] == ["省水利厅"]
    assert ok(call(world.clerk).get("/units/", kind="party"))["count"] == 1


def test_everyone_reads_and_marks_only_his_own_notices(world, call):
    Notice.objects.all().delete()
    context = _context(world)
    post("assignment.made", about="assignment:1", recipients=[world.water.liaison], context=context, url="/unit/")
    row = Notice.objects.get()
    path = f"/notices/{row.pk}"
    assert ok(call(world.clerk).get("/notices/"))["count"] == 0
    refused(call(world.clerk).get(f"{path}/"), 404)
    refused(call(world.clerk).post(f"{path}/read/"), 404)
    mine = call(world.water.liaison)
    assert ok(mine.get("/notices/", unread="true"))["count"] == 1
    assert ok(mine.post(f"{path}/read/"))["read_at"] and ok(mine.post(f"{path}/done/"))["done_at"]
    assert ok(mine.get("/notices/", undone="true"))["count"] == 0


def _context(world) -> dict:
    case, rows = cases.assigned(world, today=TODAY)
    Notice.objects.all().delete()
    return {"case": case, "assignment": rows[0], "suggestion": case, "unit": world.water.unit}


def test_a_due_date_explains_itself_to_whoever_sees_the_case(world, call):
    case, rows = cases.assigned(world, today=DAY)
    due = cases.due(rows[0], "reply_normal")
    path = f"/dues/assignment/{due.pk}/"
    body = ok(call(world.clerk).get(path))
    assert body["due_on"] == str(due.due_on) and body["steps"] and any("代表法" in line for line in body["sentences"])
    assert ok(call(world.water.liaison).get(path))["unit_name"] == "湖南省水利厅"
    refused(call(world.publicity.liaison).get(path), 404)
    refused(call(world.stranger).get(path), 404)
    refused(call(world.clerk).get(f"/dues/other/{due.pk}/"), 404)
    refused(call(world.clerk).get("/dues/suggestion/999999999999999999999/"), 404)


def test_the_timeline_keeps_inner_steps_inside_the_unit(world, call):
    lead, helper = handling.lead_and_helper(world)
    handling.contacted(lead, world.water)
    handling.adopted(handling.opined(helper, world.transport), world.water.officer)
    reply = handling.drafted(lead, world.water, assist_note="已采纳")
    reply = handling.submit_reply(reply, actor=world.water.officer, today=handling.WRITTEN)
    send_back_reply(reply, version=reply.version, opinion="重写", actor=world.water.director, today=handling.SIGNED)
    path = f"/suggestions/{lead.suggestion_id}/timeline/"

    def events(account) -> set[str]:
        return {row["event"] for row in ok(call(account).get(path, page_size=200))["results"]}

    assert {"reply.sent_back", "reply.saved", "assignment.allotted"} <= events(world.water.liaison)
    for account in (world.clerk, world.transport.liaison, world.lead_deputy.account):
        assert not events(account) & {"reply.sent_back", "reply.saved", "reply.drafted"}
        assert "重写" not in call(account).get(path).content.decode()
    assert "opinion.sent" in events(world.clerk) and "opinion.sent" not in events(world.lead_deputy.account)
    refused(call(world.publicity.liaison).get(path), 404)


def test_the_timeline_shows_no_more_than_the_page(world, call):
    """评价链接、催填只给办事机构，起草与联名不给单位：页面上不给看的，接口也不给；领衔代表另看得到自己的评价。"""
    journey = alone(world).to("delivered")
    issue_link(journey.delivery, actor=world.clerk, today=SENT)
    urge_evaluation(journey.delivery, actor=world.clerk, today=SENT)
    journey.to("rated")
    case, office = journey.suggestion, {"evaluation.link_issued", "evaluation.urged"}

    def events(account) -> set[str]:
        rows = ok(call(account).get(f"/suggestions/{case.pk}/timeline/", page_size=200))["results"]
        return {row["event"] for row in rows}

    assert office <= events(world.clerk)
    for account in (world.clerk, world.gov, world.water.liaison, world.committee):
        assert events(account) <= {event.event for event in timeline.of_case(case, account)}, account
    own = events(world.lead_deputy.account)
    assert "evaluation.submitted" in own and not own & (office | set(timeline.INSIDE_UNIT))
