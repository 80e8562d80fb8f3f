"""签收。"""
import pytest

from handlers.actions import receiving
from handlers.models import AssignmentStatus
from lianluo.statemachine import DomainError, NotAllowed
from suggestions.models import SuggestionStatus
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db


def test_accepting_records_who_and_when_and_starts_the_case(world):
    suggestion, row = cases.accepted(world)
    assert (row.status, row.accepted_on, row.accepted_by) == (AssignmentStatus.ACCEPTED, DAY, world.water.liaison)
    assert suggestion.status == SuggestionStatus.HANDLING


def test_the_second_unit_does_not_start_the_case_again(world):
    suggestion, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    receiving.accept_many(rows, actor=world.water.liaison, today=DAY)
    suggestion.refresh_from_db()
    assert suggestion.status == SuggestionStatus.HANDLING


def test_accepting_twice_is_refused(world):
    _, row = cases.accepted(world)
    with pytest.raises(NotAllowed):
        receiving.accept_assignment(row, actor=world.water.liaison, today=DAY)


def test_a_batch_is_all_or_nothing_and_names_the_case(world):
    _, fresh = cases.assigned(world, number=1)
    _, done = cases.accepted(world, number=2)
    with pytest.raises(NotAllowed, match="^0002："):
        receiving.accept_many([fresh[0], done], actor=world.water.liaison, today=DAY)
    fresh[0].refresh_from_db()
    assert fresh[0].status == AssignmentStatus.PENDING


def test_an_empty_batch_says_what_to_do(world):
    with pytest.raises(DomainError, match="勾选要签收的件"):
        receiving.accept_many([], actor=world.water.liaison, today=DAY)


def test_accepting_opens_the_first_contact_deadline(world):
    _, row = cases.accepted(world)
    assert cases.due(row, "first_contact_days").start_on == DAY
    assert not row.dues.filter(rule_code="first_contact_days", round=2).exists()
