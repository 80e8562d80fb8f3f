"""测评。"""

import pytest
from django.db import IntegrityError, transaction

from handlers.actions import evaluating
from handlers.models import Assignment, Delivery, Evaluation
from handlers.tasks import close_feedback
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice, NoticeDelivery
from lianluo.statemachine import DomainError, Forbidden, NotAllowed, Stale
from lianluo.workdays import rules
from suggestions.models import Purpose
from tests.handlers import replied
from tests.handlers.handling import signed, submitted
from tests.handlers.replied import DAY, HAPPY, RATED, SENT, UNHAPPY, delivery, dislike, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def feedback_due(reply):
    """反馈期限的最后一天。"""
    return reply.assignment.dues.get(rule_code="feedback_days").due_on


def expired(reply) -> None:
    """把反馈期限挪到昨天：每天的任务看的是真的今天。"""
    reply.assignment.dues.filter(rule_code="feedback_days").update(due_on=replied.TODAY - DAY)


def proxied(world, row: Delivery, **more) -> Evaluation:
    values = {**HAPPY, "by_proxy": True, "actor": world.clerk, "today": RATED, **more}
    return evaluating.record_evaluation(row, **values)


# ── 记下 ──
def test_a_happy_deputy_concludes_the_assignment(world):
    reply = replied.replied(world)
    evaluation = rate(delivery(reply))
    assignment = Assignment.objects.get(pk=reply.assignment_id)
    assert (assignment.status, assignment.concluded_on) == ("concluded", RATED)
    assert evaluation.receipt_number == f"PJ{RATED.year}00001" and evaluation.is_lead and evaluation.round == 1
    assert assignment.dues.get(rule_code="feedback_days").met_on == RATED


def test_every_submission_gets_its_own_receipt(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    numbers = [rate(delivery(reply, one)).receipt_number for one in (world.cosigner, world.lead_deputy)]
    assert numbers == [f"PJ{RATED.year}00001", f"PJ{RATED.year}00002"]


@pytest.mark.parametrize("missing", ["attitude", "outcome", "overall"])
def test_all_three_questions_must_be_answered(world, missing):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError) as refused:
        rate(row, **{missing: ""})
    assert refused.value.field == missing and not Evaluation.objects.exists()


def test_nothing_outside_the_three_marks_is_taken(world):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError):
        rate(row, overall="very_satisfied")


def test_dissatisfied_without_an_opinion_is_refused(world):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError, match="填写不满意的具体意见") as refused:
        rate(row, **UNHAPPY, opinion="  ", reasons=[])
    assert refused.value.field == "opinion"
    assert Assignment.objects.get().status == "answered"


def test_only_other_without_words_is_not_an_opinion(world):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError):
        rate(row, **UNHAPPY, reasons=["other"])
    assert rate(row, **UNHAPPY, reasons=["not_done"]).reason_names == ["没有落实"]


