"""见面率：首次答复前当面沟通过的应答复件次占比，按单位、处室、月；补录的标出来（JT-19）。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers.actions import denying
from handlers.models import Activity, Allotment, Assignment
from supervision.statistics import rates, self_check
from tests.handlers import handling
from tests.handlers.handling import ASSIGNED, MET, SENT, TODAY
from tests.mechanisms import planned
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def share(world, until: date = TODAY) -> tuple[int, int]:
    found = rates.meeting_rate(rates.facts_of_meeting(Assignment.objects.filter(unit=world.water.unit)), until)
    return found.part, found.whole


def two_cases(world) -> tuple[Assignment, Assignment]:
    first = planned.in_hand(world)
    return first, planned.in_hand(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy)


def test_jt_19_a_case_met_twice_counts_once_and_a_call_does_not_count(world):
    first, second = two_cases(world)
    assert share(world) == (0, 2)
    handling.contacted(second, world.water, kind="phone")
    handling.contacted(first, world.water)
    handling.contacted(first, world.water, kind="talk", on=MET + timedelta(days=1))
    assert share(world) == (1, 2)
    assert rates.Share(1, 2).percent == "50.0%" and rates.Share(0, 0).percent == "—"


def test_jt_19_only_meetings_before_the_first_reply_count(world):
    first, second = two_cases(world)
    Assignment.objects.filter(pk__in=[first.pk, second.pk]).update(answered_on=SENT)
    handling.contacted(first, world.water, on=SENT - timedelta(days=1))
    handling.contacted(second, world.water, on=SENT)
    assert share(world) == (1, 2)


def test_jt_19_assisting_units_and_withdrawn_cases_are_not_in_the_denominator(world):
    assignment = handling.handed_to(world, assist=world.transport)
    assert share(world) == (0, 1)
    found = rates.facts_of_meeting(Assignment.objects.filter(unit=world.transport.unit))
    assert found == []
    assignment.suggestion.__class__.objects.filter(pk=assignment.suggestion_id).update(status="withdrawn")
    assert share(world) == (0, 0)


def test_jt_19_a_denied_meeting_counts_only_for_the_others_who_were_there(world):
    first, second = two_cases(world)
    visit = planned.visited(world, first, second)
    assert share(world) == (2, 2)
    row = visit.deputies.get(deputy=first.suggestion.lead_deputy)
    denying.deny_activity(row, actor=row.deputy.account, today=TODAY)
    assert share(world) == (1, 2)
    assert Activity.objects.standing_for(second.pk).exists() and not Activity.objects.standing_for(first.pk).exists()


def test_jt_19_the_months_grow_and_backfilled_meetings_are_marked(world):
    first, _ = two_cases(world)
    handling.contacted(first, world.water, on=MET, today=TODAY)
    found = rates.facts_of_meeting(Assignment.objects.filter(unit=world.water.unit))
    assert rates.backfilled(found, TODAY) == 1
    months = dict(rates.by_month(found, TODAY.year, TODAY))
    assert months[TODAY.month] == rates.meeting_rate(found, TODAY)
    assert months[1] == rates.Share(0, 0) and TODAY.month % 12 + 1 not in months
    assert share(world, MET - timedelta(days=1)) == (0, 2) and share(world, ASSIGNED - timedelta(days=1)) == (0, 0)


def test_jt_19_by_division_and_by_unit_add_up_to_the_whole(world):
    first, second = two_cases(world)
    Allotment.objects.filter(assignment=second, role="assist").delete()
    Allotment.objects.filter(assignment=second, role="lead").update(division=planned.second_room(world))
    handling.contacted(first, world.water)
    found = rates.facts_of_meeting(Assignment.objects.all())
    rooms = {name: rates.meeting_rate(rows, TODAY) for name, rows in rates.by_room(found).items()}
    assert rooms == {"综合处": rates.Share(1, 1), "河湖处": rates.Share(0, 1)}
    units = {name: rates.meeting_rate(rows, TODAY) for (_, name), rows in rates.by_unit(found).items()}
    assert units == {"省水利厅": rates.Share(1, 2)}


def test_jt_19_the_page_and_the_workbook_show_the_same_numbers(world, client):
    first, _ = two_cases(world)
    handling.contacted(first, world.water)
    page = reverse("supervision:meeting_rates")
    client.force_login(world.water.liaison)
    text = client.get(page).content.decode()
    assert "50.0%" in text and "1/2" in text and "综合处" in text
    assert client.get(page + "?export=xlsx")["Content-Type"].endswith("sheet")
    client.force_login(world.clerk)
    text = client.get(page).content.decode()
    assert "省水利厅" in text and f"?unit={world.water.unit.pk}" in text
    assert "综合处" in client.get(f"{page}?unit={world.water.unit.pk}").content.decode()
    assert client.get(f"{page}?unit=999999").status_code == 404 and client.get(f"{page}?year=1066").status_code == 404
    client.force_login(world.transport.liaison)
    assert "省水利厅" not in client.get(page).content.decode()


def test_jt_19_the_units_own_page_judges_it_only_when_switched_on(world):
    two_cases(world)

    def lamp() -> str:
        panels = self_check.four(world.water.unit, TODAY)
        return next(one for panel in panels for one in panel.figures if one.code == "JT-19").light.code

    assert lamp() == "grey"
    switch_on(world.water.unit, "JT-19")
    assert lamp() == "yellow"
    switch_off(world.water.unit, "JT-19")
    assert lamp() == "grey"
