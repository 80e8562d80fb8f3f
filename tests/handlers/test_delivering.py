"""送达：逐一到每名代表，全部了结才算；时限办到，反馈与公开的时限开始，件随之已答复。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from handlers import letters
from handlers.actions.assigning import assign_suggestion
from handlers.actions.concluding import conclude_assignment
from handlers.actions.receiving import accept_assignment
from handlers.actions.rehandling import start_round
from handlers.actions.replying import Handed, deliver_reply, record_deliveries, submit_reply
from handlers.choosing import Choice
from handlers.models import AssignmentDue, Delivery
from lianluo.audit import listen
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed
from lianluo.workdays import clock
from suggestions.actions.grouping import merge_suggestions
from suggestions.models import Attachment
from tests.handlers.handling import (
    ACCEPTED,
    ASSIGNED,
    SENT,
    SIGNED,
    WRITTEN,
    adopted,
    allotted,
    answered,
    contacted,
    delivered,
    drafted,
    handed_to,
    lead_and_helper,
    opined,
    registered,
    signed,
    submitted,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def by_hand(row: Delivery, on=SENT) -> Handed:
    return Handed(row, "by_hand", on)


def test_signing_lists_the_lead_and_every_confirmed_co_signer(world):
    reply = signed(submitted(world, cosigners=[world.cosigner, world.rare_deputy]))
    rows = list(reply.deliveries.values_list("deputy__name", "is_lead"))
    assert rows == [("黄岳若", True), ("贺景", False), ("王䶮", False)]


def test_the_deputies_of_merged_cases_are_listed_under_their_own_case(world):
    assignment = handed_to(world)
    child = registered(world, title="相近的一件", lead_deputy=world.other_deputy, cosigners=[world.lead_deputy])
    merge_suggestions(child, into=assignment.suggestion, reason="内容相近", actor=world.clerk, today=date(2026, 2, 1))
    assignment = allotted(assignment, world.water)
    contacted(assignment, world.water)
    reply = signed(submit_reply(drafted(assignment, world.water), actor=world.water.officer, today=WRITTEN))
    rows = set(reply.deliveries.values_list("suggestion_id", "deputy__name"))
    main = assignment.suggestion_id
    assert rows == {(main, "黄岳若"), (child.pk, "刘岚"), (child.pk, "黄岳若")}


def test_it_is_delivered_only_when_everyone_is_settled(world):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    lead, joint = reply.deliveries.all()
    reply = record_deliveries(reply, deliveries=[by_hand(lead), Handed(joint)], actor=world.water.liaison, today=SENT)
    assert reply.status == "signed"
    with pytest.raises(Incomplete, match="贺景代表"):
        deliver_reply(reply, deliveries=[by_hand(lead)], actor=world.water.liaison, today=SENT)
    reply = record_deliveries(reply, deliveries=[by_hand(joint)], actor=world.water.liaison, today=SENT)
    assert reply.status == "delivered"


def test_the_dead_and_the_departed_are_settled_with_a_reason(world):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    lead, joint = reply.deliveries.all()
    reply = deliver_reply(
        reply, deliveries=[by_hand(lead), Handed(joint, undeliverable="已去世")], actor=world.water.liaison, today=SENT
    )
    assert reply.status == "delivered"
    joint.refresh_from_db()
    assert (joint.delivered_on, joint.undeliverable) == (None, "已去世")


@pytest.mark.parametrize("day", [SIGNED - timedelta(days=1), SENT + timedelta(days=1)])
def test_the_day_lies_between_signing_and_today(world, day):
    reply = signed(submitted(world))
    with pytest.raises(DomainError) as error:
        deliver_reply(reply, deliveries=[by_hand(reply.deliveries.get(), day)], actor=world.water.liaison, today=SENT)
    assert error.value.field == f"delivered_on_{reply.deliveries.get().pk}"


def test_delivery_meets_the_answer_date_and_opens_feedback_and_publication(world):
    reply = answered(world, cosigners=[world.cosigner])
    assignment = reply.assignment
    assignment.refresh_from_db()
    assert (assignment.status, assignment.answered_on, assignment.result_class) == (
        "answered", SENT, reply.result_class
    )
    dues = {row.rule_code: row for row in AssignmentDue.objects.filter(assignment=assignment)}
    assert dues["reply_normal"].met_on == SENT
    assert dues["feedback_days"].start_on == dues["publish_days"].start_on == SENT
    assignment.suggestion.refresh_from_db()
    assert (assignment.suggestion.status, assignment.suggestion.due_on) == ("replied", None)
    assert AuditEvent.objects.get(event="reply.delivered").data["copied_to"] == reply.copied_to


def test_the_last_day_counts_when_letters_went_out_on_different_days(world):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    lead, joint = reply.deliveries.all()
    reply = deliver_reply(
        reply, deliveries=[by_hand(lead, SIGNED), by_hand(joint, SENT)], actor=world.water.liaison, today=SENT
    )
    assert reply.delivered_on == SENT


def test_the_case_waits_for_every_answering_unit(world):
    case = registered(world)
    choices = [Choice(world.water.unit, "separate", "支流"), Choice(world.transport.unit, "separate", "桥梁")]
    rows = assign_suggestion(case, choices=choices, actor=world.clerk, today=ASSIGNED)
    replies = []
    for row, cast in zip(rows, (world.water, world.transport), strict=True):
        row = allotted(accept_assignment(row, actor=cast.liaison, today=ACCEPTED), cast)
        contacted(row, cast)
        reply = submit_reply(drafted(row, cast), actor=cast.officer, today=WRITTEN)
        replies.append((signed(reply), cast))
    delivered(replies[0][0], replies[0][1].liaison)
    case.refresh_from_db()
    assert case.status == "handling"
    delivered(replies[1][0], replies[1][1].liaison)
    case.refresh_from_db()
    assert case.status == "replied"


def test_the_second_round_needs_a_new_talk_cites_the_first_and_meets_its_own_date(world):
    first = answered(world)
    assignment = start_round(first.assignment, reason="代表不满意", actor=None, today=SENT)
    again = drafted(assignment, world.water, SENT)
    assert again.round == 2
    with pytest.raises(Incomplete, match="上次答复后还没有与代表沟通"):
        submit_reply(again, actor=world.water.officer, today=SENT)
    contacted(assignment, world.water, on=SENT)
    reply = signed(submit_reply(again, actor=world.water.officer, today=SENT), SENT)
    letter = letters.compose(reply)
    assert letter.title.endswith("的再次答复") and first.document_number in letter.opening
    reply = delivered(reply, world.water.liaison)
    dues = AssignmentDue.objects.filter(assignment=assignment)
    assert dues.get(rule_code="rehandle_days", round=2).met_on == SENT
    assert dues.filter(rule_code="feedback_days", round=2, met_on__isnull=True).exists()
    assignment.refresh_from_db()
    assert (assignment.status, assignment.answered_on) == ("answered", first.delivered_on)  # 首次答复日期不变
    assignment.suggestion.refresh_from_db()
    assert assignment.suggestion.status == "replied"


def test_listeners_run_within_the_same_transaction(world):
    seen = []

    def note(event, target):
        if target.status == "delivered":
            seen.append((event.event, target.deliveries.count()))

    listen("reply.delivered")(note)
    answered(world)
    assert seen == [("reply.delivered", 1)]


def test_the_office_is_told_to_decide_on_publication_and_the_unit_gets_no_link(world):
    answered(world)
    notice = Notice.objects.get(kind="reply.delivered", recipient=world.clerk)
    assert notice.url.startswith("/office/publishing/")
    unit = [world.water.officer, world.water.liaison, world.water.head]
    assert not Notice.objects.filter(recipient__in=unit, body__contains="/e/").exists()


def test_only_a_signed_letter_is_delivered(world):
    reply = submitted(world)
    with pytest.raises(NotAllowed):
        deliver_reply(reply, deliveries=[], actor=world.water.liaison, today=SENT)
    done = answered(world, title="另一件")
    with pytest.raises(NotAllowed):
        deliver_reply(done, deliveries=[], actor=world.water.liaison, today=SENT)


def test_concluding_ends_feedback_but_publication_goes_on(world):
    reply = answered(world)
    assert conclude_assignment(reply.assignment, actor=None, today=SENT).status == "concluded"
    open_codes = set(AssignmentDue.objects.open().values_list("rule_code", flat=True))
    assert open_codes == {"publish_days"}


def test_helpers_who_sent_their_opinion_are_concluded_with_the_lead(world):
    lead, helper = lead_and_helper(world)
    adopted(opined(helper, world.transport), world.water.officer)
    contacted(lead, world.water)
    draft = drafted(lead, world.water, assist_note="全部采纳。")
    delivered(signed(submit_reply(draft, actor=world.water.officer, today=WRITTEN)), world.water.liaison)
    conclude_assignment(lead, actor=None, today=SENT)
    helper.refresh_from_db()
    assert (helper.status, helper.concluded_on) == ("concluded", SENT)


def test_a_helper_still_owing_its_opinion_is_not_concluded(world):
    lead, helper = lead_and_helper(world)
    type(lead).objects.filter(pk=lead.pk).update(status="answered", answered_on=SENT)
    conclude_assignment(lead, actor=None, today=SENT)
    helper.refresh_from_db()
    assert helper.status == "handling"


# ── 页面 ──
def test_the_page_checks_before_it_records(world, client):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    lead, joint = reply.deliveries.all()
    client.force_login(world.water.liaison)
    url = reverse("handlers:deliver", args=[reply.pk])
    data = {
        f"means_{lead.pk}": "by_hand", f"delivered_on_{lead.pk}": SENT.isoformat(),
        f"undeliverable_{joint.pk}": "长期在境外",
    }
    check = client.post(url, data)
    assert check.status_code == 200 and "核对送达情况" in check.content.decode()
    reply.refresh_from_db()
    assert reply.status == "signed"  # 核对之前什么也没有记
    back = client.post(url, data | {"do": "back"})
    assert "长期在境外" in back.content.decode()
    done = client.post(url, data | {"do": "confirm"})
    assert done["Location"] == reverse("handlers:reply_delivered", args=[reply.pk])
    page = client.get(done["Location"]).content.decode()
    assert reply.document_number in page and "意见表由系统发给代表本人" in page


def test_the_rest_on_the_same_day_is_filled_once(world, client):
    reply = signed(submitted(world, cosigners=[world.cosigner, world.rare_deputy]))
    client.force_login(world.water.liaison)
    url = reverse("handlers:deliver", args=[reply.pk])
    data = {"all_means": "post", "all_on": SENT.isoformat(), "do": "confirm"}
    assert client.post(url, data).status_code == 302
    assert set(reply.deliveries.values_list("means", "delivered_on")) == {("post", SENT)}


def test_part_of_the_deputies_can_be_recorded_first(world, client):
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    lead = reply.deliveries.get(is_lead=True)
    client.force_login(world.water.liaison)
    url = reverse("handlers:deliver", args=[reply.pk])
    data = {f"means_{lead.pk}": "by_hand", f"delivered_on_{lead.pk}": SENT.isoformat(), "do": "confirm"}
    assert client.post(url, data)["Location"] == url
    page = client.get(url)
    assert page.context["form"][f"means_{lead.pk}"].value() == "by_hand"


def test_contradictions_are_named(world, client):
    reply = signed(submitted(world))
    row = reply.deliveries.get()
    client.force_login(world.water.liaison)
    url = reverse("handlers:deliver", args=[reply.pk])
    for data, sentence in (
        ({f"means_{row.pk}": "by_hand"}, "填写黄岳若代表的送达日期"),
        ({f"delivered_on_{row.pk}": SENT.isoformat()}, "选择黄岳若代表的送达方式"),
        ({f"means_{row.pk}": "by_hand", f"delivered_on_{row.pk}": SENT.isoformat(), f"undeliverable_{row.pk}": "去世"},
         "送到了就不写原因"),
        ({"all_means": "post"}, "一并填写"),
    ):
        response = client.post(url, data)
        assert response.status_code == 422 and sentence in response.content.decode(), sentence


def test_only_the_liaison_records_delivery(world, client):
    reply = signed(submitted(world))
    url = reverse("handlers:deliver", args=[reply.pk])
    table = {
        world.water.liaison: 200, world.water.officer: 403, world.water.head: 403, world.clerk: 403,
        world.transport.liaison: 404, world.stranger: 404,
    }
    for user, status in table.items():
        client.force_login(user)
        assert client.get(url).status_code == status, user


def test_only_who_can_record_delivery_is_offered_it_in_the_list(world, client):
    reply = signed(submitted(world))
    button = reverse("handlers:deliver", args=[reply.pk])
    for user, offered in ((world.water.liaison, True), (world.clerk, False)):
        client.force_login(user)
        page = client.get(reverse("handlers:replies"), {"tab": "signed"}).content.decode()
        assert (button in page, ">操作<" in page) == (offered, offered), user


def test_the_sealed_scan_is_kept_with_its_hash(world, client, var_dir):
    reply = signed(submitted(world))
    client.force_login(world.water.liaison)
    url = reverse("handlers:reply_sealed", args=[reply.pk])
    assert client.post(url, {}).status_code == 422
    client.post(url, {"file": SimpleUploadedFile("盖章件.pdf", PDF, "application/pdf")})
    attachment = Attachment.objects.get(purpose="sealed")
    assert attachment.about == f"reply:{reply.pk}" and len(attachment.sha256) == 64
    assert "盖章件.pdf" in client.get(reply.get_absolute_url()).content.decode()


def test_deputies_read_the_letter_only_after_it_reached_them(world, client):
    reply = signed(submitted(world))
    client.force_login(world.lead_deputy.account)
    assert client.get(reply.get_absolute_url()).status_code == 404
    delivered(reply, world.water.liaison)
    assert client.get(reply.get_absolute_url()).status_code == 200
    client.force_login(world.other_deputy.account)
    assert client.get(reply.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("way", ["row", "rest"])
@pytest.mark.parametrize("sentence", ["不能晚于今天", "不能早于签发日期"])
def test_a_wrong_day_is_refused_before_the_check_page(world, client, way, sentence):
    """日子不对的，在核对页之前就说，不等按了登记。"""
    reply = signed(submitted(world, cosigners=[world.cosigner]))
    row, late = reply.deliveries.first(), sentence == "不能晚于今天"
    day = (clock.today() + timedelta(days=1) if late else SIGNED - timedelta(days=1)).isoformat()
    client.force_login(world.water.liaison)
    typed = {"row": {f"means_{row.pk}": "post", f"delivered_on_{row.pk}": day},
             "rest": {"all_means": "post", "all_on": day}}
    answer = client.post(reverse("handlers:deliver", args=[reply.pk]), typed[way])
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_nothing_filled_in_is_said_before_the_check_page(world, client):
    """什么也没填就按核对，不给“登记这几名代表的送达”的按钮。"""
    reply = signed(submitted(world))
    client.force_login(world.water.liaison)
    answer = client.post(reverse("handlers:deliver", args=[reply.pk]), {})
    text = answer.content.decode()
    assert answer.status_code == 422 and "送不到的写明原因" in text and 'value="confirm"' not in text
