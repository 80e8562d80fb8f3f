"""省科学技术厅：层层压实办理责任（KJ），守门的几条和四种办理方式。省水利厅借鉴它的机制。"""
import pytest

from handlers.actions import approving, field_planning, sheeting
from handlers.mechanisms.facts import Case
from handlers.models import Activity, Post, Reply, Way
from handlers.ways import recommend
from lianluo.statemachine import DomainError, Incomplete
from suggestions.actions import grouping
from tests.handlers import handling
from tests.handlers.handling import ACCEPTED, SIGNED, WRITTEN
from tests.mechanisms import planned
from tests.mechanisms.switching import codes_lacking, fresh, lacking, switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


# ── 四层责任（KJ-03） ──
@pytest.mark.parametrize(("key", "sentence"), [("head", "没有抓总的主要负责人"), ("liaison", "没有督办的办公室联络员")])
def test_kj_03_a_case_is_not_taken_in_hand_while_one_of_the_four_layers_is_missing(world, key, sentence):
    switch_on(world.water.unit, "KJ-03")
    assignment = handling.handed_to(world)
    Post.objects.filter(pk=world.water.posts[key].pk).update(valid_to=ACCEPTED)
    assert any(sentence in one for one in lacking(assignment, "allot", WRITTEN))
    switch_off(world.water.unit, "KJ-03")
    assert not any(sentence in one for one in lacking(assignment, "allot", WRITTEN))


def test_kj_03_without_a_leader_in_charge_allotting_is_refused_and_freed_by_naming_one(world):
    switch_on(world.water.unit, "KJ-03")
    switch_off(world.water.unit, "CZ-26")
    assignment = handling.handed_to(world)
    with pytest.raises(DomainError, match="选定负责的分管领导"):
        handling.allotted(assignment, world.water, responsible_leader=None)
    assert handling.allotted(assignment, world.water).status == "handling"


# ── 主要负责人把关（KJ-04） ──
def to_the_head(world) -> Reply:
    """审签走到主要负责人签发这一步。"""
    reply = handling.submitted(world)
    while True:
        step = reply.approvals.filter(agreed__isnull=True).order_by("position").first()
        if step.step == "head":
            return reply
        reply = Reply.objects.get(pk=handling.agree(reply).pk)


def test_kj_04_no_stand_in_signs_for_the_head(world):
    reply = to_the_head(world)
    reply = approving.delegate_approval(
        reply, post=world.water.posts["leader"], note="出访", actor=world.water.head, today=SIGNED
    )
    reply = Reply.objects.get(pk=reply.pk)
    switch_on(world.water.unit, "KJ-04")
    with pytest.raises(Incomplete, match="本人签发"):
        handling.agree(reply)
    switch_off(world.water.unit, "KJ-04")
    assert handling.agree(reply).status == "signed"


def test_kj_04_a_unit_whose_head_cannot_sign_in_does_not_submit(world):
    assignment = planned.in_hand(world)
    Post.objects.filter(pk=world.water.posts["head"].pk).update(account=None)
    assert "KJ-04" not in codes_lacking(assignment, "submit", WRITTEN)
    switch_on(world.water.unit, "KJ-04")
    assert "KJ-04" in codes_lacking(assignment, "submit", WRITTEN)


