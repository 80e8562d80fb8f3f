"""省科学技术厅：年度现场办理方案的编写、分组、各项要写明的、审定与下发（KJ-07 至 KJ-09），一次座谈办多件（KJ-14）。"""
from datetime import timedelta

import pytest
from django.urls import reverse

from handlers import field_plans
from handlers.actions import field_planning
from handlers.models import Activity, Assignment, Plan
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed
from suggestions.models import Category
from tests.handlers import handling
from tests.handlers.handling import ACCEPTED, TODAY, WRITTEN
from tests.mechanisms import planned
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
TOKEN = "t" * 24


def sorted_as(assignment: Assignment, category: Category) -> Assignment:
    type(assignment.suggestion).objects.filter(pk=assignment.suggestion_id).update(category=category)
    return assignment


def three(world) -> list[Assignment]:
    """长沙两件同类，株洲一件。"""
    water, road = Category.objects.order_by("position", "id")[:2]
    return [
        sorted_as(planned.in_hand(world), water),
        sorted_as(planned.in_hand(world, title="关于山塘清淤的建议", lead_deputy=world.cosigner), water),
        sorted_as(planned.in_hand(world, title="关于修渠道的建议", lead_deputy=world.other_deputy), road),
    ]


# ── 分组（KJ-08） ──
def test_kj_08_cases_of_one_prefecture_and_category_stand_in_one_group_and_the_groups_add_up(world):
    cases = three(world)
    handling.lead_and_helper(world, title="关于桥梁的建议")
    groups = field_plans.group_cases(field_plans.open_cases(world.water.unit))
    by_name = {group.name: {one.pk for one in group.rows} for group in groups}
    first = Category.objects.order_by("position", "id").first().name
    assert by_name[f"长沙市 {first}"] == {cases[0].pk, cases[1].pk}
    assert sum(len(group.rows) for group in groups) == field_plans.open_cases(world.water.unit).count() == 4
    places = [group.prefecture for group in groups]
    assert places == sorted(places, key=places.index), "同一市州的组挨着"
    assert field_plans.open_cases(world.transport.unit).count() == 0, "会办件不编进方案"


def test_kj_08_the_draft_is_filled_in_from_the_allotment(world):
    case, *_ = three(world)
    step = planned.step_of(planned.drafted(world), case)
    assert (step.leader, step.division) == (world.water.posts["leader"], world.water.division)
    assert [room.name for room in step.joining.all()] == ["河湖处"]
    assert (step.due_on, step.place) == (case.inner_due_on, "长沙市")


def test_kj_08_drafting_again_takes_in_what_came_later_and_repeats_nothing(world):
    planned.in_hand(world)
    plan = planned.drafted(world)
    planned.in_hand(world, title="关于山塘清淤的建议")
    assert field_plans.left_out(plan) == 1
    assert planned.drafted(world) == plan
    assert plan.steps.count() == 2 and field_plans.left_out(plan) == 0


# ── 各项（KJ-09） ──
def save(world, plan, step, **values):
    return field_planning.save_items(plan, items={step.pk: values}, actor=world.water.liaison, today=ACCEPTED)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"leader": None}, "0001 还没有写明带队厅领导"), ({"division": None}, "牵头处室"), ({"joining": ()}, "参与处室"),
    ({"due_on": None}, "办结时限"), ({"leader": None, "joining": ()}, "带队厅领导、参与处室"),
])
def test_kj_09_a_row_with_a_gap_is_not_saved_and_the_row_is_named(world, values, sentence):
    switch_on(world.water.unit, "KJ-09")
    case = planned.in_hand(world)
    plan = planned.drafted(world)
    step = planned.step_of(plan, case)
    with pytest.raises(Incomplete, match=sentence) as refused:
        save(world, plan, step, **values)
    assert {one.code for one in refused.value.missing} == {"KJ-09"}
    step.refresh_from_db()
    assert step.leader and step.joining.exists() and step.due_on
    switch_off(world.water.unit, "KJ-09")
    assert save(world, plan, step, **values).pk == plan.pk


def test_kj_09_no_row_is_due_after_the_statutory_date(world):
    switch_on(world.water.unit, "KJ-09")
    case = planned.in_hand(world)
    plan = planned.drafted(world)
    step = planned.step_of(plan, case)
    with pytest.raises(Incomplete, match=f"晚于法定期限 {case.due_on}"):
        save(world, plan, step, due_on=case.due_on + timedelta(days=1))
    save(world, plan, step, due_on=case.due_on)
    step.refresh_from_db()
    assert step.due_on == case.due_on


