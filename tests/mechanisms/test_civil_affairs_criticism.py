"""省民政厅：批评件先调查，再整改，另一人核验，不到位的追责（MZ-05、MZ-16 至 MZ-19）。"""
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers.actions import investigating, rectifying
from handlers.models import Plan
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Forbidden, Incomplete, NotAllowed
from supervision import accountability, timeline
from supervision.actions import holding, signing_off
from supervision.conditions import conditions
from supervision.models import Directive, LedgerEntry
from supervision.reconciling import differences
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY, WRITTEN
from tests.mechanisms.classified import (
    SOON,
    concluded,
    in_hand,
    investigated,
    listed,
    problem,
    reported,
    settle,
    task,
    verified,
)
from tests.mechanisms.switching import codes_lacking, switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
ALL = ("MZ-22", "MZ-05", "MZ-16", "MZ-17", "MZ-18", "MZ-19")


@pytest.fixture
def criticism(world):
    """一件批评件，批评轨道的机制都开着。"""
    switch_on(world.water.unit, *ALL)
    return in_hand(world, "criticism")


# ── MZ-16 问题调查 ──
def test_mz_16_no_draft_before_the_investigation_is_concluded(world, criticism):
    handling.contacted(criticism, world.water)
    with pytest.raises(Incomplete, match="办结问题调查"):
        handling.drafted(criticism, world.water)
    plan = investigated(world, criticism)
    assert codes_lacking(criticism, "draft", WRITTEN) == {"MZ-16"}
    concluded(world, plan)
    assert handling.drafted(criticism, world.water).version == 1


def test_mz_16_switched_off_the_draft_is_open(world, criticism):
    switch_off(world.water.unit, "MZ-16")
    assert handling.drafted(criticism, world.water).version == 1


@pytest.mark.parametrize("blank", ["findings", "liability", "conclusion"])
def test_mz_16_facts_liability_and_conclusion_are_all_there(world, criticism, blank):
    plan = investigated(world, criticism)
    values = {"findings": "晚了两个月", "liability": "综合处", "conclusion": "属实", blank: " "}
    with pytest.raises(DomainError) as refused:
        investigating.conclude_investigation(plan, actor=world.water.liaison, today=MET, **values)
    assert refused.value.field == blank
    assert concluded(world, plan).investigator == world.water.posts["director"]


def test_mz_16_only_a_criticism_is_investigated(world):
    with pytest.raises(DomainError, match="批评件才有问题调查"):
        investigated(world, in_hand(world, "opinion"))


# ── MZ-17 回执 ──
def test_mz_17_the_investigation_ends_when_every_receipt_is_in(world, criticism):
    plan = investigated(world, criticism, task(), task("株洲市水利局"))
    one, two = plan.steps.all()
    with pytest.raises(Incomplete, match="还差 2 项") as refused:
        concluded(world, plan)
    assert {missing.code for missing in refused.value.missing} == {"MZ-17"}
    investigating.enter_receipt(one, text="资金已到", happened_on=MET, actor=world.water.officer, today=MET)
    with pytest.raises(Incomplete, match="株洲市水利局的回执还没有到"):
        concluded(world, plan)
    investigating.enter_receipt(two, text="没有收到", happened_on=MET, actor=world.water.officer, today=MET)
    assert concluded(world, plan).status == "done"
    with pytest.raises(NotAllowed):
        investigating.enter_receipt(two, text="补充", happened_on=MET, actor=world.water.officer, today=MET)


def test_mz_17_switched_off_it_ends_without_the_receipts(world, criticism):
    switch_off(world.water.unit, "MZ-17")
    assert concluded(world, investigated(world, criticism, task())).status == "done"


def test_mz_17_tasks_handed_out_stay_and_more_can_be_added(world, criticism):
    investigated(world, criticism, task())
    plan = investigated(world, criticism, task("株洲市水利局"))
    assert [step.body for step in plan.steps.all()] == ["长沙市水利局", "株洲市水利局"]
    assert Plan.objects.count() == 1


# ── MZ-05 三段不能跳 ──
def test_mz_05_no_list_of_problems_before_the_investigation_is_concluded(world, criticism):
    with pytest.raises(Incomplete, match="办结问题调查，再列整改清单"):
        listed(world, criticism, problem(world))
    plan = investigated(world, criticism)
    with pytest.raises(Incomplete):
        listed(world, criticism, problem(world))
    concluded(world, plan)
    assert listed(world, criticism, problem(world)).status == "issued"


