"""延期的页面：申请、不能申请时、批复。"""
from datetime import timedelta

import pytest
from django.urls import reverse

from handlers.models import Extension
from lianluo.notices.models import Notice
from lianluo.workdays import clock

from . import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(world):
    return cases.accepted(world, today=clock.today() - timedelta(days=30))[1]


def ask(client, world, row, **more):
    client.force_login(world.water.liaison)
    data = {
        "asked_until": (row.due_on + timedelta(days=20)).isoformat(), "reason": "涉及面广",
        "deputy_told_on": clock.today().isoformat(), "deputy_told_how": "电话", **more,
    }
    return client.post(reverse("handlers:extension_request", args=[row.pk]), data)


def decide(client, user, extension, **data):
    client.force_login(user)
    return client.post(reverse("handlers:extension_decision", args=[extension.pk]), data)


def test_asking_and_granting(client, world, row):
    answer = ask(client, world, row)
    extension = Extension.objects.get()
    assert answer.url == reverse("handlers:extension_done", args=[extension.pk])
    assert "已送省政府办公厅批复" in client.get(answer.url).content.decode()
    client.force_login(world.gov)
    assert row.suggestion.title in client.get(reverse("handlers:extensions")).content.decode()
    answer = decide(client, world.gov, extension, granted="yes", granted_until=extension.asked_until.isoformat())
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.due_on == extension.asked_until
    told = set(Notice.objects.values_list("kind", "recipient__username"))
    assert {("extension.granted", "slt-liaison"), ("extension.told", "hn140001")} <= told


def test_too_long_is_refused_with_the_limit(client, world, row):
    answer = ask(client, world, row, asked_until=(row.due_on + timedelta(days=400)).isoformat())
    assert answer.status_code == 422
    assert "最晚可延至" in answer.content.decode()
    assert not Extension.objects.exists()


def test_after_the_due_date_the_page_says_why(client, world, settings):
    _, late = cases.accepted(world, today=clock.today() - timedelta(days=120))
    client.force_login(world.water.liaison)
    page = client.get(reverse("handlers:extension_request", args=[late.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "届满，延期须在到期前申请" in text and settings.ORGAN_PHONE in text
    assert ask(client, world, late).status_code == 422
    assert not Extension.objects.exists()


def test_who_may_ask_and_who_may_decide(client, world, row):
    url = reverse("handlers:extension_request", args=[row.pk])
    for user, status in ((world.transport.liaison, 404), (world.gov, 403), (world.stranger, 403)):
        client.force_login(user)
        assert client.get(url).status_code == status
    ask(client, world, row)
    extension = Extension.objects.get()
    assert decide(client, world.clerk, extension, granted="no", note="x").status_code == 403
    assert decide(client, world.water.liaison, extension, granted="yes").status_code == 403
    assert decide(client, world.gov, extension, granted="no", note="").status_code == 422
    assert decide(client, world.gov, extension, granted="no", note="抓紧").status_code == 302
    assert decide(client, world.gov, extension, granted="yes").status_code == 409


def test_an_extension_that_is_waiting_is_shown_not_asked_again(client, world, row):
    """已申请、等着批复的，再点“申请延期”看到的是那一份，不是空表。"""
    ask(client, world, row)
    answer = client.get(reverse("handlers:extension_request", args=[row.pk]))
    assert answer.url == reverse("handlers:extension_done", args=[Extension.objects.get().pk])


def test_an_empty_date_is_asked_for_in_plain_words(client, world, row):
    assert "填写申请延到哪一天" in ask(client, world, row, asked_until="").content.decode()
