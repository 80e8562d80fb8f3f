"""处室考核：百分制加附加分，逐项有凭据；公示、确认、锁定，锁定后只能开更正单；导出到年度绩效（CZ-07、CZ-27、CZ-28）。"""
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from handlers.actions.waiving import ask_waiver, decide_waiver
from handlers.models import Assignment, Reply
from lianluo.statemachine import DomainError, Forbidden, NotAllowed
from supervision.actions import scoring
from supervision.models import LedgerEntry, ScoreSheet
from supervision.scoring import facts
from supervision.scoring.sheet import Part, totals
from supervision.statistics import self_check
from tests.handlers import handling
from tests.handlers.handling import MET, SENT, TODAY, WRITTEN
from tests.mechanisms import planned
from tests.mechanisms.switching import switch_off, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
D = Decimal


def scheme_of(world):
    return scoring.make_scheme(world.water.unit, year=TODAY.year, actor=world.water.liaison, today=TODAY)


def computed(world, scheme, cutoff=TODAY) -> dict[str, ScoreSheet]:
    scoring.compute_sheets(scheme, cutoff_on=cutoff, actor=world.water.liaison, today=TODAY)
    return {sheet.division.name: sheet for sheet in scheme.sheets.all()}


def points(sheet: ScoreSheet) -> dict[str, Decimal | None]:
    return {one.code: one.points if one.applies else None for one in sheet.items.all()}


# ── 合计的规则 ──
def test_cz_27_items_that_do_not_apply_are_scaled_away_and_the_bonus_is_capped():
    parts = [Part(D(10), D(8)), Part(D(20), D(20)), Part(D(70), D(0), applies=False),
             Part(D(15), D(15), is_bonus=True), Part(D(10), D(10), is_bonus=True)]
    found = totals(parts, D(20))
    assert (found.base, found.bonus, found.total) == (D("93.33"), D(20), D("113.33"))
    assert totals([Part(D(10), D(0), applies=False)], D(20)).total == 0


# ── 一个处室的分，手算对照 ──
def two_and_a_half(world):
    """综合处三件：甲见了面、答复了、代表满意；乙打过电话、没有答复、已逾期；丙是会办，没有送意见。"""
    reply = handling.answered(world)
    late = handling.allotted(
        handling.handed_to(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy), world.water
    )
    handling.contacted(late, world.water, kind="phone")
    late.dues.filter(rule_code="reply_normal").update(due_on=TODAY - timedelta(days=3))
    Assignment.objects.filter(pk=late.pk).update(inner_due_on=TODAY - timedelta(days=5))
    return reply, late


def test_cz_27_one_department_recomputed_by_hand_agrees_to_a_cent(world):
    reply, late = two_and_a_half(world)
    scheme = scheme_of(world)
    for kind, ground in (("format", "没有写联系电话"), ("praise", "代表来信表扬")):
        scoring.add_mark(
            scheme, division=world.water.division, kind=kind, ground=ground, actor=world.water.liaison, today=TODAY
        )
    sheet = computed(world, scheme)["综合处"]
    early = (reply.assignment.dues.get(rule_code="reply_normal").due_on - SENT).days
    inner = reply.assignment.inner_due_on
    by_hand = {
        "fixed": D(4),                                  # 两件五定都齐：4×2/2
        "liaison": D(0),                                # 综合处没有联络员
        "own_drafts": D(0),                             # 应撰稿两件，处长一件也没有
        "on_time": D(20) - D(1) - D("0.5") * (1 + (inner < SENT)),   # 乙逾期答复扣 1，过内部时限扣 0.5
        "meeting": D(0),                                # 1/2 见面率 50%，少 50 个百分点，扣完
        "stages": D(0),                                 # 甲只有办前沟通：6×0/1
        "levels": D(4),                                 # 甲是 A 类，承办人沟通过：4×1/1
        "quality": D(25) - D(2),                        # 格式一次扣 2
        "results": D(25),                               # 还没有评价，没有扣分
        "early": D(1) if early >= 10 else D(0), "praise": D(5), "articles": D(0), "load": D(0), "led": D(0),
    }
    assert points(sheet) == by_hand
    base = sum(by_hand[code] for code in list(by_hand)[:9])
    assert abs(sheet.base_points - base) < D("0.01")
    assert abs(sheet.total - base - by_hand["early"] - 5) < D("0.01")


