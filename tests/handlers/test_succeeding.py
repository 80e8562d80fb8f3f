"""单位撤并：未答复的件转给承接单位，名称照旧；台账跟着走；承接单位已在件上的分情形处理。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handlers.access import access_assignment
from handlers.actions.evaluating import record_evaluation
from handlers.actions.succeeding import succeed_unit
from handlers.models import Assignment
from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from lianluo.statemachine import DomainError
from lianluo.workdays import clock
from supervision.models import LedgerEntry
from tests.handlers import cases, handling
from tests.world import DAY, make_user

ON = DAY + timedelta(days=30)
TODAY = clock.today()


def succeed(world, on=ON):
    return succeed_unit(world.water.unit, world.transport.unit, on=on, actor=world.clerk)


def test_open_assignments_move_and_keep_the_name_of_the_day(world):
    case, rows = cases.assigned(world, today=DAY)
    row = rows[0]
    due = row.due_on
    done = succeed(world)
    row.refresh_from_db()
    assert [one.pk for one in done.moved] == [row.pk] and "1 个承办关系已转给承接单位" in done.sentence
    assert (row.unit, row.unit_name, row.status, row.due_on) == (world.transport.unit, "湖南省水利厅", "pending", due)
    world.water.unit.refresh_from_db()
    assert (world.water.unit.valid_to, world.water.unit.successor) == (ON, world.transport.unit)
    event = AuditEvent.objects.get(event="assignment.succeeded")
    assert event.chain == f"suggestion:{case.pk}" and event.data["new_unit"] == "湖南省交通运输厅"
    assert verify()[1] is None


def test_the_ledger_follows(world):
    case, rows = cases.assigned(world, today=DAY)
    succeed(world)
    entries = LedgerEntry.objects.filter(suggestion=case)
    assert entries.count() == 2 and {one.unit for one in entries} == {world.transport.unit}


def test_the_successor_can_go_on_and_the_old_rooms_see_nothing(world):
    row = handling.allotted(handling.handed_to(world), world.water)
    succeed(world, on=TODAY)
    found = access_assignment(world.transport.liaison, row.pk, for_="allot")
    assert found.status == "handling" and not found.allotments.exists() and found.responsible_leader is None
    assert not Assignment.objects.visible_to(world.water.officer).exists()
    again = handling.allotted(found, world.transport, today=TODAY, inner_due_on=max(TODAY, found.due_on))
    assert again.allotments.get().division == world.transport.division


def test_answered_ones_stay_but_what_they_owe_is_followed_by_the_successor(world):
    reply = handling.answered(world)
    done = succeed(world, on=TODAY)
    reply.assignment.refresh_from_db()
    assert done.moved == [] and reply.assignment.unit == world.water.unit
    assert {one.unit for one in LedgerEntry.objects.all()} == {world.transport.unit}


def test_a_later_round_goes_to_the_successor(world):
    reply = handling.answered(world)
    succeed(world, on=TODAY)
    record_evaluation(
        reply.deliveries.get(), attitude="satisfied", outcome="dissatisfied", overall="dissatisfied",
        opinion="没有落实", actor=world.lead_deputy.account, today=TODAY,
    )
    reply.assignment.refresh_from_db()
    assert (reply.assignment.round, reply.assignment.unit) == (2, world.transport.unit)


def test_a_helper_that_inherits_the_lead_stops_helping(world):
    case, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport), today=DAY)
    done = succeed(world)
    lead, helper = (Assignment.objects.get(pk=row.pk) for row in rows)
    assert (lead.unit, lead.role) == (world.transport.unit, "lead") and helper.status == "reassigned"
    assert [one.pk for one in done.moved] == [lead.pk]


def test_a_helper_merged_into_the_lead_ends(world):
    case, rows = cases.assigned(world, cases.lead_and_assist(world.transport, world.water), today=DAY)
    done = succeed(world)
    helper = Assignment.objects.get(pk=rows[1].pk)
    assert helper.status == "reassigned" and [one.pk for one in done.ended] == [helper.pk]
    assert LedgerEntry.objects.get(assignment=helper).closed_reason == "已改办"


def test_two_separate_parts_become_one(world):
    case, rows = cases.assigned(world, cases.separate(world.water, world.transport), today=DAY)
    done = succeed(world)
    kept = Assignment.objects.get(pk=rows[1].pk)
    assert kept.part == "省交通运输厅的部分；省水利厅的部分" and [one.pk for one in done.ended] == [rows[0].pk]
    assert Assignment.objects.live().filter(suggestion=case).count() == 1


def test_what_cannot_be_moved_is_named(world):
    lead, helper = handling.lead_and_helper(world)
    handling.opined(helper, world.transport)
    done = succeed(world, on=TODAY)
    assert [one.pk for one in done.left] == [lead.pk] and lead.suggestion.shown_number in done.sentence
    lead.refresh_from_db()
    assert lead.unit == world.water.unit


@pytest.mark.parametrize("wrong", ["self", "gone", "later", "foreign"])
def test_a_successor_that_does_not_stand_is_refused(world, wrong):
    heir = world.transport.unit
    if wrong == "self":
        heir = world.water.unit
    elif wrong == "gone":
        heir.valid_to = ON
    elif wrong == "later":
        heir.valid_from = ON + timedelta(days=1)
    else:
        heir.congress_id += 1
    cases.assigned(world, today=DAY)
    with pytest.raises(DomainError):
        succeed_unit(world.water.unit, heir, on=ON, actor=world.clerk)
    world.water.unit.refresh_from_db()
    assert world.water.unit.valid_to is None and Assignment.objects.get().unit == world.water.unit


def test_it_is_done_when_the_back_office_writes_the_end(world, client):
    row = cases.assigned(world, today=DAY)[1][0]
    client.force_login(make_user("boss", "后台", "npc_office", congress=world.congress, is_staff=True))
    unit, url = world.water.unit, reverse("admin:handlers_unit_change", args=[world.water.unit.pk])
    data = {
        "congress": unit.congress_id, "code": unit.code, "name": unit.name, "short": unit.short, "kind": unit.kind,
        "document_prefix": unit.document_prefix, "phone": unit.phone, "divisions-TOTAL_FORMS": "0",
        "divisions-INITIAL_FORMS": "0", "successor": world.transport.unit.pk,
    }
    assert "填写撤并日期" in client.post(url, data).content.decode()
    late = client.post(url, {**data, "valid_to": str(TODAY + timedelta(days=1))}).content.decode()
    assert "到撤并那天再填" in late
    own = client.post(url, {**data, "valid_to": str(TODAY), "successor": unit.pk}).content.decode()
    assert "承接单位不能是本单位" in own
    page = client.post(url, {**data, "valid_to": str(TODAY)}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.unit == world.transport.unit and "1 个承办关系已转给承接单位" in page
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"reference.changed", "unit.succeeded"} <= events
