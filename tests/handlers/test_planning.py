"""分派：五定齐全，人和处室都在本单位。"""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers.actions.planning import allot_assignment
from handlers.models import Allotment, Division, Duty, Post, Rank
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed
from tests.handlers.handling import ACCEPTED, allotted, handed_to

pytestmark = pytest.mark.django_db


def test_allotting_starts_the_handling_and_tells_the_people(world):
    assignment = allotted(handed_to(world), world.water)
    assert assignment.status == "handling"
    assert assignment.responsible_leader == world.water.posts["leader"]
    row = assignment.allotments.get()
    assert (row.division, row.role, row.officer) == (world.water.division, "lead", world.water.posts["officer"])
    told = set(Notice.objects.filter(kind="assignment.allotted").values_list("recipient__username", flat=True))
    assert told == {"slt-officer", "slt-director", "slt-leader"}  # 操作人自己不收
    event = AuditEvent.objects.get(event="assignment.allotted")
    assert event.data["officer"] == world.water.officer.name


def test_an_assignment_must_be_accepted_first(world):
    assignment = handed_to(world, accept=False)
    with pytest.raises(NotAllowed, match="签收后"):
        allotted(assignment, world.water)


def test_the_inner_date_stays_within_the_legal_one(world):
    assignment = handed_to(world)
    with pytest.raises(DomainError) as error:
        allotted(assignment, world.water, inner_due_on=assignment.due_on + timedelta(days=1))
    assert error.value.field == "inner_due_on"
    assert allotted(assignment, world.water, inner_due_on=assignment.due_on).status == "handling"


@pytest.mark.parametrize(("change", "field"), [
    ({"quality_goal": " "}, "quality_goal"), ({"task_note": ""}, "task_note"),
    ({"inner_due_on": ACCEPTED - timedelta(days=1)}, "inner_due_on"),
])
def test_each_of_the_five_is_needed(world, change, field):
    assignment = handed_to(world)
    with pytest.raises(DomainError) as error:
        allotted(assignment, world.water, **change)
    assert error.value.field == field


def test_people_and_divisions_belong_to_the_unit_and_are_in_office(world):
    assignment = handed_to(world)
    foreign = world.transport
    with pytest.raises(DomainError, match="不是本单位的处室"):
        allotted(assignment, world.water, lead_division=foreign.division)
    with pytest.raises(DomainError, match="不在本单位任职"):
        allotted(assignment, world.water, officer=foreign.posts["officer"])
    left = Post.objects.create(
        unit=world.water.unit, division=world.water.division, name="离岗人", duty=Duty.OFFICER,
        valid_from=date(2020, 1, 1), valid_to=ACCEPTED - timedelta(days=1),
    )
    with pytest.raises(DomainError, match="已离岗"):
        allotted(assignment, world.water, officer=left)


def test_the_officer_sits_in_the_lead_division_and_the_leader_ranks_high_enough(world):
    assignment = handed_to(world)
    other = Division.objects.create(unit=world.water.unit, name="财务处")
    with pytest.raises(DomainError, match="财务处的人员里选"):
        allotted(assignment, world.water, lead_division=other)
    with pytest.raises(DomainError, match="处级以上"):
        allotted(assignment, world.water, responsible_leader=world.water.posts["officer"])


def test_the_same_division_is_not_both_lead_and_assistant(world):
    assignment = handed_to(world)
    with pytest.raises(DomainError, match="已是牵头处室"):
        allotted(assignment, world.water, assist_divisions=[world.water.division])


def test_it_can_be_allotted_again_while_handling_and_the_audit_keeps_both(world):
    assignment = allotted(handed_to(world), world.water)
    other = Division.objects.create(unit=world.water.unit, name="财务处")
    officer = Post.objects.create(
        unit=world.water.unit, division=other, name="钱会计", duty=Duty.OFFICER, valid_from=date(2020, 1, 1)
    )
    allotted(assignment, world.water, lead_division=other, officer=officer, assist_divisions=[world.water.division])
    assert set(Allotment.objects.values_list("division__name", "role")) == {("财务处", "lead"), ("综合处", "assist")}
    names = AuditEvent.objects.filter(event__in=["assignment.allotted", "assignment.reallotted"]).order_by("id")
    assert [event.data["lead_division"] for event in names] == ["综合处", "财务处"]


def test_the_page_has_at_most_eight_fields_and_allots(world, client):
    assignment = handed_to(world)
    url = reverse("handlers:allot", args=[assignment.pk])
    client.force_login(world.water.liaison)
    form = client.get(url).context["form"]
    assert len(form.visible_fields()) <= 8
    posts, inner = world.water.posts, assignment.due_on - timedelta(days=7)
    response = client.post(url, {
        "lead_division": world.water.division.pk, "officer": posts["officer"].pk, "inner_due_on": f"{inner:%Y.%m.%d}",
        "responsible_leader": posts["leader"].pk, "quality_goal": "当面沟通", "task_note": "摸清底数",
    })
    assert response.status_code == 302
    assert "已分派给" in client.get(response.url).content.decode(), "办好了要说一声"
    assignment.refresh_from_db()
    assert (assignment.status, assignment.inner_due_on) == ("handling", inner)


def test_a_refused_page_keeps_what_was_typed(world, client):
    assignment = handed_to(world)
    client.force_login(world.water.liaison)
    response = client.post(reverse("handlers:allot", args=[assignment.pk]), {"task_note": "摸清底数"})
    assert response.status_code == 422
    assert "摸清底数" in response.content.decode() and "选择牵头处室" in response.content.decode()


def test_only_the_unit_office_allots(world, client):
    assignment = handed_to(world)
    url = reverse("handlers:allot", args=[assignment.pk])
    expected = {
        world.water.liaison: 200, world.water.leader: 200, world.transport.liaison: 404, world.stranger: 404,
        world.clerk: 403,
    }
    for user, status in expected.items():
        client.force_login(user)
        assert client.get(url).status_code == status, user
    client.logout()
    assert client.get(url).status_code == 302


def test_rank_is_what_decides_the_responsible_leader(world):
    assignment = handed_to(world)
    director = world.water.posts["director"]
    assert director.rank == Rank.DIVISION
    assert allot_assignment(
        assignment, lead_division=world.water.division, officer=world.water.posts["officer"],
        responsible_leader=director, inner_due_on=assignment.due_on, quality_goal="满意", task_note="办",
        actor=world.water.liaison, today=ACCEPTED,
    ).responsible_leader == director