def test_cz_27_every_deduction_says_how_and_points_to_its_cases(world):
    _, late = two_and_a_half(world)
    sheet = computed(world, scheme_of(world))["综合处"]
    on_time = sheet.items.get(code="on_time")
    assert "逾期答复 1 次各扣 1" in on_time.explanation
    assert [late.suggestion.shown_number, late.suggestion.get_absolute_url()] in on_time.evidence
    assert sheet.items.get(code="meeting").explanation == "见面率 50.0%（1/2），少 50.00 个百分点"


def test_cz_27_a_division_with_only_assisting_work_is_not_judged_on_meetings(world):
    lead, helper = handling.lead_and_helper(world)
    scheme = scoring.make_scheme(world.transport.unit, year=TODAY.year, actor=world.transport.liaison, today=TODAY)
    scoring.compute_sheets(scheme, cutoff_on=TODAY, actor=world.transport.liaison, today=TODAY)
    sheet = scheme.sheets.get()
    found = points(sheet)
    assert found["meeting"] is None and found["results"] is None and found["own_drafts"] is None
    assert found["fixed"] == 4 and found["on_time"] is not None
    applied = sum(value for code, value in found.items() if value is not None and not _bonus(sheet, code))
    most = sum(one.most for one in sheet.items.all() if one.applies and not one.is_bonus)
    assert abs(sheet.base_points - applied * 100 / most) < D("0.01")


def _bonus(sheet, code) -> bool:
    return sheet.items.get(code=code).is_bonus


def test_cz_27_dissatisfaction_and_broken_promises_cost_and_never_go_below_zero(world):
    reply = handling.answered(world)
    room = facts.gather(world.water.unit, TODAY.year, TODAY)[0]
    case = room.cases[0]
    case.dissatisfied, case.broken_promises = [1, 2], 1
    from supervision.scoring.criteria import Results

    assert Results().score(room).points == 25 - 5 - 3 - 3
    case.broken_promises = 9
    assert Results().score(room).points == 0
    assert Reply.objects.filter(pk=reply.pk).exists() and LedgerEntry.objects.filter(kind="promise").count() == 0


def test_cz_27_cutoff_freezes_the_facts_and_later_work_changes_nothing_until_recomputed(world):
    assignment = handling.allotted(handling.handed_to(world), world.water)
    scheme = scheme_of(world)
    before = computed(world, scheme)["综合处"].total
    handling.contacted(assignment, world.water)
    assert ScoreSheet.objects.get(scheme=scheme).total == before
    assert computed(world, scheme)["综合处"].total > before
    early = computed(world, scheme, MET - timedelta(days=1))["综合处"]
    assert points(early)["meeting"] == 0


def test_cz_27_only_the_units_own_people_appraise_and_marks_need_grounds(world):
    handling.allotted(handling.handed_to(world), world.water)
    with pytest.raises(Forbidden):
        scoring.make_scheme(world.water.unit, year=TODAY.year, actor=world.water.officer, today=TODAY)
    scheme = scheme_of(world)
    with pytest.raises(NotAllowed, match="已经开了"):
        scheme_of(world)
    mark = {"division": world.water.division, "kind": "blunt", "actor": world.water.liaison, "today": TODAY}
    with pytest.raises(DomainError, match="写明凭什么"):
        scoring.add_mark(scheme, ground=" ", **mark)
    with pytest.raises(DomainError, match="不是本单位的处室"):
        scoring.add_mark(scheme, ground="甲", **{**mark, "division": world.transport.division})
    row = scoring.add_mark(scheme, ground="语气生硬", **mark)
    scoring.withdraw_mark(row, reason="看错了", actor=world.water.liaison)
    assert facts.gather(world.water.unit, TODAY.year, TODAY, scheme)[0].marks == {}


