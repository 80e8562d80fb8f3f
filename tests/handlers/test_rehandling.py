"""再办理：不满意即启动，同一事务、只一次；办事机构也可以要求重办。"""
import pytest
from django.db import connection
from django.urls import reverse

from handlers import upcoming
from handlers.actions import concluding, evaluating, rehandling
from handlers.models import Assignment, Evaluation
from lianluo.accounts import links
from lianluo.accounts.models import PersonalLink
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed, Stale
from lianluo.workdays import rules
from supervision.models import LedgerEntry
from tests.handlers import handling, replied
from tests.handlers.replied import RATED, TODAY, delivery, dislike, rate
from tests.racing import at_once, without_lock, without_unique

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
REASON = "承诺的清淤没有按期完成"


def fresh(assignment) -> Assignment:
    return Assignment.objects.select_related("suggestion").get(pk=assignment.pk)


# ── 自动启动 ──
def test_dissatisfaction_starts_the_next_round_at_once_with_a_new_deadline(world):
    reply = replied.replied(world)
    dislike(delivery(reply))
    assignment = fresh(reply.assignment)
    due = rules.compute("HN-DEFAULT", "rehandle_days", RATED).due_on
    assert (assignment.status, assignment.round, assignment.due_on) == ("handling", 2, due)
    assert (assignment.suggestion.status, assignment.suggestion.due_on) == ("rehandling", due)
    ledger = LedgerEntry.objects.get(assignment=assignment, kind="handling")
    assert (ledger.status, ledger.due_on) == ("open", due)


def test_the_inner_deadline_of_the_old_round_does_not_stay_overdue(world):
    """上一轮定的内部时限过了，新一轮开头不能就亮红灯；单位分派时另定。"""
    reply = replied.replied(world)
    Assignment.objects.filter(pk=reply.assignment_id).update(inner_due_on=TODAY)
    dislike(delivery(reply))
    assert fresh(reply.assignment).inner_due_on is None


def test_the_round_starts_exactly_once(world):
    row = delivery(replied.replied(world))
    dislike(row)
    with pytest.raises(Stale):
        dislike(row)
    assert AuditEvent.objects.filter(event="assignment.round_started").count() == 1
    assert fresh(row.reply.assignment).round == 2


def test_the_evaluation_and_the_round_stand_or_fall_together(world, monkeypatch):
    """同一事务：再办理没有启动，评价也不算数。"""
    row = delivery(replied.replied(world))
    monkeypatch.setattr(rehandling, "begin_round", _fails)
    with pytest.raises(RuntimeError):
        dislike(row)
    assert not Evaluation.objects.exists() and fresh(row.reply.assignment).round == 1


def _fails(*args, **kwargs):
    raise RuntimeError("试着断在中间")


def test_satisfaction_starts_nothing(world):
    """反证：满意、基本满意不启动。"""
    rate(delivery(replied.replied(world)), overall="basically")
    assert not AuditEvent.objects.filter(event="assignment.round_started").exists()


def test_responsibility_is_raised_and_everyone_knows_the_new_deadline(world):
    reply = replied.replied(world, cosigners=[world.cosigner])
    dislike(delivery(reply))
    told = {row.recipient for row in Notice.objects.filter(kind="assignment.round_started")}
    water = world.water
    assert {water.head, water.leader, water.liaison, water.officer, world.clerk} <= told
    day = fresh(reply.assignment).due_on
    assert f"{day.year}年{day.month}月{day.day}日" in Notice.objects.filter(kind="assignment.round_started")[0].subject
    deputies = {row.recipient for row in Notice.objects.filter(kind="assignment.round_told")}
    assert deputies == {world.cosigner.account}  # 提交的人自己不收


def test_the_feedback_and_reply_deadlines_of_the_old_round_end_but_publishing_stays_due(world):
    reply = replied.replied(world)
    dislike(delivery(reply))
    open_codes = set(reply.assignment.dues.open().values_list("rule_code", "round"))
    assert open_codes == {("publish_days", 1), ("rehandle_days", 2)}


def test_unused_links_of_the_old_round_are_void(world):
    from handlers.actions.evaluation_links import PURPOSE, issue_link

    reply = replied.replied(world, cosigners=[world.cosigner])
    token = issue_link(delivery(reply, world.cosigner), actor=world.clerk, today=RATED)
    dislike(delivery(reply))
    with pytest.raises(links.LinkVoided):
        links.resolve(PURPOSE, token)
    assert PersonalLink.objects.filter(voided_at__isnull=True).count() == 0


