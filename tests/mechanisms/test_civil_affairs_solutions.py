"""省民政厅：意见件一事一议，征得代表同意后实施，持续跟踪问效（MZ-06 至 MZ-12）。省水利厅借鉴。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers.actions import denying, solving
from handlers.models import Activity, Plan, PlanRecord
from handlers.progress_periods import periods_of
from lianluo.audit.models import AuditEvent
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, Incomplete, NotAllowed
from supervision import measures, plan_reminders
from supervision.actions import measuring
from supervision.models import LedgerEntry
from supervision.reconciling import differences
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY, WRITTEN
from tests.mechanisms.classified import asked, in_hand, measure, settle, solved, started
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


@pytest.fixture
def opinion(world):
    """一件意见件，总开关已开。"""
    switch_on(world.water.unit, "MZ-22")
    return in_hand(world, "opinion")


def on(world, *codes: str) -> None:
    switch_on(world.water.unit, *codes)


# ── MZ-06 一事一议 ──
def test_mz_06_two_cases_share_a_plan_only_with_a_reason_and_a_warning(world, opinion, client):
    on(world, "MZ-06")
    other = settle(world, in_hand(world, title="关于山塘清淤的建议"), nature="opinion")
    with pytest.raises(DomainError, match="一事一议，2 件同用一个方案，写明理由") as refused:
        solved(world, opinion, also=[other])
    assert refused.value.field == "shared_reason" and not Plan.objects.exists()
    solved(world, opinion, also=[other], shared_reason="同一条河，同一笔资金")
    client.force_login(world.water.officer)
    text = client.get(reverse("handlers:plan", args=[other.pk, "solution"])).content.decode()
    assert "banner-warning" in text and "同一条河，同一笔资金" in text
    assert AuditEvent.objects.filter(event="solution.shared", chain=other.suggestion.audit_chain).count() == 1
    with pytest.raises(NotAllowed, match="同用一个方案"):
        solved(world, other)


def test_mz_06_switched_off_no_reason_is_asked(world, opinion):
    other = settle(world, in_hand(world, title="关于山塘清淤的建议"), nature="opinion")
    assert solved(world, opinion, also=[other]).also.get() == other


# ── MZ-07、MZ-08 ──
def test_mz_07_without_a_plan_no_consent_can_be_recorded(world, opinion):
    on(world, "MZ-07")
    with pytest.raises(DomainError, match="还没有解决方案"):
        asked(world, opinion)
    solved(world, opinion)
    assert asked(world, opinion).plan == Plan.objects.get()


def test_mz_07_switched_off_the_consent_stands_alone(world, opinion):
    assert asked(world, opinion).plan is None


def test_mz_07_an_opinion_without_a_plan_is_not_submitted(world, opinion):
    on(world, "MZ-07")
    handling.contacted(opinion, world.water)
    handling.drafted(opinion, world.water)
    assert lacking_codes(opinion, "submit") == {"MZ-07"}
    solved(world, opinion)
    assert lacking_codes(opinion, "submit") == set()


def lacking_codes(assignment, door):
    from tests.mechanisms.switching import codes_lacking

    return codes_lacking(assignment, door, WRITTEN)


@pytest.mark.parametrize(("blank", "sentence"), [("expected", "填写预期结果"), ("expected_on", "填写预期日期")])
def test_mz_08_the_plan_says_what_is_expected_and_when(world, opinion, blank, sentence):
    empty = {"expected": "", "expected_on": None}
    on(world, "MZ-08")
    with pytest.raises(DomainError, match=sentence) as refused:
        solved(world, opinion, **{blank: empty[blank]})
    assert refused.value.field == blank
    switch_off(world.water.unit, "MZ-08")
    assert solved(world, opinion, **{blank: empty[blank]}).status == "draft"


# ── MZ-09 征得代表同意 ──
def test_mz_09_the_plan_starts_only_after_the_lead_deputy_agreed(world, opinion):
    on(world, "MZ-09")
    plan = solved(world, opinion, measure(world))
    with pytest.raises(Incomplete, match="征求领衔代表对方案的意见"):
        solving.start_solution(plan, actor=world.water.officer, today=MET)
    asked(world, opinion, "conditional")
    assert solving.start_solution(plan, actor=world.water.officer, today=MET).status == "issued"


def test_mz_09_switched_off_nobody_has_to_agree(world, opinion):
    plan = solved(world, opinion, measure(world))
    assert solving.start_solution(plan, actor=world.water.officer, today=MET).status == "issued"


def test_mz_09_a_refusal_sends_the_plan_back_and_is_on_record(world, opinion):
    on(world, "MZ-09")
    plan = solved(world, opinion, measure(world))
    asked(world, opinion, "agreed")
    assert Plan.objects.get().status == "approved"
    asked(world, opinion, "refused", on=MET + timedelta(days=1))
    plan.refresh_from_db()
    event = AuditEvent.objects.get(event="solution.refused")
    assert (plan.status, event.source, event.target_state, event.reason) == (
        "draft", "approved", "draft", "补偿标准要写明"
    )
    with pytest.raises(Incomplete, match="领衔代表不同意"):
        solving.start_solution(plan, actor=world.water.officer, today=WRITTEN)


def test_mz_09_a_refusal_never_holds_up_the_reply(world, opinion):
    """机制冲突之五：代表不同意也照样送审，只要有记录。"""
    on(world, "MZ-07", "MZ-09")
    handling.contacted(opinion, world.water)
    handling.drafted(opinion, world.water)
    solved(world, opinion)
    assert lacking_codes(opinion, "submit") == {"MZ-09"}
    asked(world, opinion, "refused")
    assert lacking_codes(opinion, "submit") == set()


def test_mz_09_a_cosigner_does_not_stand_in_for_the_lead(world):
    switch_on(world.water.unit, "MZ-22", "MZ-09")
    assignment = in_hand(world, "opinion", cosigners=[world.cosigner])
    solved(world, assignment)
    with pytest.raises(DomainError, match="取领衔代表黄岳若的意见"):
        asked(world, assignment, deputies=[world.cosigner])
    assert asked(world, assignment, deputies=[world.lead_deputy, world.cosigner]).conclusion == "agreed"


def test_mz_09_switched_off_a_cosigner_will_do(world):
    switch_on(world.water.unit, "MZ-22")
    assignment = in_hand(world, "opinion", cosigners=[world.cosigner])
    solved(world, assignment)
    assert asked(world, assignment, deputies=[world.cosigner]).conclusion == "agreed"


def test_mz_09_a_changed_plan_is_asked_about_again(world, opinion):
    on(world, "MZ-09")
    plan = solved(world, opinion, measure(world))
    asked(world, opinion)
    solved(world, opinion, measure(world), measure(world, text="再清两处"))
    plan.refresh_from_db()
    assert plan.status == "approved", "只添措施不必重新征求"
    solved(world, opinion, measure(world), text="改成只清一处")
    plan.refresh_from_db()
    assert plan.status == "draft"
    with pytest.raises(Incomplete, match="又有改动"):
        solving.start_solution(plan, actor=world.water.officer, today=MET)


def test_mz_09_a_denied_contact_is_no_consent(world, opinion):
    on(world, "MZ-09")
    plan = solved(world, opinion, measure(world))
    activity = asked(world, opinion)
    denying.deny_activity(activity.deputies.get(), actor=world.lead_deputy.account, today=MET)
    with pytest.raises(Incomplete, match="征求领衔代表"):
        solving.start_solution(plan, actor=world.water.officer, today=MET)


def test_mz_09_a_condition_has_to_be_written_down(world, opinion):
    solved(world, opinion)
    with pytest.raises(DomainError, match="写明代表提的条件") as refused:
        asked(world, opinion, "conditional", deputy_view=" ")
    assert refused.value.field == "deputy_view" and not Activity.objects.filter(matter="consent").exists()


# ── MZ-10、MZ-11 ──
def test_mz_10_a_plan_without_measures_is_not_started(world, opinion):
    on(world, "MZ-10")
    plan = solved(world, opinion)
    with pytest.raises(Incomplete, match="至少列一条落实措施"):
        solving.start_solution(plan, actor=world.water.officer, today=MET)
    switch_off(world.water.unit, "MZ-10")
    assert solving.start_solution(plan, actor=world.water.officer, today=MET).status == "issued"


@pytest.mark.parametrize("blank", ["leader", "person"])
def test_mz_11_each_measure_names_its_leader_and_its_person(world, opinion, blank):
    on(world, "MZ-11")
    lacking = measure(world, **{blank: None})
    with pytest.raises(DomainError, match="第 2 条措施写明责任领导和责任人"):
        solved(world, opinion, measure(world), lacking)
    switch_off(world.water.unit, "MZ-11")
    plan = solved(world, opinion, measure(world), lacking)
    assert plan.steps.count() == 2


def test_mz_11_a_measure_drafted_before_the_rule_is_caught_at_the_start(world, opinion):
    plan = solved(world, opinion, measure(world, person=None))
    on(world, "MZ-11")
    with pytest.raises(Incomplete) as refused:
        solving.start_solution(plan, actor=world.water.officer, today=MET)
    assert [one.code for one in refused.value.missing] == ["MZ-11"]


def test_mz_11_a_stranger_is_not_a_responsible_person(world, opinion):
    with pytest.raises(DomainError, match="不是本单位现在的人"):
        solved(world, opinion, measure(world, person=world.transport.posts["officer"]))


# ── MZ-12 持续跟踪问效 ──
START = date(2026, 1, 31)


@pytest.mark.parametrize(("reports", "today", "silent"), [
    ([], date(2026, 2, 27), 0), ([], date(2026, 2, 28), 1), ([], date(2026, 3, 31), 2),
    ([date(2026, 2, 10)], date(2026, 2, 28), 0), ([date(2026, 2, 10)], date(2026, 3, 31), 1),
    ([date(2026, 2, 10)], date(2026, 4, 30), 2), ([date(2026, 2, 28)], date(2026, 3, 31), 0),
    ([date(2026, 3, 31)], date(2026, 3, 31), 0),
])
def test_mz_12_a_period_is_a_month_and_a_report_starts_the_count_again(reports, today, silent):
    assert periods_of(START, reports, today).silent == silent


def after(plan: Plan, months: int) -> date:
    from lianluo.workdays.arithmetic import add_months

    return add_months(plan.issued_on, months)


def test_mz_12_one_silent_period_is_reminded_once(world, opinion):
    on(world, "MZ-12")
    plan = started(world, opinion)
    assert plan_reminders.remind(after(plan, 1) - timedelta(days=1)) == 0
    assert plan_reminders.remind(after(plan, 1)) == 2
    assert plan_reminders.remind(after(plan, 1)) == plan_reminders.remind(after(plan, 1) + timedelta(days=5)) == 0
    rows = Notice.objects.filter(kind="plan.report_due")
    assert {row.recipient for row in rows} == {world.water.officer, world.water.liaison}
    assert measuring.open_measures(after(plan, 1)) == 0


def test_mz_12_two_silent_periods_go_on_the_ledger_once_and_a_report_settles_it(world, opinion):
    on(world, "MZ-12")
    plan = started(world, opinion)
    today = after(plan, 2)
    assert [one.plan for one in measures.silent_plans(today)] == [plan]
    assert measuring.open_measures(today) == 1
    assert measuring.open_measures(today) == 0
    entry = LedgerEntry.objects.get(kind="measure")
    assert (entry.plan, entry.unit, entry.status) == (plan, world.water.unit, "open")
    assert differences() == []
    solving.report_progress(plan, text="清了两处", happened_on=today, actor=world.water.officer, today=today)
    entry.refresh_from_db()
    assert entry.status == "signed_off" and entry.result == "恢复报进展"
    assert not Notice.objects.filter(kind="plan.report_due", done_at=None).exists()
    assert measures.silent_plans(today) == []
    assert measuring.open_measures(after(plan, 5)) == 1, "又沉默了两期，恢复挂账"
    entry.refresh_from_db()
    assert entry.status == "open" and LedgerEntry.objects.filter(kind="measure").count() == 1
    assert differences() == []


def test_mz_12_switched_off_nobody_is_reminded_or_put_on_the_ledger(world, opinion):
    plan = started(world, opinion)
    assert plan_reminders.remind(after(plan, 3)) == 0
    assert measuring.open_measures(after(plan, 3)) == 0


def test_mz_12_the_daily_task_does_both(world, opinion, monkeypatch):
    from lianluo.celery import BEAT
    from supervision import tasks

    on(world, "MZ-12")
    plan = started(world, opinion)
    Plan.objects.filter(pk=plan.pk).update(issued_on=TODAY - timedelta(days=75))
    assert tasks.watch_plans() == 3
    assert tasks.watch_plans() == 0
    assert [row.task for row in BEAT if row.name == "watch_plans"] == ["supervision.tasks.watch_plans"]


def test_mz_12_the_plan_ends_with_a_conclusion_and_the_ledger_with_it(world, opinion):
    on(world, "MZ-12")
    plan = started(world, opinion)
    today = after(plan, 2)
    measuring.open_measures(today)
    step = plan.steps.get()
    with pytest.raises(DomainError, match="还有 1 条措施没有完成"):
        solving.finish_solution(plan, conclusion="办到了", actor=world.water.liaison, today=today)
    solving.report_progress(
        plan, text="清完了", happened_on=today, step=step, done=True, actor=world.water.officer, today=today
    )
    with pytest.raises(DomainError, match="写明问效结论"):
        solving.finish_solution(plan, conclusion=" ", actor=world.water.liaison, today=today)
    plan = solving.finish_solution(plan, conclusion="三处山塘恢复蓄水", actor=world.water.liaison, today=today)
    assert (plan.status, plan.done_on) == ("done", today)
    assert PlanRecord.objects.get().kind == "done"
    assert not LedgerEntry.objects.on_account().filter(kind="measure").exists()
    assert differences() == []
