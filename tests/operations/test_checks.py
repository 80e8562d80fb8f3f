"""系统检查：配好了不响，没配好说得出哪里、怎么改。"""
from datetime import date

import pytest

from lianluo import checks
from lianluo.workdays.models import CalendarYear


def ids(found):
    return [item.id for item in found]


def test_the_secret_key(settings):
    settings.SECRET_KEY = "x" * 50
    assert not checks.secret_key(None)
    for bad in ("short", "django-insecure-" + "x" * 50):
        settings.SECRET_KEY = bad
        assert ids(checks.secret_key(None)) == ["lianluo.E001"]


@pytest.mark.parametrize(
    ("https", "hosts", "expected"),
    [
        (False, ["127.0.0.1"], []),
        (True, ["jianyi.example.cn"], []),
        (True, ["127.0.0.1", "localhost"], ["lianluo.E002"]),
        (True, ["*"], ["lianluo.E002"]),
        (True, ["jianyi.example.cn", "*"], ["lianluo.E002"]),
    ],
)
def test_hosts_must_be_named_under_https(settings, https, hosts, expected):
    settings.HTTPS, settings.ALLOWED_HOSTS = https, hosts
    assert ids(checks.allowed_hosts(None)) == expected


@pytest.mark.django_db
def test_next_year_is_asked_for_from_november():
    CalendarYear.objects.filter(year=2027).delete()
    assert CalendarYear.objects.filter(year=2026).exists()
    assert checks.missing_years(date(2026, 10, 31)) == []
    assert checks.missing_years(date(2026, 11, 1)) == [2027]
    assert checks.missing_years(date(2027, 1, 1)) == [2027]


@pytest.mark.django_db
def test_the_warning_says_where_to_enter_it():
    CalendarYear.objects.all().delete()
    found = checks.holidays(None, databases=["default"])
    assert set(ids(found)) == {"lianluo.W003"}
    assert "年度放假安排" in found[0].hint
    assert not checks.holidays(None)


def test_the_broker(settings):
    settings.REDIS_URL = ""
    assert ids(checks.broker(None)) == ["lianluo.W004"]
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ids(checks.broker(None)) == ["lianluo.E004"]


def test_deployment_needs_https_and_the_second_factor_and_no_demo(settings):
    settings.HTTPS = settings.SECOND_FACTOR = True
    settings.DEMO = settings.DEBUG = False
    assert not checks.second_factor(None)
    settings.SECOND_FACTOR, settings.DEMO = False, True
    assert [item.msg for item in checks.second_factor(None)] == [
        "部署时要设 LIANLUO_SECOND_FACTOR=1", "部署时要设 LIANLUO_DEMO=0",
    ]
