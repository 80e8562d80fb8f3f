"""写提醒：谁、哪天、哪一级；办完、撤回、并案、延期；停摆之后只补最近一级；重跑不重复。"""
from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from handlers.actions import evaluating, receiving, returning
from handlers.actions.extending import decide_extension
from handlers.models import Post
from lianluo.accounts.models import User
from lianluo.notices.models import Notice
from lianluo.workdays import arithmetic
from lianluo.workdays.calendar import current
from suggestions.actions.registering import register_suggestion
from suggestions.actions.withdrawing import withdraw_suggestion
from supervision import reminding
from supervision.reminders import fires_on, schedule
from supervision.watches import all_watches
from tests.cases import ACCEPTED, ASSIGNED, MET, SENT, Journey, extension_requested, merged, return_requested
from tests.suggestions.drafts import AFTER, entered, registered
from tests.supervision.factory import alone, entry_of, moved_to, reported

pytestmark = pytest.mark.django_db


def written(**wanted) -> list[Notice]:
    return list(Notice.objects.filter(kind=reminding.KIND, **wanted).select_related("recipient").order_by("id"))


def watch_of(journey: Journey, matter: str):
    found = [one for one in all_watches(ASSIGNED, current(), case=journey.suggestion) if one.matter == matter]
    return found[0] if found else None


def day_of(watch, days: int) -> date:
    """某一级在哪天发。"""
    rung = next(rung for rung in watch.ladder if rung.days == days)
    return fires_on(rung, watch.due_on, current())


def run(journey: Journey, matter: str, days: int) -> set[str]:
    """到这一级的那天写提醒，返回收到这件事提醒的人。"""
    watch = watch_of(journey, matter)
    before = set(Notice.objects.values_list("pk", flat=True))
    reminding.write(day_of(watch, days))
    rows = Notice.objects.filter(kind=reminding.KIND, about=watch.about).exclude(pk__in=before)
    return {row.recipient.username for row in rows.select_related("recipient")}


