"""审查：登记编号、退回、不作为建议。"""
from datetime import date

import pytest
from django.db import transaction

from handlers.actions import assigning
from handlers.choosing import Choice
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed
from suggestions import numbering
from suggestions.actions import drafting, registering
from suggestions.models import Suggestion
from tests.world import DAY

from .drafts import AFTER, IN_SESSION, entered, registered, submitted


def test_numbers_run_without_holes_and_are_shown_with_four_digits(world):
    cases = [registered(world, title=f"关于第{n}号水库的建议") for n in range(1, 4)]
    assert [case.shown_number for case in cases] == ["0001", "0002", "0003"]


def test_a_failing_registration_gives_the_number_back(world):
    registered(world)
    case = entered(world)
    with pytest.raises(RuntimeError), transaction.atomic():
        registering.register_suggestion(case, actor=world.clerk, today=DAY)
        raise RuntimeError("后面的步骤没成")
    assert numbering.upcoming_number(world.session) == 2
    assert registering.register_suggestion(case, actor=world.clerk, today=DAY).number == 2


def test_a_withdrawn_number_is_never_given_again(world):
    case = registered(world)
    drafting.withdraw_suggestion(case, reason="代表要求撤回", actor=world.clerk, today=DAY)
    assert registered(world).number == 2
    assert Suggestion.objects.get(pk=case.pk).number == 1


def test_between_sessions_has_its_own_series_and_an_assignment_deadline(world):
    registered(world)
    case = registered(world, today=AFTER)
    assert case.shown_number == "闭0001"
    due = case.dues.get(rule_code="assign_days_off_session")
    assert (due.start_on, case.due_on) == (AFTER, due.due_on)
    assert due.due_on == date(2026, 3, 11)


def test_assigning_meets_the_off_session_deadline(world):
    case = registered(world, today=AFTER)
    choices = [Choice(world.water.unit, "sole")]
    assigning.assign_suggestion(case, choices=choices, actor=world.clerk, today=AFTER)
    assert case.dues.get(rule_code="assign_days_off_session").met_on == AFTER
    assert not case.dues.open().exists()


def test_a_bill_turned_suggestion_keeps_its_mark(world):
    assert registered(world, converted_from_bill=True).shown_number == "议转0001"


def test_a_preprinted_number_is_taken_and_the_counter_follows(world):
    assert registered(world, number=486).shown_number == "0486"
    assert registered(world).number == 487


def test_a_used_number_is_refused_and_the_next_free_one_is_named(world):
    registered(world, number=486)
    with pytest.raises(DomainError, match="编号 0486 已被《.*》使用，下一个空号是 0487") as caught:
        registered(world, number=486)
    assert caught.value.field == "number"


def test_registering_meets_its_deadline_and_tells_the_deputies(world):
    case = registered(world, cosigners=[world.cosigner])
    assert case.dues.get(rule_code="register_days").met_on == IN_SESSION
    assert case.due_on is None
    told = Notice.objects.filter(kind="suggestion.registered").values_list("recipient__name", flat=True)
    assert sorted(told) == ["贺景", "黄岳若"]
    assert "0001" in Notice.objects.filter(kind="suggestion.registered")[0].body


def test_registering_without_having_seen_similar_ones_is_refused(world):
    case = entered(world)
    with pytest.raises(DomainError, match="相近"):
        registering.register_suggestion(case, similar_seen=False, actor=world.clerk, today=DAY)


def test_registering_twice_is_refused(world):
    case = registered(world)
    with pytest.raises(NotAllowed, match="已登记"):
        registering.register_suggestion(case, actor=world.clerk, today=DAY)
    assert numbering.upcoming_number(world.session) == 2


# ── 退回 ──
def test_returning_needs_a_reason(world):
    case = submitted(world)
    with pytest.raises(DomainError, match="写明退回的理由") as caught:
        registering.return_to_deputy(case, note="  ", actor=world.clerk, today=DAY)
    assert caught.value.field == "note"


def test_returns_are_counted_and_a_resubmission_opens_a_new_round(world):
    case = submitted(world)
    for time in range(1, 4):
        case = registering.return_to_deputy(case, note=f"第{time}次，写具体些", actor=world.clerk, today=IN_SESSION)
        assert registering.times_returned(case) == time
        assert case.due_on is None
        case = drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert list(case.dues.order_by("round").values_list("round", flat=True)) == [1, 2, 3, 4]
    assert case.dues.open().count() == 1
    assert registering.times_returned(case) >= registering.RETURNS_TO_WARN
    last = AuditEvent.objects.about(case).filter(event="suggestion.returned").order_by("-id").first()
    assert last.data["times"] == 3


def test_a_return_can_be_recalled_until_the_deputy_changes_something(world):
    case = submitted(world)
    registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=DAY)
    case = registering.recall_return(case, reason="看错了", actor=world.clerk, today=DAY)
    assert (case.status, case.decision_note) == ("submitted", "")
    assert case.due_on is not None
    registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=DAY)
    drafting.save_draft({"title": "改过的标题"}, suggestion=case, actor=world.lead_deputy.account, today=DAY)
    with pytest.raises(DomainError, match="已经改过"):
        registering.recall_return(case, reason="看错了", actor=world.clerk, today=DAY)


# ── 不作为建议 ──
def decline(world, case, **changes):
    values = {"ground": "N5", "note": "所附为群众来信", "disposition": "letter", **changes}
    return registering.decline_suggestion(case, actor=world.clerk, today=DAY, **values)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"ground": ""}, "ground"), ({"ground": "N14"}, "ground"), ({"note": " "}, "note"),
     ({"disposition": "shelf"}, "disposition")],
)
def test_declining_needs_ground_note_and_disposition(world, changes, field):
    case = submitted(world)
    with pytest.raises(DomainError) as caught:
        decline(world, case, **changes)
    assert caught.value.field == field
    case.refresh_from_db()
    assert case.status == "submitted"


def test_declining_tells_the_deputy_with_ground_and_disposition(world):
    case = decline(world, submitted(world))
    notice = Notice.objects.get(kind="suggestion.declined", recipient=world.lead_deputy.account)
    assert "代转群众来信、申诉材料" in notice.body
    assert "作来信处理" in notice.body
    event = AuditEvent.objects.about(case).get(event="suggestion.declined")
    assert event.data["told_how"] == "站内通知"
    assert event.data["told_on"] == DAY.isoformat()
    assert case.dues.open().count() == 0


def test_a_deputy_without_account_must_be_told_in_some_other_way(world):
    world.lead_deputy.account = None
    world.lead_deputy.save()
    case = entered(world)
    with pytest.raises(DomainError, match="写明怎样告知") as caught:
        decline(world, case)
    assert caught.value.field == "told_how"
    assert decline(world, case, told_how="3月2日电话").status == "declined"


def test_a_declined_one_can_be_reviewed_again_only_once(world):
    case = decline(world, submitted(world))
    case = registering.reopen_declined(case, reason="代表补充了情况", actor=world.clerk, today=DAY)
    assert (case.status, case.decline_ground) == ("submitted", "")
    decline(world, case)
    with pytest.raises(DomainError, match="已经复核过一次"):
        registering.reopen_declined(case, reason="再来", actor=world.clerk, today=DAY)