def test_mz_05_no_reply_before_every_problem_is_verified(world, criticism):
    concluded(world, investigated(world, criticism))
    handling.contacted(criticism, world.water)
    handling.drafted(criticism, world.water)
    assert codes_lacking(criticism, "submit", WRITTEN) == {"MZ-05"}
    step = listed(world, criticism, problem(world)).steps.get()
    reported(world, step)
    assert codes_lacking(criticism, "submit", WRITTEN) == {"MZ-05"}
    verified(world, step)
    assert codes_lacking(criticism, "submit", WRITTEN) == set()


def test_mz_05_switched_off_problems_are_listed_at_once_and_the_reply_waits_for_nothing(world, criticism):
    switch_off(world.water.unit, "MZ-05")
    assert listed(world, criticism, problem(world)).status == "issued"
    assert codes_lacking(criticism, "submit", WRITTEN) == set()


# ── MZ-18 整改与核验 ──
@pytest.fixture
def rectification(world, criticism):
    concluded(world, investigated(world, criticism))
    return listed(world, criticism, problem(world), problem(world, text="没有公开资金去向"))


def test_mz_18_each_problem_is_owed_on_the_ledger_until_another_person_verified_it(world, rectification):
    one, two = rectification.steps.all()
    entries = LedgerEntry.objects.filter(kind="rectification").order_by("id")
    assert [(row.step, row.due_on, row.status, row.owner) for row in entries] == [
        (one, SOON, "open", world.water.posts["officer"]), (two, SOON, "open", world.water.posts["officer"]),
    ]
    with pytest.raises(NotAllowed, match="单位内部了结"):
        signing_off.apply_sign_off(entries[0], statement="办了", actor=world.water.liaison, today=TODAY)
    reported(world, one)
    assert [one.sentence for one in conditions(entries[0])] == ["整改还没有由另一个人核验通过"]
    verified(world, one)
    assert [row.status for row in entries.all()] == ["signed_off", "open"]
    assert differences() == []


def test_mz_18_who_reports_or_answers_for_it_does_not_verify_it(world, rectification):
    step = rectification.steps.first()
    reported(world, step, actor=world.water.director)
    for actor in (world.water.director, world.water.officer):
        with pytest.raises(DomainError, match="由另一个人核验"):
            verified(world, step, actor=actor)
    assert verified(world, step, actor=world.water.liaison).status == "done"


def test_mz_18_a_report_comes_with_evidence(world, rectification):
    with pytest.raises(DomainError, match="上传佐证") as refused:
        rectifying.report_rectified(
            rectification.steps.first(), text="改了", happened_on=MET, actor=world.water.officer, today=MET
        )
    assert refused.value.field == "evidence"


def test_mz_18_failed_is_open_again_and_counted_and_all_passed_is_done(world, rectification):
    one, two = rectification.steps.all()
    reported(world, one)
    assert Notice.objects.filter(kind="step.to_verify", recipient=world.water.liaison, done_at=None).count() == 1
    verified(world, one, passed=False)
    one.refresh_from_db()
    assert (one.status, one.failed_times) == ("open", 1)
    assert not Notice.objects.filter(kind="step.to_verify", done_at=None).exists()
    assert Notice.objects.filter(kind="step.failed", recipient=world.water.officer, done_at=None).exists()
    with pytest.raises(Incomplete, match="还差 2 项"):
        rectifying.finish_rectification(rectification, actor=world.water.liaison, today=WRITTEN)
    for step in (one, two):
        reported(world, step)
        verified(world, step)
    rectification.refresh_from_db()
    assert rectification.status == "done" and differences() == []


def test_mz_18_switched_off_the_unit_may_end_it_with_problems_left(world, rectification):
    switch_off(world.water.unit, "MZ-18")
    plan = rectifying.finish_rectification(rectification, actor=world.water.liaison, today=WRITTEN)
    assert plan.status == "done"


def test_mz_18_reconciling_sees_a_verified_problem_still_on_account(world, rectification):
    step = rectification.steps.first()
    reported(world, step)
    verified(world, step)
    entry = LedgerEntry.objects.get(step=step)
    LedgerEntry.objects.filter(pk=entry.pk).update(status="open", signed_off_on=None, signed_off_by=None)
    assert {row.check for row in differences()} == {"状态与留痕", "整改了结"}


# ── MZ-19 追责 ──
AFTER = SOON + timedelta(days=3)


def held(user, today=AFTER) -> list[str]:
    return [one.step.text for one in accountability.to_hold(user, today)]


