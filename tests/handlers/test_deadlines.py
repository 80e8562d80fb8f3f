"""承办时限：起算基准按规则组，到期日随在走的时限变。"""
from datetime import date

import pytest

from handlers import deadlines
from handlers.actions import receiving
from lianluo.audit.models import AuditEvent
from lianluo.congresses.models import Session
from lianluo.workdays.models import DeadlineRule, Holiday, RuleProfile
from lianluo.workdays.recompute import recompute_open
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db
ACCEPTED_ON = date(2026, 3, 5)


def under(world, code: str) -> None:
    Session.objects.filter(pk=world.session.pk).update(profile=RuleProfile.objects.get(code=code))
    world.session.refresh_from_db()


#: 规则组 → 退回、会办意见的起算日（交办 2026-03-02，签收 03-05）与到期日
TABLE = [
    ("HN-DEFAULT", DAY, date(2026, 3, 16), DAY, date(2026, 4, 2)),
    ("SH-2015", ACCEPTED_ON, date(2026, 3, 16), ACCEPTED_ON, date(2026, 4, 7)),
    ("CQ-2018", DAY, date(2026, 3, 16), DAY, date(2026, 4, 14)),
    ("ZJ-2016", ACCEPTED_ON, date(2026, 3, 16), ACCEPTED_ON, date(2026, 5, 6)),
]


@pytest.mark.parametrize(("code", "return_start", "return_due", "opinion_start", "opinion_due"), TABLE)
def test_each_profile_counts_from_its_own_base(world, code, return_start, return_due, opinion_start, opinion_due):
    under(world, code)
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    lead = receiving.accept_assignment(rows[0], actor=world.water.liaison, today=ACCEPTED_ON)
    assist = receiving.accept_assignment(rows[1], actor=world.transport.liaison, today=ACCEPTED_ON)
    window, opinion = cases.due(lead, "return_days"), cases.due(assist, "cohandle_opinion")
    assert (window.start_on, window.due_on) == (return_start, return_due)
    assert (opinion.start_on, opinion.due_on) == (opinion_start, opinion_due)
    assert cases.due(lead, "reply_normal").start_on == DAY
    assist.refresh_from_db()
    assert assist.due_on == opinion_due


def test_an_opinion_counted_from_receipt_has_no_due_date_before_it(world):
    under(world, "ZJ-2016")
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    assert rows[1].due_on is None
    assert rows[0].due_on == date(2026, 6, 2)


def test_an_assistant_has_no_reply_deadline_and_a_lead_no_opinion_deadline(world):
    _, [lead, assist] = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    assert set(lead.dues.values_list("rule_code", flat=True)) == {"return_days", "reply_normal"}
    assert set(assist.dues.values_list("rule_code", flat=True)) == {"return_days", "cohandle_opinion"}


def test_later_changes_of_the_rule_do_not_move_old_deadlines(world):
    _, [row] = cases.assigned(world)
    DeadlineRule.objects.filter(profile__code="HN-DEFAULT", code="reply_normal").update(amount=2)
    due = cases.due(row, "reply_normal")
    assert (due.due_on, due.snapshot["amount"]) == (date(2026, 6, 2), 3)
    assert due.explain().matches_stored
    _, [new] = cases.assigned(world, number=2)
    assert new.due_on == date(2026, 5, 6)


def test_meeting_the_reply_leaves_the_case_to_the_next_deadline(world):
    suggestion, rows = cases.assigned(world, cases.separate(world.water, world.transport))
    deadlines.meet_governing(rows[0], date(2026, 4, 1))
    suggestion.refresh_from_db()
    assert rows[0].due_on == date(2026, 6, 2)
    assert suggestion.due_on == date(2026, 6, 2)
    deadlines.meet_governing(rows[1], date(2026, 4, 1))
    suggestion.refresh_from_db()
    assert suggestion.due_on is None


def test_a_second_round_governs_after_the_first_was_met(world):
    suggestion, row = cases.accepted(world)
    deadlines.meet_governing(row, date(2026, 5, 20))
    deadlines.open_due(row, "rehandle_days", date(2026, 6, 10), round=2)
    row.refresh_from_db()
    suggestion.refresh_from_db()
    assert row.due_on == suggestion.due_on == date(2026, 7, 10)


def test_closing_says_why(world):
    _, [row] = cases.assigned(world)
    assert deadlines.close_dues(row, "代表撤回", DAY) == 2
    due = cases.due(row, "reply_normal")
    assert (due.closed_on, due.snapshot["closed"]) == (DAY, "代表撤回")


def test_a_moved_calendar_moves_the_assignment_and_the_case(world):
    suggestion, [row] = cases.assigned(world)
    Holiday.objects.create(day=date(2026, 6, 2), is_workday=False, name="临时放假")
    recompute_open(actor=world.clerk, today=DAY)
    row.refresh_from_db()
    suggestion.refresh_from_db()
    assert row.due_on == suggestion.due_on == date(2026, 6, 3)
    assert AuditEvent.objects.filter(event="deadline.governing_changed", target_id=row.pk).exists()


def test_every_deadline_explains_itself(world):
    _, row = cases.accepted(world)
    for due in row.dues.all():
        explanation = due.explain()
        assert explanation.matches_stored
        assert explanation.due_on == due.due_on
        assert due.name.endswith("期限")
