"""延期。"""
from datetime import date

import pytest

from handlers.actions import extending, receiving
from handlers.models import AssignmentDue, Extension
from lianluo.congresses.models import Session
from lianluo.statemachine import DomainError, NotAllowed, Stale
from lianluo.workdays.models import Holiday, RuleProfile
from lianluo.workdays.recompute import recompute_open
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 2)
ASKED_ON = date(2026, 5, 20)


def ask(row, world, until=date(2026, 7, 1), *, today=ASKED_ON, **more) -> Extension:
    values = {"reason": "涉及面广", "asked_until": until, "deputy_told_on": min(today, ASKED_ON),
              "deputy_told_how": "电话", **more}
    return extending.request_extension(row, **values, actor=world.water.liaison, today=today)


def grant(extension, world, *, today=ASKED_ON, **more):
    return extending.decide_extension(extension, granted=True, actor=world.gov, today=today, **more)


def test_a_granted_extension_closes_the_old_deadline_and_opens_a_decided_one(world):
    suggestion, row = cases.accepted(world)
    grant(ask(row, world), world)
    row.refresh_from_db()
    suggestion.refresh_from_db()
    old, new = cases.due(row, "reply_normal"), cases.due(row, "extension")
    assert (old.closed_on, old.due_on) == (ASKED_ON, DUE)
    assert (new.due_on, new.start_on, new.is_decided) == (date(2026, 7, 1), DAY, True)
    assert row.due_on == suggestion.due_on == date(2026, 7, 1)
    assert any("延期：2026-05-20 批准" in sentence for sentence in new.explain().sentences)


def test_the_law_limit_of_the_documented_example(world):
    """交办于 2018-07-01：三个月到 10-08；延期最晚到六个月后的对应日顺延，2019-01-02。"""
    Session.objects.filter(pk=world.session.pk).update(opened_on=date(2018, 1, 24), closed_on=date(2018, 1, 30))
    world.session.refresh_from_db()
    start = date(2018, 7, 1)
    _, row = cases.accepted(world, today=start)
    due = cases.due(row, "reply_normal")
    assert due.due_on == date(2018, 10, 8)
    assert extending.latest_allowed(row, due) == date(2019, 1, 2)
    told = {"deputy_told_on": date(2018, 9, 1), "today": date(2018, 9, 3)}
    with pytest.raises(DomainError, match="最晚可延至 2019-01-02"):
        ask(row, world, date(2019, 1, 3), **told)
    grant(ask(row, world, date(2019, 1, 2), **told), world, today=date(2018, 9, 4))
    row.refresh_from_db()
    assert row.due_on == date(2019, 1, 2)
    with pytest.raises(DomainError, match="已到法定最长期限"):
        ask(row, world, date(2019, 1, 3), deputy_told_on=date(2018, 12, 1), today=date(2018, 12, 3))


def test_a_second_extension_is_allowed_within_the_limit(world):
    _, row = cases.accepted(world)
    grant(ask(row, world), world)
    again = ask(row, world, date(2026, 9, 2), today=date(2026, 6, 20))
    grant(again, world, today=date(2026, 6, 21))
    row.refresh_from_db()
    assert row.due_on == date(2026, 9, 2)
    assert len(cases.due(row, "extension").snapshot["extensions"]) == 2
    assert row.dues.open().filter(rule_code="extension").count() == 1


def test_no_profile_lengthens_the_six_months(world):
    RuleProfile.objects.filter(code="HN-DEFAULT").update(settings={"extension_max_months": 9})
    _, row = cases.accepted(world)
    assert extending.latest_allowed(row, cases.due(row, "reply_normal")) == date(2026, 9, 2)


