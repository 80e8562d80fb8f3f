"""交办。"""
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from handlers.actions import assigning, receiving
from handlers.choosing import Choice
from handlers.models import Assignment, AssignmentStatus, Deferral, ProposedAssignment, Unit
from lianluo.audit.models import AuditEvent
from lianluo.documents import counters
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed
from lianluo.workdays import clock
from suggestions.models import Suggestion, SuggestionStatus
from tests.world import DAY

from . import cases

pytestmark = pytest.mark.django_db


def refused(world, choices, **fields) -> DomainError:
    suggestion = cases.registered(world, number=Assignment.objects.count() + 900, **fields)
    with pytest.raises(DomainError) as caught:
        assigning.assign_suggestion(suggestion, choices=choices, actor=world.clerk, today=DAY)
    suggestion.refresh_from_db()
    assert suggestion.status == SuggestionStatus.REGISTERED
    assert not suggestion.assignments.exists()
    return caught.value


def test_one_unit_alone(world):
    suggestion, [row] = cases.assigned(world)
    assert (suggestion.status, suggestion.assigned_on) == (SuggestionStatus.ASSIGNED, DAY)
    assert (row.role, row.status, row.unit_name) == ("sole", AssignmentStatus.PENDING, "湖南省水利厅")
    assert row.due_on == suggestion.due_on == date(2026, 6, 2)
    assert row.profile_code == "HN-DEFAULT"


def test_lead_with_assistants_has_two_kinds_of_deadline(world):
    suggestion, [lead, assist] = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    assert lead.due_on == date(2026, 6, 2)
    assert assist.due_on == date(2026, 4, 2)
    assert suggestion.due_on == assist.due_on


def test_separate_units_each_have_their_part(world):
    _, rows = cases.assigned(world, cases.separate(world.water, world.transport))
    assert [row.part for row in rows] == ["省水利厅的部分", "省交通运输厅的部分"]
    assert all(row.answers_deputy for row in rows)


def test_all_units_of_one_case_share_one_notice_number(world):
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    assert {row.notice_number for row in rows} == {"交14-4-0001"}
    assert counters.peek(f"notice:{world.congress.pk}:14-4") == 1


def test_two_leads_are_refused(world):
    error = refused(world, [Choice(world.water.unit, "lead"), Choice(world.transport.unit, "lead")])
    assert error.sentence == "主办单位只能有一个，其余改为会办"


def test_the_database_itself_refuses_a_second_lead(world):
    """反证：去掉动作里的核对，约束仍守得住。"""
    suggestion, [row] = cases.assigned(world)
    values = {"suggestion": suggestion, "unit": world.transport.unit, "unit_name": "x", "assigned_on": DAY,
              "profile_code": "HN-DEFAULT"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(role="lead", **values)
    Assignment.objects.create(role="assist", **values)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda w: [], "选一个主办单位，或两个以上分办单位"),
        (lambda w: [Choice(w.water.unit, "assist")], "会办之外还须选一个主办单位"),
        (lambda w: [Choice(w.water.unit, "lead")], "主办加会办须选会办单位；只有一个单位的，改为独办"),
        (lambda w: [Choice(w.water.unit, "sole"), Choice(w.transport.unit, "assist")],
         "独办只有一个单位；另有会办单位的，改为主办加会办"),
        (lambda w: [Choice(w.water.unit, "lead"), Choice(w.water.unit, "assist")], "“省水利厅”选了两次，留一个"),
        (lambda w: [Choice(w.water.unit, "separate", "甲")], "分办须选两个以上单位"),
        (lambda w: [Choice(w.water.unit, "separate", "甲"), Choice(w.transport.unit, "separate", " ")],
         "写明“省交通运输厅”办理的内容（上海第十三条）"),
        (lambda w: [Choice(w.water.unit, "separate", "甲"), Choice(w.transport.unit, "assist")],
         "分办的各单位各自答复，不再另设主办、会办"),
    ],
)
def test_it_refuses_impossible_choices(world, build, sentence):
    assert refused(world, build(world)).sentence == sentence


def test_an_abolished_unit_is_refused_and_its_successor_named(world):
    heir = world.transport.unit
    Unit.objects.filter(pk=world.water.unit.pk).update(valid_to=DAY - timedelta(days=1), successor=heir)
    world.water.unit.refresh_from_db()
    error = refused(world, cases.sole(world.water))
    assert "已于 2026-03-01 撤并，由“省交通运输厅”承接" in error.sentence
    assert error.field == "lead"