def test_cz_27_the_scheme_must_add_up_to_a_hundred(world):
    handling.allotted(handling.handed_to(world), world.water)
    scheme = scheme_of(world)
    now = {one["code"]: D(one["points"]) for one in scheme.items}
    with pytest.raises(DomainError, match="合计须为 100"):
        scoring.change_scheme(scheme, points={**now, "fixed": D(3)}, bonus_cap=D(10), weight=D(5),
                              actor=world.water.liaison)
    changed = scoring.change_scheme(
        scheme, points={**now, "liaison": D(0), "fixed": D(6)}, bonus_cap=D(10), weight=D(5), actor=world.water.liaison
    )
    sheet = computed(world, changed)["综合处"]
    assert "liaison" not in points(sheet) and sheet.items.get(code="fixed").most == 6


# ── 公示、确认、锁定 ──
def locked(world) -> ScoreSheet:
    two_and_a_half(world)
    scheme = scheme_of(world)
    sheet = computed(world, scheme)["综合处"]
    scoring.publish_sheets(scheme, actor=world.water.liaison, today=TODAY)
    scoring.confirm_sheet(sheet, actor=world.water.director, today=TODAY)
    return scoring.lock_sheet(sheet, actor=world.water.leader, today=TODAY)


def test_cz_28_published_confirmed_locked_each_by_the_right_person(world):
    two_and_a_half(world)
    scheme = scheme_of(world)
    sheet = computed(world, scheme)["综合处"]
    with pytest.raises(NotAllowed):
        scoring.confirm_sheet(sheet, actor=world.water.director, today=TODAY)
    scoring.publish_sheets(scheme, actor=world.water.liaison, today=TODAY)
    with pytest.raises(Forbidden, match="处长确认"):
        scoring.confirm_sheet(sheet, actor=world.water.officer, today=TODAY)
    with pytest.raises(NotAllowed):
        scoring.lock_sheet(sheet, actor=world.water.leader, today=TODAY)
    scoring.confirm_sheet(sheet, actor=world.water.director, today=TODAY)
    with pytest.raises(Forbidden, match="厅领导锁定"):
        scoring.lock_sheet(sheet, actor=world.water.liaison, today=TODAY)
    assert scoring.lock_sheet(sheet, actor=world.water.leader, today=TODAY).status == "locked"


def test_cz_28_a_locked_sheet_changes_only_by_a_correction_slip(world):
    sheet = locked(world)
    before = sheet.total
    assert scoring.compute_sheets(sheet.scheme, cutoff_on=TODAY, actor=world.water.liaison, today=TODAY) == []
    item = sheet.items.get(code="stages")
    with pytest.raises(DomainError, match="0 到 6"):
        scoring.correct_item(item, new_points=D(7), reason="补记", actor=world.water.head, today=TODAY)
    with pytest.raises(Forbidden):
        scoring.correct_item(item, new_points=D(6), reason="补记", actor=world.water.liaison, today=TODAY)
    scoring.correct_item(item, new_points=D(6), reason="办中办后的沟通有照片", actor=world.water.head, today=TODAY)
    sheet = ScoreSheet.objects.get(pk=sheet.pk)
    assert sheet.total == before and sheet.items.get(code="stages").points == 0
    assert sheet.final.total == before + 6


def test_cz_28_a_published_sheet_may_be_recomputed_and_is_published_again(world):
    two_and_a_half(world)
    scheme = scheme_of(world)
    computed(world, scheme)
    scoring.publish_sheets(scheme, actor=world.water.liaison, today=TODAY)
    assert computed(world, scheme)["综合处"].status == "draft"
    with pytest.raises(NotAllowed, match="重新核算即可"):
        scoring.correct_item(
            ScoreSheet.objects.get().items.first(), new_points=D(1), reason="甲", actor=world.water.head, today=TODAY
        )


