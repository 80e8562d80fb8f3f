"""记一条留痕：按件成链、姓名身份冻结、记不成则整个动作不成。"""
from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import transaction

from handlers.actions.receiving import accept_assignment
from lianluo.audit import hashing, latest, listen, record
from lianluo.audit import identity as identities
from lianluo.audit.context import Here, of
from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from lianluo.workdays.clock import BEIJING
from tests.handlers.cases import assigned, registered
from tests.world import DAY

pytestmark = pytest.mark.django_db


def note(case, actor, **data) -> AuditEvent:
    return record("suggestion.edited", actor=actor, target=case, **data)


def test_each_case_has_its_own_chain_and_each_event_points_to_the_one_before(world):
    one, other = registered(world, 1), registered(world, 2)
    first, second, apart = note(one, world.clerk), note(one, world.clerk), note(other, world.clerk)

    assert (first.seq, second.seq, apart.seq) == (1, 2, 1)
    assert first.prev_hash == apart.prev_hash == hashing.GENESIS
    assert second.prev_hash == first.hash
    assert second.chain == f"suggestion:{one.pk}"
    assert verify()[1] is None


def test_what_belongs_to_no_case_goes_to_the_system_chain(world):
    with transaction.atomic():
        event = record("account.changed", actor=world.sysadmin, target=world.clerk)
    assert event.chain == "system"
    assert verify()[1] is None


def test_name_post_and_target_are_kept_as_they_were_then(world):
    """改名、调动、机构更名之后，旧留痕照旧。"""
    _, (row,) = assigned(world)
    accept_assignment(row, actor=world.water.liaison, today=DAY)
    event = AuditEvent.objects.get(event="assignment.accepted")
    assert event.actor_name == "省水利厅办公室主任科员"
    assert event.actor_post == "省水利厅联络员"
    assert event.target_name.startswith("湖南省水利厅")

    world.water.liaison.name = "改了名"
    world.water.liaison.save()
    world.water.unit.name = world.water.unit.short = "省水务厅"
    world.water.unit.save()
    world.water.posts["liaison"].duty = "head"
    event = AuditEvent.objects.get(event="assignment.accepted")
    assert (event.actor_name, event.actor_post) == ("省水利厅办公室主任科员", "省水利厅联络员")
    assert event.target_name.startswith("湖南省水利厅")
    assert verify()[1] is None


def test_people_of_no_unit_are_named_by_their_role_and_the_system_by_nothing(world):
    assert identities.of(world.clerk) == "联工委"
    assert identities.of(None) == ""
    assert note(registered(world), None).actor_name == "系统"


def test_source_and_rehearsed_time_are_kept(world):
    case, at = registered(world), datetime(2026, 3, 2, 9, tzinfo=BEIJING)
    with of(Here(ip="10.1.2.3", request_id="abc", at=at)):
        event = note(case, world.clerk)
    assert (event.ip, event.request_id, event.at) == ("10.1.2.3", "abc", at)
    assert event.shown_at == "2026-03-02 09:00"


@pytest.mark.parametrize(
    "value", [0.1, 1e20, 1.0, date(2026, 3, 2), "文件\n第二行", ["甲", 2.50], {"层": {"数": 3.14}}]
)
def test_any_data_reads_back_with_the_same_digest(world, value):
    """小数在两种数据库里写法不同，所以存成文字；读回来摘要不变。"""
    note(registered(world), world.clerk, value=value)
    assert verify() == (1, None)


def test_a_failing_record_fails_the_whole_action(world, monkeypatch):
    _, (row,) = assigned(world)

    def broken(content, algorithm):
        raise RuntimeError("摘要算不出来")

    monkeypatch.setattr(hashing, "digest", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        accept_assignment(row, actor=world.water.liaison, today=DAY)
    row.refresh_from_db()
    assert (row.status, row.accepted_on) == ("pending", None)
    assert not AuditEvent.objects.filter(event="assignment.accepted").exists()


def test_a_failing_listener_fails_the_whole_action(world, monkeypatch):
    from lianluo import audit

    _, (row,) = assigned(world)

    def broken(event, target):
        raise RuntimeError("台账写不成")

    monkeypatch.setitem(audit._listeners, "assignment.accepted", [broken])
    with pytest.raises(RuntimeError), transaction.atomic():
        accept_assignment(row, actor=world.water.liaison, today=DAY)
    row.refresh_from_db()
    assert row.status == "pending"


def test_listeners_hear_the_event_once(world, monkeypatch):
    from lianluo import audit

    heard = []
    monkeypatch.setitem(audit._listeners, "suggestion.edited", [])

    def hear(event, target):
        heard.append(event.seq)

    listen("suggestion.edited")(hear)
    listen("suggestion.edited")(hear)
    note(registered(world), world.clerk)
    assert heard == [1]


def test_the_latest_event_of_an_object(world):
    case = registered(world)
    assert latest(case) is None
    note(case, world.clerk)
    second = note(case, world.second_clerk)
    assert latest(case) == second


def test_sm3_is_used_where_the_machine_has_it(world, monkeypatch):
    """GB/T 32905：有 SM3 用 SM3；没有的机器用 SHA-256，两种混在一条链上照样校验得过。"""
    import hashlib

    hashing.preferred.cache_clear()
    available = "sm3" in hashlib.algorithms_available
    assert hashing.preferred() == ("sm3" if available else "sha256")

    case = registered(world)
    note(case, world.clerk)
    real = hashlib.new

    def without_sm3(name, *args, **kwargs):
        if name == "sm3" and not args[0]:
            raise ValueError("unsupported")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(hashlib, "new", without_sm3)
    hashing.preferred.cache_clear()
    assert note(case, world.clerk).algorithm == "sha256"
    hashing.preferred.cache_clear()
    assert verify() == (2, None)
