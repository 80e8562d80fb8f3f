"""省民政厅：分类、政策依据与创制、结对、雷同、对比（MZ-01 至 04、20 至 22）。省水利厅借鉴。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers import likeness
from handlers.actions import adopting, sheeting
from handlers.actions.replying import approve_reply
from handlers.approvals import Chain
from handlers.mechanisms import policies
from handlers.models import Assignment, HandlingSheet, Regulation
from lianluo.statemachine import DomainError, Incomplete
from supervision.statistics import classified
from tests.handlers import handling, replied
from tests.handlers.handling import ACCEPTED, TODAY, WRITTEN
from tests.mechanisms.classified import in_hand, settle
from tests.mechanisms.switching import codes_lacking, switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


def written(world, **case):
    """沟通过、有一稿的件。"""
    assignment = in_hand(world, **case)
    handling.contacted(assignment, world.water)
    handling.drafted(assignment, world.water)
    return assignment


def regulate(world, on=date(2020, 1, 1), **more) -> Regulation:
    return Regulation.objects.create(
        unit=world.water.unit, title="代表建议分类办理办法", text="第一条", in_force_on=on, **more
    )


# ── MZ-01 至 MZ-04 ──
def test_mz_01_no_classifying_without_a_regulation_in_force(world):
    switch_on(world.water.unit, "MZ-22", "MZ-01")
    assignment = in_hand(world)
    with pytest.raises(DomainError, match="没有生效的《分类办理办法》") as refused:
        settle(world, assignment, nature="opinion")
    assert refused.value.field == "nature"
    regulate(world, ended_on=ACCEPTED)
    with pytest.raises(DomainError):
        settle(world, assignment, nature="opinion")
    current = regulate(world, version=2)
    settle(world, assignment, nature="opinion")
    assert Assignment.objects.get(pk=assignment.pk).sheet.regulation == current


def test_mz_01_switched_off_no_regulation_is_asked(world):
    switch_on(world.water.unit, "MZ-22")
    assert in_hand(world, "opinion").sheet.nature == "opinion"


def test_mz_02_a_main_case_has_one_of_three_natures_before_the_draft(world):
    switch_on(world.water.unit, "MZ-22", "MZ-02")
    assignment = in_hand(world)
    handling.contacted(assignment, world.water)
    with pytest.raises(Incomplete, match="定性质分类"):
        handling.drafted(assignment, world.water)
    settle(world, assignment, nature="suggestion")
    assert handling.drafted(assignment, world.water).version == 1


def test_mz_02_switched_off_the_draft_needs_no_nature(world):
    switch_on(world.water.unit, "MZ-22")
    assert written(world)


def test_mz_02_an_assisting_case_has_no_nature(world):
    lead, helper = handling.lead_and_helper(world)
    with pytest.raises(DomainError, match="会办件不分意见、建议、批评"):
        sheeting.save_sheet(helper, data={"nature": "opinion"}, actor=world.transport.officer, today=ACCEPTED)
    assert settle(world, lead, nature="opinion").sheet.nature == "opinion"


def test_mz_02_three_natures_and_the_unclassified_add_up_to_the_main_cases(world, client):
    for place, nature in enumerate(("opinion", "opinion", "suggestion", "criticism", "")):
        in_hand(world, nature, title=f"关于第 {place} 座山塘的建议")
    handling.lead_and_helper(world, title="关于航道的建议")
    found = classified.compare(world.water.unit)
    assert found.natures == (("意见", 2), ("建议", 1), ("批评", 1), ("还没有分", 2))
    assert sum(number for _, number in found.natures) == found.total == 6
    assert classified.compare(world.transport.unit).total == 0, "会办件不是主办件"
    client.force_login(world.water.officer)
    text = client.get(reverse("supervision:classified")).content.decode()
    assert "意见 2 件，建议 1 件，批评 1 件，还没有分 2 件，合计 6 件" in text


def test_mz_02_the_three_classifications_are_three_fields(world):
    """机制冲突之二：性质分类、提交类别、办理结果互不相干。"""
    assignment = written(world)
    before = (assignment.suggestion.kind, Assignment.objects.get(pk=assignment.pk).result_class)
    settle(world, assignment, nature="criticism")
    fresh = Assignment.objects.select_related("suggestion").get(pk=assignment.pk)
    assert (fresh.suggestion.kind, fresh.result_class) == before
    assert fresh.sheet.get_nature_display() == "批评"


def test_mz_03_an_opinion_names_its_policy_basis(world):
    switch_on(world.water.unit, "MZ-22", "MZ-03")
    assignment = written(world)
    assert codes_lacking(assignment, "submit", WRITTEN) == set(), "没有定为意见的不要求"
    settle(world, assignment, nature="opinion")
    assert codes_lacking(assignment, "submit", WRITTEN) == {"MZ-03"}
    settle(world, assignment, policy_basis="《社会救助暂行办法》第九条")
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_mz_03_switched_off_no_basis_is_asked(world):
    switch_on(world.water.unit, "MZ-22")
    assert codes_lacking(settle(world, written(world), nature="opinion"), "submit", WRITTEN) == set()


@pytest.mark.parametrize(
    ("conclusion", "note"), [("new", "养老服务办法"), ("included", "十五五规划"), ("none", "上位法未修")]
)
def test_mz_04_a_suggestion_decides_whether_a_policy_is_made(world, conclusion, note):
    switch_on(world.water.unit, "MZ-22", "MZ-04")
    assignment = settle(world, written(world), nature="suggestion")
    assert codes_lacking(assignment, "submit", WRITTEN) == {"MZ-04"}
    settle(world, assignment, policy_making=conclusion)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"MZ-04"}
    settle(world, assignment, policy_note=note)
    assert codes_lacking(assignment, "submit", WRITTEN) == set()


def test_mz_04_switched_off_nothing_is_decided(world):
    switch_on(world.water.unit, "MZ-22")
    assert codes_lacking(settle(world, written(world), nature="suggestion"), "submit", WRITTEN) == set()


# ── MZ-20 结对 ──
def test_mz_20_each_case_has_one_partner_before_it_is_submitted(world):
    switch_on(world.water.unit, "MZ-20")
    assignment = written(world)
    assert codes_lacking(assignment, "submit", WRITTEN) == {"MZ-20"}
    settle(world, assignment, partner=world.water.posts["officer"])
    assert codes_lacking(assignment, "submit", WRITTEN) == set()
    with pytest.raises(DomainError, match="一件只有一名责任人") as refused:
        settle(world, assignment, partner=world.water.posts["director"])
    assert refused.value.field == "partner_reason"
    with pytest.raises(DomainError, match="不在本单位任职"):
        settle(world, assignment, partner=world.transport.posts["officer"])


def test_mz_20_switched_off_nobody_is_paired(world):
    assert codes_lacking(written(world), "submit", WRITTEN) == set()


def test_mz_20_the_card_has_both_sides_and_stays_inside(world, client):
    assignment = settle(world, in_hand(world), partner=world.water.posts["officer"])
    url = reverse("handlers:partner_card", args=[assignment.pk])
    client.force_login(world.water.director)
    text = client.get(url).content.decode()
    assert world.water.posts["officer"].phone in text and "13800000001" in text
    assert "省水利厅科员" in text and world.lead_deputy.name in text
    client.force_login(world.clerk)
    assert client.get(url).status_code == 200
    client.force_login(world.gov)
    assert client.get(url).status_code == 404


# ── MZ-21 雷同 ──
SAME = "我厅会同有关部门对支流逐条排查，列出清单，明确责任单位和完成时间，年底前完成清淤三十公里，并建立管护台账。"


def alike_pair(world):
    """一份已签发的，和一份写得一样的稿。"""
    first = in_hand(world, title="关于支流清淤的建议")
    handling.contacted(first, world.water)
    reply = handling.drafted(first, world.water, items=answers(first))
    reply = handling.submit_reply(reply, actor=world.water.officer, today=WRITTEN)
    while reply.status in ("checking", "reviewing"):
        chain = Chain(reply, WRITTEN)
        actor = chain.stage.posts[0].account
        reply = approve_reply(reply, version=chain.step.version, opinion="同意", actor=actor, today=WRITTEN)
    second = in_hand(world, title="关于山塘管护的建议")
    handling.contacted(second, world.water)
    handling.drafted(second, world.water, items=answers(second))
    return reply, second


def answers(assignment) -> dict:
    return dict.fromkeys(assignment.suggestion.requests.values_list("pk", flat=True), ("full", SAME))


def test_mz_21_a_reply_like_an_earlier_one_is_stopped_until_explained(world, client):
    switch_on(world.water.unit, "MZ-21")
    first, second = alike_pair(world)
    assert codes_lacking(second, "submit", WRITTEN) == {"MZ-21"}
    client.force_login(world.water.officer)
    url = reverse("handlers:likeness", args=[second.pk])
    text = client.get(url).content.decode()
    assert text.count("<mark>") >= 2 and first.document_number in text and "100%相同" in text
    assert client.post(url, {"note": " "}).status_code == 422
    assert client.post(url, {"note": "同一条河的两段，措施本就相同"}).status_code == 302
    assert codes_lacking(second, "submit", WRITTEN) == set()


def test_mz_21_switched_off_alike_replies_pass(world):
    assert codes_lacking(alike_pair(world)[1], "submit", WRITTEN) == set()


def test_mz_21_what_is_the_same_is_marked_and_nothing_is_lost():
    parts = likeness.marked("甲" + SAME + "乙", [SAME])
    assert parts == [("甲", False), (SAME, True), ("乙", False)]
    assert likeness.marked("甲乙", []) == [("甲乙", False)] and likeness.marked("", [SAME]) == []


# ── MZ-22 总开关与对比 ──
CODES = [f"MZ-{number:02d}" for number in range(3, 20)]


def test_mz_22_switched_off_nothing_of_03_to_19_is_asked(world):
    today = TODAY
    adopting.adopt_preset(world.water.unit, "MZ", valid_from=today, actor=None, today=today)
    switches = {code for code in policies.active_codes(world.water.unit, today) if code in CODES}
    assert {"MZ-03", "MZ-09", "MZ-12", "MZ-16", "MZ-19"} <= switches
    switch_off(world.water.unit, "MZ-22")
    assert {code for code in policies.active_codes(world.water.unit, today) if code in CODES} == set()


def test_mz_22_the_two_groups_side_by_side_as_counted_by_hand(world, client):
    empty = classified.compare(world.water.unit)
    assert [group.satisfied.percent for group in empty.groups] == ["—", "—"]
    assert [group.concluded.percent for group in empty.groups] == ["—", "—"]
    happy, unhappy, plain = (
        handling.answered(world, title=f"关于第 {place} 座山塘的建议").assignment for place in range(3)
    )
    for assignment in (happy, unhappy):
        sheeting_of(assignment, "opinion")
    rate_of(happy, "satisfied")
    rate_of(unhappy, "basically")
    in_hand(world, title="关于水库的建议")
    ours, others = classified.compare(world.water.unit).groups
    assert (ours.number, ours.satisfied.fraction, ours.satisfied.percent) == (2, "1/2", "50.0%")
    assert (others.number, others.satisfied.percent) == (2, "—"), "没有反馈的不入分母"
    assert (ours.concluded.fraction, others.concluded.fraction) == ("2/2", "0/2")
    assert plain.status == "answered"
    client.force_login(world.clerk)
    text = client.get(reverse("supervision:classified")).content.decode()
    assert "50.0%" in text and "100.0%" in text and "0.0%" in text and "—" in text


def test_mz_22_without_the_classification_there_is_nothing_to_compare(world):
    """反证：没有定性质，分类办理一组就是零。"""
    rate_of(handling.answered(world).assignment, "satisfied")
    ours, others = classified.compare(world.water.unit).groups
    assert (ours.number, ours.satisfied.percent, others.satisfied.percent) == (0, "—", "100.0%")


def sheeting_of(assignment, nature: str) -> None:
    HandlingSheet.objects.update_or_create(assignment=assignment, defaults={"nature": nature})


def rate_of(assignment, overall: str) -> None:
    reply = assignment.replies.get()
    replied.rate(replied.delivery(reply), overall=overall)


def test_mz_22_offices_see_the_units_that_classify_and_a_unit_sees_itself(world, client):
    in_hand(world, "opinion")
    client.force_login(world.clerk)
    text = client.get(reverse("supervision:classified")).content.decode()
    assert "省水利厅" in text and "<h2>省交通运输厅</h2>" not in text
    client.force_login(world.transport.liaison)
    text = client.get(reverse("supervision:classified")).content.decode()
    assert "<h2>省交通运输厅</h2>" in text and "<h2>省水利厅</h2>" not in text


def test_due_dates_are_not_touched_by_the_classification(world):
    """性质分类不改法定期限。"""
    assignment = in_hand(world)
    before = Assignment.objects.get(pk=assignment.pk).due_on
    settle(world, assignment, nature="criticism")
    assert Assignment.objects.get(pk=assignment.pk).due_on == before > ACCEPTED + timedelta(days=30)
