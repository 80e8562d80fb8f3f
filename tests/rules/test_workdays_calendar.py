"""现行日历：缓存便宜而不过时；改一天、导入一年的规矩。"""
from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction

from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError
from lianluo.workdays import actions, calendar, loading
from lianluo.workdays.arithmetic import is_workday
from lianluo.workdays.importing import CalendarFileRefused, read_year
from lianluo.workdays.models import CalendarYear, Holiday, RuleProfile

from .conftest import TODAY

pytestmark = pytest.mark.django_db
DAY, LENT = date(2018, 7, 9), date(2018, 4, 8)


@pytest.fixture
def in_request():
    """像在一次请求里那样。"""
    calendar.begin_request(None)
    yield
    calendar.end_request(None)


def works(day: date = DAY) -> bool:
    return is_workday(day, calendar.current())


def test_the_calendar_of_all_years_is_there_after_migrate():
    assert Holiday.objects.count() == len(loading.library_days()) == 771
    assert calendar.current().covered == frozenset(range(2004, 2027))
    assert Holiday.objects.get(day=date(2018, 4, 8)).name == "清明节调休"
    assert not Holiday.objects.filter(source="").exists()


def test_a_second_call_in_a_request_asks_the_database_nothing(in_request, django_assert_num_queries):
    calendar.current()
    with django_assert_num_queries(0):
        calendar.current()


def test_the_first_call_of_a_request_costs_one_small_query(django_assert_num_queries):
    calendar.current()
    calendar.begin_request(None)
    with django_assert_num_queries(1):
        calendar.current()
        calendar.current()
    calendar.end_request(None)


@pytest.mark.parametrize("change", [
    lambda: Holiday.objects.create(day=DAY, is_workday=False),
    lambda: Holiday.objects.bulk_create([Holiday(day=DAY, is_workday=False)]),
    lambda: Holiday.objects.filter(day=date(2018, 4, 8)).update(day=DAY, is_workday=False),
    lambda: Holiday.objects.update_or_create(day=DAY, defaults={"is_workday": False}),
])
def test_a_change_is_seen_at_once_even_within_the_request(in_request, change):
    assert works()
    change()
    assert not works()


def test_a_deleted_day_is_seen_at_once(in_request):
    Holiday.objects.filter(day=date(2018, 4, 8)).delete()
    assert not works(date(2018, 4, 8))


def test_another_process_is_noticed_at_the_next_request(in_request):
    assert works()
    with connection.cursor() as cursor:  # 别的进程写的：本进程的信号听不到
        cursor.execute("UPDATE workdays_holiday SET is_workday = %s, day = %s WHERE day = %s", [False, DAY, LENT])
        cursor.execute("UPDATE workdays_calendarversion SET token = %s", ["from-elsewhere"])
    assert works()
    calendar.begin_request(None)
    assert not works()


def test_a_rolled_back_change_is_forgotten(in_request):
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        Holiday.objects.create(day=DAY, is_workday=False)
        assert not works()
        raise Undone
    assert works()


def test_years_to_import_are_named_from_november_on():
    assert calendar.missing_years(date(2026, 10, 31)) == []
    assert calendar.missing_years(date(2026, 11, 1)) == [2027]
    assert calendar.missing_years(date(2027, 1, 5)) == [2027]


def test_the_data_come_back_after_the_database_is_flushed():
    for model in (RuleProfile, Holiday, CalendarYear):
        model.objects.all().delete()
    loading.fill_after_flush(None, using="default")
    assert (RuleProfile.objects.count(), Holiday.objects.count()) == (4, 771)


def test_loading_again_leaves_edited_rows_alone():
    Holiday.objects.filter(day=date(2018, 4, 8)).update(is_workday=False)
    loading.fill(apps, "default")
    assert not Holiday.objects.get(day=date(2018, 4, 8)).is_workday
    assert Holiday.objects.count() == 771


# ── 改一天 ──
def set_day(day, actor, **values):
    return actions.set_day(day, **{"is_workday": False, "reason": "防汛", "today": TODAY, "actor": actor, **values})


def test_a_changed_day_is_recorded_with_before_and_after(office):
    event = set_day(DAY, office, name="临时放假").event
    assert (event.event, event.reason, event.actor) == ("calendar.day_changed", "防汛", office)
    assert event.data["before"] is None
    assert event.data["after"] == {"is_workday": False, "name": "临时放假", "source": "手工录入"}
    assert not works()


def test_a_day_goes_back_to_the_usual(office):
    set_day(date(2018, 4, 8), office, is_workday=None, reason="录错了")
    assert not Holiday.objects.filter(day=date(2018, 4, 8)).exists()
    assert not works(date(2018, 4, 8))


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_without_a_reason_is_refused(office, reason):
    with pytest.raises(DomainError, match="填写修改的理由"):
        set_day(DAY, office, reason=reason)
    assert not AuditEvent.objects.filter(event="calendar.day_changed").exists()


def test_a_change_that_changes_nothing_is_refused(office):
    with pytest.raises(DomainError, match="没有变化"):
        set_day(DAY, office, is_workday=None)


# ── 导入一年 ──
def text(*lines: str, head: str = "日期,是否上班,名称,来源") -> bytes:
    return "\n".join([head, *lines]).encode()


NEW_YEAR = ("2027-01-01,放假,元旦,国办发明电〔2026〕8号", "2027-01-03,上班,元旦调休,")