def test_cz_28_the_locked_result_goes_out_to_the_yearly_appraisal_with_its_weight(world, client):
    sheet = locked(world)
    client.force_login(world.water.liaison)
    page = reverse("supervision:scheme", args=[sheet.scheme_id])
    book = load_workbook(BytesIO(client.get(page + "?export=xlsx").getvalue()))
    heading, line = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(max_row=2)]
    row = dict(zip(heading, line, strict=True))
    assert row["处室"] == "综合处" and D(str(row["总分"])) == sheet.total
    assert D(str(row["计入年度绩效"])) == (sheet.total / 10).quantize(D("0.01"))


def test_cz_28_the_whole_way_through_the_pages(world, client):
    two_and_a_half(world)

    def post(account, name, *args, **data):
        client.force_login(account)
        return client.post(reverse(f"supervision:{name}", args=args), data, follow=True).content.decode()

    liaison = world.water.liaison
    post(liaison, "schemes", year=TODAY.year)
    scheme = world.water.unit.schemes.get()
    assert "核算了 1 个处室" in post(liaison, "scheme_compute", scheme.pk, cutoff_on=str(TODAY))
    sheet = scheme.sheets.get()
    client.force_login(world.water.director)
    assert client.get(reverse("supervision:score_sheet", args=[sheet.pk])).status_code == 404
    post(liaison, "scheme_publish", scheme.pk)
    client.force_login(world.water.director)
    assert "确认评分" in client.get(reverse("supervision:score_sheet", args=[sheet.pk])).content.decode()
    assert "由厅领导锁定" in post(world.water.director, "score_confirm", sheet.pk)
    assert "锁定了" in post(world.water.leader, "score_lock", sheet.pk)
    page = post(world.water.head, "score_correct", sheet.items.get(code="stages").pk, new_points="6", reason="有照片")
    assert "0.00 改为 6.00，有照片" in page


# ── 处长亲自撰稿 ──
def own(world):
    panels = self_check.four(world.water.unit, TODAY)
    return next(one for panel in panels for one in panel.figures if one.code == "CZ-07")


def by_director(world, reply: Reply) -> None:
    Reply.objects.filter(pk=reply.pk).update(written_by=world.water.director)


def test_cz_07_one_case_needs_one_own_draft_two_cases_need_two(world):
    switch_on(world.water.unit, "CZ-07")
    reply = handling.answered(world)
    assert dict(own(world).rows) == {"综合处": "0/1 件"} and own(world).light.code in ("yellow", "red")
    by_director(world, reply)
    assert dict(own(world).rows) == {"综合处": "1/1 件"} and own(world).light.code == "green"
    handling.answered(world, title="关于山塘清淤的建议", lead_deputy=world.other_deputy)
    assert dict(own(world).rows) == {"综合处": "1/2 件"}
    switch_off(world.water.unit, "CZ-07")
    assert own(world).light.code == "grey"


def test_cz_07_three_cases_still_need_two_and_a_division_without_cases_is_not_judged(world):
    switch_on(world.water.unit, "CZ-07")
    assert own(world).rows == () and own(world).light.code == "green"
    for number in range(3):
        planned.in_hand(world, title=f"关于山塘清淤第{number}批的建议")
    assert dict(own(world).rows) == {"综合处": "0/2 件"}


def test_cz_07_an_excused_case_is_not_owed(world):
    switch_on(world.water.unit, "CZ-07")
    assignment = planned.in_hand(world)
    waiver = ask_waiver(
        assignment, code="CZ-07", reason="处长住院三个月", actor=world.water.liaison, today=WRITTEN
    )
    decide_waiver(waiver, granted=True, actor=world.clerk, today=WRITTEN)
    assert own(world).rows == () and own(world).light.code == "green"
