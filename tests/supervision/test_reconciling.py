"""对账：每一条核对都有反证——用 SQL 弄坏一处，恰好报出那一处。"""
from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from handlers.models import AssignmentMeeting
from lianluo.audit.models import AuditEvent
from lianluo.documents.models import Counter
from suggestions.actions.drafting import discard_draft
from suggestions.models import Suggestion
from supervision import reconciling
from supervision.actions import difficulties
from supervision.models import LedgerEntry
from supervision.reconciling import CHECKS, differences
from tests.cases import OPENED, Journey, meeting_for
from tests.mechanisms import classified
from tests.supervision.factory import alone, entry_of

pytestmark = pytest.mark.django_db


def sql(statement: str, *params) -> None:
    """绕过程序直接改库。"""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount == 1, "没有弄坏恰好一行"


def found() -> list[tuple[str, str, str]]:
    return [(row.check, row.stored, row.expected) for row in differences()]


def test_a_year_of_every_kind_reconciles(world):
    Journey(world).to("signed_off")
    alone(world, result="B").to("signed_off")
    alone(world, overall="dissatisfied").to("rated")
    Journey(world).to("opined")
    meeting_for(world)
    assert differences() == []


# ── 状态与留痕 ──
STATUSES = [
    ("suggestions_suggestion", "suggestion", "declined"), ("handlers_assignment", "assignment", "return_requested"),
    ("handlers_reply", "reply", "void"), ("supervision_ledgerentry", "entry", "ready"),
]


@pytest.mark.parametrize(("table", "name", "status"), STATUSES)
def test_a_status_changed_behind_the_record_is_found(world, table, name, status):
    journey = alone(world).to("delivered")
    row = getattr(journey, name)
    was = row.status
    sql(f"UPDATE {table} SET status = %s WHERE id = %s", status, row.pk)  # noqa: S608 表名是测试里写的
    assert ("状态与留痕", status, was) in found()


def test_an_opinion_and_a_meeting_changed_behind_the_record_are_found(world):
    journey = Journey(world).to("opined")
    sql("UPDATE handlers_assistopinion SET status = 'adopted' WHERE id = %s", journey.opinion.pk)
    meeting, _ = meeting_for(world)
    sql("UPDATE handlers_assignmentmeeting SET status = 'held' WHERE id = %s", meeting.pk)
    assert found() == [("状态与留痕", "adopted", "sent"), ("状态与留痕", "held", "preparing")]
    assert AssignmentMeeting.objects.get(pk=meeting.pk).status == "held", "只列出来，从不悄悄改"


def test_a_new_row_without_any_record_is_found(world):
    journey = alone(world).to("delivered")
    sql("UPDATE supervision_ledgerentry SET status = 'ready' WHERE id = %s", journey.main_entry.pk)
    assert ("状态与留痕", "ready", "open") in found()


# ── 件与承办关系 ──
def _status(case, value: str) -> None:
    """连同留痕一起改，只留下件与承办关系对不上。"""
    sql("UPDATE suggestions_suggestion SET status = %s WHERE id = %s", value, case.pk)


def only(check: str) -> list[tuple[str, str]]:
    return [(stored, expected) for name, stored, expected in found() if name == check]


@pytest.mark.parametrize(
    ("stage", "status", "why"),
    [("accepted", "replied", "还有单位没有答复"), ("delivered", "handling", "各单位都已答复"),
     ("delivered", "concluded", "还有单位没有办结"), ("registered", "assigned", "没有承办单位")],
)
def test_a_case_out_of_step_with_its_units_is_found(world, stage, status, why):
    journey = alone(world).to(stage)
    _status(journey.suggestion, status)
    assert (status, why) in only("件与承办关系")


# ── 台账 ──
def test_a_missing_entry_of_a_unit_is_found(world):
    journey = alone(world).to("assigned")
    sql("DELETE FROM supervision_ledgerentry WHERE id = %s", journey.entry.pk)
    assert found() == [("承办条目", "0", "1")]


def test_a_missing_main_entry_is_found(world):
    journey = alone(world).to("assigned")
    sql("DELETE FROM supervision_ledgerentry WHERE id = %s", journey.main_entry.pk)
    assert found() == [("主条目", "0", "1")]


def test_a_missing_entry_of_a_promise_is_found(world):
    journey = alone(world, result="B").to("delivered")
    sql("DELETE FROM supervision_ledgerentry WHERE id = %s", entry_of(journey, "promise").pk)
    assert found() == [("承诺条目", "0", "1")]