def test_a_year_is_imported_and_covered(office):
    change = actions.import_year(read_year(text(*NEW_YEAR)), today=TODAY, actor=office)
    year = CalendarYear.objects.get(year=2027)
    assert (year.source, year.covered_on) == ("国办发明电〔2026〕8号", TODAY)
    assert works(date(2027, 1, 3)) and not works(date(2027, 1, 1))
    assert (change.event.event, change.event.source) == ("calendar.year_imported", "")
    assert change.event.data == {"year": 2027, "notice": year.source, "days": 2, "replaced": 0}
    assert Holiday.objects.get(day=date(2027, 1, 3)).source == "国办发明电〔2026〕8号"


def test_importing_replaces_the_year_but_keeps_days_entered_by_hand(office):
    actions.import_year(read_year(text(*NEW_YEAR)), today=TODAY, actor=office)
    set_day(date(2027, 6, 1), office)
    actions.import_year(read_year(text("2027-01-01,放假,元旦,新通知")), today=TODAY, actor=office)
    assert set(Holiday.objects.filter(day__year=2027).values_list("day", flat=True)) == {
        date(2027, 1, 1), date(2027, 6, 1)
    }


def test_the_december_before_may_stand_in_the_file(office):
    file = read_year(text("2027-01-01,放假,元旦,通知", "2026-12-27,上班,元旦调休,通知"))
    actions.import_year(file, today=TODAY, actor=office)
    assert works(date(2026, 12, 27))
    assert Holiday.objects.filter(day__year=2026, source__contains="节假日表").count() > 30


@pytest.mark.parametrize("content", [
    text("2027/1/1,休,元旦,甲", "2027年1月3日,班,元旦调休,甲"),
    text("20270101,0,元旦,甲", "20270103,1,元旦调休,甲"),
    text("２０２７－０１－０１,否,元旦,甲", "2027.1.3,是,元旦调休,甲"),
    text("甲,元旦,放假,2027-01-01", "甲,元旦调休,调休上班,2027-01-03", head="文号,节日,类型,日期"),
    b"\xef\xbb\xbf" + text("2027-01-01,放假,元旦,甲", "2027-01-03,上班,元旦调休,甲"),
    text("2027-01-01,放假,元旦,甲", "2027-01-03,上班,元旦调休,甲").decode().encode("gb18030"),
    text("2027-01-01\t放假\t元旦\t甲", "2027-01-03\t上班\t元旦调休\t甲", head="日期\t是否上班\t名称\t来源"),
    text("2027年放假安排,,,", "日期,是否上班,名称,来源", "2027-01-01,放假,元旦,甲", "2027-01-03,上班,元旦调休,甲",
         head=",,,"),
])
def test_the_usual_ways_of_writing_are_understood(content):
    file = read_year(content)
    assert [(row.day, row.is_workday, row.name) for row in file.days] == [
        (date(2027, 1, 1), False, "元旦"), (date(2027, 1, 3), True, "元旦调休")
    ]
    assert (file.year, file.source) == (2027, "甲")


def test_ordinary_days_in_a_full_list_are_left_out():
    file = read_year(text("2027-01-01,放假,元旦,甲", "2027-01-04,上班,,", "2027-01-09,放假,,", "2027-01-02,放假,元旦,"))
    assert [row.day for row in file.days] == [date(2027, 1, 1), date(2027, 1, 2)]


@pytest.mark.parametrize(("content", "words"), [
    (text("2027-13-01,放假,元旦,甲"), "第 2 行：日期“2027-13-01”认不出"),
    (text("2027-01-01,大概,元旦,甲"), "第 2 行：是否上班“大概”认不出"),
    (text("2027-01-01,放假,元旦,甲", "2027-01-01,放假,元旦,甲"), "第 3 行：2027-01-01 在第 2 行已经写过"),
    (text("2027-01-01,放假,元旦,甲", "2025-05-01,放假,劳动节,甲"), "不在2027年"),
    (text("2027-01-03,上班,元旦调休,甲"), "没有2027年的放假日"),
    (text("x", head="甲,乙"), "没有找到列名"),
    (text(), "至少写一天"),
    (b"PK\x03\x04rest", "另存为 CSV"),
    (b"\xff\xfe\x00\x00", "另存为 CSV"),
    (b"x" * 1_000_001, "超过 1 MB"),
    (b"\x81\xff\xff", "编码认不出"),
    (text('2027-01-01,放假,"元旦,甲'), "不是规整的 CSV"),
    (text("长" * 20_000 + ",放假,元旦,甲"), "长…”认不出"),
])
def test_a_file_that_cannot_be_read_says_where(content, words):
    with pytest.raises(CalendarFileRefused, match=words) as refused:
        read_year(content)
    assert refused.value.field == "file"


def test_all_wrong_lines_are_named_at_once():
    with pytest.raises(CalendarFileRefused) as refused:
        read_year(text("甲,放假,,", "2027-01-01,乙,,"))
    assert "2 处需要修改" in refused.value.sentence
    assert len(refused.value.missing) == 2


def test_a_file_without_a_source_asks_for_it():
    with pytest.raises(DomainError, match="文号") as refused:
        read_year(text("2027-01-01,放假,元旦,"))
    assert refused.value.field == "source"
    assert read_year(text("2027-01-01,放假,元旦,"), source="甲").source == "甲"


def test_the_given_year_decides():
    with pytest.raises(CalendarFileRefused, match="不在2028年"):
        read_year(text(*NEW_YEAR), year=2028)
