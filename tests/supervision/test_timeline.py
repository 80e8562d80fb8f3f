"""时间线与最近动态给谁看：单位内部的事只给本单位，评价一环的内务只给办事机构，看不见的件不出现。"""
from __future__ import annotations

import pytest

from handlers.actions import evaluating
from handlers.actions.evaluation_links import issue_link
from supervision import timeline
from tests.cases import SENT, Journey
from tests.supervision.factory import alone

pytestmark = pytest.mark.django_db


def events(journey: Journey, account) -> set[str]:
    return {event.event for event in timeline.of_case(journey.suggestion, account)}


def test_what_goes_on_inside_a_unit_before_signing_stays_inside(world):
    """会办单位、办公室看不到主办单位的审签经过；会办单位看得到的只有自己存过意见。"""
    journey = Journey(world).to("checking")
    assert {"reply.submitted", "reply.drafted"} <= events(journey, world.water.officer)
    for account in (world.clerk, world.gov, world.committee, world.delegation_staff):
        assert not events(journey, account) & set(timeline.INSIDE_UNIT), account
    assert events(journey, world.transport.liaison) & set(timeline.INSIDE_UNIT) == {"opinion.saved"}


def test_an_opinion_not_sent_yet_is_seen_by_its_own_unit_only(world):
    journey = Journey(world).to("opining")
    assert "opinion.saved" in events(journey, world.transport.officer)
    for account in (world.water.officer, world.clerk):
        assert "opinion.saved" not in events(journey, account)
    journey.to("opined")
    assert "opinion.sent" in events(journey, world.water.officer)


def test_links_and_urges_are_seen_by_the_office_only(world):
    journey = alone(world).to("delivered")
    issue_link(journey.delivery, actor=world.clerk, today=SENT)
    evaluating.urge_evaluation(journey.delivery, actor=world.clerk, today=SENT)
    office = {"evaluation.link_issued", "evaluation.urged"}
    assert office <= events(journey, world.clerk)
    for account in (world.water.liaison, world.gov, world.delegation_staff):
        assert not office & events(journey, account)


def test_an_evaluation_is_seen_by_the_unit_it_is_about(world):
    journey = Journey(world, overall="dissatisfied").to("rated")
    rated = {"evaluation.submitted", "assignment.round_started"}
    assert rated <= events(journey, world.water.liaison)
    assert rated <= events(journey, world.clerk)
    assert not events(journey, world.transport.liaison) & {*timeline.RATED, *timeline.RATED_CASE}


def test_drafting_and_cosigning_are_not_for_the_units(world):
    journey = Journey(world).to("assigned")
    assert events(journey, world.clerk) & set(timeline.BEFORE_SUBMISSION)
    assert not events(journey, world.water.liaison) & set(timeline.BEFORE_SUBMISSION)


def test_every_event_named_here_exists(world):
    from lianluo.audit.vocabulary import SENTENCES

    named = {*timeline.INSIDE_UNIT, *timeline.OFFICE_ONLY, *timeline.BEFORE_SUBMISSION, *timeline.RATED,
             *timeline.RATED_CASE, *timeline.ALONGSIDE}
    assert named <= SENTENCES.keys()


def test_recent_news_are_only_of_cases_one_may_see(world):
    """草稿、联名中的件，办公室看不到，最近动态里也没有；政府办公厅只看在册的。"""
    hidden, filed, listed = alone(world).to("drafted"), alone(world).to("submitted"), alone(world).to("assigned")

    def cases(account) -> set[int]:
        return {case.pk for _, case in timeline.recent(account)}

    assert cases(world.clerk) == {filed.pk, listed.pk}
    assert cases(world.gov) == {listed.pk}
    assert cases(world.stranger) == set()
    assert hidden.pk not in cases(world.clerk)


def test_recent_news_are_newest_first_and_not_too_many(world):
    for _ in range(3):
        alone(world).to("accepted")
    found = [event.pk for event, _ in timeline.recent(world.clerk)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 10
