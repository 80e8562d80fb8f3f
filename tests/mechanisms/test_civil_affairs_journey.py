"""省水利厅整套借鉴民政厅的做法（MZ）：一件意见、一件批评，从签收走到送达，只经页面；每被拦一次，照说的办了就放行。"""
from datetime import date, timedelta

import pytest
from django.urls import reverse

from handlers.actions import adopting
from handlers.models import Assignment, Plan, PlanStep, Regulation, Reply
from supervision.models import LedgerEntry
from supervision.reconciling import differences
from tests.handlers import handling
from tests.handlers.handling import ASSIGNED, TODAY
from tests.mechanisms.classified import paper
from tests.mechanisms.test_science_journey import Desk, delivered, drafted, signed_by_the_head

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
LATER = str(TODAY + timedelta(days=40))


@pytest.fixture
def assignment(world) -> Assignment:
    adopting.adopt_preset(world.water.unit, "MZ", valid_from=ASSIGNED, actor=None, today=ASSIGNED)
    return handling.handed_to(world, accept=False)


@pytest.fixture
def desk(client) -> Desk:
    return Desk(client)


def rows(*lines: dict) -> dict:
    """几行措施、任务、问题，像页面交上来的那样。"""
    found = {"rows-TOTAL_FORMS": str(len(lines)), "rows-INITIAL_FORMS": "0"}
    for place, line in enumerate(lines):
        found |= {f"rows-{place}-{name}": value for name, value in line.items()}
    return found


def taken_in(desk, cast, assignment) -> None:
    """签收、分派。"""
    desk.done(cast.liaison, reverse("handlers:accept"), pk=[assignment.pk])
    desk.done(
        cast.liaison, reverse("handlers:allot", args=[assignment.pk]), lead_division=cast.division.pk,
        officer=cast.posts["officer"].pk, responsible_leader=cast.posts["leader"].pk,
        inner_due_on=str(assignment.due_on - timedelta(days=5)), quality_goal="当面沟通", task_note="摸清支流底数",
    )
    desk.done(
        cast.officer, reverse("handlers:activity_new", args=[assignment.pk]), happened_on=str(TODAY), kind="visit",
        members=[cast.posts["officer"].pk], stage="before", deputies=[assignment.suggestion.lead_deputy_id],
        content="听取代表意见",
    )


def blocked_until_classified(desk, cast, assignment, nature: str, **more) -> None:
    """第一次拦：没有生效的办法不能分类（MZ-01），没有分类不能起草（MZ-02）。"""
    sheet, draft = reverse("handlers:sheet_edit", args=[assignment.pk]), reverse(
        "handlers:reply_edit", args=[assignment.pk]
    )
    text = desk.post(cast.officer, draft, version=0, **{"promise-TOTAL_FORMS": 0, "promise-INITIAL_FORMS": 0})
    assert text.status_code == 422 and "定性质分类" in text.content.decode()
    fields = {"nature": nature, "partner": cast.posts["officer"].pk, **more}
    desk.blocked(cast.officer, sheet, "没有生效的《分类办理办法》", **fields)
    Regulation.objects.create(
        unit=assignment.unit, title="代表建议分类办理办法", text="第一条", in_force_on=date(2020, 1, 1)
    )
    desk.done(cast.officer, sheet, **fields)


def url_of(name: str, assignment, *more) -> str:
    return reverse(f"handlers:{name}", args=[assignment.pk, *more])


def consent(desk, cast, assignment, conclusion: str, **more):
    return desk.post(
        cast.officer, url_of("plan_consent", assignment), conclusion=conclusion, happened_on=str(TODAY), kind="phone",
        members=[cast.posts["officer"].pk], deputies=[assignment.suggestion.lead_deputy_id], content="逐条说明",
        **more,
    )