def test_an_entry_left_on_account_after_the_case_ended_is_found(world):
    from suggestions.actions.withdrawing import withdraw_suggestion
    from tests.cases import ACCEPTED

    journey = alone(world).to("assigned")
    withdraw_suggestion(
        journey.suggestion, reason="来函", consented=[], consent_how="来函", actor=world.clerk, today=ACCEPTED
    )
    sql("UPDATE supervision_ledgerentry SET closed_on = NULL WHERE id = %s", journey.main_entry.pk)
    assert only("仍在账") == [("open", "不再督办")]


def test_a_case_concluded_without_being_signed_off_is_found_and_the_other_way_round(world):
    """办结一件、销号一件：两头都查。"""
    one, other = alone(world).to("signed_off"), alone(world).to("signed_off")
    sql("UPDATE supervision_ledgerentry SET status = 'open', signed_off_on = NULL WHERE id = %s", one.main_entry.pk)
    sql("UPDATE suggestions_suggestion SET status = 'replied' WHERE id = %s", other.pk)
    assert only("办结而未销号") == [("在账", "已销号")]
    assert only("已销号而未办结") == [("replied", "concluded")]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE supervision_signingoff SET granted = NULL WHERE entry_id = %s",
     "UPDATE supervision_signingoff SET decided_on = '2020-01-01' WHERE entry_id = %s",
     "UPDATE supervision_signingoff SET decided_by_id = NULL WHERE entry_id = %s",
     "UPDATE supervision_signingoff SET reopened_on = '2026-01-01' WHERE entry_id = %s"],
)
def test_a_signed_off_entry_without_its_grant_is_found(world, statement):
    journey = alone(world).to("signed_off")
    sql(statement, journey.entry.pk)
    assert found() == [("销号核准", "没有相符的核准", "一次核准")]


def test_a_signed_off_entry_without_its_reply_or_opinion_is_found(world):
    journey = Journey(world).to("signed_off")
    sql("UPDATE handlers_reply SET status = 'void' WHERE id = %s", journey.reply.pk)
    sql("UPDATE handlers_assistopinion SET status = 'sent' WHERE id = %s", journey.opinion.pk)
    assert only("销号而无答复") == [("没有送达的答复", "一份")]
    assert only("销号而无会办意见") == [("没有处理过的意见", "一份")]


# ── 到期日 ──
def test_a_moved_due_date_is_found(world):
    journey = alone(world).to("assigned")
    right = journey.assignment.due_on
    sql("UPDATE handlers_assignment SET due_on = '2027-12-31' WHERE id = %s", journey.assignment.pk)
    assert found() == [
        ("到期日", "2027-12-31", str(right)), ("台账到期日", str(right), "2027-12-31"),
    ]


def test_a_ledger_due_date_out_of_step_is_found(world):
    journey = alone(world).to("assigned")
    right = str(journey.assignment.due_on)
    sql("UPDATE supervision_ledgerentry SET due_on = '2027-12-31' WHERE id = %s", journey.entry.pk)
    sql("UPDATE supervision_ledgerentry SET due_on = NULL WHERE id = %s", journey.main_entry.pk)
    assert found() == [("台账到期日", "2027-12-31", right), ("台账到期日", "None", right)]


# ── 编号 ──
def test_a_changed_number_is_found(world):
    journey = alone(world).to("registered")
    number = journey.suggestion.number
    sql("UPDATE suggestions_suggestion SET number = %s WHERE id = %s", number + 5, journey.pk)
    assert ("编号与留痕", str(number + 5), str(number)) in found()


def test_a_counter_too_low_or_too_high_is_found(world):
    """低了会重号；高了是取了号而没有件。"""
    journey = alone(world).to("registered")
    top = journey.suggestion.number
    for last in (top - 1, top + 3):
        Counter.objects.filter(scope__startswith="suggestion:").update(last=last)
        assert found() == [("编号计数", str(last), str(top))]


def test_a_vanished_case_is_found_and_a_discarded_draft_is_not(world):
    """删掉一件，号就空了：留痕还在，件不见了。丢弃的草稿说得清来历。"""
    draft = alone(world).to("drafted")
    discard_draft(draft.suggestion, actor=world.lead_deputy.account, today=OPENED)
    assert differences() == []

    journey = alone(world).to("registered")
    alone(world).to("registered")
    case = journey.suggestion
    for rows in (case.dues.all(), case.requests.all(), case.cosigners.all()):
        rows.delete()
    with connection.constraint_checks_disabled() if connection.vendor == "sqlite" else connection.cursor():
        Suggestion.objects.filter(pk=case.pk)._raw_delete(using="default")
    assert [check for check, _, _ in found()] == ["件不见了"]


