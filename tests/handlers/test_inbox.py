"""单位收件箱：三件事、各栏、签收、导出；各看各的。"""
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from handlers.actions import planning, receiving, replying
from handlers.models import Assignment, AssignmentStatus, Reply, ResultClass
from lianluo.workdays import clock
from suggestions.models import Suggestion
from tests.world import DAY

from . import cases, handling

pytestmark = pytest.mark.django_db
INBOX = "/unit/"


@pytest.fixture
def liaison(client, world):
    client.force_login(world.water.liaison)
    return client


def allot(world, row):
    cast = world.water
    planning.allot_assignment(
        row, lead_division=cast.division, officer=cast.posts["officer"], responsible_leader=cast.posts["leader"],
        inner_due_on=row.due_on, quality_goal="满意", task_note="加固", actor=cast.liaison, today=DAY,
    )
    row.refresh_from_db()
    return row


def cards(client) -> dict[str, int]:
    return {card["code"]: card["number"] for card in client.get(INBOX).context["cards"]}


def test_three_questions_and_the_phone_of_the_office(liaison, world, settings):
    cases.assigned(world, number=1)
    cases.accepted(world, number=2)
    assert cards(liaison) == {"mine": 0, "pending": 1, "answer": 1, "back": 0}
    assert settings.ORGAN_PHONE in liaison.get(INBOX).content.decode()


def test_a_refused_return_is_among_what_came_back(liaison, world):
    _, [row] = cases.assigned(world)
    request = receiving.request_return(
        row, ground="not_ours", reason="不属", proposed_unit=world.transport.unit, actor=world.water.liaison, today=DAY
    )
    receiving.decide_return(request, granted=False, note="属于", actor=world.gov, today=DAY)
    context = liaison.get(INBOX, {"tab": "back"}).context
    assert cards(liaison)["back"] == 1
    assert [one.assignment for one in context["rows"]] == [row]


def test_each_tab_holds_its_own(liaison, world):
    cases.assigned(world, number=1)
    cases.accepted(world, number=2)
    allot(world, cases.accepted(world, number=3)[1])
    _, assist = cases.assigned(world, cases.lead_and_assist(world.transport, world.water), number=4)
    receiving.accept_assignment(assist[1], actor=world.water.liaison, today=DAY)
    done = cases.assigned(world, number=5)[1][0]
    promise = ResultClass.objects.get(code="B")
    Assignment.objects.filter(pk=done.pk).update(status="answered", result_class=promise)
    again = cases.assigned(world, number=6)[1][0]
    Assignment.objects.filter(pk=again.pk).update(status="handling", round=2)
    expected = {
        "todo": [1, 2, 3, 4, 6], "pending": [1], "allot": [2, 4], "handling": [3, 6], "opinion": [4], "review": [],
        "deliver": [], "again": [6], "answered": [5], "tracking": [5], "all": [1, 2, 3, 4, 5, 6],
    }
    filled = [tab for tab, numbers in expected.items() if numbers]
    assert [one["code"] for one in liaison.get(INBOX).context["tabs"]] == filled, "空着的栏不列"
    for tab, numbers in expected.items():
        context = liaison.get(INBOX, {"tab": tab}).context
        assert sorted(row.assignment.suggestion.number for row in context["rows"]) == numbers, tab
        assert {one["code"]: one["number"] for one in context["tabs"]}[tab] == len(numbers)


def test_a_card_counts_what_its_list_holds(liaison, world):
    cases.assigned(world, number=1)
    cases.accepted(world, number=2)
    allot(world, cases.accepted(world, number=3)[1])
    _, assist = cases.assigned(world, cases.lead_and_assist(world.transport, world.water), number=4)
    receiving.accept_assignment(assist[1], actor=world.water.liaison, today=DAY)
    for code, number in cards(liaison).items():
        if code != "mine":
            assert len(liaison.get(INBOX, {"tab": code}).context["rows"]) == number, code


def test_what_is_to_be_done_comes_first_and_the_rest_is_one_click_away(liaison, world):
    cases.assigned(world, number=1)
    done = cases.assigned(world, number=2)[1][0]
    Assignment.objects.filter(pk=done.pk).update(status="concluded")
    context = liaison.get(INBOX).context
    assert (context["tab"], [row.assignment.suggestion.number for row in context["rows"]]) == ("todo", [1])
    assert liaison.get(INBOX, {"tab": "没有"}).context["tab"] == "todo"
    text = liaison.get(INBOX, {"q": "第2号"}).content.decode()
    assert "这一栏没有符合条件的件" in text and "到全部里找" in text and "tab=all" in text