def test_a_unit_on_its_last_day_can_still_be_given_a_case(world):
    Unit.objects.filter(pk=world.water.unit.pk).update(valid_to=DAY)
    world.water.unit.refresh_from_db()
    _, [row] = cases.assigned(world)
    assert row.unit == world.water.unit


def test_the_old_name_stays_on_the_case_after_a_reform(world):
    _, [row] = cases.assigned(world)
    Unit.objects.filter(pk=row.unit_id).update(name="湖南省水务厅", short="省水务厅")
    assert Assignment.objects.get(pk=row.pk).unit_name == "湖南省水利厅"


def test_it_cannot_be_assigned_twice(world):
    suggestion, _ = cases.assigned(world)
    with pytest.raises(NotAllowed, match="现在是“已交办”"):
        assigning.assign_suggestion(
            suggestion, choices=cases.sole(world.transport), actor=world.second_clerk, today=DAY
        )
    assert suggestion.assignments.count() == 1


def test_without_choices_it_takes_the_proposal(world):
    suggestion = cases.registered(world)
    choices = cases.lead_and_assist(world.water, world.transport)
    assigning.propose_assignment(suggestion, choices=choices, actor=world.gov, today=DAY)
    rows = assigning.assign_suggestion(suggestion, actor=world.clerk, today=DAY)
    assert [(row.unit, row.role) for row in rows] == [(world.water.unit, "lead"), (world.transport.unit, "assist")]


def test_proposing_again_keeps_unchanged_rows(world):
    suggestion = cases.registered(world)
    first = assigning.propose_assignment(
        suggestion, choices=cases.lead_and_assist(world.water, world.transport), actor=world.gov, today=DAY
    )
    second = assigning.propose_assignment(
        suggestion, choices=cases.lead_and_assist(world.water, world.publicity), actor=world.gov, today=DAY
    )
    assert first[0].pk == second[0].pk
    assert {row.unit for row in second} == {world.water.unit, world.publicity.unit}


def test_swapping_lead_and_assistant_is_possible(world):
    suggestion = cases.registered(world)
    for lead, assist in ((world.water, world.transport), (world.transport, world.water)):
        rows = assigning.propose_assignment(
            suggestion, choices=cases.lead_and_assist(lead, assist), actor=world.gov, today=DAY
        )
    assert {(row.unit, row.role) for row in rows} == {(world.transport.unit, "lead"), (world.water.unit, "assist")}