def test_every_check_has_been_made_to_fail(world):
    """反证的名册：新加一条核对，就要有一个把它弄坏的测试。"""
    assert {check.__name__ for check in CHECKS} == {
        "suggestions_match_events", "assignments_match_events", "replies_match_events", "opinions_match_events",
        "meetings_match_events", "entries_match_events", "cases_match_assignments", "every_assignment_has_one_entry",
        "every_case_has_one_main_entry", "every_promise_has_one_entry", "ended_cases_owe_nothing",
        "signed_off_equals_concluded", "signed_off_entries_have_grants", "signed_off_entries_have_replies",
        "due_dates_match_rows", "entries_follow_due_dates", "numbers_match_events", "numbers_follow_the_counter",
        "no_case_has_vanished", "settled_difficulties_have_results", "steps_match_events", "plans_match_events",
        "rectifications_match_steps", "measures_end_with_plans",
    }


# ── 方案、整改、困难 ──
SIGN_OFF = "UPDATE supervision_ledgerentry SET status = 'signed_off', signed_off_on = '2026-11-01' WHERE id = %s"


def test_a_plan_and_a_step_changed_behind_the_record_are_found(world):
    assignment = classified.in_hand(world, "criticism")
    plan = classified.started(world, classified.in_hand(world, "opinion", title="关于山塘清淤的建议"))
    classified.concluded(world, classified.investigated(world, assignment))
    step = classified.listed(world, assignment, classified.problem(world)).steps.get()
    assert differences() == []
    sql("UPDATE handlers_plan SET status = 'draft' WHERE id = %s", plan.pk)
    sql("UPDATE handlers_planstep SET status = 'reported' WHERE id = %s", step.pk)
    assert ("状态与留痕", "draft", "issued") in found() and ("状态与留痕", "reported", "open") in found()


def test_a_rectification_without_its_entry_or_settled_without_passing_is_found(world):
    assignment = classified.in_hand(world, "criticism")
    classified.concluded(world, classified.investigated(world, assignment))
    two = (classified.problem(world), classified.problem(world, text="流程没有改"))
    first, second = classified.listed(world, assignment, *two).steps.order_by("position")
    entry = LedgerEntry.objects.get(step=second)
    sql("UPDATE supervision_ledgerentry SET step_id = NULL WHERE step_id = %s", first.pk)
    sql(SIGN_OFF, entry.pk)
    assert only("整改条目") == [("0", "1")] and only("整改了结") == [("signed_off", "随核验结果")]


def test_a_difficulty_settled_without_a_result_is_found(world):
    assignment = classified.in_hand(world)
    entry = difficulties.raise_difficulty(
        assignment, what="缺资金", owner=world.water.posts["director"], due_on=classified.SOON,
        actor=world.water.officer, today=classified.MET,
    )
    sql(SIGN_OFF, entry.pk)
    assert only("困难了结") == [("没有结果", "另一个人写明的结果")]


def test_a_measure_still_owed_after_its_plan_is_done_is_found(world):
    plan = classified.started(world, classified.in_hand(world, "opinion"))
    entry = LedgerEntry.objects.get(assignment=plan.assignment, kind="handling")
    sql("UPDATE supervision_ledgerentry SET kind = 'measure', plan_id = %s WHERE id = %s", plan.pk, entry.pk)
    assert only("问效条目") == []
    sql("UPDATE handlers_plan SET status = 'done' WHERE id = %s", plan.pk)
    assert only("问效条目") == [("open", "方案已完成")]


# ── 命令 ──
def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reconcile", *words, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_prints_the_bare_number_and_exits_accordingly(world):
    journey = alone(world).to("assigned")
    assert run() == (0, "0\n")
    assert run("--json") == (0, json.dumps({"differences": 0, "rows": []}) + "\n")
    sql("DELETE FROM supervision_ledgerentry WHERE id = %s", journey.entry.pk)
    code, text = run()
    assert (code, text.splitlines()[-1]) == (1, "1")
    assert "承办条目：湖南省水利厅" in text
    code, text = run("--json")
    body = json.loads(text)
    assert (code, body["differences"], body["rows"][0]["check"]) == (1, 1, "承办条目")


def test_nothing_is_mended_silently(world):
    journey = alone(world).to("assigned")
    before = AuditEvent.objects.count()
    sql("UPDATE suggestions_suggestion SET status = 'concluded' WHERE id = %s", journey.pk)
    reconciling.differences()
    assert Suggestion.objects.get(pk=journey.pk).status == "concluded"
    assert AuditEvent.objects.count() == before
