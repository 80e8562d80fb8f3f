"""交办页：看件、选单位、办、撤销、批量；筛选不丢；查询数与行数无关。"""
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handlers.actions import assigning
from handlers.actions import meeting as acting
from handlers.models import Assignment, Deferral, ProposedAssignment
from lianluo.workdays import clock
from suggestions.models import Category, Suggestion
from tests.world import DAY, make_unit

from . import cases

pytestmark = pytest.mark.django_db
BOARD = "/office/board/"


@pytest.fixture
def office(client, world):
    client.force_login(world.clerk)
    return client


def post(client, suggestion, **data):
    return client.post(reverse("handlers:board_act", args=[suggestion.pk]), data)


def test_the_first_waiting_case_is_shown_with_text_requests_and_wish(office, world):
    cases.registered(world, 7, wished_units="水利庁、省交通运输厅")
    text = office.get(BOARD).content.decode()
    assert "关于加强第7号水库除险加固的建议" in text
    assert "加固大坝" in text and "水库年久失修" in text
    assert "省交通运输厅" in text and "代表希望由它承办" in text


def test_an_assigned_case_leaves_the_list_and_the_next_is_shown(office, world):
    first, second = cases.registered(world, 1), cases.registered(world, 2)
    answer = post(office, first, do="assign", lead=world.water.unit.pk, next=second.pk, query="state=open&words=水库")
    assert answer.status_code == 302
    assert answer.url == f"{BOARD}?words=%E6%B0%B4%E5%BA%93&state=open&done={first.pk}&s={second.pk}"
    page = office.get(answer.url).content.decode()
    assert "0001 已交办" in page and "撤销交办 0001" in page
    assert "关于加强第2号" in page
    assert Assignment.objects.get().assigned_on == clock.today()


def test_undo_brings_it_back(office, world):
    first = cases.registered(world, 1)
    post(office, first, do="assign", lead=world.water.unit.pk)
    answer = office.post(reverse("handlers:unassign", args=[first.pk]), {"query": "state=open"})
    assert answer.url == f"{BOARD}?state=open&s={first.pk}"
    first.refresh_from_db()
    assert first.status == "registered"


def test_undo_after_acceptance_says_who_accepted(office, world):
    first, row = cases.accepted(world)
    answer = office.post(reverse("handlers:unassign", args=[first.pk]))
    assert answer.status_code == 409
    assert "“湖南省水利厅”已经签收，不能撤销交办" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "roles"),
    [
        (lambda w: {"lead": w.water.unit.pk}, ["sole"]),
        (lambda w: {"lead": w.water.unit.pk, "assists": [w.transport.unit.pk]}, ["lead", "assist"]),
        (lambda w: {"separate_1": w.water.unit.pk, "part_1": "甲", "separate_2": w.transport.unit.pk, "part_2": "乙"},
         ["separate", "separate"]),
    ],
)
def test_the_mode_follows_from_the_units(office, world, data, roles):
    post(office, cases.registered(world), do="assign", **data(world))
    assert [row.role for row in Assignment.objects.order_by("id")] == roles


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda w: {}, "选一个主办单位，或两个以上分办单位"),
        (lambda w: {"mode": "lead", "lead": w.water.unit.pk}, "主办加会办须选会办单位；只有一个单位的，改为独办"),
        (lambda w: {"mode": "sole", "lead": w.water.unit.pk, "assists": [w.transport.unit.pk]},
         "独办只有一个单位；另有会办单位的，改为主办加会办"),
        (lambda w: {"mode": "separate", "lead": w.water.unit.pk}, "分办的各单位各自答复，清空主办、会办单位"),
        (lambda w: {"lead": 999999}, "从名单里选单位"),
    ],
)
def test_a_refused_choice_stays_on_the_page(office, world, data, sentence):
    answer = post(office, cases.registered(world), do="assign", query="state=open", **data(world))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Assignment.objects.exists()


