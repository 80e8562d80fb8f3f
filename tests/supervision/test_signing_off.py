"""销号：申请、核准、退回、恢复；申请人不能自批；办结一件、销号一件（CZ-11）。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from handlers.actions import rehandling
from handlers.actions.assisting import adopt_opinion, send_opinion, urge_opinion
from handlers.actions.delivering import deliver_reply
from handlers.actions.publishing import publish_reply
from handlers.actions.replying import Handed, save_reply, submit_reply
from handlers.models import Reply
from lianluo.audit.models import AuditEvent
from lianluo.audit.verify import verify
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, Stale
from supervision.actions import signing_off
from supervision.conditions import conditions
from supervision.models import LedgerEntry, SigningOff
from supervision.reconciling import differences
from tests.cases import RATED, TODAY, Journey
from tests.supervision.factory import alone, entry_of, grant, reported
from tests.supervision.pages import page

pytestmark = pytest.mark.django_db


def apply(journey: Journey, entry: LedgerEntry, **changes) -> SigningOff:
    proof = journey.attach("evidence", about=f"ledger:{entry.pk}", actor=journey.unit.liaison)
    values = {"statement": "已办完", "evidence": [proof], "actor": journey.unit.liaison, "today": RATED, **changes}
    return signing_off.apply_sign_off(entry, **values)


def sentence(error) -> str:
    return error.value.sentence


# ── 申请 ──
def test_a_unit_applies_with_evidence(world):
    journey = alone(world).to("published")
    application = apply(journey, journey.entry)
    assert (application.applied_by, application.applied_on) == (world.water.liaison, RATED)
    assert application.evidence.count() == 1
    assert journey.entry.status == "ready"
    event = AuditEvent.objects.get(event="ledger.sign_off_applied")
    assert event.data["evidence"] == [application.evidence.get().sha256]
    assert Notice.objects.filter(kind="ledger.sign_off_applied", recipient=world.clerk).exists()


def test_it_refuses_before_evaluation_and_lists_what_is_missing(world):
    journey = alone(world).to("delivered")
    with pytest.raises(Incomplete) as error:
        apply(journey, journey.entry)
    assert len(error.value.missing) == 2
    assert journey.entry.status == "open"
    assert not SigningOff.objects.exists()


@pytest.mark.parametrize(("changes", "field"), [({"evidence": []}, "evidence"), ({"statement": " "}, "statement")])
def test_it_refuses_without_evidence_or_statement_and_names_the_field(world, changes, field):
    journey = alone(world).to("published")
    with pytest.raises(DomainError) as error:
        apply(journey, journey.entry, **changes)
    assert error.value.field == field


def test_it_refuses_a_second_application(world):
    journey = alone(world).to("applied")
    with pytest.raises(NotAllowed):
        apply(journey, journey.entry)
    assert SigningOff.objects.count() == 1


def test_the_main_entry_is_never_applied_for_by_itself(world):
    journey = alone(world).to("published")
    with pytest.raises(NotAllowed, match="随承办条目"):
        apply(journey, entry_of(journey, "main"))


def test_an_adopted_opinion_applies_for_the_assisting_unit(world):
    """会办意见处理完毕，系统代会办单位提出；记在起草人名下，留痕说明是系统办的。"""
    journey = Journey(world).to("adopted")
    entry = entry_of(journey, unit=world.transport)
    assert entry.status == "ready"
    application = entry.signing_offs.get()
    assert application.applied_by == world.transport.officer
    event = AuditEvent.objects.get(event="ledger.sign_off_applied", target_id=entry.pk)
    assert event.actor is None and event.data["on_behalf_of"] == world.transport.officer.name


# ── 核准 ──
def test_granting_the_last_unit_concludes_the_case(world):
    journey = alone(world).to("applied")
    grant(journey, journey.entry)
    entry, main = journey.entry, entry_of(journey, "main")
    assert (entry.status, entry.signed_off_on, entry.signed_off_by) == ("signed_off", RATED, world.second_clerk)
    assert (main.status, main.signed_off_by) == ("signed_off", world.second_clerk)
    assert journey.suggestion.status == "concluded"
    assert journey.suggestion.concluded_on == RATED
    assert differences() == []


def test_granting_one_of_two_units_leaves_the_case_open(world):
    journey = Journey(world).to("applied")
    grant(journey, journey.entry)
    assert entry_of(journey, "main").status == "open"
    assert journey.suggestion.status == "replied"
    grant(journey, entry_of(journey, unit=world.transport))
    assert entry_of(journey, "main").status == "signed_off"
    assert journey.suggestion.status == "concluded"
    assert differences() == []


def test_the_unit_is_told(world):
    journey = alone(world).to("applied")
    grant(journey, journey.entry)
    assert Notice.objects.filter(kind="ledger.signed_off", recipient=world.water.liaison).count() == 1
    assert not Notice.objects.filter(kind="ledger.signed_off", recipient=world.second_clerk).exists()


def test_nobody_grants_an_application_of_his_own(world):
    """T22：自己申请自己批禁止。"""
    journey = alone(world).to("published")
    apply(journey, journey.entry, actor=world.clerk)
    with pytest.raises(DomainError) as error:
        signing_off.grant_sign_off(journey.entry, actor=world.clerk, today=RATED)
    assert "自己的销号申请" in sentence(error)
    assert journey.entry.status == "ready"
    assert grant(journey, journey.entry).status == "signed_off"


def test_nobody_refuses_an_application_of_his_own_either(world):
    journey = alone(world).to("published")
    apply(journey, journey.entry, actor=world.clerk)
    with pytest.raises(DomainError, match="自己的销号申请"):
        signing_off.refuse_sign_off(journey.entry, note="再核", actor=world.clerk, today=RATED)
    assert journey.entry.status == "ready"


def test_the_database_itself_wants_two_people(world):
    """绕过程序直接写库也不成。"""
    journey = alone(world).to("applied")
    application = journey.entry.signing_offs.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningOff.objects.filter(pk=application.pk).update(decided_by=application.applied_by, granted=True)
    SigningOff.objects.filter(pk=application.pk).update(decided_by=world.clerk, granted=True)


def test_conditions_are_checked_again_when_granting(world):
    """申请以后情况变了：抄送撤了，核准不成。"""
    journey = alone(world).to("applied")
    reply = journey.reply
    reply.copied_to = []
    reply.save(update_fields=["copied_to"])
    with pytest.raises(Incomplete):
        grant(journey, journey.entry)
    assert journey.entry.status == "ready"


def test_the_second_to_decide_is_told_who_was_first(world):
    journey = alone(world).to("signed_off")
    with pytest.raises(Stale) as error:
        signing_off.grant_sign_off(journey.entry, actor=world.clerk, today=TODAY)
    assert sentence(error) == f"周核已于 {RATED} 核准这次申请"


def test_what_was_never_applied_for_cannot_be_granted(world):
    journey = alone(world).to("published")
    with pytest.raises(NotAllowed, match="还没有销号申请"):
        grant(journey, journey.entry)


# ── 批量 ──
def test_granting_many_goes_one_by_one_and_tells_why_some_stay(world):
    good, bad = alone(world).to("applied"), alone(world).to("published")
    apply(bad, bad.entry, actor=world.second_clerk)
    rows = LedgerEntry.objects.awaiting_decision().with_case().order_by("id")
    done, refused = signing_off.grant_many(rows, actor=world.second_clerk, today=RATED)
    assert [entry.pk for entry in done] == [good.entry.pk]
    assert [(entry.pk, "自己的销号申请" in why) for entry, why in refused] == [(bad.entry.pk, True)]
    assert (good.suggestion.status, bad.suggestion.status) == ("concluded", "replied")


# ── 不予销号 ──
def test_refusing_sends_it_back_with_the_reason(world):
    journey = alone(world).to("applied")
    signing_off.refuse_sign_off(journey.entry, note="佐证不足", actor=world.second_clerk, today=RATED)
    entry = journey.entry
    assert entry.status == "open"
    assert entry.signing_offs.get().decision_note == "佐证不足"
    assert Notice.objects.filter(kind="ledger.sign_off_refused", recipient=world.water.liaison).exists()
    apply(journey, entry)
    assert journey.entry.signing_offs.count() == 2


def test_refusing_wants_a_reason(world):
    journey = alone(world).to("applied")
    with pytest.raises(DomainError) as error:
        signing_off.refuse_sign_off(journey.entry, note=" ", actor=world.second_clerk, today=RATED)
    assert error.value.field == "note"


# ── 恢复挂账 ──
def test_reopening_keeps_the_former_sign_off_in_history(world):
    journey = alone(world).to("signed_off")
    signing_off.reopen_entry(journey.entry, reason="群众反映没有落实", actor=world.clerk, today=TODAY)
    entry, main = journey.entry, entry_of(journey, "main")
    assert (entry.status, entry.signed_off_on, entry.signed_off_by) == ("open", None, None)
    assert (main.status, journey.suggestion.status) == ("open", "replied")
    old = entry.signing_offs.get()
    assert (old.granted, old.decided_on) == (True, RATED)
    assert (old.reopened_on, old.reopened_by, old.reopen_reason) == (TODAY, world.clerk, "群众反映没有落实")
    assert differences() == []


def test_a_reopened_case_can_be_signed_off_again_without_a_new_evaluation(world):
    """评价还在，不必再评一次；再申请、再核准，历史里有两次。"""
    journey = alone(world).to("signed_off")
    signing_off.reopen_entry(journey.entry, reason="佐证有误", actor=world.clerk, today=TODAY)
    assert journey.assignment.status == "answered"
    apply(journey, journey.entry, today=TODAY)
    grant(journey, journey.entry, today=TODAY)
    assert journey.suggestion.status == "concluded"
    assert journey.assignment.status == "concluded"
    assert journey.entry.signing_offs.count() == 2
    assert entry_of(journey, "main").signing_offs.count() == 2
    assert differences() == []


def test_reopening_wants_a_reason_and_something_signed_off(world):
    journey = alone(world).to("signed_off")
    with pytest.raises(DomainError) as error:
        signing_off.reopen_entry(journey.entry, reason=" ", actor=world.clerk, today=TODAY)
    assert error.value.field == "reason"
    with pytest.raises(NotAllowed, match="随承办条目恢复"):
        signing_off.reopen_entry(entry_of(journey, "main"), reason="有误", actor=world.clerk, today=TODAY)
    other = alone(world).to("published")
    with pytest.raises(NotAllowed):
        signing_off.reopen_entry(other.entry, reason="有误", actor=world.clerk, today=TODAY)


def test_a_new_round_on_a_concluded_case_reopens_the_ledger(world):
    """办结之后办公室要求重办：台账随之恢复，是系统恢复的，不算在谁名下。"""
    journey = alone(world).to("signed_off")
    rehandling.start_round(journey.assignment, reason="承诺没有落实", actor=world.clerk, today=TODAY)
    entry, main = journey.entry, entry_of(journey, "main")
    assert (entry.status, main.status, journey.suggestion.status) == ("open", "open", "rehandling")
    assert (entry.signing_offs.get().reopened_by, entry.signing_offs.get().reopen_reason) == (None, "启动再办理")
    assert differences() == []


def test_a_new_round_sends_back_an_application_under_way(world):
    journey = alone(world).to("applied")
    rehandling.start_round(journey.assignment, reason="代表来电反映", actor=world.clerk, today=RATED)
    entry = journey.entry
    assert entry.status == "open"
    last = entry.signing_offs.get()
    assert (last.granted, last.decided_by, last.decision_note) == (False, None, "启动再办理")


# ── 承诺 ──
def test_a_class_b_case_is_concluded_while_its_promise_stays_on_account(world):
    """decisions「Ledger」：已销号·承诺跟踪中。"""
    journey = alone(world, result="B").to("signed_off")
    promise = entry_of(journey, "promise")
    assert journey.suggestion.status == "concluded"
    assert promise.status == "open"
    reported(journey, promise)
    journey.talk(on=TODAY, stage="after")
    apply(journey, promise, today=TODAY)
    grant(journey, promise, today=TODAY)
    assert entry_of(journey, "promise").status == "signed_off"
    signing_off.reopen_entry(entry_of(journey, "promise"), reason="又塌了一段", actor=world.clerk, today=TODAY)
    assert journey.suggestion.status == "concluded", "承诺恢复挂账，件不随之恢复"
    assert differences() == []


# ── 不再督办 ──
def test_a_closed_entry_takes_nothing_more(world):
    journey = alone(world).to("applied")
    signing_off.close_entry(journey.entry, reason="代表撤回", actor=None, today=RATED)
    for act in (
        lambda: grant(journey, journey.entry), lambda: apply(journey, journey.entry),
        lambda: reported(journey, journey.entry),
        lambda: signing_off.reopen_entry(journey.entry, reason="x", actor=world.clerk, today=TODAY),
    ):
        with pytest.raises(NotAllowed, match="不再督办"):
            act()
    assert journey.entry.signing_offs.get().granted is False, "在途的申请一并了结"


# ── 会办意见始终没有送 ──
def answered_without_opinion(world) -> tuple[Journey, date]:
    """会办逾期、催过仍不送，主办注明理由先答复；答复送达、评价、公开都在同一天，等申请销号。"""
    journey = Journey(world).to("contacted")
    day = journey.helper.due_on + timedelta(days=1)
    urge_opinion(journey.helper, actor=world.water.liaison, today=day)
    content = journey.content(missing_opinions_reason="已催一次仍未送来")
    save_reply(journey.assignment, data=content, version=0, actor=world.water.officer, today=day)
    submit_reply(journey.reply, actor=world.water.officer, today=day)
    while journey.reply.status in ("checking", "reviewing"):
        journey.agree(day)
    handed = [Handed(row, "by_hand", day) for row in journey.reply.deliveries.all()]
    deliver_reply(journey.reply, deliveries=handed, actor=world.water.liaison, today=day)
    journey.rate(journey.delivery, today=day)
    publish_reply(journey.reply, addresses_checked=True, actor=world.clerk, today=day)
    return journey, day


def test_an_opinion_that_never_comes_does_not_keep_the_case_for_ever(world):
    journey, day = answered_without_opinion(world)
    helper = entry_of(journey, unit=world.transport)
    assert [str(one) for one in conditions(journey.main_entry)] == ["湖南省水利厅的承办条目还未销号"]
    assert LedgerEntry.objects.overdue(day).filter(pk=helper.pk).exists(), "办结以前照样逾期"
    apply(journey, journey.entry, today=day)
    grant(journey, journey.entry, today=day)
    helper = entry_of(journey, unit=world.transport)
    assert journey.suggestion.status == "concluded" and journey.main_entry.status == "signed_off"
    assert (helper.status, helper.closed_reason, helper.closed_on) == ("open", "未送会办意见，主办已答复", day)
    event = AuditEvent.objects.get(event="ledger.closed", target_type="supervision.ledgerentry", target_id=helper.pk)
    assert (event.actor, event.reason) == (None, "未送会办意见，主办已答复")
    assert differences() == [] and verify()[1] is None


def test_the_unit_that_never_sent_its_opinion_is_still_counted(world):
    """不再督办，但算它逾期没有办成：按单位汇总里有数，点开就是这一条。"""
    journey, day = answered_without_opinion(world)
    apply(journey, journey.entry, today=day)
    grant(journey, journey.entry, today=day)
    rows = {row["unit_id"]: row for row in page(world.clerk, "/ledger/units/").context["rows"]}
    assert (rows[world.transport.unit.pk]["unsent"], rows[world.water.unit.pk]["unsent"]) == (1, 0)
    found = page(world.clerk, f"/ledger/?state=unsent&unit={world.transport.unit.pk}").context["rows"]
    assert [row.pk for row in found] == [entry_of(journey, unit=world.transport).pk]


def test_without_a_reason_in_the_reply_the_opinion_is_still_waited_for(world):
    journey, day = answered_without_opinion(world)
    apply(journey, journey.entry, today=day)
    Reply.objects.filter(pk=journey.reply.pk).update(missing_opinions_reason="")
    grant(journey, journey.entry, today=day)
    assert [str(one) for one in conditions(journey.main_entry)] == ["湖南省交通运输厅的承办条目还未销号"]
    assert journey.suggestion.status == "replied"
    assert entry_of(journey, unit=world.transport).closed_on is None


def test_an_opinion_that_comes_after_all_is_dealt_with_first(world):
    """先答复以后意见还是送来了：主办处理、办公室核准，件才办结。"""
    journey, day = answered_without_opinion(world)
    journey.opining()
    send_opinion(journey.opinion, actor=world.transport.liaison, today=day)
    apply(journey, journey.entry, today=day)
    grant(journey, journey.entry, today=day)
    assert journey.suggestion.status == "replied"
    adopt_opinion(journey.opinion, adoption="full", actor=world.water.officer, today=day)
    grant(journey, entry_of(journey, unit=world.transport), today=day)
    assert journey.suggestion.status == "concluded"
    assert entry_of(journey, unit=world.transport).closed_on is None
    assert differences() == []
