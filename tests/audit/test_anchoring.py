"""每日锚定：只记长了的链，一天一行，重跑不变，库外一份。"""
from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lianluo.audit import anchoring, record, tasks
from lianluo.audit.models import AuditHead
from lianluo.workdays.clock import BEIJING
from tests.handlers.cases import registered
from tests.racing import at_once

DAY = date(2026, 3, 2)


@pytest.fixture
def case(world, var_dir):
    case = registered(world)
    record("suggestion.edited", actor=world.clerk, target=case)
    return case


@pytest.mark.django_db
def test_anchoring_the_same_day_again_gives_the_same_row(case, world):
    first = anchoring.anchor(DAY)
    record("suggestion.edited", actor=world.clerk, target=case)
    assert anchoring.anchor(DAY) == first
    assert AuditHead.objects.count() == 1


@pytest.mark.django_db
def test_the_next_day_holds_only_what_grew_and_follows_the_day_before(case, world):
    other = registered(world, 2)
    record("suggestion.edited", actor=world.clerk, target=other)
    first = anchoring.anchor(DAY)
    record("suggestion.edited", actor=world.clerk, target=case)
    second = anchoring.anchor(DAY + timedelta(days=1))
    assert {chain for chain, _, _ in first.lines} == {case.audit_chain, other.audit_chain}
    assert [(chain, seq) for chain, seq, _ in second.lines] == [(case.audit_chain, 2)]
    assert second.prev_root == first.root
    assert (second.events, second.chains) == (3, 2)


@pytest.mark.django_db
def test_a_quiet_day_is_anchored_too(case):
    first = anchoring.anchor(DAY)
    second = anchoring.anchor(DAY + timedelta(days=1))
    assert second.lines == [] and second.root != first.root


@pytest.mark.django_db
def test_an_earlier_day_is_not_made_up_afterwards(case):
    late = anchoring.anchor(DAY)
    assert anchoring.anchor(DAY - timedelta(days=3)) == late
    assert AuditHead.objects.count() == 1


@pytest.mark.django_db
def test_the_file_outside_holds_the_same_and_is_written_whole(case):
    head = anchoring.anchor(DAY)
    path = anchoring.folder() / "2026-03-02.txt"
    assert path.read_text(encoding="utf-8") == anchoring.text_of(head)
    assert head.root in path.read_text(encoding="utf-8")
    assert [one.name for one in anchoring.folder().iterdir()] == ["2026-03-02.txt"]


@pytest.mark.django_db
def test_a_missing_file_is_written_again_and_an_existing_one_is_left(case):
    anchoring.anchor(DAY)
    path = anchoring.folder() / "2026-03-02.txt"
    path.write_text("别人动过", encoding="utf-8")
    anchoring.anchor(DAY)
    assert path.read_text(encoding="utf-8") == "别人动过"
    path.unlink()
    anchoring.anchor(DAY)
    assert path.exists()


@pytest.mark.parametrize(
    ("hour", "minute", "day"), [(23, 55, 2), (23, 30, 2), (0, 5, 1), (7, 0, 1), (23, 29, 1)]
)
def test_a_run_made_up_the_next_morning_counts_for_the_day_before(hour, minute, day):
    """停机错过的次日补；补的算前一天，当天的位置留给当晚。"""
    assert anchoring.closing_day(datetime(2026, 3, 2, hour, minute, tzinfo=BEIJING)) == date(2026, 3, day)


@pytest.mark.django_db
def test_the_task_anchors_and_says_how_many_events(case):
    assert tasks.anchor_heads() == 1
    assert tasks.anchor_heads() == 1
    assert AuditHead.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_anchoring_at_once_make_one_row(world, var_dir, rounds):
    case = registered(world)
    for number in range(rounds):
        record("suggestion.edited", actor=world.clerk, target=case)
        day = DAY + timedelta(days=number)
        found = at_once(lambda day=day: anchoring.anchor(day).root, lambda day=day: anchoring.anchor(day).root)
        assert len(set(found)) == 1, found
        assert AuditHead.objects.filter(day=day).count() == 1
