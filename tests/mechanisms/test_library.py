"""机制库：目录齐全、借鉴三步、预览说得准、例外要准许。"""
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.module_loading import import_string

from handlers.actions import adopting, waiving
from handlers.mechanisms import policies, presets
from handlers.mechanisms.base import GUARDS
from handlers.mechanisms.catalogue import CATALOGUE, OFFICES
from handlers.models import UnitPolicy, Waiver
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from lianluo.workdays import clock
from tests.handlers import handling
from tests.handlers.handling import ASSIGNED, WRITTEN
from tests.mechanisms.switching import codes_lacking, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
COUNTS = {"KJ": 15, "MZ": 22, "CZ": 28, "JT": 19}


def test_every_row_of_the_four_offices_is_in_the_catalogue():
    assert {key: sum(code.startswith(key) for code in CATALOGUE) for key in OFFICES} == COUNTS
    assert all(one.quote and one.demand and one.kind in ("guard", "figure", "record", "page")
               for one in CATALOGUE.values())


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_where_points_at_code_that_exists(code):
    assert import_string(CATALOGUE[code].where)


def test_a_guard_in_the_registry_is_a_guard_in_the_catalogue():
    assert {code for code in GUARDS if CATALOGUE[code].kind != "guard"} == set()


def test_a_unit_adopts_another_units_rule_in_three_clicks(world, client):
    """打开一条 → 借鉴（预览）→ 起用。"""
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:mechanism", args=["JT-08"])).content.decode()
    adopt = reverse("handlers:adopt", args=["JT-08"])
    assert f'href="{adopt}"' in page
    assert "会碰到的在办件" in client.get(adopt).content.decode()
    answer = client.post(adopt, {"valid_from": str(clock.today()), "scope": "new", "do": "confirm"})
    assert answer.status_code == 302
    row = UnitPolicy.objects.get(unit=world.water.unit)
    assert (row.code, row.is_on, row.scope, row.made_by) == ("JT-08", True, "new", world.water.liaison)
    assert "JT-08" in policies.active_codes(world.water.unit, clock.today())


def test_the_preview_says_which_open_cases_it_touches_and_was_right(world):
    asked = handling.allotted(handling.handed_to(world), world.water)
    known = handling.allotted(handling.handed_to(world, title="关于山塘清淤的建议"), world.water)
    handling.contacted(known, world.water, intent="把山塘清出来")
    today = clock.today()
    lines = adopting.preview(world.water.unit, code="JT-08", scope="all_open", valid_from=today, today=today)
    foreseen = {line.assignment.pk: bool(line.missing) for line in lines}
    assert foreseen == {asked.pk: True, known.pk: False}
    adopting.switch_mechanism(
        world.water.unit, code="JT-08", on=True, scope="all_open", valid_from=today, actor=world.water.head, today=today
    )
    after = {one.pk: bool(codes_lacking(one, "draft", today)) for one in (asked, known)}
    assert after == foreseen


def test_a_rule_for_new_cases_leaves_the_open_ones_alone(world):
    assignment = handling.allotted(handling.handed_to(world), world.water)
    today = clock.today()
    lines = adopting.preview(world.water.unit, code="JT-08", scope="new", valid_from=today, today=today)
    assert lines == []
    adopting.switch_mechanism(
        world.water.unit, code="JT-08", on=True, valid_from=today, actor=world.water.head, today=today
    )
    assert codes_lacking(assignment, "draft", today) == set()


def test_only_the_unit_itself_switches_and_never_backwards(world):
    unit, today = world.water.unit, clock.today()
    with pytest.raises(Forbidden):
        adopting.switch_mechanism(
            unit, code="JT-08", on=True, valid_from=today, actor=world.transport.liaison, today=today
        )
    with pytest.raises(Forbidden):
        adopting.switch_mechanism(unit, code="JT-08", on=True, valid_from=today, actor=world.water.officer, today=today)
    with pytest.raises(DomainError, match="不能早于今天"):
        adopting.switch_mechanism(
            unit, code="JT-08", on=True, valid_from=ASSIGNED, actor=world.water.liaison, today=today
        )
    with pytest.raises(DomainError, match="没有起用"):
        adopting.switch_mechanism(
            unit, code="JT-08", on=False, valid_from=today, actor=world.water.liaison, today=today
        )


def test_a_preset_switches_on_what_the_office_reported(world):
    today = clock.today()
    adopting.adopt_preset(world.water.unit, "JT", valid_from=today, actor=None, today=today)
    active = set(policies.active_codes(world.water.unit, today))
    assert {code for code in active if code.startswith("JT")} == set(presets.codes_of("JT"))
    assert {"CZ-22", "CZ-26"} <= active and "CZ-08" not in active


def test_the_master_switch_takes_the_classified_handling_with_it(world):
    today = clock.today()
    adopting.adopt_preset(world.water.unit, "MZ", valid_from=today, actor=None, today=today)
    assert "MZ-03" in policies.active_codes(world.water.unit, today)
    adopting.switch_mechanism(
        world.water.unit, code="MZ-22", on=False, valid_from=today, actor=world.water.head, today=today
    )
    assert {code for code in policies.active_codes(world.water.unit, today) if "MZ-03" <= code <= "MZ-19"} == set()


# ── 例外 ──
def test_an_exception_frees_the_case_only_when_the_office_grants_it(world):
    switch_on(world.water.unit, "JT-08")
    assignment = handling.allotted(handling.handed_to(world), world.water)
    row = waiving.ask_waiver(
        assignment, code="JT-08", reason="代表出国半年，联系不上", actor=world.water.liaison, today=WRITTEN
    )
    assert codes_lacking(assignment, "draft", WRITTEN) == {"JT-08"}
    with pytest.raises(Forbidden):
        waiving.decide_waiver(row, granted=True, actor=world.gov, today=WRITTEN)
    with pytest.raises(NotAllowed):
        waiving.ask_waiver(assignment, code="JT-08", reason="再申请", actor=world.water.liaison, today=WRITTEN)
    waiving.decide_waiver(row, granted=True, actor=world.clerk, today=WRITTEN)
    assert codes_lacking(assignment, "draft", WRITTEN) == set()


def test_a_refused_exception_changes_nothing_and_says_why(world, client):
    switch_on(world.water.unit, "JT-08")
    assignment = handling.allotted(handling.handed_to(world), world.water)
    client.force_login(world.water.liaison)
    url = reverse("handlers:waiver", args=[assignment.pk, "JT-08"])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "代表出国半年，联系不上"}).status_code == 302
    row = Waiver.objects.get()
    client.force_login(world.clerk)
    assert row.reason in client.get(reverse("handlers:waivers")).content.decode()
    decide = reverse("handlers:waiver_decide", args=[row.pk])
    assert client.post(decide, {"granted": "no", "note": ""}).status_code == 422
    assert client.post(decide, {"granted": "no", "note": "可以电话联系"}).status_code == 302
    assert codes_lacking(assignment, "draft", WRITTEN) == {"JT-08"}
    client.force_login(world.water.liaison)
    assert "不准" in client.get(reverse("handlers:sheet", args=[assignment.pk])).content.decode()


# ── 命令 ──
def test_the_command_prints_every_row_with_its_tests(capsys):
    import json

    call_command("mechanisms", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == sorted(CATALOGUE, key=list(CATALOGUE).index)
    assert all(row["tests"] for row in rows), [row["id"] for row in rows if not row["tests"]]
    assert all(Path(one.split("::")[0]).exists() for row in rows for one in row["tests"])