def test_the_database_itself_refuses_dissatisfaction_without_reason(world):
    reply = replied.replied(world)
    row = delivery(reply)
    values = {"delivery": row, "reply": reply, "deputy": row.deputy, "signed_on": RATED, "receipt_number": "PJ1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(**values, **UNHAPPY)
    Evaluation.objects.create(**values, **UNHAPPY, reasons=["not_done"])  # 反证：有理由就收


# ── 什么时候能填 ──
def test_it_waits_for_delivery(world):
    reply = signed(submitted(world))
    with pytest.raises(DomainError, match="答复送达后才能填"):
        rate(delivery(reply))


def test_a_submitted_form_is_final_and_says_so(world):
    row = delivery(replied.replied(world))
    first = rate(row)
    with pytest.raises(Stale, match=first.receipt_number):
        dislike(row)
    assert Evaluation.objects.get().overall == "satisfied"


def test_a_form_of_an_earlier_round_is_refused(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    dislike(delivery(reply))
    with pytest.raises(DomainError, match="已进入第 2 轮办理"):
        rate(delivery(reply, world.cosigner))


def test_a_late_form_after_conclusion_is_refused_for_the_lead_only(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    row = delivery(reply)
    for day in (RATED, RATED + 7 * DAY):
        evaluating.urge_evaluation(row, actor=world.clerk, today=day)
    late = feedback_due(reply) + DAY
    assert evaluating.close_unreturned(reply, actor=None, today=late)
    with pytest.raises(DomainError, match="已经办结"):
        rate(row, today=late)
    assert rate(delivery(reply, world.cosigner), today=late).pk


# ── 谁能填 ──
def test_only_the_deputy_can_fill_it_and_no_unit_can(world):
    row = delivery(replied.replied(world))
    for stranger in (world.water.liaison, world.water.head, world.clerk, world.other_deputy.account):
        with pytest.raises(Forbidden, match="代表本人"):
            evaluating.record_evaluation(row, **HAPPY, actor=stranger, today=RATED)
    assert rate(row).pk


def test_a_cosigners_rating_is_kept_apart_and_starts_nothing(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    evaluation = dislike(delivery(reply, world.cosigner))
    assignment = Assignment.objects.get(pk=reply.assignment_id)
    assert not evaluation.is_lead
    assert (assignment.status, assignment.round) == ("answered", 1)
    assert Evaluation.objects.of_leads().count() == 0
    assert rate(delivery(reply)).is_lead  # 反证：领衔代表的照常起作用
    assert Assignment.objects.get(pk=reply.assignment_id).status == "concluded"


# ── 代录 ──
def test_a_proxy_entry_needs_the_scan(world):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError, match="扫描件") as refused:
        proxied(world, row)
    assert refused.value.field == "scan"
    evaluation = proxied(world, row, scan=replied.paper(world, row), signed_on=SENT)
    assert (evaluation.by_proxy, evaluation.proxy, evaluation.signed_on) == (True, world.clerk, SENT)
    assert AuditEvent.objects.get(event="evaluation.submitted").data["by_proxy"] is True


def test_the_database_itself_refuses_a_proxy_without_scan(world):
    reply = replied.replied(world)
    row = delivery(reply)
    values = {"delivery": row, "reply": reply, "deputy": row.deputy, "signed_on": RATED, "receipt_number": "PJ1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(**values, **HAPPY, by_proxy=True, proxy=world.clerk)


def test_a_unit_cannot_enter_a_paper_form(world):
    row = delivery(replied.replied(world))
    scan = replied.paper(world, row)
    for stranger in (world.water.liaison, world.gov):
        with pytest.raises(Forbidden, match="办事机构代录"):
            proxied(world, row, scan=scan, actor=stranger)


def test_a_scan_of_another_case_or_kind_is_refused(world):
    row = delivery(replied.replied(world))
    other = delivery(replied.replied(world, title="关于另一条河的建议"))
    for scan in (replied.paper(world, other), replied.paper(world, row, purpose=Purpose.MATERIAL)):
        with pytest.raises(DomainError, match="不是这一件"):
            proxied(world, row, scan=scan)


@pytest.mark.parametrize(("day", "sentence"), [(SENT - DAY, "早于送达"), (RATED + DAY, "晚于今天")], ids=["早", "晚"])
def test_the_date_on_the_paper_lies_between_delivery_and_today(world, day, sentence):
    row = delivery(replied.replied(world))
    with pytest.raises(DomainError, match=sentence):
        proxied(world, row, scan=replied.paper(world, row), signed_on=day)


# ── 催填与期满 ──
def test_urging_counts_once_a_day(world):
    row = delivery(replied.replied(world))
    evaluating.urge_evaluation(row, actor=world.clerk, today=RATED)
    with pytest.raises(NotAllowed, match="今天已经催过"):
        evaluating.urge_evaluation(row, actor=world.clerk, today=RATED)
    assert evaluating.urge_evaluation(row, actor=world.clerk, today=RATED + DAY).urged_times == 2


@pytest.mark.parametrize(
    ("urges", "after", "closed"), [(2, 1, True), (1, 1, False), (2, 0, False)],
    ids=["期满催两次", "只催一次", "最后一天"],
)
def test_an_unreturned_form_is_closed_after_the_period_and_two_urges(world, urges, after, closed):
    reply = replied.replied(world)
    for day in range(urges):
        evaluating.urge_evaluation(delivery(reply), actor=world.clerk, today=RATED + day * DAY)
    today = feedback_due(reply) + after * DAY
    assert evaluating.close_unreturned(reply, actor=None, today=today) is closed
    assert (Assignment.objects.get(pk=reply.assignment_id).status == "concluded") is closed


def test_the_period_is_twenty_working_days_from_delivery(world):
    reply = replied.replied(world)
    assert feedback_due(reply) == rules.compute("HN-DEFAULT", "feedback_days", SENT).due_on


def test_the_daily_task_closes_each_once_and_system_is_the_actor(world):
    reply = replied.replied(world)
    for day in range(2):
        evaluating.urge_evaluation(delivery(reply), actor=world.clerk, today=RATED + day * DAY)
    expired(reply)
    assert (close_feedback(), close_feedback()) == (1, 0)
    event = AuditEvent.objects.get(event="evaluation.unreturned")
    assert event.actor_name == "系统" and event.data["deputies"] == ["黄岳若"]


def test_the_daily_task_never_urges_by_itself(world):
    reply = replied.replied(world)
    expired(reply)
    assert close_feedback() == 0
    assert delivery(reply).urged_times == 0


def test_an_unreturned_form_stays_out_of_the_denominator(world):
    """满意率的分母只有交回来的。"""
    reply = replied.replied(world)
    for day in range(2):
        evaluating.urge_evaluation(delivery(reply), actor=world.clerk, today=RATED + day * DAY)
    expired(reply)
    assert close_feedback() == 1
    assert Evaluation.objects.of_leads().count() == 0


# ── 通知 ──
def test_each_deputy_is_told_and_no_text_carries_a_token(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    rows = Notice.objects.filter(kind="reply.delivered_to_deputy")
    assert {row.recipient.name for row in rows} == {"黄岳若", "贺景"}
    assert all(row.url == f"/my/replies/{reply.pk}/" and row.urgent for row in rows)
    assert not any("/r/" in row.subject + row.body + row.url for row in Notice.objects.all())
    assert NoticeDelivery.objects.filter(notice__in=rows, channel="sms").count() == 2


def test_the_unit_hears_the_result_only_after_submission(world):
    reply = replied.replied(world)
    told = Notice.objects.filter(kind="evaluation.submitted")
    assert not told.exists()
    rate(delivery(reply))
    people = {row.recipient.name for row in told}
    assert {world.water.liaison.name, world.water.head.name, world.clerk.name} <= people
    assert world.lead_deputy.account.name not in people


def test_urging_tells_the_deputy_by_text_message_too(world):
    row = delivery(replied.replied(world))
    evaluating.urge_evaluation(row, actor=world.clerk, today=RATED)
    notice = Notice.objects.get(kind="evaluation.urged")
    assert (notice.recipient, notice.url) == (world.lead_deputy.account, f"/my/rate/{row.pk}/")
    assert notice.deliveries.filter(channel="sms").exists()
