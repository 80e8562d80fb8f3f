"""两人同时写、同时审、同时签：稿不互相覆盖，一环只办一次，文号不重不空，催办一天一次。"""
from __future__ import annotations

from functools import partial

import pytest

from handlers.actions import approving
from handlers.actions.assisting import urge_opinion
from handlers.actions.replying import approve_reply, save_reply, send_back_reply
from handlers.approvals import Chain
from handlers.models import Duty, Post, Rank, Reply
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Stale
from tests.handlers.handling import (
    MET,
    SIGNED,
    WRITTEN,
    agree,
    allotted,
    content,
    drafted,
    handed_to,
    lead_and_helper,
    submitted,
)
from tests.racing import at_once, without_lock
from tests.world import make_user

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def failures(results: list) -> list:
    return [result for result in results if isinstance(result, Exception)]


def to_the_head(world, number: int) -> Reply:
    """审到只差签发。"""
    reply = submitted(world, title=f"第{number}件")
    while Chain(reply, SIGNED).step.step != "head":
        reply = agree(reply)
    return reply


def test_letters_signed_at_once_take_consecutive_numbers(world, rounds):
    replies = [to_the_head(world, number) for number in range(min(rounds, 6))]
    sign = partial(approve_reply, actor=world.water.head, today=SIGNED)
    results = at_once(*(partial(sign, one, version=Chain(one, SIGNED).step.version) for one in replies))
    assert not failures(results)
    taken = sorted(int(one.document_number.split("〕")[1][:-1]) for one in results)
    assert taken == list(range(1, len(replies) + 1))


def deputy_director(world):
    """再加一名处室负责人，与处长同一环。"""
    account = make_user("slt-second", "副处长")
    Post.objects.create(
        unit=world.water.unit, division=world.water.division, account=account, name="副处长",
        duty=Duty.DIVISION_HEAD, rank=Rank.DIVISION, valid_from=MET,
    )
    return account


def disagree(reply: Reply, world, second) -> list:
    """一人同意，一人退回。"""
    version = Chain(reply, SIGNED).step.version
    return at_once(
        lambda: approve_reply(reply, version=version, actor=world.water.director, today=SIGNED),
        lambda: send_back_reply(reply, version=version, opinion="改", actor=second, today=SIGNED),
    )


def test_two_holders_of_one_step_decide_it_once(world, rounds):
    second = deputy_director(world)
    for number in range(min(rounds, 8)):
        reply = submitted(world, title=f"第{number}件")
        [failure] = failures(disagree(reply, world, second))
        assert isinstance(failure, DomainError)
        reply.refresh_from_db()
        assert reply.approvals.exclude(agreed=None).count() == 1
        assert (reply.status == "draft") is reply.approvals.filter(agreed=False).exists()


def test_without_the_lock_the_conditional_update_still_decides_once(world, rounds, monkeypatch):
    """反证：去掉锁，两人都以为轮到自己，靠条件更新拦下后到的。"""
    monkeypatch.setattr(approving, "lock_case", without_lock)
    second, caught = deputy_director(world), []
    for number in range(min(rounds, 8)):
        reply = submitted(world, title=f"第{number}件")
        caught += failures(disagree(reply, world, second))
        assert reply.approvals.exclude(agreed=None).count() == 1
    assert caught


def test_two_editors_saving_the_same_version_do_not_overwrite(world, rounds):
    for number in range(min(rounds, 8)):
        assignment = allotted(handed_to(world, title=f"第{number}件"), world.water)
        version = drafted(assignment, world.water).version
        save = partial(save_reply, assignment, data=content(assignment), version=version, today=WRITTEN)
        results = at_once(partial(save, actor=world.water.officer), partial(save, actor=world.water.director))
        [failure] = failures(results)
        assert isinstance(failure, Stale) and Reply.objects.get(assignment=assignment).version == version + 1


def test_starting_a_draft_twice_leaves_one(world, rounds):
    for number in range(min(rounds, 8)):
        assignment = allotted(handed_to(world, title=f"第{number}件"), world.water)
        save = partial(save_reply, assignment, data={}, today=WRITTEN)
        at_once(partial(save, actor=world.water.officer), partial(save, actor=world.water.director))
        assert Reply.objects.filter(assignment=assignment).count() == 1


def test_urging_twice_at_once_urges_once(world, rounds):
    for number in range(min(rounds, 8)):
        _, helper = lead_and_helper(world, title=f"第{number}件")
        urge = partial(urge_opinion, helper, actor=world.water.liaison, today=MET)
        assert len(failures(at_once(urge, urge))) == 1
        assert AuditEvent.objects.filter(event="opinion.urged", target_id=helper.pk).count() == 1
