"""件页：分栏各给谁看、右栏说清期限与在谁手里、下一步只给能办的人、并案与改办、查询数。"""
from __future__ import annotations

import pytest

from handlers.actions.extending import decide_extension
from suggestions.actions import grouping
from supervision.case_tabs import TABS
from supervision.panels import milestones
from supervision.standing import standing
from supervision.views.case import assignments_of
from tests.cases import (
    ACCEPTED,
    MET,
    OPENED,
    TODAY,
    Journey,
    declined,
    extension_requested,
    merged,
    return_requested,
    returned,
)
from tests.supervision.factory import alone, moved_to
from tests.supervision.pages import browser, page, queries, text_of

pytestmark = pytest.mark.django_db


def url(journey: Journey, tab: str = "") -> str:
    return journey.suggestion.get_absolute_url() + (f"{tab}/" if tab else "")


def labels(account, journey: Journey) -> list[str]:
    """页上画出的各栏，按代码。"""
    codes = {tab.label: tab.code for tab in TABS}
    return [codes[label] for _, label, *_ in page(account, url(journey)).context["tabs"]]


def steps(account, journey: Journey) -> list[str]:
    return [step.label for step in page(account, url(journey)).context["standing"].steps]


def holders(journey: Journey, account=None) -> list[tuple[str, str]]:
    case = journey.suggestion
    found = standing(case, assignments_of(case), account or journey.world.clerk, today=TODAY).holders
    return [(one.name, one.what) for one in found]


# ── 地址 ──
def test_the_address_speaks(world):
    journey = alone(world).to("registered")
    number = journey.suggestion.number
    assert url(journey) == f"/s/14-4/{number:04d}/"
    page(world.clerk, f"/s/i/{journey.pk}/", 302)
    page(world.clerk, f"/s/14-4/{number}/")
    for wrong in ("/s/14-4/9999/", "/s/13-1/0001/", "/s/14-4/abc/", "/s/14-4/٣/", url(journey) + "nothing/"):
        page(world.clerk, wrong, 404)


def test_an_unregistered_case_opens_by_its_inner_number(world):
    journey = alone(world).to("submitted")
    assert url(journey) == f"/s/i/{journey.pk}/"
    text = text_of(page(world.clerk, url(journey)))
    assert "未登记" in text and "?tab=text" in text
    page(world.clerk, url(journey) + "?tab=nothing", 404)


def test_only_reading_is_answered_and_only_to_people_signed_in(world, client):
    journey = alone(world).to("registered")
    assert client.get(url(journey)).status_code == 302
    assert browser(world.clerk).post(url(journey)).status_code == 405


# ── 谁看得到哪一栏 ──
ALL = [tab.code for tab in TABS]
READER = ["overview", "text", "events"]


def test_each_tab_is_shown_to_those_it_concerns(world):
    """会办单位看不到评价；代表团和秘书处看不到办理；看不到件的一律 404。"""
    journey = Journey(world).to("rated")
    for name in ("clerk", "gov", "committee"):
        assert labels(getattr(world, name), journey) == ALL, name
    assert labels(world.water.liaison, journey) == ALL
    assert labels(world.transport.liaison, journey) == [code for code in ALL if code != "evaluations"]
    for name in ("secretariat", "delegation_staff"):
        assert labels(getattr(world, name), journey) == READER, name
    for account in (world.publicity.liaison, world.stranger, world.sysadmin):
        page(account, url(journey), 404)


def test_a_hidden_tab_cannot_be_opened_by_its_address(world):
    journey = Journey(world).to("rated")
    page(world.transport.liaison, url(journey, "evaluations"), 404)
    page(world.delegation_staff, url(journey, "replies"), 404)
    page(world.water.liaison, url(journey, "evaluations"))


@pytest.mark.parametrize("tab", ALL)
@pytest.mark.parametrize("stage", ["assigned", "opining", "checking", "rated", "signed_off"])
def test_every_tab_opens_at_every_stage(world, stage, tab):
    journey = Journey(world, result="B").to(stage)
    for account in (world.clerk, world.water.liaison):
        page(account, url(journey, tab))


def test_a_deputy_is_sent_to_his_own_page(world):
    journey = alone(world).to("assigned")
    answer = browser(world.lead_deputy.account).get(url(journey))
    assert (answer.status_code, answer.url) == (302, f"/my/{journey.pk}/")


def test_the_opinion_of_a_deputy_is_not_told_to_the_assisting_unit(world):
    journey = Journey(world, overall="dissatisfied").to("rated")
    said = "只说了打算，没有安排资金"
    assert said in text_of(page(world.water.liaison, url(journey, "events")))
    for tab in ("", "events", "handling", "ledger", "replies"):
        assert said not in text_of(page(world.transport.liaison, url(journey, tab)))