def test_the_light_and_the_order_follow_what_is_due_next(client, world):
    """签收在三个工作日内，排在两个月后答复的前面；首次沟通、内部时限也算。"""
    now = date(2026, 5, 8)
    first = allot(world, cases.accepted(world, number=1, today=date(2026, 3, 10))[1])
    Assignment.objects.filter(pk=first.pk).update(inner_due_on=date(2026, 5, 21))
    cases.accepted(world, number=2, today=date(2026, 4, 20))
    cases.assigned(world, number=3, today=date(2026, 5, 8))
    cases.assigned(world, number=4, today=date(2026, 5, 7))
    late = allot(world, cases.accepted(world, number=5, today=date(2026, 2, 10))[1])
    first.dues.filter(rule_code="first_contact_days").update(met_on=now)
    late.dues.filter(rule_code="first_contact_days").update(met_on=now)
    with time_machine.travel("2026-05-08 09:00 +0800", tick=False):
        client.force_login(world.water.liaison)
        rows = client.get(INBOX).context["rows"]
    seen = [(row.assignment.suggestion.number, row.thing.name, row.thing.due_on, row.light.code) for row in rows]
    assert seen == [
        (4, "签收", date(2026, 5, 11), "orange"), (5, "答复", date(2026, 5, 11), "orange"),
        (3, "签收", date(2026, 5, 12), "orange"), (2, "首次沟通", date(2026, 5, 20), "yellow"),
        (1, "内部时限", date(2026, 5, 21), "yellow"),
    ]
    assert rows[0].main_due == date(2026, 8, 7) and rows[1].main_due is None


def test_the_button_follows_the_reply_and_the_person(client, world):
    def offered(user) -> list[str]:
        client.force_login(user)
        return [step.label for row in client.get(INBOX).context["rows"] for step in row.steps]

    cast = world.water
    reply = handling.ready(world)
    assert (offered(cast.officer), offered(cast.head)) == (["接着写答复"], ["接着写答复"])
    replying.submit_reply(reply, actor=cast.officer, today=handling.WRITTEN)
    assert (offered(cast.director), offered(cast.officer)) == (["审签"], ["看答复"])
    handling.signed(Reply.objects.get(pk=reply.pk))
    assert (offered(cast.liaison), offered(cast.officer)) == (["登记送达"], ["看答复"])
    client.force_login(cast.liaison)
    assert [row.state for row in client.get(INBOX, {"tab": "deliver"}).context["rows"]] == ["待送达"]


def test_whoever_signs_is_told_first_what_waits_for_him(client, world):
    handling.submitted(world)
    for user, waiting in ((world.water.director, 1), (world.water.head, 0)):
        client.force_login(user)
        first = client.get(INBOX).context["cards"][0]
        assert (first["code"], first["number"]) == ("mine", waiting)
        assert len(client.get(first["url"]).context["page"].items) == waiting
    client.force_login(world.water.officer)
    assert [card["code"] for card in client.get(INBOX).context["cards"]] == ["answer", "back"]


def test_a_reply_in_approval_is_shown_as_such(liaison, world):
    row = allot(world, cases.accepted(world)[1])
    row.replies.create(status="reviewing")
    context = liaison.get(INBOX, {"tab": "review"}).context
    assert [(one.assignment, one.state) for one in context["rows"]] == [(row, "待审签")]


def test_the_earliest_due_comes_first_and_answered_last(liaison, world):
    for number, day in ((1, DAY), (2, DAY - timedelta(days=10)), (3, DAY - timedelta(days=20))):
        cases.assigned(world, number=number, today=day)
    Assignment.objects.filter(suggestion__number=3).update(status="answered")
    context = liaison.get(INBOX, {"tab": "all"}).context
    assert [row.assignment.suggestion.number for row in context["rows"]] == [2, 1, 3]


def test_another_units_cases_are_not_here(client, world):
    cases.assigned(world)
    client.force_login(world.transport.liaison)
    assert not client.get(INBOX).context["rows"]