def test_kj_09_a_gap_stops_the_whole_plan_from_going_up(world):
    switch_on(world.water.unit, "KJ-09")
    planned.in_hand(world)
    handling.allotted(handling.handed_to(world, title="关于山塘清淤的建议"), world.water)
    plan = planned.drafted(world)
    with pytest.raises(Incomplete, match="0002 还没有写明参与处室"):
        field_planning.submit_plan(plan, actor=world.water.liaison, today=ACCEPTED)
    step = plan.steps.get(assignment__suggestion__number=2)
    save(world, plan, step, joining=(planned.second_room(world),))
    assert field_planning.submit_plan(plan, actor=world.water.liaison, today=ACCEPTED).status == "submitted"


def test_kj_09_people_and_rooms_of_another_unit_are_refused_switched_on_or_off(world):
    case = planned.in_hand(world)
    plan = planned.drafted(world)
    step = planned.step_of(plan, case)
    with pytest.raises(DomainError, match="不在本单位任职"):
        save(world, plan, step, leader=world.transport.posts["leader"])
    with pytest.raises(DomainError, match="又列作参与处室"):
        save(world, plan, step, joining=(world.water.division,))


# ── 审定、下发、作废（KJ-07） ──
def test_kj_07_the_head_approves_and_never_the_one_who_drafted(world):
    planned.in_hand(world)
    plan = field_planning.submit_plan(planned.drafted(world), actor=world.water.liaison, today=ACCEPTED)
    with pytest.raises(Forbidden):
        field_planning.approve_plan(plan, actor=world.water.leader, today=ACCEPTED)
    Plan.objects.filter(pk=plan.pk).update(drafted_by=world.water.head)
    with pytest.raises(Forbidden, match="不能审定自己的方案"):
        field_planning.approve_plan(plan, actor=world.water.head, today=ACCEPTED)
    Plan.objects.filter(pk=plan.pk).update(drafted_by=world.water.liaison)
    plan = field_planning.approve_plan(plan, actor=world.water.head, today=ACCEPTED)
    assert (plan.status, plan.approved_by, plan.approved_on) == ("approved", world.water.head, ACCEPTED)
    assert field_planning.issue_plan(plan, actor=world.water.liaison, today=ACCEPTED).status == "issued"
    events = AuditEvent.objects.filter(target_type="handlers.plan").order_by("id").values_list("event", flat=True)
    assert list(events) == ["plan.drafted", "plan.submitted", "plan.approved", "plan.issued"]


def test_kj_07_a_plan_sent_back_is_open_to_change_again(world):
    case = planned.in_hand(world)
    plan = field_planning.submit_plan(planned.drafted(world), actor=world.water.liaison, today=ACCEPTED)
    with pytest.raises(NotAllowed):
        save(world, plan, planned.step_of(plan, case), place="岳阳县")
    with pytest.raises(DomainError, match="写明退回修改的意见"):
        field_planning.send_back_plan(plan, note=" ", actor=world.water.head, today=ACCEPTED)
    plan = field_planning.send_back_plan(plan, note="先办防汛的", actor=world.water.head, today=ACCEPTED)
    save(world, plan, planned.step_of(plan, case), place="岳阳县")
    assert planned.step_of(plan, case).place == "岳阳县"


def test_kj_07_one_plan_a_year_a_new_one_after_voiding_keeps_what_was_filled_in(world):
    case = planned.in_hand(world)
    plan = planned.drafted(world)
    save(world, plan, planned.step_of(plan, case), place="岳阳县")
    field_planning.submit_plan(plan, actor=world.water.liaison, today=ACCEPTED)
    with pytest.raises(NotAllowed, match="作废后重编"):
        planned.drafted(world)
    field_planning.void_plan(plan, note="新交来三件", actor=world.water.liaison, today=ACCEPTED)
    again = planned.drafted(world)
    assert again != plan and planned.step_of(again, case).place == "岳阳县"
    assert [room.name for room in planned.step_of(again, case).joining.all()] == ["河湖处"]


