"""退回与裁决。"""
from datetime import date, timedelta

import pytest

from handlers import decisions
from handlers.actions import assigning, planning, receiving, returning
from handlers.models import Assignment, AssignmentStatus, ReturnRequest, Unit, UnitKind
from lianluo.congresses.models import Session
from lianluo.statemachine import DomainError, NotAllowed, Stale
from lianluo.workdays.models import RuleProfile
from suggestions.models import SuggestionStatus
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 3, 16)  # 交办之日起十个工作日


def ask(row, world, *, today=DAY, unit=None, actor=None, **more) -> ReturnRequest:
    values = {"ground": "not_ours", "reason": "属公路桥梁职责", "proposed_unit": unit or world.transport.unit, **more}
    return receiving.request_return(row, **values, actor=actor or world.water.liaison, today=today)


def decide(request, world, granted=True, *, today=DAY, **more):
    values = {"note": "职责明确", "new_unit": request.proposed_unit, **more}
    return receiving.decide_return(request, granted=granted, actor=world.gov, today=today, **values)


def test_asking_within_the_window_waits_for_a_decision(world):
    _, [row] = cases.assigned(world)
    request = ask(row, world, today=LAST_DAY)
    row.refresh_from_db()
    assert row.status == AssignmentStatus.RETURN_REQUESTED
    assert request.decide_by_on == date(2026, 3, 30)
    assert cases.due(row, "return_days").met_on == LAST_DAY
    assert cases.due(row, "reassign_days").due_on == request.decide_by_on


def test_after_the_window_it_is_refused_and_nothing_is_stored(world):
    _, [row] = cases.assigned(world)
    assert cases.due(row, "return_days").due_on == LAST_DAY
    with pytest.raises(DomainError, match="2026-03-16 届满，不再受理"):
        ask(row, world, today=LAST_DAY + timedelta(days=1))
    row.refresh_from_db()
    assert row.status == AssignmentStatus.PENDING
    assert not ReturnRequest.objects.exists()


def test_the_window_itself_is_what_refuses(world):
    """反证：把窗口推后一天，同一申请就被受理。"""
    _, [row] = cases.assigned(world)
    row.dues.filter(rule_code="return_days").update(due_on=LAST_DAY + timedelta(days=1))
    assert ask(row, world, today=LAST_DAY + timedelta(days=1)).pk


@pytest.mark.parametrize(
    ("more", "field"),
    [({"reason": " "}, "reason"), ({"ground": "lazy"}, "ground")],
)
def test_it_needs_a_ground_and_a_reason(world, more, field):
    _, [row] = cases.assigned(world)
    with pytest.raises(DomainError) as caught:
        ask(row, world, **more)
    assert caught.value.field == field


def test_the_proposed_unit_must_be_another_and_alive(world):
    _, [row] = cases.assigned(world)
    with pytest.raises(DomainError, match="不能是本单位"):
        ask(row, world, unit=world.water.unit)
    Unit.objects.filter(pk=world.transport.unit.pk).update(valid_to=DAY - timedelta(days=1))
    world.transport.unit.refresh_from_db()
    with pytest.raises(DomainError, match="撤并"):
        ask(row, world)


def test_refused_means_it_must_handle(world):
    suggestion, [row] = cases.assigned(world)
    request = ask(row, world)
    decide(request, world, granted=False)
    row.refresh_from_db()
    suggestion.refresh_from_db()
    assert (row.status, row.accepted_on, row.accepted_by) == (AssignmentStatus.ACCEPTED, DAY, world.water.liaison)
    assert suggestion.status == SuggestionStatus.HANDLING
    assert cases.due(row, "first_contact_days").start_on == DAY
    assert row.due_on == date(2026, 6, 2)


def test_a_refusal_needs_its_reason(world):
    _, [row] = cases.assigned(world)
    request = ask(row, world)
    with pytest.raises(DomainError, match="写明不同意退回的理由"):
        decide(request, world, granted=False, note=" ")
    request.refresh_from_db()
    assert request.granted is None