def test_two_different_leads_are_asked_about(office, world):
    suggestion = cases.registered(world, wished_units="省水利厅")
    answer = post(office, suggestion, do="assign", pick=world.water.unit.pk, lead=world.transport.unit.pk)
    assert answer.status_code == 422
    assert "推荐里的和名单里的留一个" in answer.content.decode()


def test_a_recommended_unit_is_one_click(office, world):
    suggestion = cases.registered(world, wished_units="省水利厅、省交通运输厅")
    post(office, suggestion, do="assign", pick=world.water.unit.pk, assist_picks=[world.transport.unit.pk])
    assert [(row.unit, row.role) for row in Assignment.objects.order_by("id")] == [
        (world.water.unit, "lead"), (world.transport.unit, "assist"),
    ]


def test_who_was_first_is_told(office, world):
    suggestion, _ = cases.assigned(world)
    answer = post(office, suggestion, do="assign", lead=world.transport.unit.pk)
    assert answer.status_code == 409
    assert "现在是“已交办”，不能交办" in answer.content.decode()


def test_the_same_form_sent_twice_assigns_once(office, world):
    suggestion, token = cases.registered(world), "t" * 24
    first = post(office, suggestion, do="assign", lead=world.water.unit.pk, form_token=token)
    second = post(office, suggestion, do="assign", lead=world.water.unit.pk, form_token=token)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == first.url
    assert Assignment.objects.count() == 1


def test_a_proposal_joins_the_meeting_in_preparation(office, world):
    meeting = acting.prepare_meeting(session=world.session, name="会", held_on=DAY, actor=world.clerk, today=DAY)
    post(office, cases.registered(world), do="propose", lead=world.water.unit.pk)
    assert ProposedAssignment.objects.get().meeting == meeting


def test_a_proposed_case_comes_filled_in(office, world):
    suggestion = cases.registered(world)
    assigning.propose_assignment(
        suggestion, choices=cases.separate(world.water, world.transport), actor=world.clerk, today=DAY
    )
    form = office.get(f"{BOARD}?s={suggestion.pk}").context["form"]
    assert form.shows_separates
    assert [(unit.value(), part.value()) for unit, part in form.separates][:2] == [
        (str(world.water.unit.pk), "省水利厅的部分"), (str(world.transport.unit.pk), "省交通运输厅的部分"),
    ]


def test_units_are_offered_by_short_name_and_found_by_full_name(office, world):
    cases.registered(world)
    page = office.get(BOARD).content.decode()
    unit = world.water.unit
    assert f'<option value="{unit.pk}" data-full="{unit.name}"' in page
    assert f">{unit.short}</option>" in page and f">{unit.name}</option>" not in page


def test_deferring_and_resuming(office, world):
    suggestion = cases.registered(world)
    assert post(office, suggestion, do="defer", defer_reason="").status_code == 422
    post(office, suggestion, do="defer", defer_reason="等意见")
    assert Deferral.objects.get().reason == "等意见"
    assert "等意见" in office.get(f"{BOARD}?state=deferred").content.decode()
    office.post(reverse("handlers:board_resume", args=[suggestion.pk]))
    assert not Deferral.objects.exists()


@pytest.mark.parametrize(("state", "numbers"), [("", [1, 2, 3, 4]), ("open", [1]), ("proposed", [2, 3]),
                                                ("objected", [3]), ("deferred", [4])])
