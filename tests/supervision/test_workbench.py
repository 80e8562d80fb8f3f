"""工作台上须办的事：灯说的是办公室这一步的期限，不是单位答复的期限；归谁办与办它的那一页问的是同一处。"""
from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import decisions
from handlers.models import Assignment, AssignmentDue
from supervision.models import LedgerEntry
from supervision.workbench import duties
from tests.cases import TODAY, Journey, extension_requested, return_requested
from tests.supervision.factory import alone

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def todos(account, code: str) -> list[duties.Todo]:
    return duties.todos(account, [duties.BY_CODE[code]], today=TODAY)


def reply_overdue(journey: Journey) -> None:
    """单位答复的期限早已过了。"""
    Assignment.objects.filter(suggestion=journey.pk).update(due_on=YESTERDAY)
    LedgerEntry.objects.filter(suggestion=journey.pk).update(due_on=YESTERDAY)


def test_a_sign_off_to_grant_says_how_long_it_waits_not_overdue(world):
    journey = alone(world).to("applied")
    reply_overdue(journey)
    [one] = todos(world.clerk, "sign_offs")
    waited = (TODAY - journey.entry.signing_offs.get().applied_on).days
    assert (one.due_on, one.light.code, one.light.words) == (None, "grey", f"等了 {waited} 天")


def test_a_reply_to_publish_is_lit_by_the_publishing_period(world):
    journey = alone(world).to("delivered")
    reply_overdue(journey)
    publish = AssignmentDue.objects.get(assignment=journey.assignment, rule_code="publish_days")
    [one] = todos(world.clerk, "publishing")
    assert one.due_on == publish.due_on > TODAY and one.light.code != "red"
    AssignmentDue.objects.filter(pk=publish.pk).update(due_on=YESTERDAY)
    [one] = todos(world.clerk, "publishing")
    assert (one.due_on, one.light.code) == (YESTERDAY, "red")


def test_an_extension_is_decided_by_the_office_of_that_system(world):
    """政府系统的归政府办公厅，其余的归联工委；工作台、批复页问的是同一处，数等于行数。"""
    government, _ = extension_requested(world, assist=None)
    party, _ = extension_requested(world, assist=None, unit=world.publicity)
    for account, row in ((world.gov, government), (world.clerk, party)):
        assert list(decisions.extensions_to_decide(account)) == [row]
        assert [one.url for one in todos(account, "extensions")] == [f"/office/extensions/{row.pk}/"]
        assert duties.counts(account, [duties.BY_CODE["extensions"]]) == {"extensions": 1}


def test_a_disputed_return_is_on_the_desk_of_the_congress_office_only(world):
    """政府部门建议改交政府系统以外的单位，由联工委裁决。"""
    row, _ = return_requested(world, assist=None)
    assert row.proposed_unit == world.publicity.unit
    assert [one.url for one in todos(world.clerk, "returns")] == [f"/office/returns/{row.pk}/"]
    assert todos(world.gov, "returns") == [] == list(decisions.returns_to_decide(world.gov))
