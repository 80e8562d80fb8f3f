"""省交通运输厅：用真情与代表联系沟通（JT）。省水利厅借鉴它的机制。"""
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from handlers.actions import approving, contacting, sheeting, travelling, writing
from handlers.actions.replying import save_reply
from handlers.models import (
    FACE_TO_FACE,
    Activity,
    ActivityKind,
    Assignment,
    Duty,
    Evaluation,
    Post,
    Rank,
    ResultClass,
    UnitPolicy,
)
from handlers.trips import unmet_in
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, Incomplete
from supervision.conditions import conditions
from supervision.models import LedgerEntry
from tests.handlers import handling, replied
from tests.handlers.handling import ACCEPTED, SIGNED, TODAY, WRITTEN
from tests.mechanisms.switching import codes_lacking, lacking, switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def in_hand(world, **case) -> Assignment:
    return handling.allotted(handling.handed_to(world, **case), world.water)


def class_of(code: str) -> ResultClass:
    return ResultClass.objects.get(code=code)


def intend(world, assignment, **data):
    return sheeting.save_sheet(assignment, data=data, actor=world.water.officer, today=WRITTEN)


def by(world, key: str, assignment, **more):
    """某一级的人与代表沟通一次。"""
    return handling.contacted(assignment, world.water, members=[world.water.posts[key]], **more)


# ── 三个明确、层级与矩阵 ──
def test_jt_01_the_sheet_says_who_when_and_how(world, client):
    switch_on(world.water.unit, "JT-02", "JT-04")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("C"), is_key=True)
    by(world, "officer", assignment, intent="补上生态补偿的钱")
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:sheet", args=[assignment.pk])).content.decode()
    assert all(words in text for words in ("谁来", "什么时候、怎么沟通", "厅长写信", "厅领导", "办前", "上门走访"))


def test_jt_02_gaps_of_the_matrix_are_listed_before_review_and_the_matrix_is_the_units_own(world):
    assignment = in_hand(world)
    assert lacking(assignment, "submit", WRITTEN) == []
    switch_on(world.water.unit, "JT-02", "JT-06")
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-02"}
    intend(world, assignment, intended_class=class_of("A"))
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-06"}
    switch_off(world.water.unit, "JT-02")
    switch_on(world.water.unit, "JT-04")
    UnitPolicy.objects.filter(code="JT-02").update(is_on=True, params={"matrix": {"A": ["leader"]}})
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-04"}


def test_jt_03_class_c_is_neither_signed_nor_struck_off_without_the_heads_letter(world):
    reply = submitted_as_c(world)
    switch_on(world.water.unit, "JT-02", "JT-03")
    handling.agree(reply)
    handling.agree(replied_fresh(reply))
    handling.agree(replied_fresh(reply))
    with pytest.raises(Incomplete, match="厅长还没有就这件写信给代表"):
        handling.agree(replied_fresh(reply))
    letter = writing.write_leader_letter(
        reply.assignment, text="黄岳若代表：\n资金今年落实不了，明年列入预算草案。", sent_on=SIGNED, means="邮寄",
        actor=world.water.liaison, today=SIGNED,
    )
    assert letter.number == f"省水利厅厅长信〔{SIGNED.year}〕1号"
    assert letter.content.endswith(f"湖南省水利厅厅长 省水利厅厅长\n{SIGNED.year}年{SIGNED.month}月{SIGNED.day}日")
    assert handling.agree(replied_fresh(reply)).status == "signed"


def submitted_as_c(world):
    assignment = in_hand(world)
    by(world, "director", assignment)
    reply = handling.drafted(
        assignment, world.water, result_class=class_of("C"), explanation="资金尚未落实，明年列入预算草案。"
    )
    return approving.submit_reply(reply, actor=world.water.officer, today=WRITTEN)


def replied_fresh(reply):
    return type(reply).objects.get(pk=reply.pk)


def test_jt_03_the_ledger_names_the_missing_letter_and_only_where_it_is_used(world):
    reply = handling.delivered(handling.signed(submitted_as_c(world)), world.water.liaison)
    entry = LedgerEntry.objects.get(assignment=reply.assignment, kind="handling")

    def sentences() -> list[str]:
        return [str(one) for one in conditions(LedgerEntry.objects.with_case().get(pk=entry.pk))]

    assert not any("写信" in one for one in sentences())
    switch_on(world.water.unit, "JT-02", "JT-03")
    assert any("厅长还没有就这件写信给代表" in one for one in sentences())