# ── 页面 ──
def test_kj_07_the_whole_way_of_a_plan_through_the_pages(world, client):
    switch_on(world.water.unit, "KJ-09")
    case = planned.in_hand(world)
    other = handling.allotted(handling.handed_to(world, title="关于山塘清淤的建议"), world.water)
    client.force_login(world.water.liaison)
    answer = client.post(reverse("handlers:field_plans"), {"form_token": "a" * 24})
    plan = Plan.objects.get()
    page = reverse("handlers:field_plan", args=[plan.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.post(page, {"do": "submit", "form_token": "b" * 24}).status_code == 422
    edit = reverse("handlers:field_plan_edit", args=[plan.pk]) + "?group=1"
    steps = {one.pk: planned.step_of(plan, one) for one in (case, other)}
    assert client.get(edit).status_code == 200
    data = {"form_token": "c" * 24}
    for step in steps.values():
        data |= {
            f"leader-{step.pk}": step.leader_id, f"division-{step.pk}": step.division_id, f"way-{step.pk}": step.way,
            f"place-{step.pk}": "涔水大堤", f"due_on-{step.pk}": str(step.due_on), f"joining-{step.pk}": [],
        }
    refused = client.post(edit, data)
    assert refused.status_code == 422 and "涔水大堤" in refused.content.decode(), "打过的字还在"
    rooms = {f"joining-{step.pk}": [planned.second_room(world).pk] for step in steps.values()}
    assert client.post(edit, data | rooms).status_code == 302
    assert client.post(page, {"do": "submit", "form_token": "d" * 24}).status_code == 302
    assert client.post(page, {"do": "approve", "form_token": "e" * 24}).status_code == 403
    client.force_login(world.water.head)
    assert "退回修改" in client.get(page).content.decode()
    assert client.post(page, {"do": "approve", "note": "同意", "form_token": "f" * 24}).status_code == 302
    assert client.post(page, {"do": "issue", "form_token": "g" * 24}).status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.approved_by) == ("issued", world.water.head)


def test_kj_07_others_do_not_see_the_plan_and_a_room_sees_only_its_own_rows(world, client):
    planned.in_hand(world)
    plan = planned.issued(world)
    page = reverse("handlers:field_plan", args=[plan.pk])
    client.force_login(world.publicity.liaison)
    assert client.get(page).status_code == 404
    client.force_login(world.clerk)
    assert client.get(page).status_code == 200
    client.force_login(world.water.officer)
    assert "关于加强湘江支流治理的建议" in client.get(page).content.decode()
    plan.steps.get().assignment.allotments.all().delete()
    assert client.get(page).status_code == 404


# ── 一次办多件（KJ-14，机制冲突之七） ──
def test_kj_14_one_visit_from_the_plan_counts_once_for_each_case_and_each_deputy(world, client):
    switch_on(world.water.unit, "KJ-05", "KJ-07")
    first, second, far = three(world)
    plan = planned.issued(world)
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:field_plan", args=[plan.pk])).content.decode()
    new = reverse("handlers:activity_new", args=[first.pk])
    assert f"{new}?kind=talk&amp;leader={world.water.posts['leader'].pk}&amp;place=" in text
    assert f"others={second.pk}" in text and "（2 件）" in text
    form = client.get(f"{new}?kind=talk&leader={world.water.posts['leader'].pk}&place=长沙市&others={second.pk}")
    initial = form.context["form"].initial
    assert (initial["leader"], initial["place"], initial["others"]) == (
        world.water.posts["leader"].pk, "长沙市", [second.pk]
    )
    answer = client.post(new, {
        "happened_on": str(TODAY), "kind": initial["kind"], "leader": initial["leader"], "place": initial["place"],
        "others": initial["others"], "deputies": initial["deputies"], "stage": "before",
        "members": [world.water.posts["leader"].pk, world.water.posts["officer"].pk],
        "content": "与两名代表一起座谈清淤", "form_token": TOKEN,
    })
    assert answer.status_code == 302, answer.content.decode()
    talk = Activity.objects.get()
    assert {row.assignment_id for row in talk.cases.all()} == {first.pk, second.pk}
    assert {row.deputy for row in talk.deputies.all()} == {world.lead_deputy, world.cosigner}
    for case in (first, second):
        met = Activity.objects.standing_for(case.pk).filter(face_to_face=True)
        assert met.count() == 1, "每件各记一次"
    assert not Activity.objects.standing_for(far.pk).exists()
    after = client.get(reverse("handlers:field_plan", args=[plan.pk])).content.decode()
    assert f"others={second.pk}" not in after and "已办" in after


def test_kj_14_without_the_group_a_talk_counts_only_for_its_own_case(world):
    first, second, _ = three(world)
    planned.visited(world, first, on=WRITTEN)
    assert not Activity.objects.standing_for(second.pk).exists()
