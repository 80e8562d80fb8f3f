"""省民政厅：成果、可行性评估、专家会诊（MZ-13 至 MZ-15）。省水利厅借鉴。"""
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers import outcomes
from handlers.actions import consulting
from handlers.actions.recording_outcomes import record_outcome
from handlers.models import Activity, Assignment, Expert, Outcome, ResultClass
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Forbidden, Incomplete
from tests.handlers import handling
from tests.handlers.handling import MET, TODAY
from tests.mechanisms.classified import in_hand, settle
from tests.mechanisms.switching import switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


# ── MZ-13 成果 ──
def outcome(world, *assignments, **more) -> Outcome:
    values = {
        "kind": "policy", "title": "湘江支流生态补偿办法", "stage": "issued", "happened_on": MET,
        "document_number": "湘水发〔2026〕9号", "actor": world.water.officer, "today": TODAY, **more,
    }
    return record_outcome(world.water.unit, assignments=assignments, **values)


def test_mz_13_cases_turn_into_policies_and_are_counted(world, client):
    one, two = in_hand(world), in_hand(world, title="关于山塘清淤的建议")
    outcome(world, one, two)
    outcome(world, two, title="山塘管护改革", kind="reform", document_number="")
    outcome(world, two, title="湘江保护条例修订", kind="legislation", stage="drafting", document_number="")
    found = outcomes.of_unit(world.water.unit)
    assert (found.total, found.issued, found.cases) == (3, 1, 2), "没有文号的不算已出台"
    client.force_login(world.clerk)
    text = client.get(reverse("handlers:outcomes")).content.decode()
    assert "转化为政策 3 项，其中已出台 1 项，涉及 2 件" in text and "没有文号，不计入" in text
    answer = client.get(reverse("handlers:outcomes"), {"export": "xlsx"})
    lines = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert len(lines) == 4
    assert [line for line in lines if line[0] == "湘江支流生态补偿办法"][0][4] == "是"
    for row in (one, two):
        assert AuditEvent.objects.filter(event="outcome.recorded", chain=row.suggestion.audit_chain).exists()


def test_mz_13_only_the_unit_records_its_own_cases(world, client):
    assignment = in_hand(world)
    with pytest.raises(Forbidden):
        outcome(world, assignment, actor=world.transport.officer)
    with pytest.raises(DomainError, match="选择由哪些件转化而来"):
        outcome(world)
    with pytest.raises(DomainError, match="本单位的件"):
        outcome(world, handling.handed_to(world, assist=world.transport, title="关于航道的建议"),
                handling.helper_of(Assignment.objects.latest("pk")))
    row = outcome(world, assignment)
    client.force_login(world.transport.officer)
    assert client.get(reverse("handlers:outcome_edit", args=[row.pk])).status_code == 404
    client.force_login(world.clerk)
    assert client.get(reverse("handlers:outcome_edit", args=[row.pk])).status_code == 403


def test_mz_13_it_is_recorded_and_changed_on_the_page(world, client):
    assignment = in_hand(world)
    client.force_login(world.water.officer)
    data = {"title": "补偿办法", "kind": "policy", "stage": "drafting", "document_number": "",
            "happened_on": str(TODAY),
            "assignments": [assignment.pk]}
    assert client.post(reverse("handlers:outcome_new"), {**data, "assignments": []}).status_code == 422
    assert client.post(reverse("handlers:outcome_new"), data).status_code == 302
    row = Outcome.objects.get()
    changed = {**data, "stage": "issued", "document_number": "湘水发〔2026〕9号"}
    assert client.post(reverse("handlers:outcome_edit", args=[row.pk]), changed).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.document_number, row.assignments.get()) == ("issued", "湘水发〔2026〕9号", assignment)


# ── MZ-14 可行性评估 ──
def assess(world, assignment, **more) -> Activity:
    values = {
        "conclusion": "feasible", "content": "资金有渠道", "happened_on": MET,
        "members": [world.water.posts["director"]],
        "actor": world.water.officer, "today": MET, **more,
    }
    return consulting.assess_feasibility(assignment, **values)


