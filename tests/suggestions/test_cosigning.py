"""联名确认：确认的是某一份文本。"""
import re

import pytest

from lianluo.accounts import links
from lianluo.notices.models import Notice
from lianluo.statemachine import NotAllowed, Stale
from suggestions.actions import drafting
from suggestions.actions.cosigning import issue_link

from .drafts import IN_SESSION, confirm, cosigning, draft, row_of, text


def test_confirming_binds_the_hash_of_the_text_shown(world):
    case = cosigning(world)
    row = confirm(case, world.cosigner)
    assert row.confirmed_hash == case.text_hash
    assert row.confirmed_how == "本人登录"
    assert row.confirmed_at


def test_confirming_another_text_is_refused(world):
    case = cosigning(world)
    with pytest.raises(Stale, match="文本已经修改"):
        drafting.confirm_cosign(
            row_of(case, world.cosigner), text_hash="0" * 64, actor=world.cosigner.account, today=IN_SESSION
        )


def test_one_changed_character_voids_every_confirmation_and_asks_again(world):
    case = cosigning(world, world.cosigner, world.other_deputy)
    confirm(case, world.cosigner)
    before = case.text_hash
    saved = drafting.save_draft(
        text(title="关于加快病险水库除险加固的几点建议"), suggestion=case, actor=world.lead_deputy.account,
        today=IN_SESSION,
    )
    assert saved.status == "draft"
    assert saved.text_hash != before
    assert not saved.cosigners.exclude(confirmed_hash="").exists()
    drafting.open_cosigning(saved, actor=world.lead_deputy.account, today=IN_SESSION)
    asked = Notice.objects.filter(kind="cosigner.invited", recipient=world.cosigner.account)
    assert asked.count() == 2
    with pytest.raises(Stale):
        drafting.confirm_cosign(
            row_of(saved, world.cosigner), text_hash=before, actor=world.cosigner.account, today=IN_SESSION
        )


def test_saving_the_same_text_voids_nothing(world):
    """反证：没有改文本，确认仍在。"""
    case = cosigning(world)
    confirm(case, world.cosigner)
    drafting.save_draft(text(), suggestion=case, actor=world.lead_deputy.account, today=IN_SESSION)
    assert row_of(case, world.cosigner).confirmed_hash == case.text_hash


def test_confirming_twice_is_refused(world):
    case = cosigning(world)
    confirm(case, world.cosigner)
    with pytest.raises(NotAllowed, match="已经确认过"):
        confirm(case, world.cosigner)


def test_a_draft_not_sent_out_cannot_be_confirmed(world):
    case = draft(world, cosigners=[world.cosigner])
    with pytest.raises(NotAllowed, match="草稿"):
        confirm(case, world.cosigner)


def test_the_cosigner_gets_a_personal_link_and_the_lead_deputy_gets_the_answer(world):
    case = cosigning(world)
    invitation = Notice.objects.get(kind="cosigner.invited")
    assert invitation.recipient == world.cosigner.account
    token = re.search(r"/my/c/([^/\s]+)/", invitation.body).group(1)
    assert links.resolve("cosign", token).deputy_id == world.cosigner.pk
    confirm(case, world.cosigner)
    told = Notice.objects.get(kind="cosigner.confirmed")
    assert told.recipient == world.lead_deputy.account
    assert "可以提交" in told.body


def test_adding_someone_while_others_confirm_invites_only_the_new_one(world):
    case = cosigning(world)
    drafting.add_cosigners(
        case, deputies=[world.other_deputy], actor=world.lead_deputy.account, today=IN_SESSION
    )
    invited = Notice.objects.filter(kind="cosigner.invited").values_list("recipient__name", flat=True)
    assert sorted(invited) == ["刘岚", "贺景"]


def test_a_new_link_kills_the_older_one(world):
    case = cosigning(world)
    row = row_of(case, world.cosigner)
    first, second = issue_link(row), issue_link(row)
    with pytest.raises(links.LinkVoided):
        links.resolve("cosign", first)
    assert links.resolve("cosign", second).subject == f"cosigner:{row.pk}"


def test_removal_and_withdrawal_void_the_link(world):
    case = cosigning(world, world.cosigner, world.other_deputy)
    removed = issue_link(row_of(case, world.cosigner))
    kept = issue_link(row_of(case, world.other_deputy))
    drafting.remove_cosigner(row_of(case, world.cosigner), actor=world.lead_deputy.account, today=IN_SESSION)
    with pytest.raises(links.LinkVoided):
        links.resolve("cosign", removed)
    drafting.withdraw_suggestion(case, reason="不提了", actor=world.lead_deputy.account, today=IN_SESSION)
    with pytest.raises(links.LinkVoided):
        links.resolve("cosign", kept)


def test_someone_already_removed_is_told_so(world):
    case = cosigning(world)
    row = row_of(case, world.cosigner)
    drafting.remove_cosigner(row, actor=world.lead_deputy.account, today=IN_SESSION)
    with pytest.raises(Stale, match="已被移出联名"):
        drafting.confirm_cosign(row, text_hash=case.text_hash, actor=world.cosigner.account, today=IN_SESSION)