def test_jt_04_a_key_suggestion_needs_a_leader_of_the_department(world):
    switch_on(world.water.unit, "JT-02", "JT-04")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("A"), is_key=True)
    by(world, "director", assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-04"}
    by(world, "leader", assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == set()
    switch_off(world.water.unit, "JT-04")
    assert "JT-04" not in codes_lacking(assignment, "submit", WRITTEN)


def test_jt_05_the_officers_call_does_not_do_for_class_c(world):
    switch_on(world.water.unit, "JT-02", "JT-05")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("C"))
    by(world, "officer", assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-05"}
    by(world, "director", assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_jt_05_switched_off_asks_nothing(world):
    switch_on(world.water.unit, "JT-02")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("C"))
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_jt_06_when_the_class_changes_from_b_to_c_the_demand_is_counted_anew(world):
    switch_on(world.water.unit, "JT-02", "JT-05", "JT-06")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("B"))
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-06"}
    by(world, "officer", assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == set()
    save_reply(assignment, data={"result_class": class_of("C")}, actor=world.water.officer, today=WRITTEN)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-05"}
    switch_off(world.water.unit, "JT-05")
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_jt_06_switched_off_asks_nothing_of_the_officer(world):
    switch_on(world.water.unit, "JT-02", "JT-05")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("A"))
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


# ── 三个阶段 ──
def test_jt_08_no_draft_before_the_deputys_intent_is_known(world):
    switch_on(world.water.unit, "JT-08")
    assignment = in_hand(world)
    with pytest.raises(Incomplete, match="办理前期还没有与代表联系"):
        handling.drafted(assignment, world.water)
    by(world, "officer", assignment)
    with pytest.raises(Incomplete, match="写明代表意图"):
        handling.drafted(assignment, world.water)
    by(world, "officer", assignment, intent="想要一笔稳定的补偿资金")
    assert handling.drafted(assignment, world.water).version == 1


def test_jt_08_switched_off_the_draft_begins_at_once(world):
    assignment = in_hand(world)
    assert handling.drafted(assignment, world.water).version == 1


def test_jt_09_the_intent_stands_on_top_of_the_editor_and_its_change_is_kept(world, client):
    assignment = in_hand(world)
    activity = by(world, "officer", assignment, intent="想要一笔稳定的补偿资金")
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:reply_edit", args=[assignment.pk])).content.decode()
    assert text.index("想要一笔稳定的补偿资金") < text.index("data-primary")
    contacting.correct_activity(
        activity, intent="先补今年的缺口", reason="代表来电补充", actor=world.water.officer, today=TODAY
    )
    data = AuditEvent.objects.get(event="activity.corrected").data
    assert (data["old"]["intent"], data["new"]["intent"]) == ("想要一笔稳定的补偿资金", "先补今年的缺口")


def test_jt_10_no_agreement_needs_the_leaders_note_before_review(world):
    switch_on(world.water.unit, "JT-10")
    assignment = in_hand(world)
    assert lacking(assignment, "submit", WRITTEN) == ["办理中与代表协商一次，写明解释要点、措施和是否一致"]
    by(world, "officer", assignment, stage="during", agreement="none", explained="省级没有这项资金",
       agreed_measures="先做底数调查")
    assert lacking(assignment, "submit", WRITTEN) == ["与代表没有达成一致，分管领导批注后再送审"]
    with pytest.raises(Forbidden):
        sheeting.note_disagreement(assignment, note="同意", actor=world.water.officer, today=WRITTEN)
    sheeting.note_disagreement(assignment, note="再报厅务会研究", actor=world.water.leader, today=WRITTEN)
    assert lacking(assignment, "submit", WRITTEN) == []
    switch_off(world.water.unit, "JT-10")
    other = in_hand(world, title="关于另一件事的建议")
    assert lacking(other, "submit", WRITTEN) == []


def test_jt_11_without_a_talk_afterwards_it_is_not_marked_delivered(world):
    switch_on(world.water.unit, "JT-11")
    reply = handling.signed(handling.submitted(world))
    with pytest.raises(Incomplete, match="正式意见告知代表"):
        handling.delivered(reply, world.water.liaison)
    by(world, "officer", reply.assignment, stage="after", kind="phone", on=SIGNED)
    assert handling.delivered(reply, world.water.liaison).status == "delivered"


def test_jt_11_switched_off_delivery_needs_no_talk(world):
    assert handling.answered(world).status == "delivered"


# ── 意见表与再办理 ──
def test_jt_12_one_form_per_lead_deputy_and_a_second_is_refused(world):
    reply = handling.answered(world)
    row = replied.delivery(reply)
    replied.rate(row)
    with pytest.raises(DomainError):
        replied.rate(row)
    assert Evaluation.objects.filter(delivery=row).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        evaluation = Evaluation.objects.get(delivery=row)
        evaluation.pk, evaluation.receipt_number = None, "另一号"
        evaluation.save(force_insert=True)


def test_jt_13_dissatisfied_starts_the_next_round_with_a_month_and_tells_the_office(world):
    reply = handling.answered(world)
    replied.dislike(replied.delivery(reply))
    again = Assignment.objects.get(pk=reply.assignment_id)
    assert (again.round, again.status) == (2, "handling")
    assert Notice.objects.filter(recipient=world.clerk).exists()


# ── 渠道与见面 ──
@pytest.mark.parametrize("kind", ["phone", "message", "email"])
def test_jt_14_calls_and_messages_do_not_count_as_meeting(world, kind):
    assignment = in_hand(world)
    assert by(world, "officer", assignment, kind=kind).face_to_face is False


def test_jt_15_a_case_led_by_a_leader_is_recorded_on_the_case(world, client):
    assignment = in_hand(world)
    activity = by(world, "leader", assignment, kind=ActivityKind.LED, leader=world.water.posts["leader"])
    client.force_login(world.water.officer)
    text = client.get(activity.get_absolute_url()).content.decode()
    assert "厅领导领办" in text and "带队领导" in text and not activity.face_to_face


def test_jt_16_a_visit_counts_as_meeting(world):
    assert by(world, "officer", in_hand(world)).face_to_face is True
    assert set(FACE_TO_FACE) == {"visit", "talk", "on_site", "inspection", "by_the_way"}


def test_jt_17_an_inspection_serves_several_cases_and_deputies_and_counts_once_for_each(world):
    one = in_hand(world)
    two = in_hand(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy)
    activity = by(
        world, "leader", one, kind="inspection", assignments=[one, two],
        deputies=[world.lead_deputy, world.other_deputy],
    )
    assert activity.face_to_face
    for row in (one, two):
        assert Activity.objects.standing_for(row.pk).filter(face_to_face=True).count() == 1


def test_jt_18_a_trip_lists_the_deputies_there_not_yet_met(world, client):
    in_hand(world)
    there = in_hand(world, title="关于株洲渌江治理的建议", lead_deputy=world.other_deputy)
    handling.contacted(there, world.water, kind="phone", deputies=[world.other_deputy])
    trip = travelling.register_trip(
        world.water.unit, prefecture="株洲市", happened_on=TODAY, members=[world.water.posts["officer"]],
        subject="调研渌江", actor=world.water.officer, today=TODAY,
    )
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:trip", args=[trip.pk])).content.decode()
    assert world.other_deputy.name in text and world.lead_deputy.name not in text
    assert f"{reverse('handlers:activity_new', args=[there.pk])}?kind=by_the_way" in text
    handling.contacted(there, world.water, kind="by_the_way", deputies=[world.other_deputy])
    assert unmet_in(world.water.unit, "株洲市", world.water.officer) == []
    assert [one.deputy for one in unmet_in(world.water.unit, "长沙市", world.water.officer)] == [world.lead_deputy]
    client.force_login(world.transport.officer)
    assert client.get(reverse("handlers:trip", args=[trip.pk])).status_code == 404


# ── 市州局协助不代替 ──
def test_jt_05_a_bureau_of_the_prefecture_does_not_stand_in(world):
    switch_on(world.water.unit, "JT-02", "JT-05")
    assignment = in_hand(world)
    intend(world, assignment, intended_class=class_of("C"))
    bureau = Post.objects.create(
        unit=world.water.unit, name="长沙市水利局", title="局长", duty=Duty.LOCAL_BUREAU, rank=Rank.BUREAU,
        valid_from=ACCEPTED,
    )
    handling.contacted(assignment, world.water, members=[bureau])
    assert codes_lacking(assignment, "submit", WRITTEN) == {"JT-05"}
