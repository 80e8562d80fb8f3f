"""请人办的通知：办了就销，没轮到的不动；告知的留着由本人读。"""
from __future__ import annotations

import pytest

from lianluo.notices.models import Notice
from tests.handlers.handling import agree, delivered, ready, signed, submitted

pytestmark = pytest.mark.django_db


def open_kinds(user) -> set[str]:
    """还等着此人的。"""
    return set(Notice.objects.for_recipient(user).filter(done_at=None).values_list("kind", flat=True))


def test_accepting_closes_what_asked_for_it_and_nothing_else(world):
    ready(world)
    assert "assignment.made" not in open_kinds(world.water.liaison)
    assert "assignment.allotted" in open_kinds(world.water.officer), "分派了还没有答复，留着"


def test_an_approver_is_free_once_he_has_agreed_and_the_next_is_asked(world):
    cast = world.water
    reply = submitted(world)
    assert "reply.to_approve" in open_kinds(cast.director)
    agree(reply)
    assert "reply.to_approve" not in open_kinds(cast.director)
    assert "reply.to_approve" in open_kinds(cast.liaison), "同一事件请到的下一位不能一起销掉"


def test_delivery_frees_the_liaison_and_leaves_publication_to_the_office(world):
    cast = world.water
    reply = signed(submitted(world))
    assert "reply.signed" in open_kinds(cast.liaison)
    delivered(reply, cast.liaison)
    assert "reply.signed" not in open_kinds(cast.liaison)
    assert "assignment.allotted" not in open_kinds(cast.officer)
    assert "reply.delivered" in open_kinds(world.clerk), "等办公室审定公开"
