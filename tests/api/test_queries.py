"""每个列表不论几行，查询数不超过十五条，也不随行数增加。"""
from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handlers.actions.evaluating import record_evaluation
from handlers.actions.extending import request_extension
from handlers.actions.receiving import request_return
from tests.handlers import cases, handling
from tests.handlers.handling import TODAY

from .conftest import ok

LISTS = [
    "/suggestions/", "/assignments/", "/return-requests/", "/extensions/", "/activities/", "/opinions/", "/replies/",
    "/evaluations/", "/ledger/", "/notices/", "/units/", "/deputies/", "/sessions/", "/categories/", "/delegations/",
    "/result-classes/",
]
MOST = 15


def one_of_each(world, number: int) -> None:
    """每种对象再来一个。"""
    reply = handling.answered(world, title=f"关于第{number}条支流的建议")
    record_evaluation(
        reply.deliveries.get(), attitude="satisfied", outcome="satisfied", overall="satisfied",
        actor=world.lead_deputy.account, today=TODAY,
    )
    lead, helper = handling.lead_and_helper(world, title=f"关于第{number}座桥的建议")
    handling.opined(helper, world.transport)
    row = cases.accepted(world, number=500 + number, today=TODAY)[1]
    request_extension(
        row, reason="涉及规划", asked_until=row.due_on.replace(year=row.due_on.year + 0) + (row.due_on - TODAY) / 9,
        deputy_told_on=TODAY, deputy_told_how="电话", actor=world.water.liaison, today=TODAY,
    )
    back = cases.assigned(world, number=700 + number, today=TODAY)[1][0]
    request_return(
        back, ground="not_ours", reason="职责不符", proposed_unit=world.transport.unit, actor=world.water.liaison,
        today=TODAY,
    )


def counted(caller, path: str) -> int:
    with CaptureQueriesContext(connection, ) as queries:
        ok(caller.get(path, page_size=200))
    return len(queries)


@pytest.fixture
def two_sizes(world, call):
    """一份时与三份时，各列表的查询数。"""
    def measure(account) -> dict[str, int]:
        return {path: counted(call(account), path) for path in LISTS}

    people = {"clerk": world.clerk, "unit": world.water.liaison, "deputy": world.lead_deputy.account}
    one_of_each(world, 1)
    few = {name: measure(account) for name, account in people.items()}
    for number in (2, 3):
        one_of_each(world, number)
    return few, {name: measure(account) for name, account in people.items()}


def test_no_list_asks_more_than_fifteen_and_none_asks_more_for_more_rows(two_sizes):
    few, many = two_sizes
    for name, counts in many.items():
        for path, number in counts.items():
            assert number <= MOST, (name, path, number)
            assert number <= few[name][path], (name, path, few[name][path], number)


@pytest.mark.parametrize("path", ["/suggestions/{}/", "/suggestions/{}/timeline/"])
def test_the_detail_stays_small(world, call, path):
    reply = handling.answered(world)
    assert counted(call(world.clerk), path.format(reply.assignment.suggestion_id)) <= 20