def test_refused_after_allotment_goes_back_to_handling(world):
    _, row = cases.accepted(world)
    cast = world.water
    planning.allot_assignment(
        row, lead_division=cast.division, officer=cast.posts["officer"], responsible_leader=cast.posts["leader"],
        inner_due_on=date(2026, 5, 1), quality_goal="满意", task_note="加固", actor=cast.liaison, today=DAY,
    )
    request = ask(row, world)
    decide(request, world, granted=False)
    row.refresh_from_db()
    assert row.status == AssignmentStatus.HANDLING
    assert row.allotments.count() == 1


def test_granted_gives_the_case_to_the_new_unit_and_keeps_the_deadline(world):
    suggestion, [row] = cases.assigned(world)
    request = ask(row, world)
    decide(request, world, today=date(2026, 3, 10))
    row.refresh_from_db()
    new = suggestion.assignments.live().get()
    assert row.status == AssignmentStatus.REASSIGNED
    assert not row.dues.open().exists()
    assert (new.unit, new.role, new.replaces) == (world.transport.unit, "sole", row)
    assert (new.assigned_on, new.due_on) == (date(2026, 3, 10), date(2026, 6, 2))
    assert cases.due(new, "return_days").start_on == date(2026, 3, 10)


def test_the_deadline_starts_again_when_the_decision_or_the_profile_says_so(world):
    suggestion, [row] = cases.assigned(world)
    decide(ask(row, world), world, today=date(2026, 3, 10), keep_deadline=False)
    assert suggestion.assignments.live().get().due_on == date(2026, 6, 10)
    RuleProfile.objects.filter(code="HN-DEFAULT").update(settings={"deadline_after_reassign": "restart"})
    other, [second] = cases.assigned(world, number=2)
    decide(ask(second, world), world, today=date(2026, 3, 10))
    assert other.assignments.live().get().due_on == date(2026, 6, 10)


def test_a_passed_deadline_cannot_be_kept(world):
    suggestion, [row] = cases.assigned(world)
    request = ask(row, world)
    decide(request, world, today=date(2026, 6, 8))
    assert suggestion.assignments.live().get().due_on == date(2026, 9, 8)


def test_somebody_else_decided_first(world):
    _, [row] = cases.assigned(world)
    request = ask(row, world)
    decide(request, world)
    with pytest.raises(Stale, match="政府办已于 2026-03-02 裁决"):
        decide(request, world, granted=False)


def test_an_assisting_unit_may_become_the_lead(world):
    suggestion, [lead, assist] = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    decide(ask(lead, world, ground="needs_lead"), world)
    live = suggestion.assignments.live().get()
    assert (live.unit, live.role) == (world.transport.unit, "lead")
    assist.refresh_from_db()
    assert assist.status == AssignmentStatus.REASSIGNED


def test_a_unit_already_on_the_case_cannot_take_an_assistants_place(world):
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    request = ask(rows[1], world, unit=world.water.unit, actor=world.transport.liaison)
    with pytest.raises(DomainError, match="已是这件的承办单位"):
        decide(request, world, new_unit=world.water.unit)


def test_an_assistant_may_be_dropped_but_a_lead_may_not(world):
    suggestion, [lead, assist] = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    decide(ask(assist, world, unit=world.publicity.unit, actor=world.transport.liaison), world, new_unit=None)
    assert [row.unit for row in suggestion.assignments.live()] == [world.water.unit]
    request = ask(lead, world, head_signed=True)
    with pytest.raises(DomainError, match="选改由哪个单位承办"):
        receiving.decide_return(request, granted=True, note="", new_unit=None, actor=world.clerk, today=DAY)


def test_the_second_return_needs_the_heads_signature_and_is_in_dispute(world):
    suggestion, [row] = cases.assigned(world)
    decide(ask(row, world), world, new_unit=world.transport.unit)
    new = suggestion.assignments.live().get()
    with pytest.raises(DomainError, match="须经本单位主要负责人审签"):
        ask(new, world, unit=world.water.unit, actor=world.transport.liaison)
    again = ask(new, world, unit=world.water.unit, actor=world.transport.liaison, head_signed=True)
    assert returning.is_disputed(again)
    assert list(decisions.returns_to_decide(world.clerk)) == [again]
    assert not decisions.returns_to_decide(world.gov).exists()


