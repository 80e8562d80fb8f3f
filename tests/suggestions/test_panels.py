"""件页上归提出这一层的栏：事实、原文、可办的事；电话与证号只给办理需要的人。"""
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from suggestions import panels
from suggestions.actions import grouping, registering
from tests.world import DAY

from .drafts import BODY, REQUESTS, confirm, cosigning, entered, registered


def shown(user, case, panel=panels.text):
    request = RequestFactory().get("/")
    request.user = user
    return panel(request, case)


def page(user, case) -> str:
    return render_to_string("suggestions/case/_text.html", shown(user, case))


def test_the_text_tab_shows_body_requests_and_who_confirmed_what(world):
    case = cosigning(world, world.cosigner, world.other_deputy)
    confirm(case, world.cosigner)
    text = page(world.lead_deputy.account, case)
    assert BODY in text
    for request in REQUESTS:
        assert request in text
    assert "与现文本一致" in text
    assert "尚未确认" in text
    assert case.text_hash[:16] in text


@pytest.mark.parametrize(
    ("who", "sees"), [("clerk", True), ("secretariat", True), ("gov", False), ("committee", False)]
)
def test_phone_address_and_certificate_only_for_those_who_need_them(world, who, sees):
    case = registered(world, contact_phone="0731-84441234")
    flat = str(shown(getattr(world, who), case)["facts"])
    for private in ("0731-84441234", "代表路8号", "HN140001"):
        assert (private in flat) is sees, private


def test_the_lead_deputy_sees_his_own_but_a_cosigner_does_not(world):
    case = registered(world, cosigners=[world.cosigner])
    assert "代表路8号" in str(shown(world.lead_deputy.account, case)["facts"])
    assert "代表路8号" not in str(shown(world.cosigner.account, case)["facts"])


def test_what_can_be_done_depends_on_state_and_role(world):
    def labels(user, case):
        return [label for label, _ in panels.doings(user, case)]

    waiting, ready = entered(world), registered(world)
    assert labels(world.clerk, waiting) == ["审查", "更正录入", "相近的件", "撤回"]
    assert labels(world.clerk, ready) == ["相近的件", "并案", "编入相近件组", "撤回"]
    assert labels(world.lead_deputy.account, ready) == ["撤回"]
    assert labels(world.cosigner.account, ready) == []
    assert labels(world.gov, ready) == []


def test_overview_lists_children_and_group(world):
    main, child, third = (registered(world) for _ in range(3))
    grouping.merge_suggestions(child, into=main, reason="同一水库", actor=world.clerk, today=DAY)
    grouping.group_suggestions([main, third], name="水库", actor=world.clerk, today=DAY)
    main.refresh_from_db()
    context = shown(world.clerk, main, panels.overview)
    assert context["children"] == [child]
    assert context["group_members"] == [third]
    assert "各自答复" in page(world.clerk, main)


def test_an_unseen_group_member_is_not_named(world):
    main, third = registered(world), registered(world, title="关于看不见的建议", lead_deputy=world.other_deputy)
    grouping.group_suggestions([main, third], name="水库", actor=world.clerk, today=DAY)
    main.refresh_from_db()
    assert "关于看不见的建议" not in page(world.lead_deputy.account, main)


def test_a_declined_case_says_on_which_ground(world):
    case = registering.decline_suggestion(
        entered(world), ground="N5", note="系来信", told_how="电话告知", actor=world.clerk, today=DAY
    )
    assert ("不作为建议的理由", case.get_decline_ground_display()) in shown(world.clerk, case)["facts"]
