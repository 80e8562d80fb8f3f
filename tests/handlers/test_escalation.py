"""协调评估：第二轮仍不满意，由办事机构组织评估，登记专家、评估意见、处理意见。"""
import pytest
from django.urls import reverse

from handlers.actions import rehandling
from handlers.models import Assignment, Escalation
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed
from suggestions.models import Suggestion
from tests.handlers import replied
from tests.handlers.replied import DAY, OPINION, RATED_AGAIN, TODAY, delivery, dislike, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
NOTE = "三个月内完成清淤并请代表到场验收"


def settle(world, case, **more):
    values = {"again": True, "note": NOTE, "experts": "省水科院王工", "assessment": "整治未到位", "met_on": TODAY}
    return rehandling.settle_escalation(case, **{**values, **more}, actor=world.clerk, today=TODAY)


def status_of(case) -> str:
    return Suggestion.objects.get(pk=case.pk).status


def test_the_second_dissatisfaction_escalates_instead_of_a_third_round(world):
    case, second = replied.twice_disliked(world)
    assert case.status == "escalated"
    assert Assignment.objects.get(pk=second.assignment_id).round == 2
    row = Escalation.objects.get()
    assert (row.round, row.reason, row.escalated_on, row.again) == (2, OPINION, RATED_AGAIN, None)


def test_the_first_dissatisfaction_does_not_escalate(world):
    """反证：第一轮只再办理。"""
    dislike(delivery(replied.replied(world)))
    assert not Escalation.objects.exists() and Suggestion.objects.get().status == "rehandling"


def test_the_limit_comes_from_the_rules_of_the_session(world):
    world.profile.settings = {"max_rehandle_before_escalation": 1}
    world.profile.save()
    reply = replied.replied(world)
    dislike(delivery(reply))
    assert status_of(reply.assignment.suggestion) == "escalated"


def test_it_waits_until_the_other_unit_has_answered(world):
    """分办：一家第二轮仍不满意时另一家还没有答完，答完的那一刻转协调评估，不开第三轮。"""
    water, transport = replied.parted(world)
    first = replied.answer(water, world.water)
    dislike(delivery(first))
    dislike(delivery(replied.again(water, world.water)), today=RATED_AGAIN)
    case = water.suggestion
    water.refresh_from_db()
    assert (status_of(case), water.round, water.status) == ("handling", 2, "answered")
    assert not Escalation.objects.exists()
    replied.answer(transport, world.transport, today=RATED_AGAIN)
    assert status_of(case) == "escalated"
    assert Escalation.objects.get().reason == OPINION


def test_another_leads_praise_does_not_conclude_what_is_being_assessed(world):
    """并案件：一名领衔代表不满意在评估，另一名满意也不办结。"""
    from suggestions.actions.grouping import merge_suggestions
    from tests.handlers import handling

    main = handling.registered(world)
    child = handling.registered(world, title="关于支流清淤的建议", lead_deputy=world.other_deputy)
    merge_suggestions(child, into=main, reason="内容相近", actor=world.clerk, today=handling.ASSIGNED)
    row = handling.assign_suggestion(
        main, choices=[handling.Choice(world.water.unit, "sole")], actor=world.clerk, today=handling.ASSIGNED
    )[0]
    row = handling.accept_assignment(row, actor=world.water.liaison, today=handling.ACCEPTED)
    handling.contacted(handling.allotted(row, world.water), world.water)
    dislike(delivery(replied.answer(row, world.water), world.lead_deputy))
    second = replied.again(row, world.water)
    dislike(delivery(second, world.lead_deputy), today=RATED_AGAIN)
    rate(delivery(second, world.other_deputy), today=RATED_AGAIN)
    assert Assignment.objects.get(pk=row.pk).status == "answered"
    assert status_of(main) == "escalated"


def test_everyone_concerned_is_told(world):
    case, _ = replied.twice_disliked(world, cosigners=[world.cosigner])
    kinds = {"suggestion.escalated": world.clerk, "suggestion.escalated_unit": world.water.head,
             "suggestion.escalated_told": world.cosigner.account}
    for kind, person in kinds.items():
        assert Notice.objects.filter(kind=kind, recipient=person).exists()
    assert Notice.objects.get(kind="suggestion.escalated", recipient=world.clerk).url == f"/office/escalated/{case.pk}/"


