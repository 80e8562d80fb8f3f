"""审签：该谁谁办，写的人不审自己的稿，退回以后旧意见作废，签发取号并冻结。"""
from __future__ import annotations

import pytest
from django.urls import reverse

from handlers import letters
from handlers.actions.replying import (
    approve_reply,
    delegate_approval,
    save_reply,
    send_back_reply,
    sign_reply,
    submit_reply,
    void_reply,
)
from handlers.approvals import Chain, current, makers
from handlers.models import Duty, Post, Rank, Reply
from lianluo.accounts.models import User
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, Stale
from tests.handlers.handling import (
    SENT,
    SIGNED,
    WRITTEN,
    agree,
    allotted,
    contacted,
    content,
    delivered,
    drafted,
    handed_to,
    ready,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db


def steps(reply) -> list[str]:
    return [stage.step for stage in Chain(reply, WRITTEN).stages]


def act(function, reply, actor, **more):
    return function(reply, version=current(reply).version, actor=actor, today=SIGNED, **more)


def test_the_four_steps_in_order_and_only_by_their_holders(world):
    reply = submitted(world)
    cast = world.water
    order = [
        (cast.director, "checking"), (cast.liaison, "reviewing"), (cast.leader, "reviewing"), (cast.head, "signed"),
    ]
    everybody = [cast.officer, cast.director, cast.liaison, cast.leader, cast.head, world.transport.head, world.clerk]
    for actor, status in order:
        for other in everybody:
            if other != actor:
                with pytest.raises(Forbidden):
                    act(approve_reply, reply, other)
        reply = act(approve_reply, reply, actor, opinion="同意")
        assert reply.status == status
    names = [row.decider_name for row in reply.approvals.order_by("position")]
    assert names[0] == f"{cast.director.name}（处长）" and names[-1] == f"{cast.head.name}（厅长）"


def test_each_one_is_told_when_his_turn_comes(world):
    reply = submitted(world)
    signed(reply)
    told = Notice.objects.filter(kind="reply.to_approve").order_by("id").values_list("recipient__username", flat=True)
    assert list(told) == ["slt-director", "slt-liaison", "slt-leader", "slt-head"]
    assert Notice.objects.filter(kind="reply.signed", recipient=world.water.liaison).exists()


def test_the_writer_does_not_review_his_own_letter(world):
    """处长撰稿，处室审稿一环跳过。"""
    assignment = allotted(handed_to(world), world.water)
    contacted(assignment, world.water)
    reply = save_reply(assignment, data=content(assignment), actor=world.water.director, today=WRITTEN)
    assert steps(reply) == ["office", "leader", "head"]


def test_whoever_touched_a_version_is_a_maker(world):
    reply = ready(world)
    assert steps(reply) == ["division", "office", "leader", "head"]
    save_reply(reply.assignment, data={"closing": "联络员改的"}, version=1, actor=world.water.liaison, today=WRITTEN)
    assert makers(reply) == {world.water.officer.pk, world.water.liaison.pk}
    assert steps(reply) == ["division", "leader", "head"]


def test_another_holder_of_the_same_duty_may_review_instead(world):
    assignment = allotted(handed_to(world), world.water)
    contacted(assignment, world.water)
    deputy = User.objects.create_user("slt-deputy", name="副处长")
    Post.objects.create(
        unit=world.water.unit, division=world.water.division, account=deputy, name="副处长", duty=Duty.DIVISION_HEAD,
        rank=Rank.DIVISION, valid_from=assignment.assigned_on,
    )
    reply = save_reply(assignment, data=content(assignment), actor=world.water.director, today=WRITTEN)
    assert steps(reply)[0] == "division"
    reply = submit_reply(reply, actor=world.water.director, today=WRITTEN)
    with pytest.raises(Forbidden):
        act(approve_reply, reply, world.water.director)
    assert act(approve_reply, reply, deputy).status == "checking"


def test_a_duty_nobody_holds_is_skipped(world):
    reply = ready(world)
    Post.objects.filter(unit=world.water.unit, duty__in=[Duty.DIVISION_HEAD, Duty.LIAISON]).delete()
    assert steps(reply) == ["leader", "head"]
    reply = submit_reply(reply, actor=world.water.officer, today=WRITTEN)
    assert reply.status == "reviewing"  # 没有核稿环节，直接进入审核
    assert AuditEvent.objects.get(event="reply.checked").actor is None


def test_the_head_signs_even_his_own_letter_but_never_alone(world):
    assignment = allotted(handed_to(world), world.water)
    contacted(assignment, world.water)
    reply = save_reply(assignment, data=content(assignment), actor=world.water.head, today=WRITTEN)
    assert steps(reply)[-1] == "head"
    Post.objects.filter(unit=world.water.unit).exclude(duty=Duty.HEAD).update(account=None)
    assert steps(reply) == []
    with pytest.raises(DomainError, match="没有可以审签的人"):
        submit_reply(reply, actor=world.water.head, today=WRITTEN)


def test_nobody_jumps_the_queue(world):
    reply = submitted(world)
    with pytest.raises(NotAllowed, match="还没有到签发"):
        sign_reply(reply, version=current(reply).version, actor=world.water.head, today=SIGNED)
    assert Reply.objects.get().status == "checking"


def test_sending_back_needs_words_and_voids_that_attempt(world):
    reply = agree(submitted(world))
    with pytest.raises(DomainError) as error:
        act(send_back_reply, reply, world.water.liaison, opinion=" ")
    assert error.value.field == "opinion"
    reply = act(send_back_reply, reply, world.water.liaison, opinion="数字核一下")
    assert reply.status == "draft" and reply.approvals.filter(agreed=True).count() == 1
    assert Notice.objects.filter(kind="reply.sent_back", recipient=world.water.officer).exists()
    reply = submit_reply(drafted(reply.assignment, world.water), actor=world.water.officer, today=WRITTEN)
    step = current(reply)
    assert (step.attempt, step.step) == (2, "division")  # 从头审起，上次的同意不算
    assert reply.approvals.filter(attempt=1).count() == 4  # 留作历史


def test_a_page_opened_before_the_resubmission_is_refused(world):
    reply = submitted(world)
    old = current(reply).version
    reply = act(send_back_reply, reply, world.water.director, opinion="改")
    reply = submit_reply(drafted(reply.assignment, world.water), actor=world.water.officer, today=WRITTEN)
    with pytest.raises(Stale, match="看过新版再审"):
        approve_reply(reply, version=old, actor=world.water.director, today=SIGNED)


def test_signing_takes_the_number_and_freezes_the_text(world):
    reply = signed(submitted(world))
    assert reply.document_number == f"湘水建〔{SIGNED.year}〕1号"
    assert (reply.signed_on, reply.signer_name) == (SIGNED, f"{world.water.head.name}（厅长）")
    assert reply.content_hash == letters.compose(reply).digest()
    frozen = reply.versions.get(number=reply.version)
    assert frozen.digest == reply.content_hash and reply.document_number in frozen.text
    assert signed(submitted(world, title="另一件")).document_number == f"湘水建〔{SIGNED.year}〕2号"


def test_a_letter_that_changed_under_review_is_not_signed(world):
    reply = submitted(world)
    while current(reply).step != "head":
        reply = agree(reply)
    type(reply.assignment.suggestion).objects.filter(pk=reply.assignment.suggestion_id).update(number=999)
    with pytest.raises(Stale, match="重新送审"):
        agree(reply)
    reply.refresh_from_db()
    assert (reply.status, reply.document_number) == ("reviewing", "")
    assert current(reply).agreed is None  # 整个动作回滚，号也没有用掉


def test_voiding_keeps_the_number_and_starts_a_copy(world):
    reply = signed(submitted(world))
    with pytest.raises(DomainError, match="作废的理由"):
        void_reply(reply, reason=" ", actor=world.water.liaison, today=SIGNED)
    fresh = void_reply(reply, reason="数字有误", actor=world.water.liaison, today=SIGNED)
    reply.refresh_from_db()
    assert (reply.status, reply.void_reason) == ("void", "数字有误")
    assert reply.document_number == f"湘水建〔{SIGNED.year}〕1号"
    assert (fresh.status, fresh.round, fresh.document_number, fresh.version) == ("draft", 1, "", 1)
    assert fresh.items.count() == reply.items.count() and fresh.result_class == reply.result_class
    again = signed(submit_reply(fresh, actor=world.water.officer, today=WRITTEN))
    assert again.document_number == f"湘水建〔{SIGNED.year}〕2号"


def test_a_letter_already_handed_over_is_not_voided(world):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    row = reply.deliveries.first()
    row.delivered_on, row.means = SENT, "by_hand"
    row.save()
    with pytest.raises(NotAllowed, match="已送达"):
        void_reply(reply, reason="改", actor=world.water.liaison, today=SENT)
    done = delivered(signed(submitted(world, title="另一件")), world.water.liaison)
    with pytest.raises(NotAllowed):
        void_reply(done, reason="改", actor=world.water.liaison, today=SENT)


def test_a_step_is_handed_to_someone_else_with_a_record(world):
    reply = submitted(world)
    liaison = world.water.posts["liaison"]
    with pytest.raises(DomainError, match="写明转请的原因"):
        delegate_approval(reply, post=liaison, note="", actor=world.water.director, today=SIGNED)
    with pytest.raises(DomainError, match="不能转请"):
        delegate_approval(
            reply, post=world.water.posts["officer"], note="出差", actor=world.water.director, today=SIGNED
        )
    with pytest.raises(Forbidden):
        delegate_approval(reply, post=liaison, note="出差", actor=world.water.officer, today=SIGNED)
    reply = delegate_approval(reply, post=liaison, note="出差", actor=world.water.director, today=SIGNED)
    with pytest.raises(Forbidden):
        act(approve_reply, reply, world.water.director)
    assert act(approve_reply, reply, world.water.liaison).approvals.filter(agreed=True).count() == 1
    assert AuditEvent.objects.get(event="reply.approval_delegated").reason == "出差"


def test_a_step_whose_holder_has_left_is_handed_on_by_the_office(world):
    reply = submitted(world)
    Post.objects.filter(pk=world.water.posts["director"].pk).update(valid_to=WRITTEN)
    with pytest.raises(Forbidden):
        act(approve_reply, reply, world.water.director)
    reply = delegate_approval(
        reply, post=world.water.posts["leader"], note="处长已离任", actor=world.water.liaison, today=SIGNED
    )
    assert act(approve_reply, reply, world.water.leader).status == "checking"


# ── 页面 ──
def test_the_approvers_page_agrees_in_one_tap(world, client):
    reply = submitted(world)
    client.force_login(world.water.director)
    url = reverse("handlers:reply_approve", args=[reply.pk])
    page = client.get(url)
    assert page.context["mine"] and "首次送审" in page.content.decode()
    response = client.post(url, {"version": current(reply).version, "do": "agree"}, follow=True)
    assert "已同意，下一环办公室核稿" in response.content.decode()


def test_after_one_letter_the_next_waiting_one_is_offered(world, client):
    """审完一份，还有等着的回到“待我审签”；没有了看刚办的。答复页先开有事的一栏。"""
    replies = [submitted(world, title=f"关于第{number}条支流治理的建议") for number in (1, 2)]
    client.force_login(world.water.director)
    listing = reverse("handlers:replies")
    assert client.get(listing).context["tab"] == "mine"
    for reply, expected in zip(replies, (f"{listing}?tab=mine", replies[1].get_absolute_url()), strict=True):
        form = {"version": reply.version, "opinion": "", "do": "agree"}
        assert client.post(reverse("handlers:reply_approve", args=[reply.pk]), form)["Location"] == expected
    assert client.get(listing).context["tab"] == "review", "没有待我审签的，不打开空栏"


def test_the_page_shows_what_changed_since_it_was_sent_back(world, client):
    reply = submitted(world)
    reply = act(send_back_reply, reply, world.water.director, opinion="结尾换一下")
    again = drafted(reply.assignment, world.water, closing="换过的结尾。")
    submit_reply(again, actor=world.water.officer, today=WRITTEN)
    client.force_login(world.water.director)
    page = client.get(reverse("handlers:reply_approve", args=[reply.pk])).content.decode()
    assert '<ins class="diff-ins">换过的结尾。</ins>' in page and "结尾换一下" in page and "已作废" in page


def test_the_page_sends_back_and_hands_over(world, client):
    reply = submitted(world)
    client.force_login(world.water.director)
    url, version = reverse("handlers:reply_approve", args=[reply.pk]), current(reply).version
    refused = client.post(url, {"version": version, "do": "back"})
    assert refused.status_code == 422 and "写明要修改什么" in refused.content.decode()
    refused = client.post(url, {"version": version, "do": "hand_over", "opinion": "出差"})
    assert refused.status_code == 422 and "选择转请何人" in refused.content.decode()
    client.post(url, {
        "version": version, "do": "hand_over", "opinion": "出差", "post": world.water.posts["liaison"].pk
    })
    assert current(reply).delegate == world.water.posts["liaison"]
    client.force_login(world.water.liaison)
    assert client.post(url, {"version": version, "do": "back", "opinion": "数字核一下"}).status_code == 302
    reply.refresh_from_db()
    assert reply.status == "draft"


def test_those_whose_turn_it_is_not_are_shown_the_letter_and_cannot_decide(world, client):
    reply = submitted(world)
    url = reverse("handlers:reply_approve", args=[reply.pk])
    for user in (world.water.officer, world.water.head):
        client.force_login(user)
        assert client.get(url)["Location"] == reply.get_absolute_url()
        assert client.post(url, {"version": current(reply).version, "do": "agree"}).status_code == 403
    for user in (world.transport.head, world.clerk, world.stranger):
        client.force_login(user)
        assert client.post(url, {"version": 1, "do": "agree"}).status_code == 404
    reply.refresh_from_db()
    assert reply.status == "checking"


def test_a_form_without_a_button_decides_nothing(world, client):
    reply = submitted(world)
    client.force_login(world.water.director)
    response = client.post(reverse("handlers:reply_approve", args=[reply.pk]), {"version": current(reply).version})
    assert response.status_code == 422 and not reply.approvals.exclude(agreed=None).exists()


def test_a_second_click_does_not_decide_twice(world, client):
    reply = submitted(world)
    client.force_login(world.water.director)
    url = reverse("handlers:reply_approve", args=[reply.pk])
    data = {"version": current(reply).version, "do": "agree", "form_token": "t" * 24}
    assert client.post(url, data).status_code == client.post(url, data).status_code == 302
    assert reply.approvals.filter(agreed=True).count() == 1


def test_voiding_is_a_page_of_its_own_for_the_office_and_the_leaders(world, client):
    reply = signed(submitted(world))
    url = reverse("handlers:reply_void", args=[reply.pk])
    for user, status in ((world.water.officer, 403), (world.clerk, 403), (world.water.liaison, 200)):
        client.force_login(user)
        assert client.get(url).status_code == status, user
    assert client.post(url, {"reason": "数字有误"})["Location"] == reverse(
        "handlers:reply_edit", args=[reply.assignment_id]
    )


def test_the_history_is_for_the_unit_and_not_for_other_readers(world, client):
    reply = signed(submitted(world))
    client.force_login(world.water.officer)
    assert "处室审稿" in client.get(reply.get_absolute_url()).content.decode()
    client.force_login(world.clerk)
    page = client.get(reply.get_absolute_url()).content.decode()
    assert reply.document_number in page and "处室审稿" not in page


def test_only_the_step_whose_turn_it_is_is_said_to_wait(world, client):
    """送审后四环里只有轮到的一环“等待审签”，后面的“还没有轮到”。"""
    reply = submitted(world)
    client.force_login(world.water.officer)
    page = client.get(reply.get_absolute_url()).content.decode()
    assert page.count("等待审签") == 1
    assert page.count("还没有轮到") == reply.approvals.count() - 1 > 0