def test_on_the_last_day_it_is_taken_after_it_is_refused(world):
    _, row = cases.accepted(world)
    with pytest.raises(DomainError, match="期限已于 2026-06-02 届满，延期须在到期前申请"):
        ask(row, world, today=date(2026, 6, 3))
    assert not Extension.objects.exists()
    assert ask(row, world, today=DUE).pk


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"), ({"deputy_told_how": ""}, "deputy_told_how"), ({"until": DUE}, "asked_until"),
        ({"deputy_told_on": date(2026, 5, 21)}, "deputy_told_on"),
        ({"deputy_told_on": date(2026, 3, 1)}, "deputy_told_on"),
    ],
)
def test_it_says_what_is_missing(world, more, field):
    _, row = cases.accepted(world)
    with pytest.raises(DomainError) as caught:
        ask(row, world, **more)
    assert caught.value.field == field


def test_only_an_accepted_answering_unit_may_ask(world):
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    with pytest.raises(NotAllowed, match="待签收"):
        ask(rows[0], world)
    assist = receiving.accept_assignment(rows[1], actor=world.transport.liaison, today=DAY)
    with pytest.raises(NotAllowed, match="会办意见不延期"):
        ask(assist, world)


def test_one_request_at_a_time(world):
    _, row = cases.accepted(world)
    ask(row, world)
    with pytest.raises(NotAllowed, match="等待批复"):
        ask(row, world)


def test_a_refusal_needs_its_reason_and_changes_nothing(world):
    _, row = cases.accepted(world)
    extension = ask(row, world)
    with pytest.raises(DomainError, match="写明不同意延期的理由"):
        extending.decide_extension(extension, granted=False, actor=world.gov, today=ASKED_ON)
    extending.decide_extension(extension, granted=False, note="抓紧", actor=world.gov, today=ASKED_ON)
    row.refresh_from_db()
    assert row.due_on == DUE
    with pytest.raises(Stale):
        grant(extension, world)


def test_the_decider_may_grant_less_but_not_more_than_the_limit(world):
    _, row = cases.accepted(world)
    extension = ask(row, world)
    with pytest.raises(DomainError, match="最晚可延至 2026-09-02"):
        grant(extension, world, granted_until=date(2026, 9, 3))
    grant(extension, world, granted_until=date(2026, 6, 15))
    row.refresh_from_db()
    assert row.due_on == date(2026, 6, 15)


def test_a_decision_after_the_old_due_date_is_still_possible(world):
    _, row = cases.accepted(world)
    extension = ask(row, world, today=DUE, deputy_told_on=DAY)
    grant(extension, world, today=date(2026, 6, 5))
    row.refresh_from_db()
    assert row.due_on == date(2026, 7, 1)


def test_a_change_of_the_calendar_does_not_move_a_decided_deadline(world):
    _, row = cases.accepted(world)
    grant(ask(row, world), world)
    Holiday.objects.create(day=date(2026, 7, 1), is_workday=False, name="临时放假")
    recompute_open(actor=world.clerk, today=ASKED_ON)
    row.refresh_from_db()
    assert row.due_on == date(2026, 7, 1)


def test_a_kept_deadline_counts_the_law_limit_from_the_first_assignment(world):
    suggestion, [row] = cases.assigned(world)
    request = receiving.request_return(
        row, ground="not_ours", reason="不属", proposed_unit=world.transport.unit, actor=world.water.liaison, today=DAY
    )
    receiving.decide_return(request, granted=True, new_unit=world.transport.unit, actor=world.gov,
                            today=date(2026, 3, 20))
    new = suggestion.assignments.live().get()
    new = receiving.accept_assignment(new, actor=world.transport.liaison, today=date(2026, 3, 20))
    assert extending.latest_allowed(new, cases.due(new, "reply_normal")) == date(2026, 9, 2)


def test_two_open_deadlines_of_one_kind_are_impossible(world):
    from django.db import IntegrityError, transaction

    _, row = cases.accepted(world)
    one = cases.due(row, "reply_normal")
    values = {"assignment": row, "rule_code": "reply_normal", "start_on": DAY, "due_on": DUE, "snapshot": one.snapshot}
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentDue.objects.create(**values)
    AssignmentDue.objects.filter(pk=one.pk).update(closed_on=DAY)
    AssignmentDue.objects.create(**values)