def test_mz_09_an_opinion_from_receipt_to_delivery_with_every_rule_on(world, desk, client, assignment):
    cast = world.water
    taken_in(desk, cast, assignment)
    blocked_until_classified(desk, cast, assignment, "opinion")
    reply = drafted(desk, cast, assignment, client)
    submit = reverse("handlers:reply_submit", args=[reply.pk])
    desk.blocked(cast.officer, submit, "MZ-03", "MZ-07", "MZ-09", "制定解决方案", "写明政策依据")
    desk.done(cast.officer, url_of("sheet_edit", assignment), nature="opinion", partner=cast.posts["officer"].pk,
              policy_basis="《水法》第三十八条")
    planned(desk, cast, assignment)
    agreed_and_started(desk, cast, assignment)
    desk.done(cast.officer, submit)
    signed_by_the_head(desk, cast, reply)
    delivered(desk, cast, reply)
    followed_to_the_end(desk, cast, assignment)
    assert Assignment.objects.get(pk=assignment.pk).status == "answered"
    assert differences() == []


def planned(desk, cast, assignment) -> None:
    """没有方案记不了同意（MZ-07）；方案缺预期、措施缺人都不收，打过的字都在。"""
    assert "还没有解决方案" in consent(desk, cast, assignment, "agreed").content.decode()
    edit = url_of("plan_edit", assignment, "solution")
    text = {"text": "先清淤，再立补偿办法", "expected": "山塘恢复蓄水", "expected_on": LATER}
    line = {"text": "清淤三处", "leader": cast.posts["leader"].pk, "person": cast.posts["officer"].pk, "due_on": LATER}
    answer = desk.post(cast.officer, edit, **{**text, "expected": ""}, **rows({**line, "person": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422 and "先清淤，再立补偿办法" in page
    assert "选择责任人" in page and "填写预期结果" in page
    more = desk.post(cast.officer, edit, **text, **rows(line), do="more").content.decode()
    assert "清淤三处" in more and "先清淤，再立补偿办法" in more and not Plan.objects.exists()
    desk.done(cast.officer, edit, **text, **rows(line, {"text": "", "leader": "", "person": "", "due_on": ""}))
    assert Plan.objects.get().steps.count() == 1


def agreed_and_started(desk, cast, assignment) -> None:
    """代表没有同意不能实施（MZ-09）；不同意退回，改了再征求。"""
    page = url_of("plan", assignment, "solution")
    desk.blocked(cast.officer, page, "征求领衔代表对方案的意见", "MZ-09", do="start")
    assert consent(desk, cast, assignment, "refused", deputy_view="太慢").status_code == 302
    desk.blocked(cast.officer, page, "领衔代表不同意", do="start")
    assert consent(desk, cast, assignment, "conditional", deputy_view="年底前完成").status_code == 302
    desk.done(cast.officer, page, do="start")
    assert Plan.objects.get().status == "issued"


def followed_to_the_end(desk, cast, assignment) -> None:
    """答复以后接着跟踪：报进展，写问效结论。"""
    step = PlanStep.objects.get()
    finish = url_of("plan_finish", assignment, "solution")
    desk.blocked(cast.liaison, finish, "还有 1 条措施没有完成", conclusion="办到了")
    desk.done(cast.officer, url_of("plan_progress", assignment), text="清完了", happened_on=str(TODAY), step=step.pk,
              done="on")
    desk.done(cast.liaison, finish, conclusion="山塘恢复蓄水")
    assert Plan.objects.get().status == "done"


def test_mz_16_a_criticism_from_receipt_to_delivery_with_every_rule_on(world, desk, client, assignment):
    cast = world.water
    taken_in(desk, cast, assignment)
    blocked_until_classified(desk, cast, assignment, "criticism")
    draft = url_of("reply_edit", assignment)
    blank = {"version": 0, "promise-TOTAL_FORMS": 0, "promise-INITIAL_FORMS": 0}
    desk.blocked(cast.officer, draft, "办结问题调查", "MZ-16", **blank)
    investigated(desk, cast, assignment)
    reply = drafted(desk, cast, assignment, client)
    submit = reverse("handlers:reply_submit", args=[reply.pk])
    desk.blocked(cast.officer, submit, "列出整改清单", "MZ-05")
    rectified(desk, cast, assignment)
    desk.done(cast.officer, submit)
    signed_by_the_head(desk, cast, reply)
    delivered(desk, cast, reply)
    assert Reply.objects.get().status == "delivered"
    assert not LedgerEntry.objects.on_account().filter(kind="rectification").exists()
    assert differences() == []


def investigated(desk, cast, assignment) -> None:
    """回执没有到，办结不了（MZ-17）；没有办结，列不了整改清单（MZ-05）。"""
    line = {"body": "长沙市水利局", "text": "查明资金去向", "due_on": LATER}
    desk.done(cast.liaison, url_of("plan_edit", assignment, "investigation"), text="清淤资金为什么没有到位",
              investigator=cast.posts["director"].pk, **rows(line))
    problem = {"text": "拨付晚", "measure": "补拨", "person": cast.posts["officer"].pk, "due_on": LATER}
    desk.blocked(cast.liaison, url_of("plan_edit", assignment, "rectification"), "办结问题调查", **rows(problem))
    finish = url_of("plan_finish", assignment, "investigation")
    facts = {"findings": "晚了两个月", "liability": "综合处", "conclusion": "属实"}
    desk.blocked(cast.liaison, finish, "长沙市水利局的回执还没有到", "MZ-17", **facts)
    step = PlanStep.objects.get()
    desk.done(cast.officer, reverse("handlers:step_receipt", args=[step.pk]), text="资金已到", happened_on=str(TODAY))
    desk.done(cast.liaison, finish, **facts)


def rectified(desk, cast, assignment) -> None:
    """报完成要有佐证，自己核验不了自己的；不通过的重来，通过了整改即完成。"""
    problem = {"text": "拨付晚", "measure": "补拨", "person": cast.posts["officer"].pk, "due_on": LATER}
    desk.done(cast.liaison, url_of("plan_edit", assignment, "rectification"), **rows(problem))
    step = PlanStep.objects.get(plan__kind="rectification")
    report, verify = (reverse(f"handlers:step_{name}", args=[step.pk]) for name in ("report", "verify"))
    told = {"text": "已补拨", "happened_on": str(TODAY)}
    desk.blocked(cast.officer, report, "选择要上传的佐证", **told)
    desk.done(cast.officer, report, evidence=paper(), **told)
    desk.blocked(cast.officer, verify, "由另一个人核验", passed="yes")
    desk.blocked(cast.liaison, verify, "写明哪里不到位", passed="no")
    desk.done(cast.liaison, verify, passed="no", text="流程没有改")
    desk.done(cast.officer, report, evidence=paper(), **told)
    desk.done(cast.liaison, verify, passed="yes")
    assert Plan.objects.get(kind="rectification").status == "done"


def test_mz_22_the_same_way_is_open_at_once_where_nothing_is_switched_on(world, desk, client):
    """反证：没有借鉴的单位，不分类、没有方案，照样起草送审。"""
    cast, assignment = world.water, handling.handed_to(world, accept=False)
    taken_in(desk, cast, assignment)
    reply = drafted(desk, cast, assignment, client)
    desk.done(cast.officer, reverse("handlers:reply_submit", args=[reply.pk]))


# ── 谁看得到 ──
def test_a_plan_is_for_the_units_own_people_and_the_npc_office_only_looks(world, desk, client, assignment):
    cast = world.water
    taken_in(desk, cast, assignment)
    blocked_until_classified(desk, cast, assignment, "opinion")
    page, edit = url_of("plan", assignment, "solution"), url_of("plan_edit", assignment, "solution")
    told = {}
    for name, user in (
        ("officer", cast.officer), ("clerk", world.clerk), ("gov", world.gov), ("other", world.transport.liaison),
        ("deputy", world.lead_deputy.account),
    ):
        client.force_login(user)
        told[name] = (client.get(page).status_code, client.get(edit).status_code)
    assert told == {
        "officer": (200, 200), "clerk": (200, 403), "gov": (404, 404), "other": (404, 404), "deputy": (404, 404),
    }
    client.force_login(cast.officer)
    assert client.get(url_of("plan", assignment, "field")).status_code == 404
