"""省财政厅：责任到人（CZ-04、CZ-08、CZ-22 至 CZ-26）、台账与销号（CZ-10、CZ-11）。"""
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers.models import Allotment, Post
from lianluo.statemachine import DomainError, Incomplete
from supervision.actions import signing_off
from supervision.models import LedgerEntry
from supervision.reconciling import differences
from tests.handlers import handling, replied
from tests.handlers.handling import ACCEPTED, TODAY
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def test_cz_04_the_division_head_is_brought_out_and_missed_when_there_is_none(world):
    switch_on(world.water.unit, "CZ-04")
    director = world.water.posts["director"]
    Post.objects.filter(pk=director.pk).update(valid_to=ACCEPTED)
    assignment = handling.handed_to(world)
    with pytest.raises(DomainError, match="没有在任的处长") as refused:
        handling.allotted(assignment, world.water)
    assert refused.value.field == "lead_division"
    Post.objects.filter(pk=director.pk).update(valid_to=None)
    assert handling.allotted(assignment, world.water).status == "handling"


def test_cz_04_switched_off_a_division_without_head_is_taken(world):
    Post.objects.filter(pk=world.water.posts["director"].pk).update(valid_to=ACCEPTED)
    assert handling.allotted(handling.handed_to(world), world.water).status == "handling"


def test_cz_08_a_staff_members_talk_does_not_open_the_draft(world):
    switch_on(world.water.unit, "CZ-08")
    assignment = handling.allotted(handling.handed_to(world), world.water)
    handling.contacted(assignment, world.water)
    with pytest.raises(Incomplete, match="处级以上领导还没有与代表直接沟通"):
        handling.drafted(assignment, world.water)
    handling.contacted(assignment, world.water, kind="phone", members=[world.water.posts["director"]])
    assert handling.drafted(assignment, world.water).version == 1


def test_cz_08_switched_off_a_staff_member_is_enough(world):
    assignment = handling.allotted(handling.handed_to(world), world.water)
    handling.contacted(assignment, world.water)
    assert handling.drafted(assignment, world.water).version == 1


# ── 五定：缺一项不能开始办理；停用了的一项不再要求 ──
def refused_and_freed(world, code: str, sentence: str, **blank):
    assignment = handling.handed_to(world)
    with pytest.raises(DomainError, match=sentence):
        handling.allotted(assignment, world.water, **blank)
    assert not Allotment.objects.filter(assignment=assignment).exists()
    switch_off(world.water.unit, code)
    assert handling.allotted(assignment, world.water, **blank).status == "handling"


def test_cz_22_a_person_is_fixed(world):
    refused_and_freed(world, "CZ-22", "选定具体承办人", officer=None)


def test_cz_23_a_task_is_fixed(world):
    refused_and_freed(world, "CZ-23", "填写任务要点", task_note=" ")


def test_cz_24_the_inner_date_is_not_later_than_the_statutory_one(world):
    late = handling.ASSIGNED + timedelta(days=300)
    refused_and_freed(world, "CZ-24", "内部时限不能晚于到期日", inner_due_on=late)


def test_cz_25_a_quality_goal_is_fixed(world):
    refused_and_freed(world, "CZ-25", "填写质量要求", quality_goal="")


def test_cz_26_the_responsible_leader_is_of_division_rank_or_higher(world):
    refused_and_freed(
        world, "CZ-26", "责任领导从处级以上的人员里选", responsible_leader=world.water.posts["officer"]
    )


def test_cz_26_several_missing_are_told_at_once_with_their_codes(world):
    with pytest.raises(Incomplete) as refused:
        handling.allotted(handling.handed_to(world), world.water, task_note="", quality_goal="")
    assert {one.code for one in refused.value.missing} == {"CZ-23", "CZ-25"}


# ── 台账与销号 ──
def test_cz_10_each_assignment_has_exactly_one_entry_and_the_export_has_as_many_rows(world, client):
    rows = [handling.handed_to(world, title=f"关于第 {place} 座山塘的建议") for place in range(3)]
    entries = LedgerEntry.objects.filter(kind="handling", assignment__in=rows)
    assert sorted(entries.values_list("assignment", flat=True)) == sorted(row.pk for row in rows)
    client.force_login(world.water.liaison)
    answer = client.get(reverse("supervision:ledger_export"), {"kind": "handling"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines = list(sheet.iter_rows(values_only=True))[1:]
    assert len(lines) == LedgerEntry.objects.filter(kind="handling").count() == 3


def test_cz_11_done_one_struck_off_one_and_nothing_before(world):
    reply = handling.answered(world)
    entry = LedgerEntry.objects.get(assignment=reply.assignment, kind="handling")
    paper = replied.paper(world, replied.delivery(reply), purpose="evidence")
    apply = {"statement": "已办结", "evidence": [paper], "actor": world.water.liaison, "today": TODAY}
    with pytest.raises(Incomplete):
        signing_off.apply_sign_off(entry, **apply)
    replied.rate(replied.delivery(reply))
    replied.publish(world, reply)
    signing_off.apply_sign_off(entry, **apply)
    signing_off.grant_sign_off(
        LedgerEntry.objects.get(pk=entry.pk), note="同意", actor=world.second_clerk, today=TODAY
    )
    assert LedgerEntry.objects.get(pk=entry.pk).status == "signed_off"
    assert differences() == []