# ── 分管领导带队（KJ-05） ──
def test_kj_05_someone_elses_lead_is_refused_unless_it_says_why(world):
    switch_on(world.water.unit, "KJ-05")
    assignment = planned.in_hand(world)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"KJ-05"}
    with pytest.raises(DomainError, match="由分管领导.*带队") as refused:
        planned.visited(world, assignment, leader="director")
    assert refused.value.field == "leader"
    assert not Activity.objects.exists()
    planned.visited(world, assignment, leader="director", stand_in_reason="分管领导在防汛一线")
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_kj_05_the_leader_in_charge_needs_no_reason_and_a_call_is_no_visit(world):
    switch_on(world.water.unit, "KJ-05")
    assignment = planned.in_hand(world)
    handling.contacted(assignment, world.water, kind="phone", leader=world.water.posts["leader"])
    assert codes_lacking(assignment, "submit", WRITTEN) == {"KJ-05"}
    planned.visited(world, assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_kj_05_is_not_asked_of_an_assisting_unit_nor_where_it_is_off(world):
    switch_on(world.transport.unit, "KJ-05")
    lead, helper = handling.lead_and_helper(world)
    assert codes_lacking(helper, "submit", WRITTEN) == set()
    assert codes_lacking(lead, "submit", WRITTEN) == set()
    planned.visited(world, lead, leader="director")
    assert Activity.objects.get().stand_in_reason == ""


# ── 先有审定的方案（KJ-07） ──
def test_kj_07_no_visit_is_entered_before_the_years_plan_is_approved(world):
    switch_on(world.water.unit, "KJ-07")
    assignment = planned.in_hand(world)
    plan = field_planning.submit_plan(planned.drafted(world), actor=world.water.liaison, today=ACCEPTED)
    with pytest.raises(DomainError, match="还没有列入审定的现场办理工作方案"):
        planned.visited(world, assignment)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"KJ-07"}
    field_planning.approve_plan(plan, actor=world.water.head, today=ACCEPTED)
    assert planned.visited(world, assignment).kind == "on_site"
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_kj_07_switched_off_a_visit_needs_no_plan(world):
    assert planned.visited(world, planned.in_hand(world)).kind == "on_site"


# ── 四种方式（KJ-11 至 KJ-15） ──
ON = ("KJ-11", "KJ-12", "KJ-13", "KJ-14", "KJ-15")


def described(world, *, place: bool, single: bool, together: bool = False, **case):
    """填好两个判别属性的一件；``together`` 与另一件编成相近的一组。"""
    switch_on(world.water.unit, *(code for code in ON if not world.water.unit.policies.filter(code=code).exists()))
    assignment = planned.in_hand(world, **case)
    if together:
        other = planned.in_hand(world, title="关于湘江支流清淤的建议", lead_deputy=world.other_deputy)
        grouping.group_suggestions(
            [assignment.suggestion, other.suggestion], name="湘江支流治理", actor=world.clerk, today=WRITTEN
        )
    sheeting.save_sheet(
        assignment, data={"involves_place": place, "place_named": "涔水" if place else "", "single_issue": single},
        actor=world.water.officer, today=WRITTEN,
    )
    return fresh(assignment)


def advised(assignment):
    found = recommend(Case(assignment, WRITTEN))
    return found.way, found.code


def test_kj_11_another_way_than_the_advised_needs_a_reason(world):
    assignment = described(world, place=True, single=False)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"KJ-11"}
    with pytest.raises(DomainError, match="推荐现场调研"):
        sheeting.save_sheet(assignment, data={"way": Way.AT_DEPUTY}, actor=world.water.officer, today=WRITTEN)
    sheeting.save_sheet(
        assignment, data={"way": Way.AT_DEPUTY, "way_reason": "汛期封路"}, actor=world.water.officer, today=WRITTEN
    )
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_kj_11_switched_off_nobody_asks_which_way(world):
    assert codes_lacking(planned.in_hand(world), "submit", WRITTEN) == set()


def test_kj_12_a_case_about_a_place_is_looked_at_there_and_the_plan_says_where(world):
    assignment = described(world, place=True, single=False)
    assert advised(assignment) == (Way.ON_SITE, "KJ-12")
    step = planned.step_of(planned.drafted(world), assignment)
    assert (step.way, step.place) == (Way.ON_SITE, "涔水")


def test_kj_13_a_case_about_no_place_is_talked_over_where_the_deputy_works(world):
    assignment = described(world, place=False, single=False)
    assert advised(assignment) == (Way.AT_DEPUTY, "KJ-13")


def test_kj_14_similar_cases_are_talked_over_together(world):
    assignment = described(world, place=True, single=True, together=True)
    assert advised(assignment) == (Way.TOGETHER, "KJ-14")


def test_kj_15_a_single_issue_is_called_on(world):
    assignment = described(world, place=False, single=True)
    assert advised(assignment) == (Way.VISIT, "KJ-15")


def test_kj_15_the_order_is_similar_place_single_other_and_a_rule_switched_off_is_passed_over(world):
    assignment = described(world, place=True, single=True, together=True)
    found = []
    for code in ("KJ-14", "KJ-12", "KJ-15"):
        found.append(advised(fresh(assignment))[1])
        switch_off(world.water.unit, code)
    assert [*found, advised(fresh(assignment))[1]] == ["KJ-14", "KJ-12", "KJ-15", "KJ-13"]