def test_mz_19_an_overdue_problem_turns_up_by_itself_for_those_allowed(world, rectification):
    assert held(world.water.head, SOON) == []
    assert held(world.water.head) == held(world.water.leader) == held(world.clerk) == [
        "资金没有按时拨付", "没有公开资金去向"
    ]
    others = (world.water.liaison, world.water.director, world.water.officer, world.transport.head, world.gov)
    assert [held(user) for user in others] == [[]] * len(others)
    assert accountability.to_hold(world.clerk, AFTER)[0].why == "整改逾期 3 天"


def test_mz_19_two_failed_verifications_turn_up_even_in_time(world, rectification):
    step = rectification.steps.first()
    for times in (1, 2):
        reported(world, step)
        verified(world, step, passed=False)
        assert held(world.water.head, WRITTEN) == (["资金没有按时拨付"] if times == 2 else [])


def test_mz_19_switched_off_nothing_turns_up(world, rectification):
    switch_off(world.water.unit, "MZ-19")
    assert held(world.water.head) == held(world.clerk) == []


HOLDING = {"target": "综合处某某", "basis": "办法第九条", "treatment": "通报批评"}


def register(world, step, actor):
    return holding.register_accountability(step, issued_on=AFTER, actor=actor, today=AFTER, **HOLDING)


def test_mz_19_only_the_head_and_the_npc_office_register_it_and_once(world, rectification):
    one, two = rectification.steps.all()
    for actor in (world.water.leader, world.water.liaison, world.gov, world.transport.head):
        with pytest.raises(Forbidden):
            register(world, one, actor)
    register(world, one, world.water.head)
    assert held(world.water.head) == ["没有公开资金去向"]
    with pytest.raises(NotAllowed, match="已经登记过"):
        register(world, one, world.clerk)
    register(world, two, world.clerk)
    assert held(world.clerk) == []
    with pytest.raises(NotAllowed, match="没有逾期"):
        holding.register_accountability(
            listed(world, rectification.assignment, problem(world, text="又一个", due_on=TODAY + timedelta(days=90)))
            .steps.last(), issued_on=WRITTEN, actor=world.clerk, today=WRITTEN, **HOLDING,
        )


def test_mz_19_nobody_else_sees_it_anywhere(world, rectification, client):
    step, case = rectification.steps.first(), rectification.assignment.suggestion
    directive = register(world, step, world.water.head)
    pages = [reverse("supervision:accountability"), reverse("supervision:accountability_show", args=[directive.pk])]
    told = {world.water.head, world.water.leader, world.clerk}
    everyone = (
        *told, world.water.liaison, world.water.director, world.water.officer, world.transport.officer, world.gov,
        world.committee, world.lead_deputy.account, world.stranger,
    )
    for user in everyone:
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == ({200} if user in told else {404}), user
        events = set(timeline.of_case(case, user).values_list("event", flat=True))
        assert ("accountability.registered" in events) == (user in told), user
    client.force_login(world.transport.head)
    assert client.get(pages[1]).status_code == 404
    assert "综合处某某" not in client.get(pages[0]).content.decode()
    client.force_login(world.water.liaison)
    for tab in ("", "ledger/", "log/"):
        assert "通报批评" not in client.get(f"{case.get_absolute_url()}{tab}").content.decode()
    sheet = client.get(reverse("supervision:ledger_export"))
    cells = [cell for row in load_workbook(BytesIO(b"".join(sheet.streaming_content))).active.values for cell in row]
    assert "通报批评" not in cells and "综合处某某" not in cells
    event = AuditEvent.objects.get(event="accountability.registered")
    assert "通报批评" not in f"{event.target_name}{event.data}{event.reason}"


def test_mz_19_the_head_registers_it_on_the_page(world, rectification, client):
    step = rectification.steps.first()
    type(step).objects.filter(pk=step.pk).update(due_on=TODAY - timedelta(days=1))
    url = reverse("supervision:accountability_new", args=[step.pk])
    client.force_login(world.water.leader)
    assert client.get(url).status_code == 403
    client.force_login(world.water.liaison)
    assert client.get(url).status_code == 404
    client.force_login(world.water.head)
    assert client.post(url, {**HOLDING, "treatment": "", "issued_on": str(TODAY)}).status_code == 422
    assert client.post(url, {**HOLDING, "issued_on": str(TODAY)}).status_code == 302
    assert Directive.objects.get().treatment == "通报批评"
    assert "通报批评" in client.get(reverse("supervision:accountability")).content.decode()


def test_settle_is_used_for_the_sheet_only(world):
    """布景自证：没有定性质的件不在批评轨道上。"""
    assignment = in_hand(world)
    with pytest.raises(DomainError):
        listed(world, assignment, problem(world))
    assert listed(world, settle(world, assignment, nature="criticism"), problem(world)).status == "issued"