def test_government_units_first_return_is_decided_by_the_government_office(world):
    _, [row] = cases.assigned(world)
    request = ask(row, world)
    assert list(decisions.returns_to_decide(world.gov)) == [request]
    assert not decisions.returns_to_decide(world.clerk).exists()


def test_a_party_units_return_is_decided_by_the_congress_office(world):
    _, [row] = cases.assigned(world, cases.sole(world.publicity))
    request = ask(row, world, unit=world.water.unit, actor=world.publicity.liaison)
    assert list(decisions.returns_to_decide(world.clerk)) == [request]
    assert not decisions.returns_to_decide(world.gov).exists()


def test_handing_over_outside_the_government_is_in_dispute(world):
    _, [row] = cases.assigned(world)
    request = ask(row, world, unit=world.publicity.unit)
    assert list(decisions.returns_to_decide(world.clerk)) == [request]


def test_only_the_congress_office_offers_units_outside_the_government(world):
    _, [row] = cases.assigned(world)
    units = [world.water.unit, world.publicity.unit]
    assert decisions.units_open_to(world.gov, units, row) == [world.water.unit]
    assert decisions.units_open_to(world.clerk, units, row) == units
    assert world.publicity.unit.kind == UnitKind.PARTY


def test_a_late_return_can_be_permitted_with_a_reason(world):
    _, [row] = cases.assigned(world)
    late = LAST_DAY + timedelta(days=10)
    with pytest.raises(DomainError, match="写明特批的理由"):
        receiving.permit_late_return(row, until=late, reason="", actor=world.clerk, today=late)
    receiving.permit_late_return(row, until=late, reason="机构刚调整", actor=world.clerk, today=late)
    assert cases.due(row, "return_days").explain().matches_stored
    assert ask(row, world, today=late).pk


def test_permission_is_pointless_while_the_window_is_open(world):
    _, [row] = cases.assigned(world)
    with pytest.raises(NotAllowed):
        receiving.permit_late_return(row, until=LAST_DAY, reason="x", actor=world.clerk, today=DAY)


@pytest.mark.parametrize(("profile", "days"), [("SH-2015", date(2026, 3, 19)), ("ZJ-2016", date(2026, 3, 20))])
def test_where_the_window_starts_at_receipt_it_is_open_before_acceptance(world, profile, days):
    Session.objects.filter(pk=world.session.pk).update(profile=RuleProfile.objects.get(code=profile))
    world.session.refresh_from_db()
    _, [row] = cases.assigned(world)
    assert receiving.return_window(row, date(2026, 5, 1)) == returning.ReturnWindow(None, True)
    receiving.accept_assignment(row, actor=world.water.liaison, today=date(2026, 3, 10))
    assert receiving.return_window(row, DAY).until == days


def test_no_other_way_leads_from_unit_to_unit():
    """承办关系的单位只在交办与裁决里写下，没有转办的动作。"""
    import ast
    from pathlib import Path

    found = []
    for path in Path("handlers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                names = [target for target in node.targets if isinstance(target, ast.Attribute)]
                found += [path.name for name in names if name.attr in ("unit", "unit_id", "unit_name")
                          and isinstance(name.value, ast.Name) and name.value.id in ("row", "assignment", "old")]
    assert found == []
    assert Assignment._meta.get_field("unit").name == "unit" and assigning.new_assignment


def test_a_return_is_refused_after_the_reply_went_to_review(world):
    _, row = cases.accepted(world)
    row.replies.create(status="checking")
    with pytest.raises(NotAllowed, match="答复已经送审"):
        ask(row, world)


def test_the_ledger_follows_the_new_units_deadline(world):
    from supervision.models import LedgerEntry

    suggestion, [row] = cases.assigned(world)
    decide(ask(row, world), world, today=date(2026, 3, 10), keep_deadline=False)
    entries = LedgerEntry.objects.filter(suggestion=suggestion, closed_on__isnull=True)
    assert {(entry.kind, entry.unit, entry.due_on) for entry in entries} == {
        ("main", world.transport.unit, date(2026, 6, 10)), ("handling", world.transport.unit, date(2026, 6, 10)),
    }
