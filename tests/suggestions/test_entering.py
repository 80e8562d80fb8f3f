"""工作人员录入：一次录完即提交，登记前可更正。"""
from datetime import date

import pytest

from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed, Stale
from suggestions.actions import entering, registering
from suggestions.models import Category, Suggestion
from tests.world import DAY

from .drafts import IN_SESSION, REQUESTS, TITLE, entered, registered, submitted, text


def test_a_paper_suggestion_arrives_submitted_with_signatures_on_paper(world):
    case = entered(world, cosigners=[world.cosigner, world.other_deputy])
    assert case.status == "submitted"
    assert case.raised_by == "joint"
    assert set(case.cosigners.values_list("confirmed_how", "confirmed_hash")) == {("纸质", case.text_hash)}


def test_a_paper_received_in_session_may_be_typed_after_it_closed(world):
    data = {"session": world.session, "lead_deputy": world.lead_deputy, "submitted_on": IN_SESSION, **text()}
    case = entering.enter_suggestion(data, actor=world.clerk, today=DAY)
    assert (case.submitted_on, case.series) == (IN_SESSION, "session")


def test_a_paper_received_after_closing_cannot_pose_as_in_session(world):
    with pytest.raises(DomainError) as caught:
        entered(world, today=DAY, raised_during="in_session")
    assert caught.value.field == "raised_during"
    assert not Suggestion.objects.exists()


def test_a_received_date_in_the_future_is_refused(world):
    with pytest.raises(DomainError, match="不晚于今天"):
        entered(world, submitted_on=date(2026, 1, 23))


def test_a_preprinted_number_registers_at_once(world):
    case = entered(world, number=12)
    assert (case.status, case.shown_number) == ("registered", "0012")


def test_a_taken_number_leaves_nothing_behind(world):
    entered(world, number=12)
    with pytest.raises(DomainError, match="下一个空号是 0013"):
        entered(world, number=12)
    assert Suggestion.objects.count() == 1


def test_nothing_is_stored_when_something_is_missing(world):
    with pytest.raises(Incomplete):
        entered(world, requests=[])
    assert not Suggestion.objects.exists()


def test_correcting_rebinds_the_paper_signatures(world):
    case = entered(world, cosigners=[world.cosigner])
    before = case.text_hash
    case = entering.correct_entry(
        case, text(title="关于加快小型病险水库除险加固的建议"), revision=case.revision, actor=world.clerk, today=DAY
    )
    assert case.text_hash != before
    assert case.cosigners.get().confirmed_hash == case.text_hash


def test_correcting_a_stale_revision_is_refused(world):
    case = entered(world)
    entering.correct_entry(case, {"note": "补备注"}, revision=case.revision, actor=world.clerk, today=DAY)
    with pytest.raises(Stale):
        entering.correct_entry(case, {"note": "别的"}, revision=case.revision, actor=world.second_clerk, today=DAY)


def test_a_deputys_own_words_are_not_corrected_by_the_office(world):
    case = submitted(world)
    for change in ({"title": "换个标题"}, {"requests": ["只留一条"]}, {"cosigners": [world.cosigner]}):
        with pytest.raises(DomainError, match="退回代表修改"):
            entering.correct_entry(case, change, actor=world.clerk, today=DAY)
    category = Category.objects.first()
    same = {"title": TITLE, "requests": REQUESTS, "note": "电话核对过", "category": category}
    done = entering.correct_entry(case, same, actor=world.clerk, today=DAY)
    assert (done.note, done.category) == ("电话核对过", category)


def test_a_returned_entry_is_resubmitted_by_correcting_it(world):
    case = entered(world)
    registering.return_to_deputy(case, note="缺页", actor=world.clerk, today=IN_SESSION)
    done = entering.correct_entry(case, text(note="已补"), actor=world.clerk, today=IN_SESSION)
    assert done.status == "submitted"


def test_a_returned_deputys_own_waits_for_the_deputy(world):
    case = submitted(world)
    registering.return_to_deputy(case, note="写具体些", actor=world.clerk, today=IN_SESSION)
    with pytest.raises(NotAllowed, match="等代表改好"):
        entering.correct_entry(case, {"note": "补"}, actor=world.clerk, today=IN_SESSION)


def test_after_registration_nothing_is_corrected(world):
    with pytest.raises(NotAllowed, match="登记之后"):
        entering.correct_entry(registered(world), {"note": "补"}, actor=world.clerk, today=DAY)


def test_the_staff_of_a_delegation_enter_for_their_own_deputies_only(world):
    def data(deputy):
        return {"session": world.session, "lead_deputy": deputy, "raised_during": "between", **text()}

    case = entering.enter_suggestion(data(world.lead_deputy), actor=world.delegation_staff, today=DAY)
    with pytest.raises(Forbidden, match="刘岚不是本代表团的代表"):
        entering.enter_suggestion(data(world.other_deputy), actor=world.delegation_staff, today=DAY)
    with pytest.raises(Forbidden):
        entering.correct_entry(case, data(world.other_deputy), actor=world.delegation_staff, today=DAY)
    assert Suggestion.objects.get().lead_deputy == world.lead_deputy
