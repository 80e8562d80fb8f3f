"""会办意见：自有时限，送主办单位，可要求重提，逾期不无限期等。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from handlers.actions.assisting import (
    adopt_opinion,
    ask_opinion_again,
    save_opinion,
    send_opinion,
    urge_opinion,
)
from handlers.actions.replying import submit_reply
from handlers.models import Assignment, AssignmentDue, AssistOpinion
from handlers.panels_handling import replies
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed
from lianluo.workdays import rules
from tests.handlers.handling import (
    ACCEPTED,
    MET,
    WRITTEN,
    adopted,
    allotted,
    contacted,
    drafted,
    handed_to,
    helper_of,
    lead_and_helper,
    opined,
)

pytestmark = pytest.mark.django_db


def test_sending_meets_the_helpers_own_clock_and_tells_the_lead(world):
    lead, helper = lead_and_helper(world)
    due = AssignmentDue.objects.get(assignment=helper, rule_code="cohandle_opinion")
    assert due.due_on < lead.due_on
    opinion = opined(helper, world.transport)
    helper.refresh_from_db()
    due.refresh_from_db()
    assert (opinion.status, helper.status, due.met_on, opinion.sent_on) == ("sent", "answered", MET, MET)
    told = set(Notice.objects.filter(kind="opinion.sent").values_list("recipient__username", flat=True))
    assert told == {"slt-liaison", "slt-officer"}
    assert AuditEvent.objects.get(event="opinion.sent").data["text"] == opinion.text


@pytest.mark.parametrize("lacking", ["text", "document_number", "signed_by"])
def test_nothing_empty_is_sent(world, lacking):
    _, helper = lead_and_helper(world)
    values = {"text": "意见", "document_number": "湘交建函〔2026〕3号", "signed_by": "副厅长", lacking: " "}
    opinion = save_opinion(helper, actor=world.transport.officer, today=MET, **values)
    with pytest.raises(Incomplete):
        send_opinion(opinion, actor=world.transport.liaison, today=MET)
    helper.refresh_from_db()
    assert helper.status == "handling"


def test_only_a_helper_at_work_writes(world):
    lead, _ = lead_and_helper(world)
    with pytest.raises(NotAllowed, match="只有会办单位"):
        save_opinion(lead, text="意见", actor=world.water.officer, today=MET)
    fresh = helper_of(handed_to(world, assist=world.transport, title="另一件"))
    with pytest.raises(NotAllowed, match="分派处室后"):
        save_opinion(fresh, text="意见", actor=world.transport.officer, today=MET)


def test_after_sending_it_cannot_be_changed(world):
    _, helper = lead_and_helper(world)
    opinion = opined(helper, world.transport)
    with pytest.raises(NotAllowed, match="要求重提"):
        save_opinion(helper, text="改", actor=world.transport.officer, today=MET)
    with pytest.raises(NotAllowed):
        send_opinion(opinion, actor=world.transport.liaison, today=MET)


def test_asking_again_opens_five_working_days_and_sending_again_meets_them(world):
    _, helper = lead_and_helper(world)
    opinion = opined(helper, world.transport)
    ask_opinion_again(opinion, reason="没有具体措施", actor=world.water.officer, today=WRITTEN)
    helper.refresh_from_db()
    expected = rules.compute("HN-DEFAULT", "cohandle_resubmit", WRITTEN).due_on
    assert (helper.status, helper.due_on) == ("handling", expected)
    notice = Notice.objects.filter(kind="opinion.asked_again").first()
    assert expected.isoformat() in notice.body and "没有具体措施" in notice.body
    again = opined(helper, world.transport, today=WRITTEN, text="补充：六月底前完成清淤。")
    assert (again.sent_on, again.resent_on) == (MET, WRITTEN)
    due = AssignmentDue.objects.get(assignment=helper, rule_code="cohandle_resubmit")
    assert due.met_on == WRITTEN


def test_it_can_be_asked_again_twice(world):
    _, helper = lead_and_helper(world)
    opinion = opined(helper, world.transport)
    for _ in range(2):
        ask_opinion_again(opinion, reason="仍没有措施", actor=world.water.officer, today=WRITTEN)
        opinion = opined(helper, world.transport, today=WRITTEN)
    assert AssignmentDue.objects.filter(assignment=helper, rule_code="cohandle_resubmit").count() == 2


def test_asking_again_needs_a_reason(world):
    _, helper = lead_and_helper(world)
    with pytest.raises(DomainError) as error:
        ask_opinion_again(opined(helper, world.transport), reason=" ", actor=world.water.officer, today=WRITTEN)
    assert error.value.field == "reason"


@pytest.mark.parametrize("adoption", ["part", "none"])
def test_not_adopting_all_needs_a_reason(world, adoption):
    _, helper = lead_and_helper(world)
    opinion = opined(helper, world.transport)
    with pytest.raises(DomainError, match="写明理由"):
        adopted(opinion, world.water.officer, adoption=adoption)
    assert adopted(opinion, world.water.officer, adoption=adoption, note="与规划不一致").status == "adopted"


def test_the_adoption_can_be_changed_until_the_reply_is_submitted(world):
    lead, helper = lead_and_helper(world)
    opinion = adopted(opined(helper, world.transport), world.water.officer)
    opinion = adopted(opinion, world.water.officer, adoption="part", note="部分可行")
    assert opinion.adoption == "part"
    contacted(lead, world.water)
    reply = submit_reply(
        drafted(lead, world.water, assist_note="省交通运输厅意见部分采纳。"), actor=world.water.officer, today=WRITTEN
    )
    assert reply.status == "checking"
    with pytest.raises(NotAllowed, match="退回修改后"):
        adopted(opinion, world.water.officer)


def test_the_reply_waits_for_the_opinion_but_not_for_ever(world):
    lead, helper = lead_and_helper(world)
    contacted(lead, world.water)
    late = helper.due_on + timedelta(days=1)

    def refusal(today, **more):
        reply = drafted(lead, world.water, today, assist_note="会办意见未送来。", **more)
        with pytest.raises(Incomplete) as error:
            submit_reply(reply, actor=world.water.officer, today=today)
        return error.value.sentence

    assert "等湖南省交通运输厅送来会办意见" in refusal(helper.due_on)
    assert "先催办一次" in refusal(late, missing_opinions_reason="已逾期")
    urge_opinion(helper, actor=world.water.liaison, today=late)
    assert "填写未齐先答复的理由" in refusal(late, missing_opinions_reason="")
    reply = drafted(lead, world.water, late, assist_note="会办意见逾期未送。", missing_opinions_reason="逾期，先行答复")
    assert submit_reply(reply, actor=world.water.officer, today=late).status == "checking"


def test_an_opinion_that_comes_after_the_reply_is_still_dealt_with(world):
    lead, helper = lead_and_helper(world)
    contacted(lead, world.water)
    late = helper.due_on + timedelta(days=1)
    urge_opinion(helper, actor=world.water.liaison, today=late)
    reply = drafted(lead, world.water, late, assist_note="逾期未送。", missing_opinions_reason="逾期")
    submit_reply(reply, actor=world.water.officer, today=late)
    opinion = opined(helper, world.transport, today=late)
    with pytest.raises(NotAllowed):
        adopted(opinion, world.water.officer, late)
    type(lead).objects.filter(pk=lead.pk).update(status="answered")
    assert adopted(opinion, world.water.officer, late).status == "adopted"


def test_urging_is_once_a_day_and_only_of_those_who_owe(world):
    lead, helper = lead_and_helper(world)
    urge_opinion(helper, actor=world.water.liaison, today=MET)
    with pytest.raises(NotAllowed, match="今天已催过"):
        urge_opinion(helper, actor=world.water.liaison, today=MET)
    urge_opinion(helper, actor=world.water.liaison, today=MET + timedelta(days=1))
    assert Notice.objects.filter(kind="opinion.urged", recipient=world.transport.liaison).count() == 2
    opined(helper, world.transport, today=MET + timedelta(days=2))
    with pytest.raises(NotAllowed, match="不必再催"):
        urge_opinion(helper, actor=world.water.liaison, today=MET + timedelta(days=3))
    with pytest.raises(NotAllowed):
        urge_opinion(lead, actor=world.water.liaison, today=MET)


def test_the_helper_writes_checks_and_sends_on_its_pages(world, client):
    _, helper = lead_and_helper(world)
    client.force_login(world.transport.liaison)
    edit, send = (reverse(f"handlers:{name}", args=[helper.pk]) for name in ("opinion", "opinion_send"))
    assert client.get(edit).status_code == 200
    response = client.post(edit, {"text": "同步清淤", "do": "send"})
    assert response["Location"] == send
    page = client.get(send)
    assert [str(one) for one in page.context["missing"]] == ["填写文号", "填写签发人"]
    refused = client.post(send)
    assert refused.status_code == 422 and "填写文号" in refused.content.decode()
    data = {"text": "同步清淤", "document_number": "湘交建函〔2026〕3号", "signed_by": "副厅长", "do": "save"}
    client.post(edit, data)
    assert client.post(send)["Location"] == edit
    assert "会办意见已送出" in client.get(edit).content.decode()
    assert AssistOpinion.objects.get().status == "sent"
    assert "湘交建函〔2026〕3号" in client.get(edit).content.decode()


def test_an_officer_drafts_but_does_not_send(world, client):
    _, helper = lead_and_helper(world)
    save_opinion(helper, text="意见", actor=world.transport.officer, today=MET)
    client.force_login(world.transport.officer)
    assert client.get(reverse("handlers:opinion", args=[helper.pk])).status_code == 200
    assert client.get(reverse("handlers:opinion_send", args=[helper.pk])).status_code == 403


def test_an_officer_hands_the_opinion_to_the_liaison(world, client):
    """承办人没有送出的按钮，也不会走到“不归此账号办理”；联络员收到通知，收件箱里直接送。"""
    _, helper = lead_and_helper(world)
    edit = reverse("handlers:opinion", args=[helper.pk])
    client.force_login(world.transport.officer)
    text = client.get(edit).content.decode()
    assert 'value="hand_in"' in text and 'value="send"' not in text
    assert client.post(edit, {"text": "意见", "do": "send"})["Location"] == edit
    assert not Notice.objects.filter(kind="opinion.handed_in").exists()
    assert "联络员会收到通知" in client.post(edit, {"text": "意见", "do": "hand_in"}, follow=True).content.decode()
    told = Notice.objects.get(kind="opinion.handed_in")
    assert told.recipient == world.transport.liaison
    client.force_login(world.transport.liaison)
    assert client.get(told.url).status_code == 200
    [row] = client.get("/unit/").context["rows"]
    assert [step.label for step in row.steps] == ["送出会办意见"]


def test_a_draft_is_not_shown_to_the_lead(world, client):
    lead, helper = lead_and_helper(world)
    save_opinion(helper, text="还没有定的意见", actor=world.transport.officer, today=MET)
    url = reverse("handlers:opinions", args=[lead.pk])
    client.force_login(world.water.officer)
    assert "还没有定的意见" not in client.get(url).content.decode()
    opined(helper, world.transport, text="定了的意见")
    assert "定了的意见" in client.get(url).content.decode()
    opinion = AssistOpinion.objects.get()
    ask_opinion_again(opinion, reason="不具体", actor=world.water.officer, today=WRITTEN)
    save_opinion(helper, text="重写中的意见", actor=world.transport.officer, today=WRITTEN)
    assert "重写中的意见" not in client.get(url).content.decode()


def test_the_lead_adopts_asks_and_urges_on_one_page(world, client):
    lead, helper = lead_and_helper(world)
    url = reverse("handlers:opinions", args=[lead.pk])
    client.force_login(world.water.officer)
    client.post(reverse("handlers:opinion_urge", args=[helper.pk]))
    assert AuditEvent.objects.filter(event="opinion.urged").exists()
    opinion = opined(helper, world.transport)
    prefix = f"opinion-{opinion.pk}"
    refused = client.post(reverse("handlers:opinion_adopt", args=[opinion.pk]), {f"{prefix}-adoption": "none"})
    assert refused.status_code == 422 and "未采纳的，写明理由" in refused.content.decode()
    again = client.post(reverse("handlers:opinion_again", args=[opinion.pk]), {f"{prefix}-reason": "没有措施"})
    assert again["Location"] == url
    opinion = opined(helper, world.transport, today=WRITTEN)
    adopt = client.post(reverse("handlers:opinion_adopt", args=[opinion.pk]), {f"{prefix}-adoption": "full"})
    assert adopt["Location"] == url
    assert f"全部采纳{helper.unit_name}的会办意见，已记下" in client.get(url).content.decode()
    opinion.refresh_from_db()
    assert opinion.adoption == "full"


def test_who_reads_and_who_handles_opinions(world, client):
    lead, helper = lead_and_helper(world)
    opinion = opined(helper, world.transport)
    url = reverse("handlers:opinions", args=[lead.pk])
    adopt = reverse("handlers:opinion_adopt", args=[opinion.pk])
    table = {
        world.water.officer: (200, 422), world.clerk: (200, 403), world.transport.liaison: (403, 403),
        world.stranger: (404, 404), world.lead_deputy.account: (404, 404),
    }
    for user, (read, handle) in table.items():
        client.force_login(user)
        assert (client.get(url).status_code, client.post(adopt).status_code) == (read, handle), user


def test_the_case_page_panel_names_the_helpers_state(world, rf):
    lead, helper = lead_and_helper(world)
    opined(helper, world.transport)
    request = rf.get("/")
    request.user = world.water.officer
    context = replies(request, lead.suggestion)
    assert [row["opinion"].status for row in context["helpers"]] == ["sent"] and context["leads"] is True
    assert context["can_write"] == [lead]


def test_accepting_alone_is_not_enough_to_be_asked_again(world):
    lead = handed_to(world, assist=world.transport)
    helper = allotted(helper_of(lead), world.transport, today=ACCEPTED)
    opinion = opined(helper, world.transport)
    with pytest.raises(NotAllowed, match="主办单位办理中"):
        ask_opinion_again(opinion, reason="不具体", actor=world.water.officer, today=WRITTEN)
    with pytest.raises(NotAllowed):
        adopt_opinion(opinion, adoption="full", actor=world.water.officer, today=WRITTEN)


def test_before_the_opinion_can_be_written_the_liaison_is_shown_where_to_allot(world, client):
    """签收了还没有分派：联络员看得到“分派处室”，不只是“返回此件”。"""
    _, helper = lead_and_helper(world)
    Assignment.objects.filter(pk=helper.pk).update(status="accepted")
    edit, allot = (reverse(f"handlers:{name}", args=[helper.pk]) for name in ("opinion", "allot"))
    client.force_login(world.transport.liaison)
    assert f'href="{allot}"' in client.get(edit).content.decode()
    client.force_login(world.transport.officer)
    text = client.get(edit).content.decode()
    assert f'href="{allot}"' not in text and "等联络员分派处室" in text
