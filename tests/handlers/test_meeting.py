"""交办会：整场一次交办（RD-01）。"""
from datetime import date, timedelta

import pytest

from handlers import meetings
from handlers.actions import assigning
from handlers.actions import meeting as acting
from handlers.models import Assignment, MeetingStatus, Unit
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, Stale
from suggestions.models import Suggestion
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db


def prepared(world, number: int = 3):
    """三件已拟定、列入一场交办会。"""
    meeting = acting.prepare_meeting(
        session=world.session, name="交办会", held_on=DAY, place="长沙", chair="主任", actor=world.clerk, today=DAY
    )
    many = [cases.registered(world, n) for n in range(1, number + 1)]
    for suggestion in many:
        assigning.propose_assignment(
            suggestion, choices=cases.lead_and_assist(world.water, world.transport), meeting=meeting,
            actor=world.clerk, today=DAY,
        )
    return meeting, many


def test_a_new_meeting_takes_in_waiting_proposals(world):
    suggestion = cases.registered(world)
    assigning.propose_assignment(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    meeting = acting.prepare_meeting(session=world.session, name="会", held_on=DAY, actor=world.clerk, today=DAY)
    assert meeting.proposals.count() == 1


def test_the_meeting_cannot_be_before_the_session(world):
    with pytest.raises(DomainError, match="不能早于开幕"):
        acting.prepare_meeting(
            session=world.session, name="会", held_on=date(2026, 1, 1), actor=world.clerk, today=DAY
        )


def test_handing_over_assigns_all_at_once(world):
    meeting, many = prepared(world)
    result = acting.hand_over(meeting, actor=world.clerk, today=DAY)
    assert (result.cases, result.assignments, result.units) == (3, 6, 2)
    assert set(Suggestion.objects.values_list("status", "assigned_on")) == {("assigned", DAY)}
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.HELD and meeting.handed_over_at
    assert Assignment.objects.filter(meeting=meeting).count() == 6


def test_the_clock_starts_on_the_day_of_handing_over(world):
    meeting, _ = prepared(world, 1)
    acting.hand_over(meeting, actor=world.clerk, today=DAY + timedelta(days=1))
    assert set(Assignment.objects.values_list("assigned_on", flat=True)) == {DAY + timedelta(days=1)}


def test_one_bad_case_holds_everything_and_is_named(world):
    meeting, many = prepared(world)
    Unit.objects.filter(pk=world.transport.unit.pk).update(valid_to=DAY - timedelta(days=1))
    with pytest.raises(Incomplete) as caught:
        acting.hand_over(meeting, actor=world.clerk, today=DAY)
    assert "0001：“省交通运输厅”已撤并，另选单位" in [str(item) for item in caught.value.missing]
    assert not Assignment.objects.exists()
    assert not AuditEvent.objects.filter(event="suggestion.assigned").exists()


def test_open_objections_hold_the_meeting_until_decided(world):
    meeting, many = prepared(world)
    row = many[0].proposals.get(role="lead")
    assigning.object_to_proposal(row, reason="不属", unit=world.publicity.unit, actor=world.water.liaison, today=DAY)
    with pytest.raises(Incomplete) as caught:
        acting.hand_over(meeting, actor=world.clerk, today=DAY)
    assert caught.value.missing[0].url == f"/office/objections/{row.pk}/"
    assigning.decide_objection(row, upheld=True, note="维持", actor=world.clerk, today=DAY)
    assert acting.hand_over(meeting, actor=world.clerk, today=DAY).cases == 3


def test_the_second_press_is_told_it_is_done(world):
    meeting, _ = prepared(world)
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    with pytest.raises(Stale, match="“交办会”已于"):
        acting.hand_over(meeting, actor=world.second_clerk, today=DAY)
    assert Assignment.objects.count() == 6


def test_cases_assigned_singly_before_are_left_alone(world):
    meeting, many = prepared(world)
    assigning.assign_suggestion(many[0], actor=world.clerk, today=DAY)
    assert acting.hand_over(meeting, actor=world.clerk, today=DAY).cases == 2


def test_an_empty_meeting_is_refused(world):
    meeting = acting.prepare_meeting(session=world.session, name="会", held_on=DAY, actor=world.clerk, today=DAY)
    with pytest.raises(DomainError, match="还没有拟交办的件"):
        acting.hand_over(meeting, actor=world.clerk, today=DAY)
    with pytest.raises(DomainError, match="还没有拟交办的件"):
        acting.announce_proposals(meeting, actor=world.clerk, today=DAY)


def test_a_held_meeting_takes_no_more_proposals_and_no_changes(world):
    meeting, _ = prepared(world)
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    meeting.refresh_from_db()
    with pytest.raises(NotAllowed):
        assigning.propose_assignment(
            cases.registered(world, 9), choices=cases.sole(world.water), meeting=meeting, actor=world.clerk, today=DAY
        )
    with pytest.raises(NotAllowed):
        acting.change_meeting(meeting, name="x", held_on=DAY, actor=world.clerk, today=DAY)


def test_each_unit_gets_one_message_not_one_a_case(world):
    meeting, _ = prepared(world)
    acting.announce_proposals(meeting, actor=world.clerk, today=DAY)
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    told = Notice.objects.filter(recipient=world.water.liaison).values_list("kind", flat=True)
    assert sorted(told) == ["meeting.announced", "meeting.held"]


def test_counts_before_and_after(world):
    meeting, _ = prepared(world)
    cases.registered(world, 8)
    assert meetings.totals(meeting) == {"cases": 3, "assignments": 6, "units": 2}
    assert [(line.unit.short, line.leading, line.assisting) for line in meetings.tally(meeting)] == [
        ("省水利厅", 3, 0), ("省交通运输厅", 0, 3),
    ]
    assert [row.number for row in acting.without_taker(meeting)] == [8]
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    meeting.refresh_from_db()
    assert meetings.totals(meeting) == {"cases": 3, "assignments": 6, "units": 2}
    assert meetings.handed_counts([meeting.pk]) == {meeting.pk: (3, 6)}


def test_the_list_of_a_unit_names_its_partners(world):
    meeting, _ = prepared(world)
    acting.hand_over(meeting, actor=world.clerk, today=DAY)
    meeting.refresh_from_db()
    [(unit, rows)] = meetings.lists(meeting, world.transport.unit)
    assert (unit, len(rows)) == (world.transport.unit, 3)
    assert (rows[0].leads, rows[0].assists) == ("省水利厅", "省交通运输厅")
