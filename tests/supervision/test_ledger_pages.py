"""督办台账的页：筛选、计数、可见范围、按单位、导出。一条一页在 test_entry_pages。"""
from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from handlers.models import Assignment
from supervision.ledger_rows import TABS, lamp_of
from supervision.models import LedgerEntry
from supervision.views.ledger import owed_on
from tests.cases import ASSIGNED, RATED, TODAY, Journey
from tests.supervision.factory import alone, entry_of
from tests.supervision.pages import browser, page, queries, text_of

pytestmark = pytest.mark.django_db
LEDGER = "/ledger/"


def rows(account, query: str = "") -> list[int]:
    return [row.pk for row in page(account, LEDGER + query).context["rows"]]


def due(entry: LedgerEntry, day) -> None:
    """把到期日连同承办关系一起挪到某天。"""
    LedgerEntry.objects.filter(pk=entry.pk).update(due_on=day, opened_on=day - timedelta(days=90))
    Assignment.objects.filter(pk=entry.assignment_id).update(due_on=day, assigned_on=day - timedelta(days=90))


# ── 列表 ──
def test_what_is_owed_is_shown_first_the_most_urgent_on_top(world):
    late, later, done = alone(world).to("allotted"), alone(world).to("allotted"), alone(world).to("signed_off")
    due(late.entry, TODAY - timedelta(days=3))
    found = page(world.clerk, LEDGER).context["rows"]
    assert found[0].entry.pk == late.entry.pk and found[0].light.code == "red"
    assert later.entry.pk in [row.pk for row in found]
    assert done.entry.pk not in [row.pk for row in found]


def test_turning_pages_goes_through_the_same_order_as_the_export(world):
    """翻页分段取，导出整个排，次序是同一个。"""
    for stage in ("allotted", "delivered", "signed_off", "accepted", "applied"):
        alone(world, result="B").to(stage)
    LedgerEntry.objects.filter(kind="main").update(due_on=None)
    whole = [entry.pk for entry in LedgerEntry.objects.most_urgent_first()]
    turned = LedgerEntry.objects.by_urgency()
    assert [entry.pk for start in range(0, len(whole), 2) for entry in turned.rows(start, 2)] == whole


def test_an_answered_case_is_not_overdue(world):
    """按期答复了、在等测评的，过了答复期限也不算逾期。"""
    journey = alone(world).to("delivered")
    due(journey.entry, TODAY - timedelta(days=3))
    assert rows(world.clerk, "?light=red") == []
    assert lamp_of(journey.entry, TODAY).words == "已答复"
    still = alone(world).to("allotted")
    due(still.entry, TODAY - timedelta(days=3))
    assert rows(world.clerk, "?light=red") == [still.entry.pk]


def test_what_waits_for_the_office_is_not_overdue(world):
    """单位已申请销号、等办公室核准的，过了期限也不算单位逾期：承办、承诺都一样。"""
    journey = alone(world, result="B").to("applied")
    promise = entry_of(journey, "promise")
    for entry in (journey.entry, promise):
        LedgerEntry.objects.filter(pk=entry.pk).update(opened_on=ASSIGNED, due_on=TODAY - timedelta(days=1))
    assert rows(world.clerk, "?light=red") == [promise.pk], "还没有申请的照样逾期"
    LedgerEntry.objects.filter(pk=promise.pk).update(status="ready")
    assert rows(world.clerk, "?light=red") == []
    assert {lamp_of(one, TODAY).words for one in (journey.entry, entry_of(journey, "promise"))} == {"待核准"}


def test_the_counts_on_the_tabs_are_the_rows_behind_them(world):
    """点开就是那么多条。"""
    overdue, soon = alone(world).to("allotted"), alone(world).to("allotted")
    due(overdue.entry, TODAY - timedelta(days=1))
    due(soon.entry, TODAY + timedelta(days=1))
    alone(world, result="B").to("applied")
    Journey(world).to("signed_off")
    counts = {tab["url"]: tab["number"] for tab in page(world.clerk, LEDGER).context["tabs"]}
    assert counts == {url: len(rows(world.clerk, url + "&size=all")) for url, _, _ in TABS}
    assert all(counts.values()), counts


def test_the_current_tab_is_marked(world):
    found = page(world.clerk, LEDGER + "?light=red").context["tabs"]
    assert [tab["label"] for tab in found if tab["current"]] == ["■ 逾期"]
    assert [tab["label"] for tab in page(world.clerk, LEDGER).context["tabs"] if tab["current"]] == ["在账"]


def test_filters_by_kind_unit_state_system_session_and_words(world):
    water = alone(world, result="B").to("delivered")
    party = alone(world, unit=world.publicity, title="关于公益宣传的建议").to("allotted")
    clerk = world.clerk
    assert set(rows(clerk, "?kind=promise")) == {entry_of(water, "promise").pk}
    assert set(rows(clerk, f"?unit={world.publicity.unit.pk}")) == {party.entry.pk, party.main_entry.pk}
    assert party.entry.pk not in rows(clerk, "?system=government")
    assert water.entry.pk not in rows(clerk, "?system=other&state=owed")
    assert len(rows(clerk, "?session=14-4")) == 5
    assert rows(clerk, "?session=13-1") == [] or page(clerk, LEDGER + "?session=13-1").context["filter"].form.errors
    for words in ("公益宣传", "省委宣传部", f"{party.suggestion.number:04d}", "swxcb"):
        assert party.entry.pk in rows(clerk, f"?q={words}"), words
        assert water.entry.pk not in rows(clerk, f"?q={words}"), words