# ── 处理意见 ──
def test_sent_back_to_the_unit_it_starts_the_third_round(world):
    case, second = replied.twice_disliked(world)
    settle(world, case)
    assignment = Assignment.objects.get(pk=second.assignment_id)
    assert (assignment.status, assignment.round, status_of(case)) == ("handling", 3, "rehandling")
    row = Escalation.objects.get()
    assert (row.again, row.note, row.experts, row.assessment) == (True, NOTE, "省水科院王工", "整治未到位")
    assert AuditEvent.objects.get(event="escalation.settled").data["experts"] == "省水科院王工"


def test_explained_it_concludes_the_assignment_and_leaves_the_case_to_sign_off(world):
    case, second = replied.twice_disliked(world)
    settle(world, case, again=False)
    assignment = Assignment.objects.get(pk=second.assignment_id)
    assert (assignment.status, assignment.round, status_of(case)) == ("concluded", 2, "escalated")
    reason = AuditEvent.objects.filter(event="assignment.concluded").latest("id").reason
    assert reason == f"专门说明：{NOTE}"


def test_the_note_is_needed_and_the_day_must_make_sense(world):
    case, _ = replied.twice_disliked(world)
    with pytest.raises(DomainError, match="填写处理意见"):
        settle(world, case, note=" ")
    with pytest.raises(DomainError, match="评估日期") as refused:
        settle(world, case, met_on=TODAY + DAY)
    assert refused.value.field == "met_on" and Escalation.objects.get().again is None


def test_it_is_settled_once(world):
    case, _ = replied.twice_disliked(world)
    settle(world, case, again=False)
    with pytest.raises(NotAllowed, match="已有处理意见"):
        settle(world, case)
    assert Assignment.objects.get().round == 2


def test_a_case_not_being_assessed_cannot_be_settled(world):
    reply = replied.replied(world)
    with pytest.raises(NotAllowed):
        settle(world, reply.assignment.suggestion)


def test_while_assessed_the_office_cannot_start_a_round_by_the_side_door(world):
    case, second = replied.twice_disliked(world)
    with pytest.raises(NotAllowed, match="协调评估"):
        rehandling.start_round(second.assignment, reason="重办", actor=world.clerk, today=TODAY)
    assert Assignment.objects.get().round == 2


def test_a_third_dissatisfaction_is_assessed_again(world):
    case, second = replied.twice_disliked(world)
    settle(world, case)
    assignment = Assignment.objects.get(pk=second.assignment_id)
    from tests.handlers import handling

    handling.contacted(assignment, world.water, on=TODAY, stage="before")
    reply = handling.drafted(assignment, world.water, today=TODAY)
    reply = handling.submit_reply(reply, actor=world.water.officer, today=TODAY)
    reply = handling.delivered(handling.signed(reply, today=TODAY), world.water.liaison, today=TODAY)
    dislike(delivery(reply), today=TODAY)
    assert status_of(case) == "escalated" and Escalation.objects.count() == 2


# ── 页面 ──
def test_the_office_settles_in_one_form_with_a_check(world, client):
    case, _ = replied.twice_disliked(world)
    client.force_login(world.clerk)
    assert case.title in client.get(reverse("handlers:escalated")).content.decode()
    url = reverse("handlers:escalation", args=[case.pk])
    page = client.get(url).content.decode()
    assert page.count(OPINION) == 2 and "checked" not in page
    data = {
        "met_on": str(TODAY), "experts": "省水科院王工", "assessment": "整治未到位", "decision": "again", "note": NOTE,
    }
    assert client.post(url, {**data, "experts": ""}).status_code == 422
    assert "重新答复" in client.post(url, data).content.decode() and status_of(case) == "escalated"
    done = client.post(url, {**data, "do": "confirm"})
    assert status_of(case) == "rehandling"
    assert NOTE in client.get(done.url).content.decode()
    assert client.get(url).url == reverse("handlers:escalation_done", args=[case.pk])


@pytest.mark.parametrize("who", ["gov", "committee", "stranger"])
def test_only_the_office_settles(world, client, who):
    case, _ = replied.twice_disliked(world)
    client.force_login(getattr(world, who))
    for name in ("escalated", "escalation"):
        url = reverse(f"handlers:{name}", args=[case.pk] if name == "escalation" else [])
        assert client.get(url).status_code == 403
    assert client.post(reverse("handlers:escalation", args=[case.pk]), {"do": "confirm"}).status_code == 403
    assert status_of(case) == "escalated"