def test_the_second_reply_can_be_rated_and_concludes(world):
    first = replied.replied(world)
    dislike(delivery(first))
    second = replied.again(first.assignment, world.water)
    evaluation = rate(delivery(second), today=replied.RATED_AGAIN)
    assert (evaluation.round, fresh(first.assignment).status) == (2, "concluded")


# ── 分办、并案 ──
def test_of_separate_units_only_the_disliked_one_works_again(world):
    water, transport = replied.parted(world)
    disliked, liked = replied.answer(water, world.water), replied.answer(transport, world.transport)
    rate(delivery(liked))
    dislike(delivery(disliked))
    assert [fresh(one).status for one in (water, transport)] == ["handling", "concluded"]
    assert fresh(water).suggestion.status == "rehandling"


def test_a_merged_case_waits_for_every_lead(world):
    """并案件每件的领衔代表都评价过才办结。"""
    from suggestions.actions.grouping import merge_suggestions

    main = handling.registered(world)
    child = handling.registered(world, title="关于支流清淤的建议", lead_deputy=world.other_deputy)
    merge_suggestions(child, into=main, reason="内容相近", actor=world.clerk, today=handling.ASSIGNED)
    rows = handling.assign_suggestion(
        main, choices=[handling.Choice(world.water.unit, "sole")], actor=world.clerk, today=handling.ASSIGNED
    )
    row = handling.accept_assignment(rows[0], actor=world.water.liaison, today=handling.ACCEPTED)
    handling.contacted(handling.allotted(row, world.water), world.water)
    reply = replied.answer(row, world.water)
    assert reply.deliveries.of_leads().count() == 2
    rate(delivery(reply, world.lead_deputy))
    assert fresh(row).status == "answered"
    rate(delivery(reply, world.other_deputy))
    assert fresh(row).status == "concluded"


# ── 办事机构要求重办 ──
def test_the_office_starts_a_round_with_a_reason(world):
    reply = replied.replied(world)
    rate(delivery(reply))
    rehandling.start_round(reply.assignment, reason=REASON, actor=world.clerk, today=TODAY)
    assignment = fresh(reply.assignment)
    assert (assignment.status, assignment.round, assignment.concluded_on) == ("handling", 2, None)
    assert AuditEvent.objects.filter(event="assignment.round_started", reason=REASON).exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_starts(world, reason):
    reply = replied.replied(world)
    with pytest.raises(DomainError, match="填写要求重办的理由"):
        rehandling.start_round(reply.assignment, reason=reason, actor=world.clerk, today=TODAY)
    assert fresh(reply.assignment).round == 1


def test_a_round_under_way_is_not_started_twice(world):
    reply = replied.replied(world)
    rehandling.start_round(reply.assignment, reason=REASON, actor=world.clerk, today=TODAY)
    with pytest.raises(NotAllowed):
        rehandling.start_round(reply.assignment, reason=REASON, actor=world.clerk, today=TODAY)
    assert fresh(reply.assignment).round == 2
    assert reply.assignment.dues.filter(rule_code="rehandle_days").count() == 1


def test_a_concluded_case_comes_back_and_other_units_stay_concluded(world):
    water, transport = replied.parted(world)
    for one, cast in ((water, world.water), (transport, world.transport)):
        rate(delivery(replied.answer(one, cast)))
    case = fresh(water).suggestion
    concluding.conclude_case(case, actor=world.clerk, today=TODAY)
    rehandling.start_round(fresh(water), reason=REASON, actor=world.clerk, today=TODAY)
    case.refresh_from_db()
    assert (case.status, case.concluded_on) == ("rehandling", None)
    assert [fresh(one).status for one in (water, transport)] == ["handling", "concluded"]


def test_a_withdrawn_case_cannot_be_started_again(world):
    from suggestions.actions.withdrawing import withdraw_suggestion

    reply = replied.replied(world)
    case = reply.assignment.suggestion
    withdraw_suggestion(case, reason="代表书面要求", actor=world.clerk, today=TODAY)
    with pytest.raises(NotAllowed, match="已撤回"):
        rehandling.start_round(reply.assignment, reason=REASON, actor=world.clerk, today=TODAY)


def test_an_assisting_unit_has_no_round_of_its_own(world):
    lead, helper = handling.lead_and_helper(world)
    with pytest.raises(DomainError, match="会办单位不答复代表"):
        rehandling.start_round(helper, reason=REASON, actor=world.clerk, today=TODAY)
    assert lead.round == 1


