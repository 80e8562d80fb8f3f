"""撤回。"""
import pytest

from handlers.actions import assigning
from handlers.choosing import Choice
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed
from suggestions.actions import drafting, grouping
from suggestions.models import Suggestion
from tests.world import DAY

from .drafts import confirm, cosigning, entered, registered, submitted


def withdraw(case, actor, **changes):
    return drafting.withdraw_suggestion(case, actor=actor, today=DAY, **{"reason": "情况已解决", **changes})


def assign(world, case):
    assigning.assign_suggestion(case, choices=[Choice(world.water.unit, "sole")], actor=world.clerk, today=DAY)
    case.refresh_from_db()
    return case


def test_the_lead_deputy_withdraws_before_assignment(world):
    case = withdraw(submitted(world), world.lead_deputy.account)
    assert case.status == "withdrawn"
    assert case.dues.open().count() == 0
    assert case.due_on is None
    assert Notice.objects.filter(kind="suggestion.withdrawn", recipient=world.clerk).exists()


def test_it_needs_a_reason(world):
    with pytest.raises(DomainError, match="理由"):
        withdraw(submitted(world), world.lead_deputy.account, reason=" ")


def test_a_joint_one_needs_everyone(world):
    case = cosigning(world, world.cosigner, world.other_deputy)
    confirm(case, world.cosigner)
    confirm(case, world.other_deputy)
    case = drafting.submit_suggestion(case, actor=world.lead_deputy.account, today=case.session.opened_on)
    rows = list(case.cosigners.all())
    with pytest.raises(Incomplete) as caught:
        withdraw(case, world.lead_deputy.account, consented=rows[:1], consent_how="书面")
    assert [item.sentence for item in caught.value.missing] == ["刘岚代表还没有同意撤回"]
    with pytest.raises(DomainError, match="怎样同意"):
        withdraw(case, world.lead_deputy.account, consented=rows)
    done = withdraw(case, world.lead_deputy.account, consented=rows, consent_how="书面")
    event = AuditEvent.objects.about(done).get(event="suggestion.withdrawn")
    assert event.data["consented"] == ["贺景", "刘岚"]


def test_the_office_too_needs_everyone_for_a_joint_one(world):
    case = registered(world, cosigners=[world.cosigner])
    with pytest.raises(Incomplete):
        withdraw(case, world.clerk)


@pytest.mark.parametrize("who", ["cosigner", "other_deputy"])
def test_no_other_deputy_withdraws_it(world, who):
    case = entered(world, cosigners=[world.cosigner])
    with pytest.raises(Forbidden, match="领衔代表"):
        withdraw(case, getattr(world, who).account, consented=case.cosigners.all(), consent_how="书面")


def test_after_assignment_only_the_office_withdraws(world):
    case = assign(world, registered(world))
    with pytest.raises(Forbidden, match="须经联工委同意"):
        withdraw(case, world.lead_deputy.account)
    done = withdraw(case, world.clerk)
    assert done.status == "withdrawn"
    assert AuditEvent.objects.about(done).get(event="suggestion.withdrawn").data["after_assignment"] is True


@pytest.mark.parametrize("status", ["declined", "concluded", "escalated"])
def test_a_finished_one_is_not_withdrawn(world, status):
    case = registered(world)
    Suggestion.objects.filter(pk=case.pk).update(status=status)
    with pytest.raises(NotAllowed, match="不能撤回"):
        withdraw(case, world.clerk)


def test_a_merged_child_may_be_withdrawn_by_its_own_deputy(world):
    main, child = registered(world), registered(world, lead_deputy=world.other_deputy)
    grouping.merge_suggestions(child, into=main, reason="同一水库", actor=world.clerk, today=DAY)
    done = withdraw(child, world.other_deputy.account)
    assert (done.status, done.merged_into) == ("withdrawn", None)
    main.refresh_from_db()
    assert main.status == "registered"


def test_a_child_of_an_assigned_main_is_no_longer_the_deputys_to_withdraw(world):
    main, child = registered(world), registered(world, lead_deputy=world.other_deputy)
    grouping.merge_suggestions(child, into=main, reason="同一水库", actor=world.clerk, today=DAY)
    assign(world, main)
    with pytest.raises(Forbidden):
        withdraw(child, world.other_deputy.account)
