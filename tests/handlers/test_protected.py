"""要求保密身份的件：经手办理的看得到，只看面上情况的（专门委员会、主任会议、考评）哪一处都看不到。"""
from __future__ import annotations

import pytest

from handlers.models import Activity, Assignment, Evaluation, Reply
from suggestions.models import Suggestion
from supervision.models import LedgerEntry
from tests.handlers.handling import answered
from tests.handlers.replied import delivery, rate

pytestmark = pytest.mark.django_db
KINDS = (Suggestion, Assignment, Reply, Activity, Evaluation, LedgerEntry)


def seen(user) -> dict[str, int]:
    return {kind.__name__: kind.objects.visible_to(user).count() for kind in KINDS}


def test_who_conducts_sees_it_who_looks_on_does_not(world):
    rate(delivery(answered(world, hides_identity=True)))
    for user in (world.clerk, world.gov, world.water.liaison):
        assert all(seen(user).values()), seen(user)
    assert not any(seen(world.committee).values()), seen(world.committee)


def test_an_open_case_is_seen_by_onlookers_too(world):
    rate(delivery(answered(world)))
    assert all(seen(world.committee).values()), seen(world.committee)


def test_no_page_of_it_opens_for_an_onlooker(world, client):
    reply = answered(world, hides_identity=True)
    client.force_login(world.committee)
    case = reply.assignment.suggestion
    for path in (case.get_absolute_url(), f"{case.get_absolute_url()}replies/", reply.get_absolute_url()):
        assert client.get(path).status_code == 404, path
    for path in ("/office/suggestions/", "/contacts/", "/replies/?tab=all", "/ledger/"):
        page = client.get(path)
        assert page.status_code in (200, 403) and case.title not in page.content.decode(), path
