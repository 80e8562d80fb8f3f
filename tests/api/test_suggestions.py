"""件的接口：看得见的才读得到；起草、录入、提交、审查、并案、撤回各走同一组动作。"""
from __future__ import annotations

import pytest

from suggestions.models import Suggestion
from tests.handlers import cases
from tests.handlers.handling import registered

from .conftest import ok, refused

PAPER = {
    "title": "关于加强湘江支流治理的建议", "body": "支流水质下降，山塘淤积。",
    "requests": ["建立生态补偿机制", "增加清淤资金"],
    "kind": "suggestion", "raised_during": "in_session", "submitted_on": "2026-01-25", "contact_phone": "13800000001",
}
OWN = {
    "title": "关于修缮村道的建议", "body": "雨季塌方。", "requests": ["加固路基"], "publish_wish": "full",
    "contact_phone": "13800000001",
}


def paper(world, **more) -> dict:
    return {**PAPER, "lead_deputy": world.lead_deputy.pk, **more}


@pytest.fixture
def draft(world, call):
    """代表经接口起草的一件。"""
    return ok(call(world.lead_deputy.account).post("/suggestions/", OWN), 201)


@pytest.fixture
def filed(world, call, draft):
    """代表已提交的一件。"""
    return ok(call(world.lead_deputy.account).post(f"/suggestions/{draft['id']}/submit/", {"one_matter": True}))


# ── 读 ──
def test_everyone_sees_his_own_cases_and_a_stranger_none(world, call):
    case = registered(world)
    path = f"/suggestions/{case.pk}/"
    for account in (world.clerk, world.gov, world.secretariat, world.lead_deputy.account, world.delegation_staff):
        assert ok(call(account).get("/suggestions/"))["count"] == 1
        assert ok(call(account).get(path))["title"] == case.title
    for account in (world.stranger, world.other_deputy.account, world.water.liaison, world.auditor, world.sysadmin):
        assert ok(call(account).get("/suggestions/")) == {"count": 0, "next": None, "previous": None, "results": []}
        refused(call(account).get(path), 404)
    refused(call(None).get("/suggestions/"), 401)


def test_somebody_elses_draft_is_not_there_at_all(world, call, draft):
    for account in (world.clerk, world.gov, world.other_deputy.account, world.cosigner.account, world.stranger):
        assert ok(call(account).get("/suggestions/", words="村道"))["count"] == 0
        refused(call(account).get(f"/suggestions/{draft['id']}/"), 404)


def test_the_detail_has_the_requests_the_dues_and_the_light(world, call):
    case = registered(world, raised_during="between")
    shown = ok(call(world.clerk).get(f"/suggestions/{case.pk}/"))
    assert [one["text"] for one in shown["requests"]] == ["建立湘江支流生态补偿机制", "增加山塘清淤专项资金"]
    assert shown["status"] == "registered" and shown["status_name"] == "已登记" and shown["shown_number"] == "闭0001"
    assert {row["name"] for row in shown["dues"]} == {"审核登记期限", "闭会期间交办期限"}
    assert shown["light"]["code"] in ("green", "yellow", "orange", "red") and shown["page"].endswith("/b0001/")


def test_telephone_and_note_are_only_for_the_office_and_the_deputy_himself(world, call):
    case = registered(world, note="当面交来")
    path = f"/suggestions/{case.pk}/"
    for account in (world.clerk, world.secretariat, world.lead_deputy.account):
        assert ok(call(account).get(path))["contact"]["phone"] == "13800000001"
    for account in (world.gov, world.committee, world.delegation_staff):
        response = call(account).get(path)
        assert ok(response)["contact"] is None
        assert "13800000001" not in response.content.decode() and "当面交来" not in response.content.decode()


def test_a_protected_identity_is_hidden_from_onlookers(world, call):
    case = registered(world, hides_identity=True, cosigners=[world.cosigner])
    assert ok(call(world.committee).get("/suggestions/"))["results"] == []
    assert call(world.committee).get(f"/suggestions/{case.pk}/").status_code == 404
    for path in ("/suggestions/", f"/suggestions/{case.pk}/"):
        assert world.lead_deputy.name in call(world.clerk).get(path).content.decode()


def test_the_same_filters_as_the_page(world, call):
    one, two = registered(world), registered(world, title="关于农村公路养护的建议")
    clerk = call(world.clerk)

    def found(**params):
        return [row["id"] for row in ok(clerk.get("/suggestions/", **params))["results"]]

    assert found() == [two.pk, one.pk]
    assert found(words="公路") == [two.pk] and found(number=1) == [one.pk] and found(session="14-4") == [two.pk, one.pk]
    assert found(status="submitted") == [] and found(words="hyr") == [two.pk, one.pk]
    assert found(ordering="number") == [one.pk, two.pk] and found(page_size=1) == [two.pk]
    body = refused(clerk.get("/suggestions/", ordering="made_by__password"), 400)
    assert body["field"] == "ordering" and "number" in body["detail"]
    assert refused(clerk.get("/suggestions/", status="x"), 400)["field"] == "status"
    refused(clerk.get("/suggestions/", page=9), 404)


