"""台账怎样挂账、跟着变、不再督办：下层有事，同一事务里台账就有。"""
from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.actions.assigning import assign_suggestion, unassign_suggestion
from handlers.actions.extending import decide_extension
from suggestions.actions.withdrawing import withdraw_suggestion
from supervision.models import LedgerEntry
from supervision.reconciling import differences
from tests.cases import ACCEPTED, ASSIGNED, MET, TODAY, Journey, extension_requested
from tests.supervision.factory import alone, entry_of, moved_to, separately

pytestmark = pytest.mark.django_db


def kinds(journey: Journey) -> list[tuple[str, str]]:
    rows = LedgerEntry.objects.filter(suggestion=journey.pk).order_by("kind", "id")
    return [(row.kind, row.unit.short) for row in rows.select_related("unit")]


def test_handing_over_opens_one_main_entry_and_one_for_each_unit(world):
    """CZ-10：每承办关系恰一条。"""
    journey = Journey(world).to("assigned")
    assert kinds(journey) == [("handling", "省水利厅"), ("handling", "省交通运输厅"), ("main", "省水利厅")]
    main, handling = entry_of(journey, "main"), journey.entry
    assert (main.opened_on, main.due_on) == (ASSIGNED, journey.suggestion.due_on)
    assert handling.due_on == journey.assignment.due_on
    assert handling.what == f"主办：{journey.title}"
    assert differences() == []


def test_before_handing_over_there_is_nothing_on_account(world):
    journey = Journey(world).to("proposed")
    assert not LedgerEntry.objects.filter(suggestion=journey.pk).exists()


def test_separate_units_each_owe_their_part(world):
    journey = alone(world).to("registered")
    assign_suggestion(
        journey.suggestion, choices=separately(world.water, world.publicity), actor=world.clerk, today=ASSIGNED
    )
    rows = LedgerEntry.objects.filter(suggestion=journey.pk, kind="handling").order_by("id")
    assert [row.what.partition("：")[0] for row in rows] == ["分办（省水利厅的部分）", "分办（省委宣传部的部分）"]


def test_reassigning_closes_the_old_entry_and_opens_a_new_one(world):
    journey = alone(world).to("accepted")
    moved_to(journey, world.publicity, by=world.clerk, today=ACCEPTED)
    old, new = LedgerEntry.objects.filter(suggestion=journey.pk, kind="handling").order_by("id")
    assert (old.closed_reason, old.closed_on) == ("已改办", TODAY)
    assert (new.closed_on, new.unit) == (None, world.publicity.unit)
    assert entry_of(journey, "main").unit == world.publicity.unit, "件的条目随主办走"
    assert differences() == []


def test_withdrawing_closes_everything(world):
    journey = alone(world).to("accepted")
    withdraw_suggestion(
        journey.suggestion, reason="代表来函撤回", consented=[], consent_how="来函", actor=world.clerk, today=ACCEPTED
    )
    rows = LedgerEntry.objects.filter(suggestion=journey.pk)
    assert {row.closed_reason for row in rows} == {"代表撤回"}
    assert not rows.on_account().exists()
    assert differences() == []


def test_undoing_and_assigning_again_revives_the_main_entry(world):
    """撤销后再交办：主条目恢复督办，日期、单位都换成新的；旧的承办条目留作历史。"""
    journey = alone(world).to("assigned")
    unassign_suggestion(journey.suggestion, reason="交错了", actor=world.clerk, today=ASSIGNED)
    assert entry_of(journey, "main").closed_reason == "撤销交办"
    later = ASSIGNED + timedelta(days=3)
    assign_suggestion(
        journey.suggestion, choices=separately(world.publicity, world.transport), actor=world.clerk, today=later
    )
    main = entry_of(journey, "main")
    assert (main.closed_on, main.opened_on, main.due_on) == (None, later, journey.suggestion.due_on)
    assert main.unit == world.publicity.unit
    assert LedgerEntry.objects.filter(suggestion=journey.pk, kind="handling").count() == 3
    assert differences() == []


def test_assigning_to_another_unit_sets_a_main_due_date_that_was_missing(world):
    """早先没有到期日的主条目（旧数据），改办时补上。"""
    journey = alone(world).to("assigned")
    LedgerEntry.objects.filter(pk=journey.main_entry.pk).update(due_on=None)
    moved_to(journey, world.publicity, by=world.gov, today=ASSIGNED + timedelta(days=1))
    assert entry_of(journey, "main").due_on == journey.suggestion.due_on is not None
    assert differences() == []


def test_an_extension_moves_the_due_date_of_the_ledger(world):
    row, journey = extension_requested(world, assist=None)
    before = journey.entry.due_on
    decide_extension(row, granted=True, actor=world.gov, today=MET)
    assert journey.entry.due_on == row.asked_until > before
    assert entry_of(journey, "main").due_on == row.asked_until


def test_promises_open_their_own_entries_when_the_reply_is_delivered(world):
    """重庆条例第二十四条：B 类答复的承诺另立账。"""
    journey = alone(world, result="B").to("signed")
    assert not LedgerEntry.objects.filter(suggestion=journey.pk, kind="promise").exists()
    journey.to("delivered")
    promise = entry_of(journey, "promise")
    assert promise.what == "完成三十座水库除险加固"
    assert promise.due_on == promise.promise.due_on
    assert differences() == []


def test_the_due_date_of_a_rehandled_case_is_the_new_one(world):
    journey = alone(world, overall="dissatisfied").to("rated")
    assert journey.assignment.round == 2
    assert journey.entry.due_on == journey.assignment.due_on
    assert entry_of(journey, "main").due_on == journey.suggestion.due_on
    assert differences() == []