# ── 右栏：期限、在谁手里、还差什么 ──
def test_the_deadline_is_explained_one_click_away(world):
    journey = alone(world).to("accepted")
    found = page(world.clerk, url(journey)).context["standing"]
    assert (found.due_on, found.due_name) == (journey.assignment.due_on, "答复")
    assert "怎样算出来的" in text_of(page(world.clerk, found.due_url)) or page(world.clerk, found.due_url)
    extension, other = extension_requested(world, assist=None)
    decide_extension(extension, granted=True, actor=world.gov, today=MET)
    found = page(world.clerk, url(other)).context["standing"]
    assert (found.due_on, found.due_name) == (extension.asked_until, "延期后的答复")


@pytest.mark.parametrize(
    ("stage", "name"), [("delivered", "代表反馈"), ("signed_off", ""), ("registered", "")]
)
def test_the_deadline_shown_is_the_one_running(world, stage, name):
    journey = alone(world).to(stage)
    assert page(world.clerk, url(journey)).context["standing"].due_name == name


def test_it_tells_in_whose_hands_the_case_is(world):
    journey = Journey(world)
    told = {}
    for stage in ("drafted", "submitted", "registered", "assigned", "accepted", "allotted", "opined", "delivered",
                  "rated", "signed_off"):
        journey.to(stage)
        told[stage] = holders(journey)
    water, transport = "湖南省水利厅", "湖南省交通运输厅"
    assert told == {
        "drafted": [("黄岳若代表", "起草")], "submitted": [("联工委", "审查登记")],
        "registered": [("联工委", "确定承办单位并交办")],
        "assigned": [(water, "签收（主办）"), (transport, "签收（会办）")],
        "accepted": [(water, "分派处室（主办）"), (transport, "分派处室（会办）")],
        "allotted": [(water, "办理并答复"), (transport, "提会办意见")], "opined": [(water, "办理并答复")],
        "delivered": [("黄岳若代表", "填办理意见表")], "rated": [(water, "申请销号")], "signed_off": [],
    }


def test_it_tells_whom_to_call(world):
    journey = alone(world).to("accepted")
    text = text_of(page(world.clerk, url(journey)))
    assert "0731-82210000" in text and "联络员 省水利厅办公室主任科员 0731-82210001" in text


def test_cosigners_who_have_not_confirmed_hold_the_case(world):
    journey = Journey(world).to("cosigning")
    assert holders(journey) == [("贺景代表", "确认联名")]


def test_a_second_round_and_an_escalation_are_told(world):
    journey = alone(world, overall="dissatisfied").to("rated")
    assert holders(journey) == [("湖南省水利厅", "办理并答复（第 2 轮）")]


def test_a_return_waiting_is_in_the_hands_of_whoever_decides(world):
    row, journey = return_requested(world, assist=None)
    assert holders(journey)[0] == ("联工委", "裁决省水利厅的退回"), "建议改交政府系统以外，由联工委裁决"
    case = journey.suggestion
    [holder] = standing(case, assignments_of(case), world.clerk, today=TODAY).holders
    assert holder.due_on == row.decide_by_on, "说的是裁决的期限，不是答复的期限"


# ── 下一步：只给能办的人 ──
def test_the_next_step_is_offered_only_to_whoever_may_do_it(world):
    """同一步，能办的有按钮，看得到而不能办的没有。"""
    journey = Journey(world)
    wanted = {
        "submitted": {"clerk": ["审查登记"], "secretariat": ["审查登记"]},
        "registered": {"clerk": ["交办"], "gov": ["交办"]},
        "assigned": {"water.liaison": ["签收"], "transport.liaison": ["签收"]},
        "accepted": {"water.liaison": ["分派处室"], "transport.liaison": ["分派处室"]},
        "allotted": {"water.officer": ["记沟通", "写答复"], "water.liaison": ["记沟通", "写答复"],
                     "transport.officer": ["写会办意见"],
                     "transport.liaison": ["写会办意见"]},
        "delivered": {"clerk": ["核准销号", "催填或代录意见表"]},
        "published": {"clerk": ["核准销号"], "water.liaison": ["申请销号"]},
        "applied": {"clerk": ["核准销号"]},
    }
    people = {name: getattr(world, name) for name in ("clerk", "gov", "secretariat", "committee")}
    people |= {f"{unit}.{who}": getattr(getattr(world, unit), who)
               for unit in ("water", "transport") for who in ("liaison", "officer")}
    for stage, allowed in wanted.items():
        journey.to(stage)
        for name, account in people.items():
            answer = browser(account).get(url(journey))
            if answer.status_code == 200:
                offered = [step.label for step in answer.context["standing"].steps]
                assert offered == allowed.get(name, []), (stage, name)