# ── 录入与起草 ──
def test_the_office_enters_a_paper_case(world, call):
    body = ok(call(world.clerk).post("/suggestions/", paper(world, cosigners=[world.cosigner.pk])), 201)
    assert body["status"] == "submitted" and body["submitted_on"] == "2026-01-25" and body["raised_by"] == "joint"
    assert body["cosigners"][0]["deputy"]["name"] == "贺景" and body["cosigners"][0]["confirmed_at"]
    assert Suggestion.objects.get(pk=body["id"]).made_by == world.clerk


def test_a_preprinted_number_registers_at_once_but_only_for_reviewers(world, call):
    body = ok(call(world.clerk).post("/suggestions/", paper(world, number=86)), 201)
    assert body["status"] == "registered" and body["number"] == 86
    refused(call(world.delegation_staff).post("/suggestions/", paper(world, number=87)), 403)
    assert ok(call(world.delegation_staff).post("/suggestions/", paper(world)), 201)["status"] == "submitted"


@pytest.mark.parametrize("who", ["gov", "committee", "stranger", "auditor", "sysadmin"])
def test_others_enter_nothing(world, call, who):
    refused(call(getattr(world, who)).post("/suggestions/", paper(world)), 403)
    refused(call(world.water.liaison).post("/suggestions/", paper(world)), 403)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"title": ""}, "title", "填写标题"),
        ({"title": "关" * 201}, "title", "标题缩短到 200 字以内"),
        ({"body": " \n"}, "body", "填写内容：情况和问题"),
        ({"requests": []}, "requests", "具体建议至少 1 项"),
        ({"requests": ["1、"]}, "requests", "至少写一条具体建议"),
        ({"requests": "加固"}, "requests", "具体建议写成一列"),
        ({"lead_deputy": 999999}, "lead_deputy", "没有编号为 999999 的领衔代表，或者不在可见范围内"),
        ({"lead_deputy": "黄岳若"}, "lead_deputy", "领衔代表用编号填写"),
        ({"kind": "议案"}, "kind", "从列出的形式里选一项"),
        ({"session": "99-9"}, "session", "没有“99-9”这个届次"),
        ({"submitted_on": "一月"}, "submitted_on", "收到日期写成 2018-04-09 的样子"),
        ({"publish_wish": "none"}, "publish_wish_reason", "填写不同意公开的理由"),
        ({"regions": ["北京市"]}, "regions", "从列出的涉及地区里选一项"),
        ({"title": "含\x00空字符"}, "title", "标题里有不能保存的字符，删去后再提交"),
        ({"cosigners": [999999]}, "cosigners", "没有编号为 999999 的联名代表"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(world, call, change, field, said):
    body = refused(call(world.clerk).post("/suggestions/", paper(world, **change)), 400)
    assert field in body["errors"] and said in str(body["errors"][field])
    assert not Suggestion.objects.exists()


def test_a_deputy_drafts_changes_and_discards(world, call, draft):
    deputy, path = call(world.lead_deputy.account), f"/suggestions/{draft['id']}/"
    assert draft["status"] == "draft" and draft["lead_deputy"]["name"] == "黄岳若"
    changed = ok(deputy.patch(path, {"title": "关于修缮山区村道的建议", "revision": draft["revision"]}))
    assert changed["title"] == "关于修缮山区村道的建议" and changed["body"] == "雨季塌方。"
    stale = refused(deputy.patch(path, {"title": "旧的", "revision": draft["revision"]}), 409)
    assert "别处改过" in stale["detail"]
    assert refused(deputy.patch(path, {"title": "无版次"}), 400)["field"] == "revision"
    refused(call(world.other_deputy.account).delete(path), 404)
    assert deputy.delete(path).status_code == 204 and not Suggestion.objects.exists()


def test_a_submitted_case_is_corrected_by_the_office_only(world, call):
    case = ok(call(world.clerk).post("/suggestions/", paper(world)), 201)
    path = f"/suggestions/{case['id']}/"
    body = ok(call(world.secretariat).patch(path, {"title": "关于湘江支流的建议", "revision": case["revision"]}))
    assert body["title"] == "关于湘江支流的建议"
    refused(call(world.lead_deputy.account).patch(path, {"title": "我改", "revision": body["revision"]}), 403)


# ── 联名、提交、撤回 ──
def test_cosigners_confirm_the_text_they_saw(world, call):
    lead, joint = call(world.lead_deputy.account), call(world.cosigner.account)
    case = ok(lead.post("/suggestions/", {**OWN, "cosigners": [world.cosigner.pk]}), 201)
    path = f"/suggestions/{case['id']}"
    gap = refused(lead.post(f"{path}/submit/", {"one_matter": True}), 422)
    assert "尚未确认联名" in gap["missing"][0]["sentence"]
    refused(joint.post(f"{path}/cosign/", {"answer": "yes", "text_hash": case["text_hash"]}), 404)
    ok(lead.post(f"{path}/ask-cosigners/"))
    refused(joint.post(f"{path}/cosign/", {"answer": "yes", "text_hash": "0" * 64}), 409)
    refused(lead.post(f"{path}/cosign/", {"answer": "yes", "text_hash": case["text_hash"]}), 403)
    body = ok(joint.post(f"{path}/cosign/", {"answer": "yes", "text_hash": case["text_hash"]}))
    assert body["cosigners"][0]["confirmed_at"]
    refused(joint.post(f"{path}/submit/", {"one_matter": True}), 403)
    assert ok(lead.post(f"{path}/submit/", {"one_matter": True}))["status"] == "submitted"


def test_taking_back_and_refusing(world, call):
    lead, joint = call(world.lead_deputy.account), call(world.cosigner.account)
    path = f"/suggestions/{ok(lead.post('/suggestions/', {**OWN, 'cosigners': [world.cosigner.pk]}), 201)['id']}"
    ok(lead.post(f"{path}/ask-cosigners/"))
    assert ok(lead.post(f"{path}/take-back/"))["status"] == "draft"
    refused(lead.post(f"{path}/take-back/"), 409)
    ok(lead.post(f"{path}/ask-cosigners/"))
    assert ok(joint.post(f"{path}/cosign/", {"answer": "no", "reason": "不了解情况"}))["cosigners"][0]["refused_at"]


def test_submitting_needs_one_matter_and_the_wish(world, call, draft):
    deputy, path = call(world.lead_deputy.account), f"/suggestions/{draft['id']}"
    assert refused(deputy.post(f"{path}/submit/"), 400)["errors"]["one_matter"]
    assert refused(deputy.post(f"{path}/submit/", {"one_matter": False}), 422)["field"] == "one_matter"
    ok(deputy.patch(f"{path}/", {"publish_wish": "", "revision": draft["revision"]}))
    assert refused(deputy.post(f"{path}/submit/", {"one_matter": True}), 422)["missing"][0]["code"] == "publish_wish"


def test_withdrawing_by_the_deputy_until_assignment(world, call, filed):
    path = f"/suggestions/{filed['id']}/withdraw/"
    refused(call(world.other_deputy.account).post(path, {"reason": "不提了"}), 404)
    refused(call(world.gov).post(path, {"reason": "不提了"}), 404)
    assert refused(call(world.lead_deputy.account).post(path), 400)["errors"]["reason"] == ["填写撤回的理由"]
    assert ok(call(world.lead_deputy.account).post(path, {"reason": "不提了"}))["status"] == "withdrawn"


# ── 审查 ──
def test_registering_gives_the_next_number_to_reviewers_only(world, call, filed):
    path = f"/suggestions/{filed['id']}/register/"
    refused(call(world.lead_deputy.account).post(path), 403)
    refused(call(world.delegation_staff).post(path), 403)
    refused(call(world.stranger).post(path), 404)
    refused(call(world.gov).post(path), 404)  # 还没有登记，政府办公厅看不到
    body = ok(call(world.secretariat).post(path))
    assert (body["status"], body["number"]) == ("registered", 1)
    assert "不能登记" in refused(call(world.clerk).post(path), 409)["detail"]


def test_returning_and_declining_need_their_grounds(world, call, filed):
    clerk, path = call(world.clerk), f"/suggestions/{filed['id']}"
    assert refused(clerk.post(f"{path}/return/"), 400)["errors"]["note"] == ["填写说明"]
    refused(call(world.lead_deputy.account).post(f"{path}/return/", {"note": "改"}), 403)
    assert ok(clerk.post(f"{path}/return/", {"note": "写明地点"}))["status"] == "returned"
    ok(call(world.lead_deputy.account).post(f"{path}/submit/", {"one_matter": True}))
    assert refused(clerk.post(f"{path}/decline/", {"ground": "N0", "note": "不属"}), 400)["field"] == "ground"
    body = ok(clerk.post(f"{path}/decline/", {"ground": "N3", "note": "本单位个别问题"}))
    assert (body["status"], body["decline_ground"]) == ("declined", "N3")


def test_merging_is_the_offices_and_only_within_sight(world, call):
    main, child = cases.registered(world, 1), cases.registered(world, 2)
    path = f"/suggestions/{child.pk}"
    refused(call(world.secretariat).post(f"{path}/merge/", {"into": main.pk, "reason": "同一件事"}), 403)
    clerk = call(world.clerk)
    assert refused(clerk.post(f"{path}/merge/", {"into": 999999, "reason": "同"}), 400)["field"] == "into"
    assert refused(clerk.post(f"{path}/merge/", {"into": child.pk, "reason": "同"}), 422)["field"] == "into"
    body = ok(clerk.post(f"{path}/merge/", {"into": main.pk, "reason": "同一件事"}))
    assert body["status"] == "merged" and body["merged_into"]["id"] == main.pk
    assert ok(clerk.post(f"{path}/unmerge/", {"reason": "内容不同"}))["status"] == "registered"


def test_a_draft_cannot_be_named_as_the_main_case(world, call, draft):
    """看不见的件，编号也不给认（A3）。"""
    child = cases.registered(world, 2)
    path, data = f"/suggestions/{child.pk}/merge/", {"into": draft["id"], "reason": "同"}
    body = refused(call(world.clerk).post(path, data), 400)
    assert "村道" not in str(body) and body["field"] == "into"