def test_a_fragment_is_answered_to_htmx(world):
    answer = browser(world.clerk).get(LEDGER + "?light=red", headers={"HX-Request": "true"})
    assert text_of(answer).startswith("{#") is False and "<html" not in text_of(answer)
    assert 'id="ledger-table"' in text_of(answer)


def test_a_list_of_any_length_takes_the_same_few_queries(world):
    alone(world).to("allotted")
    few = queries(world.clerk, LEDGER)
    for _ in range(4):
        Journey(world).to("opined")
    assert queries(world.clerk, LEDGER) == few <= 15


# ── 可见范围 ──
def test_a_unit_sees_its_own_entries_only(world):
    journey = Journey(world).to("allotted")
    helper = entry_of(journey, unit=world.transport)
    assert set(rows(world.water.liaison)) == {journey.entry.pk, journey.main_entry.pk}
    assert set(rows(world.transport.liaison)) == {helper.pk}
    assert set(rows(world.transport.officer)) == {helper.pk}, "分到处室的人也看得到"
    assert rows(world.publicity.liaison) == []
    page(world.transport.liaison, f"/ledger/{journey.entry.pk}/", 404)
    page(world.stranger, f"/ledger/{journey.entry.pk}/", 404)
    assert set(rows(world.committee)) == set(rows(world.clerk))


def test_a_unit_the_case_has_left_sees_it_no_more(world):
    from tests.supervision.factory import moved_to

    journey = alone(world).to("accepted")
    old = journey.entry
    moved_to(journey, world.publicity, by=world.clerk, today=ASSIGNED)
    page(world.water.liaison, f"/ledger/{old.pk}/", 404)
    assert page(world.clerk, f"/ledger/{old.pk}/").context["row"].status_words == "已改办"


# ── 按单位 ──
def test_the_units_page_adds_up(world):
    """合计等于各行之和，每个数等于点开的条数。"""
    late = alone(world).to("allotted")
    due(late.entry, TODAY - timedelta(days=1))
    Journey(world, result="B").to("applied")
    alone(world, unit=world.publicity).to("signed_off")
    context = page(world.clerk, "/ledger/units/").context
    for name in ("owed", "overdue", "soon", "ready", "promises", "signed"):
        assert context["total"][name] == sum(row[name] for row in context["rows"])
    queries_of = {"overdue": "light=red", "soon": "light=soon", "ready": "state=ready"}
    for row in context["rows"]:
        for name, query in queries_of.items():
            shown = [
                one for one in page(world.clerk, f"{LEDGER}?{query}&unit={row['unit_id']}").context["rows"]
                if one.entry.kind != "main"
            ]
            assert len(shown) == row[name], (row["unit__short"], name)


def test_what_was_owed_at_the_end_of_a_month_is_counted_back(world):
    journey = alone(world).to("signed_off")
    entries = LedgerEntry.objects.filter(kind="handling")
    assert owed_on(entries, ASSIGNED - timedelta(days=1)) == 0
    assert owed_on(entries, ASSIGNED) == 1
    assert owed_on(entries, RATED - timedelta(days=1)) == 1
    assert owed_on(entries, RATED) == 0
    assert journey.entry.signed_off_on == RATED


# ── 导出 ──
def test_the_export_holds_exactly_the_rows_on_the_screen(world):
    overdue = Journey(world).to("opined")
    due(overdue.entry, TODAY - timedelta(days=2))
    alone(world, result="B").to("signed_off")
    for query in ("", "?light=red", "?state=signed_off"):
        answer = page(world.clerk, "/ledger/export/" + query)
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        lines = list(sheet.iter_rows(values_only=True))
        assert len(lines) - 1 == len(rows(world.clerk, (query or "?state=owed") + "&size=all"))
    heading = [str(cell) for cell in lines[0]]
    for name in ("编号", "责任单位", "会办单位", "牵头处室", "到期", "剩余天数", "最近进展", "答复文号", "类别",
                 "总体评价", "承诺未了/总", "销号状态", "销号日期", "销号人", "销号依据"):
        assert name in heading
    first = dict(zip(heading, lines[1], strict=True))
    assert first["销号人"] == "周核" and first["销号状态"] == "已销号"
    for line in lines[1:]:  # 承诺条目答复时才挂账，交办日期仍是交办那天
        one = dict(zip(heading, line, strict=True))
        assert one["签收日期"] is None or one["交办日期"] <= one["签收日期"]


def test_the_export_takes_the_same_queries_for_any_number_of_rows(world):
    def count() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client = browser(world.clerk)
        with CaptureQueriesContext(connection) as counted:
            b"".join(client.get("/ledger/export/").streaming_content)
        return len(counted)

    alone(world, result="B").to("delivered")
    few = count()
    for _ in range(3):
        Journey(world, result="B").to("delivered")
    assert count() == few <= 18