def test_the_states_filter_and_count(office, world, state, numbers):
    rows = [cases.registered(world, n) for n in (1, 2, 3, 4)]
    for row in rows[1:3]:
        assigning.propose_assignment(row, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assigning.object_to_proposal(
        rows[2].proposals.get(), reason="不属", unit=world.transport.unit, actor=world.water.liaison, today=DAY
    )
    assigning.defer_suggestion(rows[3], reason="等", actor=world.clerk, today=DAY)
    context = office.get(BOARD, {"state": state}).context
    assert [row.number for row in context["board"].page] == numbers
    assert {tab["code"]: tab["number"] for tab in context["board"].tabs}[state] == len(numbers)


def test_history_recommends_with_a_reason(office, world):
    category = Category.objects.filter(parent__isnull=True).first()
    for number in (1, 2):
        cases.assigned(world, number=number, category=category)
    cases.registered(world, 3, category=category)
    page = office.get(BOARD).content.decode()
    assert f"“{category.name}”类办过的 2 件次中，2 件次由它主办" in page
    assert "本次主办 2 / 会办 0" in page


# ── 批量 ──
def batch(client, **data):
    return client.post(reverse("handlers:board_batch"), data)


def test_a_batch_goes_through_choice_and_check(office, world):
    rows = [cases.registered(world, n) for n in (1, 2, 3)]
    keys = [row.pk for row in rows[:2]]
    assert "为 2 件选同样的单位" in batch(office, do="choose", pk=keys).content.decode()
    chosen = {"pk": ",".join(map(str, keys)), "lead": world.water.unit.pk, "query": "state=open"}
    page = batch(office, do="check", **chosen).content.decode()
    assert "核对 2 件的单位和期限" in page and "省水利厅（独办）" in page
    assert not Assignment.objects.exists()
    answer = batch(office, do="assign", **chosen)
    assert answer.url == f"{BOARD}?state=open"
    assert Assignment.objects.count() == 2


def test_all_filtered_cases_can_be_taken(office, world):
    for number in (1, 2, 3):
        cases.registered(world, number)
    page = batch(office, do="choose", all="1", query="words=第3号").content.decode()
    assert "为 1 件选同样的单位" in page


def test_by_their_own_proposals(office, world):
    rows = [cases.registered(world, n) for n in (1, 2)]
    assigning.propose_assignment(rows[0], choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    page = batch(office, own="1", pk=[row.pk for row in rows])
    assert "有 1 件还不能办" in page.content.decode()
    assert batch(office, own="1", do="assign", pk=[row.pk for row in rows]).status_code == 422
    said = re.sub(r"\s+", " ", page.content.decode())
    assert ">交办其余 1 件</button>" in said and f'name="pk" value="{rows[0].pk}"' in said  # 还不能办的留下
    batch(office, own="1", do="assign", pk=[rows[0].pk])
    assert Assignment.objects.get().suggestion == rows[0]


def test_nothing_ticked_goes_back_with_a_word(office, world):
    cases.registered(world)
    answer = office.post(reverse("handlers:board_batch"), {"do": "choose"}, follow=True)
    assert "先勾选要交办的件" in answer.content.decode()


# ── 谁能办 ──
def test_the_government_office_proposes_but_does_not_assign(client, world):
    client.force_login(world.gov)
    suggestion = cases.registered(world)
    assert post(client, suggestion, do="propose", lead=world.water.unit.pk).status_code == 302
    assert post(client, suggestion, do="assign", lead=world.water.unit.pk).status_code == 403
    assert batch(client, do="assign", pk=[suggestion.pk], lead=world.water.unit.pk).status_code == 403
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "sysadmin", "committee"])
def test_others_stay_out(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(BOARD).status_code == 403


def test_a_unit_and_a_deputy_stay_out(client, world):
    for user in (world.water.liaison, world.lead_deputy.account):
        client.force_login(user)
        assert client.get(BOARD).status_code == 403


def test_at_most_fifteen_queries_whatever_the_rows(office, world):
    def queries(count: int) -> int:
        for number in range(Suggestion.objects.count() + 1, count + 1):
            row = cases.registered(world, number, wished_units="省水利厅")
            choices = cases.lead_and_assist(world.water, world.transport)
            assigning.propose_assignment(row, choices=choices, actor=world.clerk, today=DAY)
        with CaptureQueriesContext(connection, ) as caught:
            office.get(BOARD)
        return len(caught)

    for number in range(5):
        make_unit(world.congress, f"Z{number}", f"湖南省第{number}厅", f"第{number}厅")
    few = queries(2)
    assert queries(40) == few
    assert few <= 15