# ── 承办单位 ──
def test_each_rung_of_the_answer_goes_to_its_people(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    assert run(journey, "答复", 30) == {"slt-officer", "slt-liaison"}
    assert run(journey, "答复", 7) == {"slt-officer", "slt-liaison", "slt-director"}
    assert run(journey, "答复", 3) == {"slt-liaison", "slt-director", "slt-leader"}
    assert run(journey, "答复", 0) == {"slt-liaison", "slt-leader", "slt-head"}
    assert run(journey, "答复", -1) == {"slt-liaison", "slt-leader", "slt-head", "clerk", "clerk2"}
    assert run(journey, "答复", -10) == {"slt-liaison", "slt-head", "clerk", "clerk2"}


def test_people_of_other_divisions_get_nothing(world):
    from handlers.models import Division

    other = Division.objects.create(unit=world.water.unit, name="建设处")
    Post.objects.create(
        unit=world.water.unit, division=other, account=world.stranger, name="路人", duty="officer", rank=10,
        valid_from=date(2020, 1, 1),
    )
    journey = alone(world).to("allotted")
    assert "stranger" not in run(journey, "答复", 30)


def test_a_unit_without_a_liaison_reaches_its_leaders(world):
    Post.objects.filter(account=world.water.liaison).update(valid_to=date(2020, 2, 1))
    Post.objects.filter(unit=world.water.unit, duty__in=("officer", "division_head")).update(valid_to=date(2020, 2, 1))
    journey = alone(world).to("assigned")
    assert run(journey, "签收", -1) == {"slt-leader", "slt-head"}


def test_people_who_left_or_are_disabled_get_nothing(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    Post.objects.filter(account=world.water.officer).update(valid_to=ASSIGNED)
    User.objects.filter(pk=world.water.liaison.pk).update(is_active=False)
    assert run(journey, "答复", 30) == {"slt-leader", "slt-head"}


def test_an_unaccepted_case_presses_the_liaison_then_the_leaders_then_the_office(world):
    """交办三个工作日没有签收。"""
    journey = alone(world).to("assigned")
    watch = watch_of(journey, "签收")
    assert watch.due_on == arithmetic.add_workdays(ASSIGNED, 3, current())
    assert reminding.write(watch.due_on) == 0, "三个工作日之内不催"
    assert run(journey, "签收", -1) == {"slt-liaison"}
    assert run(journey, "签收", -4) == {"slt-liaison", "slt-leader"}
    assert run(journey, "签收", -7) == {"slt-liaison", "slt-leader", "slt-head", "clerk", "clerk2"}
    receiving.accept_assignment(journey.assignment, actor=world.water.liaison, today=ACCEPTED)
    assert watch_of(journey, "签收") is None


def test_an_assisting_unit_is_reminded_of_its_opinion(world):
    journey = Journey(world).to("allotted")
    assert run(journey, "会办意见", 7) == {"jtt-officer", "jtt-liaison", "jtt-director"}


def test_the_first_contact_is_reminded_and_done_once_made(world):
    journey = alone(world).to("allotted")
    assert run(journey, "首次沟通", 3) == {"slt-officer", "slt-liaison"}
    journey.talk(on=MET)
    assert watch_of(journey, "首次沟通") is None


# ── 办公室自己的事 ──
def test_the_office_is_reminded_to_register(world):
    case = entered(world, today=AFTER)
    (watch,) = all_watches(AFTER, current(), case=case)
    assert watch.matter == "审核登记"
    for days in (0, -1):
        reminding.write(day_of(watch, days))
        rows = written(about=f"suggestion:{case.pk}", rung=watch.rung_code(days))
        assert {row.recipient.username for row in rows} == {"clerk", "clerk2"}
    register_suggestion(case, actor=world.clerk, today=AFTER)
    assert [one.matter for one in all_watches(AFTER, current(), case=case)] == ["闭会期间交办"]


def test_the_office_is_reminded_to_assign_what_came_between_sessions(world):
    case = registered(world, today=AFTER)
    (watch,) = all_watches(AFTER, current(), case=case)
    assert watch.matter == "闭会期间交办"
    reminding.write(day_of(watch, 0))
    assert {row.recipient.username for row in written(about=f"suggestion:{case.pk}")} == {"clerk", "clerk2"}


def test_whoever_decides_a_return_is_reminded(world):
    """政府系统单位之间的归政府办公厅，其余归联工委。"""
    row, journey = return_requested(world, assist=None)
    row.proposed_unit = world.transport.unit
    row.save()
    watch = watch_of(journey, "裁决省水利厅的退回")
    assert watch.due_on == row.decide_by_on
    assert run(journey, watch.matter, 0) == {"gov"}
    row.proposed_unit = world.publicity.unit
    row.save()
    assert run(journey, watch.matter, -1) == {"clerk", "clerk2"}, "改交政府系统以外的由联工委裁决"
    returning.decide_return(row, granted=False, note="继续办理", actor=world.clerk, today=MET)
    assert watch_of(journey, watch.matter) is None


def test_whoever_decides_an_extension_is_reminded(world):
    row, journey = extension_requested(world, assist=None)
    assert run(journey, "批复省水利厅的延期", 0) == {"gov"}


def test_the_office_is_reminded_of_feedback_and_publication(world):
    journey = alone(world).to("delivered")
    assert run(journey, "代表反馈", 0) == {"clerk", "clerk2"}
    assert run(journey, "公开审定", -1) == {"clerk", "clerk2"}
    journey.to("published")
    assert watch_of(journey, "代表反馈") is None
    assert watch_of(journey, "公开审定") is None


def test_a_promise_is_reminded_until_it_is_kept_even_after_the_case_is_concluded(world):
    journey = alone(world, result="B").to("signed_off")
    (watch,) = list(all_watches(SENT, current(), case=journey.suggestion))
    assert watch.matter.startswith("承诺“完成三十座")
    assert run(journey, watch.matter, 30) == {"slt-officer", "slt-liaison"}
    reported(journey, entry_of(journey, "promise"))
    from supervision.models import LedgerEntry

    LedgerEntry.objects.filter(kind="promise").update(status="ready")
    assert list(all_watches(SENT, current(), case=journey.suggestion)) == [], "已申请销号的不再催"


def test_a_later_rung_puts_the_earlier_ones_away_for_those_who_get_it(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    for days in (30, 7):
        run(journey, "答复", days)
    rows = Notice.objects.filter(kind=reminding.KIND, about=watch_of(journey, "答复").about, done_at=None)
    assert sorted(row.rung.rpartition(":")[2] for row in rows) == ["7", "7", "7"]


# ── 该停的停 ──
def test_an_answered_case_is_pressed_no_more(world):
    journey = alone(world).to("delivered")
    assert watch_of(journey, "答复") is None


def test_a_withdrawn_case_gets_none(world):
    journey = alone(world).to("allotted")
    watch = watch_of(journey, "答复")
    withdraw_suggestion(
        journey.suggestion, reason="来函撤回", consented=[], consent_how="来函", actor=world.clerk, today=MET
    )
    assert list(all_watches(ASSIGNED, current(), case=journey.suggestion)) == []
    assert reminding.write(day_of(watch, 0)) == 0


def test_a_concluded_case_gets_none(world):
    journey = alone(world).to("signed_off")
    assert list(all_watches(ASSIGNED, current(), case=journey.suggestion)) == []


def test_a_merged_case_is_reminded_only_through_its_main_case(world):
    journey = merged(world, assist=None, cosigners=())
    assert list(all_watches(ASSIGNED, current(), case=journey.suggestion)) == []


def test_a_reassigned_unit_gets_none_and_the_new_one_is_counted_from_its_own_day(world):
    journey = alone(world).to("accepted")
    later = ASSIGNED + timedelta(days=4)
    moved_to(journey, world.publicity, by=world.clerk, today=later)
    watches = [one for one in all_watches(later, current(), case=journey.suggestion) if one.matter == "答复"]
    (watch,) = watches
    assert watch.assignment.unit == world.publicity.unit
    assert watch.since == later, "交到新单位以前的级不补"


def test_an_extension_starts_the_ladder_again_from_the_day_it_was_granted(world):
    """righttoknow#102：延期之后灯与提醒都按新期限；批准以前的级不补。"""
    row, journey = extension_requested(world, assist=None)
    old = watch_of(journey, "答复")
    reminding.write(day_of(old, 30))
    granted_on = old.due_on - timedelta(days=2)
    row.refresh_from_db()
    decide_extension(row, granted=True, actor=world.gov, today=granted_on)
    new = watch_of(journey, "延期后的答复")
    assert (new.due_on, new.since) == (row.asked_until, granted_on)
    assert new.code != old.code
    assert all(day > granted_on for day, _ in schedule(new.ladder, new.due_on, new.since, current()))


# ── 休息日、停摆、重跑 ──
def test_nothing_is_written_on_a_rest_day(world):
    journey = alone(world).to("allotted")
    due_on = watch_of(journey, "答复").due_on
    saturday = due_on + timedelta(days=(5 - due_on.weekday()) % 7 or 7)
    while arithmetic.is_workday(saturday, current()):
        saturday += timedelta(days=7)
    assert reminding.plan(saturday) == []
    assert reminding.write(saturday) == 0


def test_after_days_of_standstill_only_the_latest_rung_is_made_up_and_marked_late(world):
    """停了几天再起来，只发最近一级，写明本该哪天。"""
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    watch = watch_of(journey, "答复")
    day = arithmetic.add_workdays(day_of(watch, 7), 1, current())
    assert reminding.write(day) == 3
    rows = written()
    assert {row.rung for row in rows} == {watch.rung_code(7)}
    missed = day_of(watch, 7)
    assert f"应于 {missed.month}月{missed.day}日 发出" in rows[0].body
    assert f"还剩 {(watch.due_on - day).days} 天" in rows[0].subject


def test_on_time_reminders_are_not_marked_late(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    reminding.write(day_of(watch_of(journey, "答复"), 7))
    assert written() and all("补发" not in row.body for row in written())


def test_running_again_writes_nothing_new(world):
    journey = alone(world).to("allotted")
    day = day_of(watch_of(journey, "答复"), 7)
    first = reminding.write(day)
    assert first > 0
    assert [reminding.write(day) for _ in range(3)] == [0, 0, 0]
    assert reminding.write(arithmetic.add_workdays(day, 1, current())) == 0, "次日也不再发同一级"
    assert len(written()) == first


def test_someone_who_comes_later_is_not_sent_a_past_rung(world):
    """一级只发一次；后来接手的人从下一级收起。"""
    journey = alone(world).to("allotted")
    watch = watch_of(journey, "答复")
    reminding.write(day_of(watch, 15))
    Post.objects.create(
        unit=world.water.unit, account=world.stranger, name="新来的", duty="liaison", rank=10, valid_from=ASSIGNED
    )
    assert reminding.write(arithmetic.add_workdays(day_of(watch, 15), 1, current())) == 0
    assert "stranger" in run(journey, "答复", 7)


def test_a_rung_nobody_could_receive_is_sent_when_somebody_can(world):
    journey = alone(world).to("assigned")
    Post.objects.filter(unit=world.water.unit).update(valid_to=date(2020, 2, 1))
    watch = watch_of(journey, "签收")
    day = day_of(watch, -1)
    assert reminding.write(day) == 0
    Post.objects.filter(account=world.water.liaison).update(valid_to=None)
    assert reminding.write(arithmetic.add_workdays(day, 1, current())) == 1


def test_reminders_of_what_is_done_are_settled(world):
    """办完的事，收件箱里的旧提醒算已处理。"""
    journey = alone(world).to("allotted")
    watch = watch_of(journey, "首次沟通")
    day = day_of(watch, 3)
    reminding.write(day)
    assert all(row.done_at is None for row in written())
    journey.talk(on=MET)
    reminding.write(arithmetic.add_workdays(day, 1, current()))
    assert all(row.done_at for row in written(rung__startswith=f"{watch.code}:"))


def test_overdue_reminders_are_urgent_and_others_wait_for_the_digest(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    run(journey, "答复", 7)
    assert not any(row.urgent for row in written())
    run(journey, "答复", -1)
    assert any(row.urgent for row in written())


def test_the_number_of_queries_does_not_grow_with_the_cases(world, django_assert_max_num_queries):
    for _ in range(4):
        alone(world).to("allotted")
    with django_assert_max_num_queries(20):
        reminding.plan(ACCEPTED)


# ── 预览与命令 ──
def test_the_preview_tells_who_gets_what_when(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    lines = reminding.coming(journey.suggestion, MET)
    watch = watch_of(journey, "答复")
    assert [line.day for line in lines if line.matter == "答复"] == [
        day for day, _ in schedule(watch.ladder, watch.due_on, watch.since, current()) if day > MET
    ]
    overdue = next(line for line in lines if line.words == "逾期 1 天")
    assert overdue.people == ("省水利厅办公室主任科员", "省水利厅副厅长", "省水利厅厅长", "陈办", "周核")


def test_the_preview_and_what_is_really_sent_are_the_same(world):
    """预览说谁收，到那天真收的就是谁。"""
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    for line in reminding.coming(journey.suggestion, MET):
        before = len(written())
        reminding.write(line.day)
        fresh = written()[before:]
        assert {row.recipient.name for row in fresh} == set(line.people), line
    assert reminding.coming(journey.suggestion, line.day) == []
    told = reminding.sent(journey.suggestion)
    assert [one.people for one in told][-1] == line.people


def test_a_missed_rung_shows_as_coming_late(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    watch = watch_of(journey, "答复")
    day = arithmetic.add_workdays(day_of(watch, 7), 1, current())
    late = [line for line in reminding.coming(journey.suggestion, day) if line.is_late]
    assert [line.words for line in late] == ["到期前 7 天"]


def run_command(*words: str) -> dict:
    out = StringIO()
    call_command("send_reminders", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_lists_and_writes(world):
    journey = alone(world).to("allotted")
    journey.talk(on=MET)
    day = day_of(watch_of(journey, "答复"), 30)
    found = run_command("--on", day.isoformat(), "--dry-run")
    assert (found["would_create"], len(written())) == (2, 0)
    assert {row["recipient"] for row in found["rows"]} == {"省水利厅科员", "省水利厅办公室主任科员"}
    assert run_command("--on", day.isoformat())["would_create"] == 2
    assert len(written()) == 2
    assert run_command("--on", day.isoformat())["would_create"] == 0


def test_unreturned_feedback_ends_the_reminders(world):
    journey = alone(world).to("delivered")
    due = watch_of(journey, "代表反馈").due_on
    for shift in (1, 2):
        evaluating.urge_evaluation(journey.delivery, actor=world.clerk, today=SENT + timedelta(days=shift))
    assert evaluating.close_unreturned(journey.reply, actor=None, today=due + timedelta(days=1))
    assert watch_of(journey, "代表反馈") is None
