"""办理的接口：沟通、会办意见、答复、公开、评价，一步步走完，旁人插不进手。"""
from __future__ import annotations

import io

import pytest
from PIL import Image

from handlers.models import Activity, Evaluation, Reply, ResultClass
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY

from .conftest import ok, refused


@pytest.fixture
def at_work(world):
    """水利厅独办、已分派。"""
    return handling.allotted(handling.handed_to(world), world.water)


def picture(name: str = "走访.png"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    out.seek(0)
    out.name = name
    return out


def talk(world, assignment, **more) -> dict:
    return {
        "assignments": [assignment.pk], "kind": "visit", "stage": "before", "happened_on": str(MET),
        "members": [world.water.posts["officer"].pk], "deputies": [world.lead_deputy.pk], "content": "听取意见", **more,
    }


# ── 沟通 ──
def test_a_talk_is_logged_by_the_unit(world, call, at_work):
    body = ok(call(world.water.officer).post("/activities/", talk(world, at_work)), 201)
    assert body["face_to_face"] and body["backfilled"] and body["assignments"] == [at_work.pk]
    assert body["members"][0]["name"] == "省水利厅科员" and body["deputies"][0]["name"] == "黄岳若"
    for account in (world.clerk, world.water.head, world.lead_deputy.account):
        assert ok(call(account).get("/activities/"))["count"] == 1
    for account in (world.transport.liaison, world.other_deputy.account, world.stranger):
        assert ok(call(account).get("/activities/"))["count"] == 0
        refused(call(account).get(f"/activities/{body['id']}/"), 404)
    assert ok(call(world.clerk).get("/activities/", kind="phone"))["count"] == 0


def test_a_talk_with_pictures_goes_as_a_form(world, call, at_work):
    data = {**talk(world, at_work), "photos": [picture()]}
    body = ok(call(world.water.officer).upload("/activities/", data), 201)
    assert at_work.suggestion.attachments.get().about == f"activity:{body['id']}"


def test_nobody_logs_for_another_unit(world, call, at_work):
    for account in (world.transport.liaison, world.stranger, world.lead_deputy.account):
        assert refused(call(account).post("/activities/", talk(world, at_work)), 400)["field"] == "assignments"
    refused(call(world.clerk).post("/activities/", talk(world, at_work)), 403)
    wrong = talk(world, at_work, members=[world.transport.posts["officer"].pk])
    assert refused(call(world.water.officer).post("/activities/", wrong), 422)["field"] == "members"
    other = talk(world, at_work, deputies=[world.other_deputy.pk])
    assert refused(call(world.water.officer).post("/activities/", other), 422)["field"] == "deputies"
    assert not Activity.objects.exists()


def test_a_talk_is_corrected_with_a_reason(world, call, at_work):
    row = handling.contacted(at_work, world.water)
    path = f"/activities/{row.pk}/correct/"
    refused(call(world.clerk).post(path, {"reason": "错", "place": "长沙"}), 403)
    assert refused(call(world.water.officer).post(path, {"place": "长沙"}), 400)["errors"]["reason"]
    assert ok(call(world.water.officer).post(path, {"reason": "补地点", "place": "长沙"}))["place"] == "长沙"


# ── 会办意见 ──
def test_an_opinion_is_seen_by_the_lead_only_when_sent(world, call):
    lead, helper = handling.lead_and_helper(world)
    path, unit = f"/assignments/{helper.pk}/opinion/", call(world.transport.officer)
    refused(call(world.water.liaison).post(path, {"text": "代写"}), 403)
    saved = ok(unit.post(path, {"text": "桥梁施工同步清淤。"}))
    one = f"/opinions/{saved['id']}"
    for account in (world.water.liaison, world.clerk):
        refused(call(account).get(f"{one}/"), 404)
        assert ok(call(account).get("/opinions/"))["count"] == 0
    refused(unit.post(f"{one}/send/"), 403)
    liaison = call(world.transport.liaison)
    assert len(refused(liaison.post(f"{one}/send/"), 422)["missing"]) == 2
    ok(unit.post(path, {"text": "同步清淤。", "document_number": "湘交建函〔2026〕3号", "signed_by": "副厅长"}))
    assert ok(liaison.post(f"{one}/send/"))["status"] == "sent"
    assert ok(call(world.water.liaison).get(f"{one}/"))["text"] == "同步清淤。"
    refused(call(world.lead_deputy.account).get(f"{one}/"), 404)
    refused(call(world.publicity.liaison).get(f"{one}/"), 404)


def test_the_lead_asks_again_urges_and_adopts(world, call):
    lead, helper = handling.lead_and_helper(world)
    water, transport = call(world.water.liaison), call(world.transport.liaison)
    assert ok(water.post(f"/assignments/{helper.pk}/urge-opinion/"))["id"] == helper.pk
    refused(transport.post(f"/assignments/{helper.pk}/urge-opinion/"), 403)
    refused(water.post(f"/assignments/{helper.pk}/urge-opinion/"), 409)
    opinion = handling.opined(helper, world.transport)
    path = f"/opinions/{opinion.pk}"
    refused(transport.post(f"{path}/ask-again/", {"reason": "空"}), 403)
    refused(call(world.clerk).post(f"{path}/adopt/", {"adoption": "full"}), 403)
    ok(water.post(f"{path}/ask-again/", {"reason": "没有实质内容"}))
    refused(water.get(f"{path}/"), 404)
    opinion = handling.opined(helper, world.transport)
    assert refused(water.post(f"{path}/adopt/", {"adoption": "none"}), 422)["field"] == "note"
    assert ok(water.post(f"{path}/adopt/", {"adoption": "full"}))["status"] == "adopted"


# ── 答复 ──
def letter(assignment, **more) -> dict:
    asked = assignment.suggestion.requests.order_by("position").values_list("pk", flat=True)
    return {
        "version": 0, "result_class": ResultClass.objects.get(code="A").pk, "publication": "full",
        "items": [{"request": pk, "adoption": "full", "text": "已经办理，资金已下达。"} for pk in asked],
        "contact_name": "李工", "contact_phone": "0731-82210001", **more,
    }


def test_a_reply_goes_from_draft_to_publication(world, call, at_work):
    water = world.water
    handling.contacted(at_work, water)
    officer = call(water.officer)
    path = f"/assignments/{at_work.pk}/reply/"
    refused(call(world.clerk).post(path, letter(at_work)), 403)
    refused(call(world.transport.officer).post(path, letter(at_work)), 404)
    body = ok(officer.post(path, letter(at_work)))
    one = f"/replies/{body['id']}"
    assert body["status"] == "draft" and body["inside"]["version"] == 1 and "资金已下达" in body["letter"]
    assert "存了第 1 版" in refused(officer.post(path, letter(at_work)), 409)["detail"]
    for account in (world.clerk, world.lead_deputy.account, world.transport.liaison, world.gov):
        refused(call(account).get(f"{one}/"), 404)
    refused(call(water.head).post(f"{one}/approve/", {"version": 1}), 409)
    assert ok(officer.post(f"{one}/submit/"))["status"] == "checking"
    refused(officer.post(path, letter(at_work, version=1)), 409)

    version = Reply.objects.get(pk=body["id"]).version
    refused(call(water.head).post(f"{one}/approve/", {"version": version}), 403)
    assert refused(call(water.director).post(f"{one}/approve/", {"version": 99}), 409)
    for account in (water.director, water.liaison, water.leader):
        ok(call(account).post(f"{one}/approve/", {"version": version, "opinion": "同意"}))
    signed = ok(call(water.head).post(f"{one}/approve/", {"version": version}))
    assert signed["status"] == "signed" and signed["document_number"].startswith("湘水建")

    rows = [{"delivery": row["id"], "means": "by_hand", "delivered_on": str(TODAY)} for row in signed["deliveries"]]
    refused(officer.post(f"{one}/deliver/", {"deliveries": rows}), 403)
    empty = {"deliveries": [{"delivery": rows[0]["delivery"]}]}
    assert refused(call(water.liaison).post(f"{one}/deliver/", empty), 400)
    sent = ok(call(water.liaison).post(f"{one}/deliver/", {"deliveries": rows}))
    assert sent["status"] == "delivered" and sent["delivered_on"] == str(TODAY)

    shown = ok(call(world.lead_deputy.account).get(f"{one}/"))
    assert shown["inside"] is None and len(shown["deliveries"]) == 1
    refused(call(water.head).post(f"{one}/publish/"), 403)
    refused(call(world.lead_deputy.account).post(f"{one}/publish/"), 403)
    assert ok(call(world.clerk).post(f"{one}/publish/"))["published_as"] == "full"
    refused(call(world.clerk).post(f"{one}/withhold/", {"reason": "涉密"}), 409)
    assert ok(call(world.clerk).post(f"{one}/take-down/", {"reason": "更正"}))["taken_down_at"]


def test_sending_back_delegating_and_voiding(world, call):
    reply = handling.submitted(world)
    one, water = f"/replies/{reply.pk}", world.water
    data = {"version": reply.version, "opinion": "补充数据"}
    assert refused(call(water.director).post(f"{one}/send-back/", {"version": reply.version}), 400)["errors"]["opinion"]
    refused(call(water.leader).post(f"{one}/send-back/", data), 403)
    handed = {"post": water.posts["leader"].pk, "note": "处长出差"}
    assert ok(call(water.director).post(f"{one}/delegate/", handed))["status"] == "checking"
    assert ok(call(water.leader).post(f"{one}/send-back/", data))["status"] == "draft"
    signed = handling.signed(handling.submit_reply(reply, actor=water.officer, today=handling.WRITTEN))
    refused(call(water.officer).post(f"{one}/void/", {"reason": "改数"}), 403)
    fresh = ok(call(water.liaison).post(f"{one}/void/", {"reason": "改数"}))
    assert fresh["id"] != signed.pk and fresh["status"] == "draft"


def test_missing_parts_are_listed_before_submission(world, call, at_work):
    officer = call(world.water.officer)
    body = ok(officer.post(f"/assignments/{at_work.pk}/reply/", {"version": 0}))
    missing = refused(officer.post(f"/replies/{body['id']}/submit/"), 422)["missing"]
    assert len(missing) >= 3 and all(one["sentence"] for one in missing)


def test_a_helper_sees_the_delivered_letter_but_not_how_it_came_about(world, call):
    """会办单位看不到主办的草稿、版次与审签（A4）。"""
    lead, helper = handling.lead_and_helper(world)
    handling.contacted(lead, world.water)
    handling.adopted(handling.opined(helper, world.transport), world.water.officer)
    reply = handling.drafted(lead, world.water, assist_note="已采纳")
    one, transport = f"/replies/{reply.pk}/", call(world.transport.liaison)
    refused(transport.get(one), 404)
    reply = handling.submit_reply(reply, actor=world.water.officer, today=handling.WRITTEN)
    refused(transport.get(one), 404)
    handling.delivered(handling.signed(reply), world.water.liaison)
    shown = ok(transport.get(one))
    assert shown["inside"] is None and shown["deliveries"] == [] and "已采纳" in shown["letter"]


# ── 评价 ──
RATING = {"attitude": "satisfied", "outcome": "basically", "overall": "satisfied"}


@pytest.fixture
def delivery(world):
    return handling.answered(world).deliveries.get()


def test_the_deputy_rates_his_own_reply_once(world, call, delivery):
    data = {"delivery": delivery.pk, **RATING}
    for account in (world.water.liaison, world.gov, world.stranger, world.secretariat):
        refused(call(account).post("/evaluations/", data), 403)
    assert refused(call(world.other_deputy.account).post("/evaluations/", data), 400)["field"] == "delivery"
    mine = call(world.lead_deputy.account)
    body = ok(mine.post("/evaluations/", data), 201)
    assert body["receipt_number"].startswith("PJ") and not body["by_proxy"]
    assert "提交后不能再改" in refused(mine.post("/evaluations/", data), 409)["detail"]
    for account in (world.clerk, world.water.liaison, world.gov):
        assert ok(call(account).get("/evaluations/"))["count"] == 1
    for account in (world.transport.liaison, world.other_deputy.account, world.stranger):
        assert ok(call(account).get("/evaluations/"))["count"] == 0
        refused(call(account).get(f"/evaluations/{body['id']}/"), 404)


def test_dissatisfaction_needs_its_reason_and_starts_the_next_round(world, call, delivery):
    mine, data = call(world.lead_deputy.account), {"delivery": delivery.pk, **RATING, "overall": "dissatisfied"}
    assert refused(mine.post("/evaluations/", data), 422)["field"] == "opinion"
    ok(mine.post("/evaluations/", {**data, "opinion": "没有落实"}), 201)
    delivery.reply.assignment.refresh_from_db()
    assert delivery.reply.assignment.round == 2


def test_the_office_records_a_paper_form_with_its_scan(world, call, delivery):
    clerk, data = call(world.clerk), {"delivery": delivery.pk, **RATING}
    assert refused(clerk.post("/evaluations/", data), 400)["errors"]["scan"] == ["选择要上传的纸质意见表扫描件"]
    body = ok(clerk.upload("/evaluations/", {**data, "scan": picture("意见表.png")}), 201)
    row = Evaluation.objects.get(pk=body["id"])
    assert row.by_proxy and row.proxy == world.clerk and row.scan.purpose == "evaluation"


def test_the_deputy_cannot_pass_for_the_proxy(world, call, delivery):
    data = {"delivery": delivery.pk, **RATING, "by_proxy": True, "signed_on": "2020-01-01", "is_lead": True}
    body = refused(call(world.lead_deputy.account).post("/evaluations/", data), 400)
    assert set(body["errors"]) == {"by_proxy", "signed_on", "is_lead"} and not Evaluation.objects.exists()