def test_an_open_objection_holds_the_assignment(world):
    suggestion = cases.registered(world)
    [row] = assigning.propose_assignment(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assigning.object_to_proposal(
        row, reason="属公路桥梁", unit=world.transport.unit, actor=world.water.liaison, today=DAY
    )
    with pytest.raises(DomainError, match="有异议，裁定之后再交办"):
        assigning.assign_suggestion(suggestion, actor=world.clerk, today=DAY)
    assigning.decide_objection(row, upheld=True, note="三定规定明确", actor=world.clerk, today=DAY)
    assert assigning.assign_suggestion(suggestion, actor=world.clerk, today=DAY)


def test_an_objection_followed_changes_the_unit(world):
    suggestion = cases.registered(world)
    [row] = assigning.propose_assignment(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assigning.object_to_proposal(row, reason="属公路", unit=world.transport.unit, actor=world.water.liaison, today=DAY)
    new = assigning.decide_objection(row, upheld=False, actor=world.clerk, today=DAY)
    assert (new.unit, new.role) == (world.transport.unit, "sole")
    assert not ProposedAssignment.objects.filter(pk=row.pk).exists()
    told = AuditEvent.objects.get(event="proposal.changed")
    assert told.data["old_unit"] == "省水利厅"


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_objection_needs_a_reason_and_another_unit(world, reason):
    suggestion = cases.registered(world)
    [row] = assigning.propose_assignment(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    with pytest.raises(DomainError, match="写明异议的理由"):
        assigning.object_to_proposal(
            row, reason=reason, unit=world.transport.unit, actor=world.water.liaison, today=DAY
        )
    with pytest.raises(DomainError, match="不能是本单位"):
        assigning.object_to_proposal(row, reason="有", unit=world.water.unit, actor=world.water.liaison, today=DAY)


def test_deferring_needs_a_reason_and_ends_with_assignment(world):
    suggestion = cases.registered(world)
    with pytest.raises(DomainError, match="写明缓议的理由"):
        assigning.defer_suggestion(suggestion, reason=" ", actor=world.clerk, today=DAY)
    assigning.defer_suggestion(suggestion, reason="等财政厅意见", actor=world.clerk, today=DAY)
    assigning.assign_suggestion(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assert not Deferral.objects.exists()


def test_undoing_is_possible_while_nobody_accepted(world):
    suggestion, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    assigning.unassign_suggestion(suggestion, reason="选错单位", actor=world.clerk, today=DAY)
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.assigned_on) == (SuggestionStatus.REGISTERED, None)
    assert not suggestion.assignments.live().exists()
    assert not rows[0].dues.open().exists()
    again = assigning.assign_suggestion(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assert again[0].notice_number == "交14-4-0002"


def test_undoing_is_refused_once_a_unit_accepted(world):
    suggestion, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    receiving.accept_assignment(rows[1], actor=world.transport.liaison, today=DAY)
    with pytest.raises(NotAllowed):
        assigning.unassign_suggestion(suggestion, reason="x", actor=world.clerk, today=DAY)
    assert suggestion.assignments.live().count() == 2


def test_a_batch_is_all_or_nothing_and_names_the_case(world):
    good, bad = cases.registered(world, 1), cases.registered(world, 2)
    assigning.assign_suggestion(bad, choices=cases.sole(world.transport), actor=world.clerk, today=DAY)
    with pytest.raises(DomainError, match="^0002：") as caught:
        assigning.assign_many([good, bad], choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assert caught.value.status == 409
    assert not good.assignments.exists()


def test_a_batch_assigns_each_with_its_events(world):
    many = [cases.registered(world, number) for number in (1, 2, 3)]
    rows = assigning.assign_many(
        many, choices=cases.lead_and_assist(world.water, world.transport), actor=world.clerk, today=DAY
    )
    assert len(rows) == 6
    for suggestion in many:
        events = AuditEvent.objects.filter(chain=f"suggestion:{suggestion.pk}").values_list("event", flat=True)
        assert sorted(name for name in events if not name.startswith("ledger")) == [
            "assignment.made", "assignment.made", "suggestion.assigned",
        ]


@pytest.mark.parametrize(
    ("wished", "followed"), [("省水利厅", True), ("湖南省水利厅、省财政厅", False), ("", None)]
)
def test_it_records_whether_the_deputys_wish_was_followed(world, wished, followed):
    suggestion, _ = cases.assigned(world, wished_units=wished)
    event = AuditEvent.objects.get(event="suggestion.assigned", target_id=suggestion.pk)
    assert (event.data["wished"], event.data["followed"]) == (wished, followed)


def test_unit_and_deputies_are_told_but_not_the_clerk(world):
    cases.assigned(world)
    told = set(Notice.objects.values_list("recipient__username", "kind"))
    assert ("slt-liaison", "assignment.made") in told
    assert ("hn140001", "suggestion.assigned") in told
    assert not {name for name, _ in told} & {"clerk", "jtt-liaison"}


def test_the_deputy_hears_when_the_answer_is_due_not_the_assistants_opinion(world):
    _, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    lead, assist = sorted(rows, key=lambda row: row.due_on, reverse=True)
    told = Notice.objects.get(kind="suggestion.assigned", recipient=world.lead_deputy.account).body
    assert assist.due_on < lead.due_on and (lead.role, assist.role) == ("lead", "assist")
    assert f"{lead.due_on.month}月{lead.due_on.day}日前答复您" in told.replace(" ", "")


def test_withdrawal_stops_every_unit(world):
    from handlers.listeners import stop_assignments

    suggestion, rows = cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    receiving.accept_assignment(rows[0], actor=world.water.liaison, today=DAY)
    event = AuditEvent.objects.filter(event="suggestion.assigned").get()
    stop_assignments(event, suggestion)
    assert {row.status for row in suggestion.assignments.all()} == {AssignmentStatus.CONCLUDED}
    assert not rows[0].dues.open().exists() and not rows[1].dues.open().exists()


def test_deputies_of_merged_cases_are_told_too(world):
    main = cases.registered(world, 1)
    child = cases.registered(world, 2, lead_deputy=world.other_deputy)
    Suggestion.objects.filter(pk=child.pk).update(status="merged", merged_into=main)
    assigning.assign_suggestion(main, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    assert Notice.objects.filter(recipient=world.other_deputy.account, case_id=child.pk).exists()


def test_a_cosigner_who_declined_is_not_told(world):
    suggestion = cases.registered(world)
    suggestion.cosigners.create(deputy=world.cosigner)
    suggestion.cosigners.create(deputy=world.rare_deputy, refused_at=clock.now())
    assigning.assign_suggestion(suggestion, choices=cases.sole(world.water), actor=world.clerk, today=DAY)
    told = set(Notice.objects.filter(kind="suggestion.assigned").values_list("recipient", flat=True))
    assert told == {world.lead_deputy.account_id, world.cosigner.account_id}