def test_a_partner_on_the_same_case_sees_only_its_own_row(client, world):
    cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    client.force_login(world.transport.liaison)
    [row] = client.get(INBOX).context["rows"]
    assert row.assignment.unit == world.transport.unit


def test_a_division_sees_what_was_allotted_to_it(client, world):
    cases.accepted(world, number=1)
    row = allot(world, cases.accepted(world, number=2)[1])
    client.force_login(world.water.officer)
    rows = client.get(INBOX).context["rows"]
    assert [one.assignment for one in rows] == [row]


def test_one_is_accepted_by_its_button(liaison, world):
    _, [row] = cases.assigned(world, today=clock.today())
    _, [other] = cases.assigned(world, number=9, today=clock.today())
    answer = liaison.post(reverse("handlers:accept"), {"pk": row.pk, "query": "tab=pending"}, follow=True)
    assert answer.redirect_chain == [(f"{INBOX}?tab=pending", 302)]
    text = answer.content.decode()
    number = row.suggestion.shown_number
    assert f"已签收{number}，接着分派处室；认为不属于本单位职责的，可以申请退回，截至 " in text
    row.refresh_from_db()
    assert (row.status, row.accepted_by) == (AssignmentStatus.ACCEPTED, world.water.liaison)
    answer = liaison.post(reverse("handlers:accept"), {"pk": other.pk, "query": "tab=pending"})
    assert answer.url == f"{INBOX}?tab=allot", "都签收了，接着看待分派的"


def test_accepting_on_the_case_page_stays_there(liaison, world):
    suggestion, [row] = cases.assigned(world, today=clock.today())
    answer = liaison.post(reverse("handlers:accept"), {"pk": row.pk, "back": "case"})
    assert answer.url == f"{suggestion.get_absolute_url()}handling/"


def test_a_batch_and_everything_filtered_are_accepted(liaison, world):
    rows = [cases.assigned(world, number=n)[1][0] for n in (1, 2, 3)]
    liaison.post(reverse("handlers:accept"), {"pk": [rows[0].pk, rows[1].pk]})
    assert Assignment.objects.filter(status="accepted").count() == 2
    liaison.post(reverse("handlers:accept"), {"all": "1", "query": "tab=pending"})
    assert not Assignment.objects.pending().exists()


def test_accepting_what_a_colleague_accepted_says_so(liaison, world):
    _, row = cases.accepted(world)
    answer = liaison.post(reverse("handlers:accept"), {"pk": row.pk})
    assert answer.status_code == 409
    assert "0001：承办关系现在是“已签收”，不能签收" in answer.content.decode()


def test_another_units_case_cannot_be_accepted(client, world):
    _, [row] = cases.assigned(world)
    client.force_login(world.transport.liaison)
    client.post(reverse("handlers:accept"), {"pk": row.pk})
    row.refresh_from_db()
    assert row.status == AssignmentStatus.PENDING


def test_an_officer_does_not_accept_for_the_unit(client, world):
    row = allot(world, cases.accepted(world)[1])
    Assignment.objects.filter(pk=row.pk).update(status="pending")
    client.force_login(world.water.officer)
    assert client.post(reverse("handlers:accept"), {"pk": row.pk}).status_code == 403


def test_accept_is_a_post(liaison):
    assert liaison.get(reverse("handlers:accept")).status_code == 405


def test_search_finds_number_title_deputy_and_officer(liaison, world):
    cases.assigned(world, number=486)
    allot(world, cases.accepted(world, number=7)[1])
    for words, numbers in (("486", [486]), ("第7号水库", [7]), ("黄岳若", [7, 486]), ("综合处", [7]), ("没有", [])):
        rows = liaison.get(INBOX, {"q": words}).context["rows"]
        assert sorted(row.assignment.suggestion.number for row in rows) == numbers, words


def test_the_office_sees_all_units_of_the_session(client, world):
    cases.assigned(world, cases.lead_and_assist(world.water, world.transport))
    client.force_login(world.clerk)
    context = client.get(INBOX).context
    assert context["office"] and len(context["rows"]) == 2
    one = client.get(INBOX, {"unit": world.transport.unit.pk}).context["rows"]
    assert [row.assignment.unit for row in one] == [world.transport.unit]


