"""专项督查：到点开、不重复、逐件录结果；“代表建议”单独一块（CZ-09、CZ-12）。"""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lianluo.audit.models import AuditEvent
from lianluo.celery import BEAT
from lianluo.statemachine import DomainError, Forbidden
from supervision import tasks
from supervision.actions import checking
from supervision.models import Board, Directive, DirectiveCase, DirectiveKind
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY
from tests.mechanisms import planned
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def opened(world, today=TODAY) -> Directive | None:
    return checking.open_checks(world.water.unit, checking.period_of(today), today=today)


def whys(directive: Directive) -> dict[str, str]:
    rows = directive.cases.select_related("assignment__suggestion")
    return {row.assignment.suggestion.title: row.why for row in rows}


def test_cz_12_the_list_names_the_overdue_the_nearly_due_and_the_never_contacted(world):
    switch_on(world.water.unit, "CZ-12")
    late, near, silent, fine = (
        planned.in_hand(world, title=f"关于{name}的建议") for name in ("逾期", "将到期", "没有沟通", "正常")
    )
    for case in (late, near, fine):
        handling.contacted(case, world.water)
    type(late).objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=3))
    type(near).objects.filter(pk=near.pk).update(due_on=TODAY + timedelta(days=1))
    assert whys(opened(world)) == {
        "关于逾期的建议": "逾期 3 天", "关于将到期的建议": f"{TODAY + timedelta(days=1)} 到期",
        "关于没有沟通的建议": "还没有与代表沟通",
    }


def test_cz_12_opened_once_a_month_however_often_it_looks(world):
    switch_on(world.water.unit, "CZ-12")
    planned.in_hand(world)
    assert [checking.open_all(TODAY), checking.open_all(TODAY), checking.open_all(TODAY)] == [1, 0, 0]
    first = Directive.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Directive.objects.create(
            unit=world.water.unit, kind=DirectiveKind.CHECK, period=first.period, title="重复", issued_on=TODAY
        )
    after = TODAY.replace(day=1) + timedelta(days=32)
    assert checking.open_all(after) == 1
    assert Directive.objects.count() == 2 == AuditEvent.objects.filter(event="check.opened").count()


def test_cz_12_switched_off_nothing_is_opened(world):
    planned.in_hand(world)
    assert opened(world) is None
    switch_on(world.water.unit, "CZ-12")
    assert opened(world) is not None
    Directive.objects.all().delete()
    switch_off(world.water.unit, "CZ-12")
    assert opened(world) is None and not Directive.objects.exists()


def test_cz_12_with_nothing_to_check_it_waits_for_another_day(world):
    switch_on(world.water.unit, "CZ-12")
    assert opened(world) is None
    planned.in_hand(world)
    assert opened(world).cases.count() == 1


def test_cz_12_the_daily_row_runs_the_task(world):
    switch_on(world.water.unit, "CZ-12")
    planned.in_hand(world)
    assert "supervision.tasks.open_checks" in {row.task for row in BEAT}
    assert [tasks.open_checks(), tasks.open_checks()] == [1, 0]


def test_cz_12_results_are_entered_case_by_case_through_the_page(world, client):
    switch_on(world.water.unit, "CZ-12")
    planned.in_hand(world)
    directive = opened(world)
    row = directive.cases.get()
    url = reverse("supervision:check_result", args=[row.pk])
    client.force_login(world.water.liaison)
    assert client.post(url, {"result": "", "form_token": "a" * 24}).status_code == 422
    assert client.post(url, {"result": "本周上门", "form_token": "b" * 24}).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.checked_by, row.checked_on) == ("本周上门", world.water.liaison, TODAY)
    assert "本周上门" in client.get(reverse("supervision:check", args=[directive.pk])).content.decode()
    for account, status in ((world.water.officer, 403), (world.transport.liaison, 404)):
        client.force_login(account)
        assert client.get(url).status_code == status


def test_cz_12_a_handler_does_not_enter_results(world):
    switch_on(world.water.unit, "CZ-12")
    planned.in_hand(world)
    row = opened(world).cases.get()
    with pytest.raises(Forbidden):
        checking.enter_result(row, result="办了", actor=world.water.officer, today=TODAY)
    with pytest.raises(DomainError, match="写明督查结果"):
        checking.enter_result(row, result=" ", actor=world.water.liaison, today=TODAY)
    assert not DirectiveCase.objects.exclude(result="").exists()


def test_cz_09_the_board_of_deputies_suggestions_shows_only_its_own_and_only_the_units(world, client):
    switch_on(world.water.unit, "CZ-12")
    planned.in_hand(world)
    own = opened(world)
    other = {"kind": DirectiveKind.CHECK, "issued_on": MET, "board": Board.SUGGESTIONS}
    Directive.objects.create(unit=world.transport.unit, period="2026-01", title="别的单位的督查", **other)
    elsewhere = Directive.objects.create(unit=world.water.unit, period="2025-12", title="安全生产督查", **other)
    Directive.objects.filter(pk=elsewhere.pk).update(board="elsewhere")
    client.force_login(world.water.head)
    answer = client.get(reverse("supervision:checks"), {"board": "suggestions"})
    assert [row.pk for row in answer.context["rows"]] == [own.pk]
    text = answer.content.decode()
    assert "代表建议" in text and "别的单位的督查" not in text and "安全生产督查" not in text
    assert client.get(reverse("supervision:checks"), {"board": "elsewhere"}).status_code == 404
    assert reverse("supervision:checks") in text, "有自己的菜单"
