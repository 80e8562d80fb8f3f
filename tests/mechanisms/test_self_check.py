"""单位自查：第一责任人、厅领导带队、会议研究和四制一页（CZ-02、CZ-03、CZ-06、KJ-02）。没有起用的不评灯。"""
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from handlers.actions import adopting, convening
from handlers.models import Activity, Duty, Post, Rank
from supervision.statistics import self_check
from tests.handlers import handling
from tests.handlers.handling import TODAY
from tests.mechanisms import planned
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
YEAR_END = date(TODAY.year, 12, 31)


def figure(world, code: str, today: date = YEAR_END) -> self_check.Figure:
    """四制里的一个数。"""
    return next(
        one for panel in self_check.four(world.water.unit, today) for one in panel.figures if one.code == code
    )


# ── 会议研究（KJ-02） ──
def met(world, times: int, year: int = TODAY.year) -> None:
    for place in range(times):
        convening.hold_unit_meeting(
            world.water.unit, organ="party_group", happened_on=date(year, 1, 5 + place), subject="研究代表建议",
            content="照办", actor=world.water.liaison, today=TODAY,
        )


def test_kj_02_fewer_than_two_meetings_a_year_is_yellow(world):
    switch_on(world.water.unit, "KJ-02")
    met(world, 1)
    met(world, 3, TODAY.year - 1)
    found = figure(world, "KJ-02")
    assert (found.light.code, found.value) == ("yellow", "1 次")
    met(world, 1)
    assert figure(world, "KJ-02").light.code == "green"


def test_kj_02_switched_off_the_number_stands_but_is_not_judged(world):
    found = figure(world, "KJ-02")
    assert (found.light.code, found.value) == ("grey", "0 次")


# ── 第一责任人（CZ-03） ──
def test_cz_03_a_unit_has_exactly_one_first_responsible(world):
    switch_on(world.water.unit, "CZ-03")
    assert (figure(world, "CZ-03").light.code, figure(world, "CZ-03").value) == ("green", "1 人")
    second = {"unit": world.water.unit, "name": "副厅长", "duty": Duty.HEAD, "rank": Rank.BUREAU,
              "valid_from": date(2020, 1, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(**second)
    Post.objects.create(**second, valid_to=YEAR_END + timedelta(days=1))
    assert (figure(world, "CZ-03").light.code, figure(world, "CZ-03").value) == ("red", "2 人")
    Post.objects.filter(unit=world.water.unit, duty=Duty.HEAD).update(valid_to=TODAY)
    assert (figure(world, "CZ-03").light.code, figure(world, "CZ-03").value) == ("red", "0 人")
    switch_off(world.water.unit, "CZ-03")
    assert figure(world, "CZ-03").light.code == "grey"


# ── 厅领导带队（CZ-06） ──
def test_cz_06_a_leader_who_led_no_visit_this_year_turns_the_light_red(world):
    switch_on(world.water.unit, "CZ-06")
    case = planned.in_hand(world)
    planned.visited(world, case)
    found = figure(world, "CZ-06")
    assert (found.light.code, found.value) == ("red", "1/2 人")
    assert dict(found.rows) == {"省水利厅厅长": "0 次", "省水利厅副厅长": "1 次"}
    assert found.sentence == "省水利厅厅长今年还没有带队现场办理"
    planned.visited(world, case, leader="head", stand_in_reason="厅长领办")
    assert figure(world, "CZ-06").light.code == "green"
    switch_off(world.water.unit, "CZ-06")
    assert figure(world, "CZ-06").light.code == "grey"


def test_cz_06_last_years_visits_a_call_and_a_denied_visit_do_not_count(world):
    switch_on(world.water.unit, "CZ-06")
    case = planned.in_hand(world)
    handling.contacted(case, world.water, kind="phone", leader=world.water.posts["leader"])
    visit = planned.visited(world, case)
    assert figure(world, "CZ-06").value == "1/2 人"
    Activity.objects.filter(pk=visit.pk).update(happened_on=date(TODAY.year - 1, 6, 1))
    assert figure(world, "CZ-06").value == "0/2 人"


def test_cz_06_two_deputies_at_one_visit_are_one_visit(world):
    switch_on(world.water.unit, "CZ-06")
    first = planned.in_hand(world)
    second = planned.in_hand(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy)
    planned.visited(world, first, second)
    assert dict(figure(world, "CZ-06").rows)["省水利厅副厅长"] == "1 次"


def test_cz_06_it_warns_in_spring_and_turns_red_in_the_last_quarter(world):
    switch_on(world.water.unit, "CZ-06")
    lights = [
        self_check.leaders_on_site(world.water.unit, date(TODAY.year, month, 15)).light.code for month in (3, 9, 10, 12)
    ]
    assert lights == ["yellow", "yellow", "red", "red"]


# ── 四制一页（CZ-02） ──
def test_cz_02_the_four_panels_stand_on_one_page_and_every_figure_opens(world, client):
    adopting.adopt_preset(world.water.unit, "CZ", valid_from=TODAY, actor=None, today=TODAY)
    planned.in_hand(world)
    client.force_login(world.water.liaison)
    answer = client.get(reverse("supervision:self_check"))
    text = answer.content.decode()
    assert [panel.name for panel in answer.context["panels"]] == ["责任", "督办", "服务", "考核"]
    assert all(f"<h2>{name}</h2>" in text for name in ("责任", "督办", "服务"))
    urls = {one.url for panel in answer.context["panels"] for one in panel.figures if one.url}
    assert len(urls) >= 8
    assert [url for url in urls if client.get(url).status_code != 200] == []


def test_cz_02_the_page_judges_only_what_the_unit_has_switched_on(world):
    def judged():
        return {one.code for panel in self_check.four(world.water.unit, TODAY) for one in panel.figures
                if one.light.code != "grey"}

    assert judged() == {"CZ-10", "CZ-11"}
    switch_on(world.water.unit, "CZ-03", "CZ-06")
    assert {"CZ-03", "CZ-06", "CZ-05"} <= judged() and "KJ-02" not in judged() and "CZ-12" not in judged()


def test_cz_02_a_handler_and_an_office_do_not_open_the_units_own_page(world, client):
    for account in (world.water.officer, world.clerk):
        client.force_login(account)
        assert client.get(reverse("supervision:self_check")).status_code == 403