def test_the_page_checks_before_it_starts(world, client):
    reply = replied.replied(world)
    url = reverse("handlers:again", args=[reply.assignment_id])
    client.force_login(world.clerk)
    assert client.post(url, {"reason": ""}).status_code == 422
    check = client.post(url, {"reason": REASON}).content.decode()
    due = rules.compute("HN-DEFAULT", "rehandle_days", TODAY).due_on
    assert f"{due.year}年{due.month}月{due.day}日" in check and fresh(reply.assignment).round == 1
    done = client.post(url, {"reason": REASON, "do": "confirm"})
    assert fresh(reply.assignment).round == 2
    assert "已要求重办" in client.get(done.url).content.decode()


@pytest.mark.parametrize("who", ["gov", "committee", "stranger"])
def test_only_the_office_can_start_a_round(world, client, who):
    reply = replied.replied(world)
    client.force_login(getattr(world, who))
    response = client.post(reverse("handlers:again", args=[reply.assignment_id]), {"reason": REASON, "do": "confirm"})
    assert response.status_code == 403 and fresh(reply.assignment).round == 1


def test_a_unit_cannot_start_its_own_round(world, client):
    reply = replied.replied(world)
    client.force_login(world.water.head)
    response = client.post(reverse("handlers:again", args=[reply.assignment_id]), {"reason": REASON, "do": "confirm"})
    assert response.status_code == 403 and fresh(reply.assignment).round == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_dissatisfied_submissions_at_once_start_one_round(world, rounds):
    """同时提交的不满意只启动一次再办理（PostgreSQL）。"""
    assert connection.vendor == "postgresql"
    for number in range(rounds):
        row = delivery(replied.replied(world, title=f"关于第{number}条河的建议"))
        results = at_once(*[lambda: dislike(row)] * 2)  # noqa: B023
        assert sorted(type(one).__name__ for one in results) == ["Evaluation", "Stale"], results
        assert fresh(row.reply.assignment).round == 2
    assert Evaluation.objects.count() == rounds == AuditEvent.objects.filter(event="assignment.round_started").count()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_makes_one_evaluation(world, rounds):
    """连点两下、超时重试：一份意见表只记一次，后到的说清楚已经交过。"""
    for number in range(rounds):
        row = delivery(replied.replied(world, title=f"关于第{number}条河的建议"))
        results = at_once(*[lambda: rate(row)] * 2)  # noqa: B023
        assert sorted(type(one).__name__ for one in results) == ["Evaluation", "Stale"], results
        assert fresh(row.reply.assignment).status == "concluded"
    assert Evaluation.objects.count() == rounds


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_negative_control_without_lock_and_constraint_one_form_counts_twice(world, monkeypatch):
    """反证：锁和唯一约束都拆下，同一份意见表就记了两次。"""
    monkeypatch.setattr(evaluating, "lock_case", without_lock)
    counted = []
    with without_unique(Evaluation, "delivery_id"):
        for number in range(10):
            reply = replied.replied(world, title=f"关于第{number}条河的建议", cosigners=[world.cosigner])
            row = delivery(reply, world.cosigner)
            at_once(*[lambda: rate(row)] * 2)  # noqa: B023
            counted.append(Evaluation.objects.filter(delivery=row.pk).count())
    assert max(counted) == 2, counted


def test_the_editor_of_the_second_reply_shows_what_the_deputy_disliked(world, client):
    """再次答复时，代表上次哪里不满意就在页首，不必另找。"""
    row = delivery(replied.replied(world))
    url = reverse("handlers:reply_edit", args=[row.reply.assignment_id])
    dislike(row)
    opinion = Evaluation.objects.get().opinion
    client.force_login(world.water.officer)
    text = client.get(url).content.decode()
    assert "对上次答复不满意" in text and opinion and opinion in text


def test_the_next_step_of_a_new_round_is_to_talk_again_until_the_writing_starts(world):
    """再办理先与代表沟通；动笔以后不再先提它。"""
    officer = world.water.officer

    def labels(one) -> list[str]:
        return [step.label for step in upcoming.steps_of(one, officer, upcoming.gather(officer, [one]))]

    assignment = replied.replied(world).assignment
    dislike(delivery(assignment.replies.get()))
    again = fresh(assignment)
    assert labels(again) == ["记沟通", "写答复"]
    handling.drafted(again, world.water)
    assert labels(again) == ["接着写答复"]
