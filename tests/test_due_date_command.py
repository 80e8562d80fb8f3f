"""manage.py due_date 与 import_holidays：约定的输出与退出码。"""
from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lianluo.workdays.models import CalendarYear, Holiday

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def due(*args: str) -> dict:
    return json.loads(run("due_date", *args, "--json"))


@pytest.mark.parametrize(("profile", "rule", "start", "expected"), [
    ("HN-DEFAULT", "reply_normal", "2018-04-09", "2018-07-09"),
    ("HN-DEFAULT", "reply_max", "2018-07-01", "2019-01-02"),
    ("SH-2015", "return_days", "2018-04-09", "2018-04-18"),
    ("CQ-2018", "cohandle_opinion", "2018-04-09", "2018-05-22"),
    ("ZJ-2016", "cohandle_opinion", "2018-02-05", "2018-04-08"),
])
def test_it_computes_a_rule_of_a_profile(profile, rule, start, expected):
    found = due("--profile", profile, "--rule", rule, "--from", start)
    assert (found["due_on"], found["provisional"]) == (expected, False)


@pytest.mark.parametrize(("length", "expected"), [("15wd", "2018-04-28"), ("2m", "2018-06-11"), ("10d", "2018-04-19")])
def test_it_adds_a_length(length, expected):
    assert due("--profile", "HN-DEFAULT", "--add", length, "--from", "2018-04-09")["due_on"] == expected


def test_the_json_has_the_agreed_keys():
    found = due("--profile", "HN-DEFAULT", "--add", "2wd", "--from", "2018-04-04")
    assert found == {
        "due_on": "2018-04-09", "provisional": False,
        "steps": [
            {"date": "2018-04-04", "counted": False, "reason": "起算日，当日不计入（民法典第二百零一条）"},
            {"date": "2018-04-05", "counted": False, "reason": "清明节放假"},
            {"date": "2018-04-06", "counted": False, "reason": "清明节放假"},
            {"date": "2018-04-07", "counted": False, "reason": "清明节放假"},
            {"date": "2018-04-08", "counted": True, "reason": "第1个工作日（周日，清明节调休上班）"},
            {"date": "2018-04-09", "counted": True, "reason": "第2个工作日"},
        ],
    }


def test_a_date_in_an_uncovered_year_is_provisional():
    found = due("--profile", "HN-DEFAULT", "--rule", "reply_normal", "--from", "2026-11-30")
    assert (found["due_on"], found["provisional"]) == ("2027-03-01", True)
    assert "2027年放假安排尚未公布，暂按周一至周五计" in found["steps"][-1]["reason"]


def test_without_json_it_explains_in_chinese():
    text = run("due_date", "--profile", "HN-DEFAULT", "--rule", "return_days", "--from", "2018-04-09")
    assert text.startswith("到期日 2018-04-23（周一）")
    said = ("申请退回10个工作日，自交办之日起", "2018-04-14（周六）至 2018-04-15（周日） 周末", "第1至第4个工作日")
    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize(("args", "words"), [
    (["--profile", "XX", "--rule", "reply_normal", "--from", "2018-04-09"], "没有时限规则“XX”"),
    (["--profile", "HN-DEFAULT", "--rule", "lunch", "--from", "2018-04-09"], "没有期限“lunch”"),
    (["--profile", "XX", "--add", "2m", "--from", "2018-04-09"], "没有时限规则“XX”"),
    (["--profile", "HN-DEFAULT", "--from", "2018-04-09"], "两者写一个"),
    (["--rule", "reply_normal", "--add", "2m", "--from", "2018-04-09"], "两者写一个"),
    (["--rule", "reply_normal"], "起算日"),
    (["--rule", "reply_normal", "--from", "2018-02-30"], "认不出"),
    (["--rule", "reply_normal", "--from", "20180409"], "认不出"),
    (["--add", "15", "--from", "2018-04-09"], "认不出"),
    (["--add", "-3wd", "--from", "2018-04-09"], "认不出|选项不对"),
    (["--add", "9999m", "--from", "9990-04-09"], "超出了历法"),
    (["--add", "9999wd", "--from", "9999-12-01"], "超出了历法"),
    (["--lunch"], "选项不对"),
])
def test_a_wrong_use_exits_2_with_a_sentence(args, words):
    with pytest.raises(CommandError, match=words) as refused:
        run("due_date", *args)
    assert refused.value.returncode == 2


def test_an_option_misspelt_on_the_command_line_exits_2_in_chinese(capsys):
    from lianluo.operations.management.commands.due_date import Command

    with pytest.raises(SystemExit) as left:
        Command().run_from_argv(["manage.py", "due_date", "--lunch"])
    assert left.value.code == 2
    assert "选项不对" in capsys.readouterr().err


def test_a_year_is_imported_from_a_file(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text("日期,是否上班,名称\n2027-01-01,放假,元旦\n2027-01-03,上班,元旦调休\n", encoding="utf-8")
    text = run("import_holidays", str(path), "--source", "国办发明电〔2026〕8号")
    assert "2027年：录入 2 天" in text
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕8号"
    assert due("--add", "1wd", "--from", "2027-01-01") == {
        "due_on": "2027-01-03", "provisional": False,
        "steps": [
            {"date": "2027-01-01", "counted": False, "reason": "起算日，当日不计入（民法典第二百零一条）"},
            {"date": "2027-01-02", "counted": False, "reason": "周末"},
            {"date": "2027-01-03", "counted": True, "reason": "第1个工作日（周日，元旦调休上班）"},
        ],
    }


def test_a_refused_file_changes_nothing_and_exits_1(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text("日期,是否上班\n2027-01-01,也许\n", encoding="utf-8")
    with pytest.raises(CommandError, match="第 2 行") as refused:
        run("import_holidays", str(path), "--source", "甲")
    assert refused.value.returncode == 1
    assert not Holiday.objects.filter(day__year=2027).exists()


@pytest.mark.parametrize("args", [[], ["nowhere.csv"], ["a.csv", "--library"]])
def test_a_wrong_use_of_import_exits_2(args):
    with pytest.raises(CommandError) as refused:
        run("import_holidays", *args)
    assert refused.value.returncode == 2


def test_the_library_brings_the_years_not_yet_covered():
    assert "没有新的年份" in run("import_holidays", "--library")
    CalendarYear.objects.filter(year=2026).delete()
    Holiday.objects.filter(day__year=2026).delete()
    assert "2026年：录入" in run("import_holidays", "--library")
    assert Holiday.objects.filter(day=date(2026, 1, 4), is_workday=True).exists()
