"""两人同时办：交办只有一个主办，整场交办只办一次，签收与撤销只成一样，退回只裁决一次。"""
from functools import partial

import pytest
from django.db import IntegrityError

from handlers.actions import assigning, receiving
from handlers.actions import meeting as acting
from handlers.models import Assignment, AssignmentStatus
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, NotAllowed, Stale
from tests.racing import at_once, without_check, without_lock, without_unique
from tests.world import DAY

from . import cases

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def failures(results: list) -> list:
    return [result for result in results if isinstance(result, Exception)]


def rush(suggestion, world):
    return at_once(
        lambda: assigning.assign_suggestion(
            suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY
        ),
        lambda: assigning.assign_suggestion(
            suggestion, choices=cases.sole(world.transport), actor=world.second_clerk, today=DAY
        ),
    )


def test_two_assignments_at_once_leave_one_lead(world, rounds):
    for number in range(1, rounds + 1):
        suggestion = cases.registered(world, number)
        [failure] = failures(rush(suggestion, world))
        assert isinstance(failure, NotAllowed)
        assert suggestion.assignments.count() == 1
        assert AuditEvent.objects.filter(event="suggestion.assigned", target_id=suggestion.pk).count() == 1


def test_without_the_lock_the_constraint_still_leaves_one_lead(world, rounds, monkeypatch):
    """反证：去掉锁，后到的要靠唯一约束和条件更新拦住，不再是一句说清楚的话。"""
    monkeypatch.setattr(assigning, "lock_case", without_lock)
    caught = []
    for number in range(1, rounds + 1):
        suggestion = cases.registered(world, number)
        caught += failures(rush(suggestion, world))
        assert suggestion.assignments.filter(role="sole").count() == 1
    assert any(isinstance(error, (IntegrityError, Stale)) for error in caught)


def test_without_lock_check_and_constraint_two_units_hold_it(world, monkeypatch):
    """反证：锁、条件更新、唯一约束都拆下，一件就交给了两个独办。"""
    monkeypatch.setattr(assigning, "lock_case", without_lock)
    monkeypatch.setattr(assigning, "move", without_check)
    leads = []
    with without_unique(Assignment, "suggestion_id"):
        for number in range(1, 11):
            suggestion = cases.registered(world, number)
            rush(suggestion, world)
            leads.append(suggestion.assignments.filter(role="sole").count())
    assert max(leads) == 2, leads


def test_two_presses_hand_over_once(world, rounds):
    for number in range(1, min(rounds, 10) + 1):
        meeting = acting.prepare_meeting(
            session=world.session, name=f"会{number}", held_on=DAY, actor=world.clerk, today=DAY
        )
        suggestion = cases.registered(world, number)
        assigning.propose_assignment(
            suggestion, choices=cases.sole(world.water), meeting=meeting, actor=world.clerk, today=DAY
        )
        press = partial(acting.hand_over, meeting, actor=world.clerk, today=DAY)
        results = at_once(press, press)
        [failure] = failures(results)
        assert isinstance(failure, Stale)
        assert suggestion.assignments.count() == 1


def test_acceptance_and_undo_never_both_succeed(world, rounds):
    for number in range(1, rounds + 1):
        suggestion, [row] = cases.assigned(world, number=number)
        results = at_once(
            lambda row=row: receiving.accept_assignment(row, actor=world.water.liaison, today=DAY),
            lambda case=suggestion: assigning.unassign_suggestion(case, reason="", actor=world.clerk, today=DAY),
        )
        [failure] = failures(results)
        assert isinstance(failure, DomainError)
        suggestion.refresh_from_db()
        row.refresh_from_db()
        assert (suggestion.status, row.status) in {
            ("handling", AssignmentStatus.ACCEPTED), ("registered", AssignmentStatus.REASSIGNED),
        }


def test_a_return_is_decided_once(world, rounds):
    for number in range(1, rounds + 1):
        suggestion, [row] = cases.assigned(world, number=number)
        request = receiving.request_return(
            row, ground="not_ours", reason="不属", proposed_unit=world.transport.unit, actor=world.water.liaison,
            today=DAY,
        )
        values = {"granted": True, "new_unit": world.transport.unit, "today": DAY}
        results = at_once(
            partial(receiving.decide_return, request, actor=world.gov, **values),
            partial(receiving.decide_return, request, actor=world.clerk, **values),
        )
        [failure] = failures(results)
        assert isinstance(failure, Stale)
        assert Assignment.objects.live().filter(suggestion=suggestion).count() == 1
