"""报进展：每条都要有一个数字或一份文件。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, NotAllowed
from supervision.actions.progress import add_progress
from supervision.ledger_rows import to_row
from supervision.models import LedgerEntry, LedgerProgress
from tests.cases import TODAY
from tests.supervision.factory import alone, entry_of

pytestmark = pytest.mark.django_db


def report(journey, entry, **changes):
    values = {
        "text": "大坝加固过半", "figure": "完工 12/30 座", "happened_on": TODAY, "actor": journey.unit.officer,
        "today": TODAY, **changes,
    }
    return add_progress(entry, **values)


def test_a_figure_or_a_file_is_enough(world):
    journey = alone(world).to("assigned")
    report(journey, journey.entry)
    proof = journey.attach("evidence", actor=journey.unit.officer)
    report(journey, journey.entry, figure="", evidence=proof)
    assert LedgerProgress.objects.count() == 2
    event = AuditEvent.objects.filter(event="ledger.progress_added").first()
    assert event.data["evidence"] == proof.sha256


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"figure": " "}, "figure"), ({"text": ""}, "text"), ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
     ({"happened_on": TODAY - timedelta(days=400)}, "happened_on")],
)
def test_words_alone_or_impossible_days_are_refused(world, changes, field):
    """“按计划推进”不算进展；日期在挂账之后、今天以前。"""
    journey = alone(world).to("assigned")
    with pytest.raises(DomainError) as error:
        report(journey, journey.entry, **changes)
    assert error.value.field == field
    assert not LedgerProgress.objects.exists()


def test_nothing_is_reported_on_what_is_signed_off(world):
    journey = alone(world).to("signed_off")
    with pytest.raises(NotAllowed, match="已销号"):
        report(journey, journey.entry)


def test_a_promise_without_news_for_thirty_days_is_marked(world):
    journey = alone(world, result="B").to("delivered")
    promise = entry_of(journey, "promise")
    opened = promise.opened_on

    def row(today):
        return to_row(LedgerEntry.objects.with_case().with_latest_progress().get(pk=promise.pk), today)

    assert not row(opened + timedelta(days=30)).is_stale
    assert row(opened + timedelta(days=31)).is_stale
    report(journey, promise, happened_on=opened + timedelta(days=1))
    assert not row(opened + timedelta(days=31)).is_stale
    assert row(opened + timedelta(days=32)).is_stale
    assert row(TODAY).progress == "大坝加固过半 完工 12/30 座"


def test_the_page_of_a_promise_looks_at_the_latest_news(world, client):
    journey = alone(world, result="B").to("delivered")
    promise = entry_of(journey, "promise")
    LedgerEntry.objects.filter(pk=promise.pk).update(opened_on=TODAY - timedelta(days=60))
    url = reverse("supervision:ledger_entry", args=[promise.pk])
    client.force_login(world.clerk)
    assert "30 天未更新" in client.get(url).content.decode()
    report(journey, promise)
    assert "30 天未更新" not in client.get(url).content.decode()