def test_a_decision_waiting_is_offered_to_its_decider(world):
    row, journey = return_requested(world, assist=None)
    assert steps(world.clerk, journey) == ["裁决退回"], "建议改交党群部门，由联工委裁决"
    assert steps(world.gov, journey) == []
    _, other = extension_requested(world, assist=None)
    assert steps(world.gov, other) == ["批复延期"]
    assert steps(world.clerk, other) == []


def test_every_step_leads_to_a_page_that_opens(world):
    for stage in ("submitted", "registered", "assigned", "accepted", "allotted", "delivered", "published", "applied"):
        journey = Journey(world).to(stage)
        for account in (world.clerk, world.water.liaison):
            answer = browser(account).get(url(journey))
            if answer.status_code == 200:
                for step in answer.context["standing"].steps:
                    assert step.accepts or browser(account).get(step.url).status_code == 200, (stage, step)


# ── 并案、改办、撤回 ──
def test_a_merged_case_shows_the_handling_of_its_main_case(world):
    journey = merged(world, assist=None, cosigners=())
    journey.main.to("accepted")
    text = text_of(page(world.clerk, url(journey)))
    assert journey.main.suggestion.spoken_number in text
    assert holders(journey) == [("湖南省水利厅", "分派处室（独办）")]
    assert url(journey) in text_of(page(world.clerk, url(journey.main)))
    assert "各自答复" in text_of(page(world.clerk, url(journey.main)))
    page(world.water.liaison, url(journey))


def test_a_merged_case_whose_merging_is_undone_stands_alone_again(world):
    journey = merged(world, assist=None, cosigners=())
    grouping.unmerge(journey.suggestion, reason="内容不同", actor=world.clerk, today=OPENED)
    assert holders(journey) == [("联工委", "确定承办单位并交办")]


def test_a_reassignment_is_kept_in_sight(world):
    journey = alone(world).to("accepted")
    moved_to(journey, world.publicity, by=world.clerk, today=ACCEPTED)
    text = text_of(page(world.clerk, url(journey)))
    assert "已改办" in text and "由湖南省水利厅改来" in text
    assert holders(journey) == [("中共湖南省委宣传部", "签收（独办）")]
    page(world.water.liaison, url(journey), 404)


def test_a_declined_or_returned_case_tells_its_end(world):
    assert holders(declined(world)) == []
    journey = returned(world)
    found = page(world.clerk, url(journey)).context["standing"]
    assert [one.sentence for one in found.missing] == ["具体建议不明确"]


# ── 全程 ──
def test_milestones_show_what_is_done_and_what_is_now(world):
    journey = Journey(world)
    now = {}
    for stage in ("submitted", "registered", "assigned", "accepted", "delivered", "rated", "signed_off"):
        journey.to(stage)
        case = journey.suggestion
        found = milestones(case, assignments_of(case))
        now[stage] = next((one.label for one in found if one.is_now), None)
        assert [one.on is not None for one in found] == sorted([one.on is not None for one in found], reverse=True)
    assert now == {
        "submitted": "登记", "registered": "交办", "assigned": "签收", "accepted": "答复", "delivered": "测评",
        "rated": "销号", "signed_off": None,
    }


# ── 快 ──
@pytest.mark.parametrize("tab", ALL)
def test_a_tab_takes_at_most_fifteen_queries(world, tab):
    journey = Journey(world, result="B").to("rated")
    for account in (world.clerk, world.water.liaison, world.transport.officer):
        if tab == "evaluations" and account == world.transport.officer:
            continue
        assert queries(account, url(journey, tab)) <= 15, tab


def test_the_overview_takes_no_more_queries_with_more_units_and_events(world):
    short, long = alone(world).to("accepted"), Journey(world).to("opined")
    for _ in range(3):
        long.talk(on=MET)
    assert queries(world.clerk, url(long)) <= queries(world.clerk, url(short)) + 1


# ── 提醒预览 ──
def test_the_reminder_page_tells_who_gets_what_when(world):
    journey = alone(world).to("allotted")
    address = f"/s/i/{journey.pk}/reminders/"
    for account in (world.clerk, world.gov, world.water.officer):
        text = text_of(page(account, address))
        assert "到期前 30 天" in text and "省水利厅厅长" in text
    assert address in text_of(page(world.water.officer, url(journey)))
    for account in (world.delegation_staff, world.committee, world.stranger, world.lead_deputy.account):
        page(account, address, 404)
    done = alone(world).to("signed_off")
    assert "不再提醒" in text_of(page(world.clerk, f"/s/i/{done.pk}/reminders/"))