def test_mz_14_no_class_before_the_assessment(world):
    switch_on(world.water.unit, "MZ-22", "MZ-14")
    assignment = settle(world, in_hand(world), nature="suggestion")
    good = ResultClass.objects.get(code="A")
    with pytest.raises(Incomplete, match="先作可行性评估"):
        settle(world, assignment, intended_class=good)
    handling.contacted(assignment, world.water)
    with pytest.raises(Incomplete, match="先作可行性评估"):
        handling.drafted(assignment, world.water)
    assess(world, assignment)
    assert settle(world, assignment, intended_class=good).sheet.nature
    assert handling.drafted(assignment, world.water).result_class == good


def test_mz_14_switched_off_the_class_is_free(world):
    switch_on(world.water.unit, "MZ-22")
    assignment = settle(world, in_hand(world), nature="suggestion")
    settle(world, assignment, intended_class=ResultClass.objects.get(code="A"))
    assert handling.drafted(assignment, world.water).version == 1


def test_mz_14_conclusion_points_assessor_and_day_are_entered_on_the_page(world, client):
    switch_on(world.water.unit, "MZ-22")
    assignment = settle(world, in_hand(world), nature="suggestion")
    client.force_login(world.water.officer)
    url = reverse("handlers:feasibility", args=[assignment.pk])
    data = {"conclusion": "partly", "content": "分两年办", "members": [world.water.posts["director"].pk],
            "happened_on": str(TODAY)}
    assert client.post(url, {**data, "conclusion": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    row = Activity.objects.get(matter="feasibility")
    assert (row.conclusion, row.content, row.members.get().name) == ("partly", "分两年办", "省水利厅处长")
    assert not Activity.objects.contacts().filter(pk=row.pk).exists(), "评估不计沟通"
    assert "部分可行" in client.get(reverse("handlers:sheet", args=[assignment.pk])).content.decode()


# ── MZ-15 专家会诊 ──
def expert(world, name="周教授", **more) -> Expert:
    return consulting.save_expert(
        world.water.unit, name=name, institution="湖南大学", actor=world.water.liaison, today=TODAY, **more
    )


def test_mz_15_one_consultation_serves_several_cases(world, client):
    one, two = in_hand(world), in_hand(world, title="关于山塘清淤的建议")
    someone = expert(world)
    client.force_login(world.water.officer)
    url = reverse("handlers:consult", args=[one.pk])
    data = {"subject": "支流治理", "experts": [someone.pk], "content": "先控源", "happened_on": str(TODAY),
            "others": [two.pk]}
    assert client.post(url, {**data, "experts": []}).status_code == 422
    assert client.post(url, data).status_code == 302
    row = Activity.objects.get(matter="experts")
    assert sorted(row.assignments.values_list("pk", flat=True)) == sorted([one.pk, two.pk])
    assert "周教授（湖南大学）" in client.get(row.get_absolute_url()).content.decode()
    assert "支流治理" in client.get(reverse("handlers:experts")).content.decode()
    for case in (one, two):
        assert AuditEvent.objects.filter(event="experts.consulted", chain=case.suggestion.audit_chain).exists()


def test_mz_15_at_least_one_expert_of_the_units_own_library(world):
    assignment = in_hand(world)
    values = {"subject": "支流治理", "content": "先控源", "happened_on": MET, "actor": world.water.officer,
              "today": MET}
    with pytest.raises(DomainError, match="至少选一名专家"):
        consulting.consult_experts([assignment], experts=[], **values)
    gone = expert(world, is_active=False)
    with pytest.raises(DomainError, match="在库的专家"):
        consulting.consult_experts([assignment], experts=[gone], **values)
    with pytest.raises(DomainError, match="已有这名专家"):
        expert(world)


def test_mz_15_the_library_is_the_units_own(world, client):
    someone = expert(world)
    client.force_login(world.transport.liaison)
    assert client.get(reverse("handlers:expert_edit", args=[someone.pk])).status_code == 404
    assert "周教授" not in client.get(reverse("handlers:experts")).content.decode()
    client.force_login(world.water.liaison)
    url = reverse("handlers:expert_edit", args=[someone.pk])
    assert client.post(url, {"name": "周教授", "institution": "湖南大学", "title": "院士"}).status_code == 302
    someone.refresh_from_db()
    assert (someone.title, someone.is_active) == ("院士", False)