@pytest.mark.parametrize("who", ["stranger", "sysadmin", "secretariat"])
def test_others_stay_out(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(INBOX).status_code == 403


def test_the_fragment_alone_for_htmx(liaison, world):
    cases.assigned(world)
    text = liaison.get(INBOX, headers={"HX-Request": "true"}).content.decode()
    assert text.lstrip().startswith("<div id=\"assignments\">") and "<html" not in text


def test_the_ledger_is_exported_as_filtered(liaison, world):
    cases.assigned(world, number=1)
    row = allot(world, cases.accepted(world, number=2, title="=HYPERLINK(\"http://x\")")[1])
    answer = liaison.get(reverse("handlers:inbox_export"), {"tab": "handling"})
    sheet = load_workbook(BytesIO(answer.getvalue())).active
    heads = [cell.value for cell in sheet[1]]
    line = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert sheet.max_row == 2
    assert (line["编号"], line["经办人"], line["牵头处室"]) == ("0002", "省水利厅科员", "综合处")
    assert sheet.cell(2, heads.index("标题") + 1).data_type == "s"
    assert line["答复期限"].date() == row.due_on


def test_at_most_fifteen_queries_whatever_the_rows(liaison, world):
    def queries(count: int) -> int:
        for number in range(Suggestion.objects.count() + 1, count + 1):
            allot(world, cases.accepted(world, number=number)[1])
        with CaptureQueriesContext(connection) as caught:
            liaison.get(INBOX)
        return len(caught)

    few = queries(2)
    assert queries(30) == few
    assert few <= 15


def test_the_export_does_not_query_by_row(liaison, world):
    def queries(count: int) -> int:
        for number in range(Suggestion.objects.count() + 1, count + 1):
            allot(world, cases.accepted(world, number=number)[1])
        with CaptureQueriesContext(connection) as caught:
            liaison.get(reverse("handlers:inbox_export"))
        return len(caught)

    assert queries(2) == queries(12)


# ── 怎样算出来的 ──
def test_everyone_who_sees_the_case_sees_how_a_deadline_was_counted(client, world):
    suggestion, row = cases.accepted(world)
    url = reverse("handlers:due", args=["assignment", cases.due(row, "reply_normal").pk])
    for user in (world.clerk, world.water.liaison, world.lead_deputy.account):
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == 200
        assert "交办之日" in answer.content.decode()
    for user in (world.transport.liaison, world.other_deputy.account, world.stranger):
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_the_deadline_of_the_case_itself_is_explained_too(client, world):
    from suggestions.deadlines import open_due

    suggestion = cases.registered(world)
    due = open_due(suggestion, "register_days", date(2026, 2, 10))
    client.force_login(world.clerk)
    assert "审核登记期限" in client.get(reverse("handlers:due", args=["suggestion", due.pk])).content.decode()
    assert client.get(reverse("handlers:due", args=["other", due.pk])).status_code == 404


def test_ones_own_part_and_clock_come_first_on_the_case_page(client, world):
    """会办单位打开件页，先看到自己的承办关系，右栏是自己要签收的日子，不是主办单位的答复期限。"""
    suggestion, [lead, helper] = cases.assigned(
        world, cases.lead_and_assist(world.water, world.transport), today=date(2026, 5, 8)
    )
    with time_machine.travel("2026-05-08 09:00 +0800", tick=False):
        client.force_login(world.transport.liaison)
        context = client.get(f"{suggestion.get_absolute_url()}handling/").context
        assert [line.assignment for line in context["lines"]] == [helper, lead]
        state = context["standing"]
        assert (state.due_name, state.due_on, state.light.code) == ("签收", date(2026, 5, 12), "orange")
        assert [(step.label, step.accepts) for step in state.steps] == [("签收", helper.pk)]


def test_the_handling_tab_of_the_case_page(client, world):
    suggestion, _ = cases.assigned(
        world, cases.lead_and_assist(world.water, world.transport), wished_units="省水利厅"
    )
    client.force_login(world.clerk)
    text = client.get(f"{suggestion.get_absolute_url()}handling/").content.decode()
    assert "省水利厅（主办）" in text and "怎样算出来的" in text and "已按希望交办" in text and "撤销交办" in text
    client.force_login(world.water.liaison)
    text = client.get(f"{suggestion.get_absolute_url()}handling/").content.decode()
    assert "签收" in text and "撤销交办" not in text
