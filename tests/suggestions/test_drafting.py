"""起草与提交。"""
from datetime import date

import pytest

from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed, Stale
from suggestions.actions import drafting
from suggestions.models import CoSigner, Suggestion
from tests.world import CLOSED, DAY

from .drafts import IN_SESSION, REQUESTS, cosigning, draft, entered, submitted, text


def test_a_draft_keeps_its_requests_in_order_and_gets_a_text_hash(world):
    case = draft(world)
    assert [(r.position, r.text) for r in case.requests.all()] == list(enumerate(REQUESTS, start=1))
    assert len(case.text_hash) == 64
    assert case.delegation == world.changsha
    assert case.revision == 1


def test_requests_lose_their_own_ordinals_and_empty_ones_are_dropped(world):
    case = draft(world, requests=["1. 加固大坝", "（二）疏浚溢洪道", "  ", "③建管护站"])
    assert [r.text for r in case.requests.all()] == ["加固大坝", "疏浚溢洪道", "建管护站"]


def test_unseen_characters_are_cleaned_so_two_equal_looking_texts_have_one_hash(world):
    plain, tricked = draft(world), draft(world, title="关于加快病险\u200b水库除险加固\u202e的建议")
    assert plain.title == tricked.title
    assert plain.text_hash == tricked.text_hash


def test_saving_again_counts_up_and_a_stale_revision_is_refused(world):
    case = draft(world)
    actor = world.lead_deputy.account
    drafting.save_draft(text(title="关于水库的建议"), suggestion=case, revision=1, actor=actor, today=IN_SESSION)
    with pytest.raises(Stale, match="第 2 版"):
        drafting.save_draft(text(title="另一个标题"), suggestion=case, revision=1, actor=actor, today=IN_SESSION)
    case.refresh_from_db()
    assert case.title == "关于水库的建议"


def test_the_lead_deputy_cannot_be_his_own_cosigner(world):
    with pytest.raises(DomainError, match="不再列入") as caught:
        draft(world, cosigners=[world.lead_deputy])
    assert caught.value.field == "cosigners"
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "填写标题"), ({"body": ""}, "填写内容"), ({"requests": []}, "至少写一条具体建议"),
    ],
)
def test_submitting_lists_what_is_missing(world, changes, sentence):
    case = draft(world, **changes)
    with pytest.raises(Incomplete) as caught:
        drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert any(sentence in item.sentence for item in caught.value.missing)
    case.refresh_from_db()
    assert case.status == "draft"


def test_submitting_without_any_phone_is_refused(world):
    world.lead_deputy.phone = ""
    world.lead_deputy.save()
    with pytest.raises(Incomplete, match="填写联系电话"):
        submitted(world)


def test_submitting_without_the_one_matter_declaration_is_refused(world):
    case = draft(world)
    with pytest.raises(DomainError, match="一事一议") as caught:
        drafting.submit_suggestion(case, one_matter=False, actor=world.lead_deputy.account, today=IN_SESSION)
    assert caught.value.field == "one_matter"


def test_an_unconfirmed_cosigner_blocks_submission_and_is_named(world):
    case = cosigning(world, world.cosigner, world.other_deputy)
    drafting.confirm_cosign(
        case.cosigners.get(deputy=world.cosigner), text_hash=case.text_hash, actor=world.cosigner.account,
        today=IN_SESSION,
    )
    with pytest.raises(Incomplete) as caught:
        drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert [item.sentence for item in caught.value.missing] == ["刘岚代表尚未确认联名，等其确认，或者移出联名"]
    drafting.remove_cosigner(
        case.cosigners.get(deputy=world.other_deputy), actor=world.lead_deputy.account, today=IN_SESSION
    )
    done = drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert done.status == "submitted"
    assert done.raised_by == "joint"


def test_a_refusing_cosigner_is_left_out_at_submission(world):
    case = cosigning(world)
    drafting.refuse_cosign(case.cosigners.get(), actor=world.cosigner.account, today=IN_SESSION)
    done = drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert not done.cosigners.exists()
    assert done.raised_by == "personal"


def test_after_the_session_an_in_session_item_is_refused_unless_turned(world):
    case = draft(world, today=CLOSED)
    actor = world.lead_deputy.account
    assert case.raised_during == "in_session"
    with pytest.raises(DomainError, match="闭会期间") as caught:
        drafting.submit_suggestion(case, actor=actor, today=DAY)
    assert caught.value.field == "raised_during"
    done = drafting.submit_suggestion(case, turn_between=True, actor=actor, today=DAY)
    assert (done.raised_during, done.series) == ("between", "between")


def test_the_closing_day_itself_still_counts_as_in_session(world):
    assert submitted(world, today=CLOSED).series == "session"


@pytest.mark.parametrize("served_to", [date(2026, 1, 1), date(2026, 1, 21)])
def test_a_deputy_out_of_office_cannot_submit(world, served_to):
    world.lead_deputy.served_to = served_to
    world.lead_deputy.save()
    with pytest.raises(Incomplete, match="不是本级人大代表"):
        submitted(world)


def test_a_cosigner_out_of_office_blocks_too(world):
    world.cosigner.served_to = date(2026, 1, 1)
    world.cosigner.save()
    with pytest.raises(Incomplete, match="贺景现在不是本级人大代表"):
        entered(world, cosigners=[world.cosigner])


def test_submission_records_a_snapshot_and_opens_the_register_deadline(world):
    case = submitted(world)
    event = AuditEvent.objects.about(case).get(event="suggestion.submitted")
    assert event.data["text"]["body"] == case.body
    assert event.data["text"]["requests"] == REQUESTS
    assert event.data["text"]["hash"] == case.text_hash
    due = case.dues.get()
    assert (due.rule_code, due.start_on, case.due_on) == ("register_days", IN_SESSION, due.due_on)
    assert due.due_on == date(2026, 2, 2)


def test_the_office_is_told_of_a_deputys_submission_but_not_of_its_own_entries(world):
    entered(world)
    assert not Notice.objects.filter(kind="suggestion.submitted").exists()
    submitted(world)
    told = Notice.objects.filter(kind="suggestion.submitted").values_list("recipient__username", flat=True)
    assert set(told) == {"clerk", "clerk2"}


def test_a_submitted_text_cannot_be_edited_as_a_draft(world):
    case = submitted(world)
    with pytest.raises(NotAllowed, match="已提交"):
        drafting.save_draft(text(), suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION)


def test_only_a_never_submitted_draft_can_be_discarded(world):
    gone, kept = draft(world), submitted(world)
    drafting.discard_draft(gone, actor=world.lead_deputy.account, today=IN_SESSION)
    assert not Suggestion.objects.filter(pk=gone.pk).exists()
    with pytest.raises(NotAllowed, match="撤回"):
        drafting.discard_draft(kept, actor=world.lead_deputy.account, today=IN_SESSION)


def test_taking_back_without_touching_the_text_keeps_confirmations(world):
    case = cosigning(world)
    drafting.confirm_cosign(
        case.cosigners.get(), text_hash=case.text_hash, actor=world.cosigner.account, today=IN_SESSION
    )
    drafting.take_back(case, actor=world.lead_deputy.account, today=IN_SESSION)
    drafting.save_draft(
        {"wished_units": "省水利厅"}, suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION
    )
    assert CoSigner.objects.get().confirmed_hash == case.text_hash
