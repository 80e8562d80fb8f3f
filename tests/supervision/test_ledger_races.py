"""销号的并发：两人同时核准只成一次；核准与再办理抢先，账与件始终一致。"""
from __future__ import annotations

import pytest

from handlers.actions import rehandling
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Stale
from supervision.actions import signing_off
from supervision.models import LedgerEntry, SigningOff
from supervision.reconciling import differences
from tests.cases import RATED, Journey
from tests.racing import at_once, without_check, without_lock
from tests.supervision.factory import alone, entry_of
from tests.world import World

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return World()


def granting(entry: LedgerEntry, actor):
    return lambda: signing_off.grant_sign_off(entry, actor=actor, today=RATED)


def again(journey: Journey) -> None:
    """恢复挂账并再申请，回到待核准。"""
    signing_off.reopen_entry(journey.entry, reason="再来一轮", actor=journey.world.clerk, today=RATED)
    journey.apply(journey.entry)


def test_two_clerks_granting_at_once_make_one_grant(world, rounds):
    journey = alone(world).to("applied")
    for number in range(rounds):
        results = at_once(granting(journey.entry, world.clerk), granting(journey.entry, world.second_clerk))
        refused = [one for one in results if isinstance(one, Exception)]
        assert [type(one) for one in refused] == [Stale], results
        assert "已于" in refused[0].sentence and "核准这次申请" in refused[0].sentence
        grants = SigningOff.objects.filter(entry=journey.entry.pk, granted=True, reopened_on__isnull=True)
        assert grants.count() == 1
        assert journey.suggestion.status == "concluded"
        if number + 1 < rounds:
            again(journey)
    assert differences() == []


def test_negative_control_without_lock_and_check_it_is_signed_off_twice(world, monkeypatch):
    """反证：锁与条件更新都拆下，两人都以为是自己销的，销号记了两次。"""
    monkeypatch.setattr(signing_off, "lock_case", without_lock)
    monkeypatch.setattr(signing_off, "move", without_check)
    twice = []
    for _ in range(10):
        journey = alone(world).to("applied")
        at_once(granting(journey.entry, world.clerk), granting(journey.entry, world.second_clerk))
        told = AuditEvent.objects.filter(event="ledger.signed_off", target_id=journey.entry.pk)
        twice.append(told.filter(target_type="supervision.ledgerentry").count())
    assert max(twice) == 2, twice


def test_granting_and_refusing_at_once_make_one_decision(world, rounds):
    journey = alone(world).to("applied")
    for _ in range(rounds):
        entry = journey.entry
        results = at_once(
            granting(entry, world.second_clerk),
            lambda entry=entry: signing_off.refuse_sign_off(entry, note="再核", actor=world.clerk, today=RATED),
        )
        assert sum(isinstance(one, DomainError) for one in results) == 1, results
        entry = journey.entry
        assert entry.signing_offs.first().granted == (entry.status == "signed_off")
        if entry.status == "signed_off":
            again(journey)
        else:
            journey.apply(entry)
    assert differences() == []


def test_two_units_granted_at_once_conclude_the_case_once(world, rounds):
    """最后两条同时核准：件的条目只销一次，件只办结一次。"""
    for _ in range(max(rounds // 4, 3)):
        journey = Journey(world).to("applied")
        results = at_once(
            granting(journey.entry, world.second_clerk),
            granting(entry_of(journey, unit=world.transport), world.clerk),
        )
        assert not [one for one in results if isinstance(one, Exception)], results
        assert journey.main_entry.status == "signed_off"
        assert journey.main_entry.signing_offs.count() == 1
        assert journey.suggestion.status == "concluded"
    assert differences() == []


def test_granting_while_a_new_round_starts_leaves_ledger_and_case_in_step(world, rounds):
    for _ in range(max(rounds // 4, 3)):
        journey = alone(world).to("applied")
        assignment = journey.assignment
        at_once(
            granting(journey.entry, world.second_clerk),
            lambda one=assignment: rehandling.start_round(one, reason="代表来电", actor=world.clerk, today=RATED),
        )
        assert journey.suggestion.status == "rehandling"
        assert journey.entry.status == journey.main_entry.status == "open"
        assert differences() == []


def test_applying_twice_at_once_makes_one_application(world, rounds):
    journey = alone(world).to("published")
    for _ in range(max(rounds // 4, 3)):
        results = at_once(lambda: journey.apply(journey.entry), lambda: journey.apply(journey.entry))
        assert sum(isinstance(one, DomainError) for one in results) == 1, results
        assert SigningOff.objects.filter(entry=journey.entry.pk, granted__isnull=True).count() == 1
        signing_off.refuse_sign_off(journey.entry, note="再来", actor=world.clerk, today=RATED)
