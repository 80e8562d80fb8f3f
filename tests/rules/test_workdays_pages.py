"""工作日历各页：看年历、改一天、导入、算期限；谁看得到、谁改得了。"""
from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianluo.audit.models import AuditEvent
from lianluo.workdays.clock import today
from lianluo.workdays.models import CalendarYear, Holiday

pytestmark = pytest.mark.django_db
CSV = "日期,是否上班,名称,来源\n2027-01-01,放假,元旦,国办发明电〔2026〕8号\n".encode()
YEAR = "/workdays/2018/"
DAY = "/workdays/days/2018-07-09/"
EDIT_PAGES = [DAY, "/workdays/import/", "/workdays/2027/cover/"]
READ_PAGES = [YEAR, "/workdays/calculator/"]


def change(**values) -> dict:
    return {"is_workday": "rest", "name": "临时放假", "reason": "防汛", **values}


@pytest.mark.parametrize("url", READ_PAGES)
def test_everyone_signed_in_reads_and_nobody_else(client, stranger, url):
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", EDIT_PAGES)
def test_only_the_office_and_the_system_administrator_edit(client, office, sysadmin, stranger, url):
    assert client.get(url).status_code == 302
    for account, status in ((stranger, 403), (office, 200), (sysadmin, 200)):
        client.force_login(account)
        assert client.get(url).status_code == status


def test_a_stranger_cannot_post_a_change(client, stranger):
    client.force_login(stranger)
    assert client.post(DAY, change()).status_code == 403
    assert not Holiday.objects.filter(day=date(2018, 7, 9)).exists()


def test_the_year_shows_twelve_months_with_marks_and_sources(client, office):
    client.force_login(office)
    page = client.get(YEAR).content.decode()
    assert page.count("<caption>") == 12
    assert "2018-04-08 周日 上班 清明节调休" in page
    assert "2018-04-05 周四 休息 清明节" in page
    assert "节假日表" in page
    assert "/workdays/days/2018-04-08/" in page


def test_a_reader_sees_no_edit_links(client, stranger):
    client.force_login(stranger)
    assert "/workdays/days/" not in client.get(YEAR).content.decode()


def test_an_uncovered_year_says_so(client, office):
    client.force_login(office)
    page = client.get("/workdays/2031/").content.decode()
    assert "放假安排没有录入" in page and "标明2031年已录完" in page


@pytest.mark.parametrize("url", ["/workdays/1800/", "/workdays/2999/", "/workdays/days/2018-02-30/"])
def test_a_year_or_day_that_does_not_exist_is_not_found(client, office, url):
    client.force_login(office)
    assert client.get(url).status_code == 404


def test_the_index_leads_to_this_year(client, office):
    client.force_login(office)
    assert client.get("/workdays/").url == f"/workdays/{today().year}/"


def test_changing_a_day_moves_dates_and_lists_them(client, office, registered, owed):
    row = owed(486, "reply_normal", date(2018, 4, 9))
    client.force_login(office)
    response = client.post(DAY, change(), follow=True)
    page = response.content.decode()
    row.refresh_from_db()
    assert row.due_on == date(2018, 7, 10)
    assert response.status_code == 200
    for words in ("第0486号 答复", "2018-07-09", "2018-07-10", "防汛", "刘科长"):
        assert words in page


def test_an_administrator_sees_how_many_moved_but_not_which(client, sysadmin, registered, owed):
    owed(486, "reply_normal", date(2018, 4, 9))
    client.force_login(sysadmin)
    page = client.post(DAY, change(), follow=True).content.decode()
    assert "移动 1 个" in page and "0486" not in page


@pytest.mark.parametrize(("values", "words"), [
    ({"reason": ""}, "理由"), ({"is_workday": ""}, "这一天"), ({"is_workday": "usual"}, "这一天的安排没有变化"),
])
def test_a_refused_change_shows_the_form_again_with_what_was_typed(client, office, values, words):
    client.force_login(office)
    response = client.post(DAY, change(**{"name": "打过的字", **values}))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page and "打过的字" in page
    assert not AuditEvent.objects.filter(event="calendar.day_changed").exists()


def test_the_same_form_sent_twice_changes_once(client, office):
    client.force_login(office)
    data = change(form_token="t" * 24)
    first, second = client.post(DAY, data), client.post(DAY, data)
    assert first.url == second.url
    assert AuditEvent.objects.filter(event="calendar.day_changed").count() == 1


def test_a_year_is_imported_on_the_page(client, office):
    client.force_login(office)
    response = client.post("/workdays/import/", {"file": SimpleUploadedFile("2027.csv", CSV)}, follow=True)
    assert response.status_code == 200
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕8号"


def test_a_bad_file_is_refused_line_by_line(client, office):
    client.force_login(office)
    bad = SimpleUploadedFile("2027.csv", "日期,是否上班\n甲,放假\n2027-01-01,乙\n".encode())
    response = client.post("/workdays/import/", {"file": bad, "source": "甲"})
    assert response.status_code == 422
    assert "第 2 行" in response.content.decode() and "第 3 行" in response.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_year_entered_by_hand_is_marked_as_covered(client, office):
    client.force_login(office)
    assert client.post("/workdays/2027/cover/", {"source": ""}).status_code == 422
    assert client.post("/workdays/2027/cover/", {"source": "放假通知"}).status_code == 302
    assert CalendarYear.objects.filter(year=2027).exists()


def test_the_calculator_computes_and_explains(client, stranger):
    client.force_login(stranger)
    query = {"start_on": "2018年2月5日", "profile": "HN-DEFAULT", "rule": "reply_normal"}
    page = client.get("/workdays/calculator/", query).content.decode()
    for words in ("2018年5月7日", "顺延：2018-05-05（周六）", "代表法"):
        assert words in page


def test_the_calculator_adds_a_length_of_ones_own(client, stranger):
    client.force_login(stranger)
    query = {"start_on": "2018-04-09", "profile": "HN-DEFAULT", "rule": "", "amount": "15", "measure": "wd"}
    assert "2018年4月28日" in client.get("/workdays/calculator/", query).content.decode()


@pytest.mark.parametrize("query", [
    {"start_on": "2018-04-09", "profile": "HN-DEFAULT", "rule": "", "amount": ""},
    {"start_on": "昨天", "profile": "HN-DEFAULT", "rule": "reply_normal"},
    {"start_on": "9999-12-01", "profile": "HN-DEFAULT", "rule": "", "amount": "9999", "measure": "wd"},
])
def test_the_calculator_says_what_is_missing(client, stranger, query):
    client.force_login(stranger)
    assert client.get("/workdays/calculator/", query).status_code == 422
    assert client.get("/workdays/calculator.ics", query).status_code == 302


def test_a_computed_date_goes_into_a_calendar_program(client, stranger):
    client.force_login(stranger)
    query = {"start_on": "2018-04-09", "profile": "HN-DEFAULT", "rule": "reply_normal"}
    response = client.get("/workdays/calculator.ics", query)
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20180709\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_year_page_asks_few_questions(client, office, django_assert_max_num_queries):
    client.force_login(office)
    client.get(YEAR)
    with django_assert_max_num_queries(12):
        client.get(YEAR)
