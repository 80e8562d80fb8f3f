"""销号条件：缺什么列什么，句句说得清；一批条目的事实各查一次。"""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handlers.actions import assisting, rehandling
from handlers.actions.denying import deny_activity
from handlers.models import ActivityDeputy
from supervision.conditions import Grounds, conditions
from supervision.models import LedgerEntry
from tests.cases import RATED, SENT, TODAY, Journey
from tests.supervision.factory import alone, entry_of, grant, reported

pytestmark = pytest.mark.django_db


def missing(entry: LedgerEntry) -> list[str]:
    return [item.sentence for item in conditions(LedgerEntry.objects.with_case().get(pk=entry.pk))]


def test_before_delivery_only_the_reply_is_missing(world):
    journey = alone(world).to("signed")
    assert missing(journey.entry) == ["答复还未送达全部代表"]


def test_after_delivery_feedback_and_publication_are_missing(world):
    journey = alone(world).to("delivered")
    told = missing(journey.entry)
    assert told[0].startswith("黄岳若代表还未填办理意见表，反馈期到 ")
    assert told[1:] == ["答复是否公开，人大办事机构还未审定"]


def test_the_urges_so_far_are_told(world):
    from handlers.actions.evaluating import urge_evaluation

    journey = alone(world).to("delivered")
    urge_evaluation(journey.delivery, actor=world.clerk, today=SENT + timedelta(days=1))
    assert "已催 1 次" in missing(journey.entry)[0]


def test_a_rated_and_published_reply_is_complete(world):
    journey = alone(world).to("published")
    assert missing(journey.entry) == []


def test_a_reply_without_copies_is_not_complete(world):
    journey = alone(world).to("published")
    reply = journey.reply
    reply.copied_to = []
    reply.save(update_fields=["copied_to"])
    assert missing(journey.entry) == ["答复还未登记抄送"]


def test_a_new_round_wants_a_new_reply(world):
    """再办理的，上一轮的答复不算。"""
    journey = alone(world, overall="dissatisfied").to("rated")
    assert missing(journey.entry) == ["第 2 轮答复还未送达全部代表"]


def test_a_round_started_by_the_office_also_wants_a_new_reply(world):
    """评价满意以后办公室要求重办：旧评价不顶新答复。"""
    journey = alone(world).to("published")
    rehandling.start_round(journey.assignment, reason="承诺没有落实", actor=world.clerk, today=RATED)
    assert missing(journey.entry) == ["第 2 轮答复还未送达全部代表"]


def test_a_class_c_case_wants_a_talk_at_division_rank(world):
    """C 类另须提级沟通；科员走访不算，处长算。"""
    journey = alone(world, result="C").to("published")
    assert missing(journey.entry) == ["C 类件还没有处级以上负责人与代表沟通的记录"]
    journey.talk(on=RATED, by="director")
    assert missing(journey.entry) == []


def test_a_talk_the_deputy_denies_does_not_count(world):
    journey = alone(world, result="C").to("published")
    activity = journey.talk(on=RATED, by="director")
    row = ActivityDeputy.objects.get(activity=activity)
    deny_activity(row, note="没有人找过我", actor=journey.lead.account, today=RATED)
    assert missing(journey.entry) == ["C 类件还没有处级以上负责人与代表沟通的记录"]


def test_an_assisting_unit_owes_its_opinion_and_the_lead_owes_an_answer_to_it(world):
    journey = Journey(world).to("opining")
    entry = entry_of(journey, unit=world.transport)
    assert missing(entry) == ["会办意见还未送主办单位"]
    assisting.send_opinion(journey.opinion, actor=world.transport.liaison, today=SENT)
    assert missing(entry) == ["主办单位还未处理会办意见"]


def test_the_main_entry_waits_for_every_unit(world):
    journey = Journey(world).to("published")
    assert missing(entry_of(journey, "main")) == [
        "湖南省水利厅的承办条目还未销号", "湖南省交通运输厅的承办条目还未销号"
    ]
    grant(journey, entry_of(journey, unit=world.transport))
    assert missing(entry_of(journey, "main")) == ["湖南省水利厅的承办条目还未销号"]


def test_a_promise_wants_progress_and_then_word_to_the_deputy(world):
    """兑现之后再次告知：报进展以前的沟通不算。"""
    journey = alone(world, result="B").to("published")
    promise = entry_of(journey, "promise")
    journey.talk(on=SENT + timedelta(days=1), stage="after")
    assert missing(promise) == ["还没有带数字或文件的进展"]
    reported(journey, promise, on=TODAY)
    assert missing(promise) == ["落实情况还未再次告知代表（报进展之后记一次办后沟通）"]
    journey.talk(on=TODAY, stage="after")
    assert missing(promise) == []


def test_facts_for_many_entries_take_as_many_queries_as_for_one(world):
    journeys = [Journey(world).to("delivered") for _ in range(3)]
    one = list(LedgerEntry.objects.with_case().filter(suggestion=journeys[0].pk))
    every = list(LedgerEntry.objects.with_case())

    def count(entries) -> int:
        with CaptureQueriesContext(connection, ) as queries:
            grounds = Grounds(entries)
            for entry in entries:
                conditions(entry, grounds)
        return len(queries)

    assert count(every) == count(one) <= 7
