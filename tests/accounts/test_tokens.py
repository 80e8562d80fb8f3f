"""接口令牌：权限与本人相同；撤销、过期、停用、改密码后下一次请求即拒绝。"""
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianluo.accounts import actions
from lianluo.accounts.models import ApiToken, User

START = "2026-11-24 09:00 +0800"


@pytest.fixture
def token(liu) -> str:
    return actions.issue_token(liu, "厅办公系统", days=90, actor=liu)


def ask(token: str, word: str = "Token", method: str = "get"):
    browser = Client(enforce_csrf_checks=True)
    return getattr(browser, method)("/api/probe/", headers={"Authorization": f"{word} {token}"})


def test_a_token_is_the_person_and_without_one_nobody(token):
    answer = ask(token)
    assert answer.status_code == 200 and answer.json() == {"name": "刘科长"}
    assert "no-store" in answer["Cache-Control"]
    assert Client().get("/api/probe/").status_code == 401
    assert ask(token, method="post").status_code == 200  # 令牌请求不需要 CSRF


@pytest.mark.parametrize("wrong", ["", "x", "ll_" + "A" * 43, "Token", "ll_\ud7ff", "a b", "'; drop table"])
def test_a_wrong_token_is_refused(token, wrong):
    assert ask(wrong.encode("utf-8", "ignore").decode("latin-1")).status_code == 401


def test_another_scheme_is_not_read(token):
    assert ask(token, "Bearer").status_code == 401


@pytest.mark.parametrize(
    "end",
    [
        lambda liu, boss: actions.revoke_token(liu.api_tokens.get(), actor=liu),
        lambda liu, boss: actions.disable_account(liu, actor=boss),
        lambda liu, boss: User.objects.filter(pk=liu.pk).update(is_active=False),
        lambda liu, boss: actions.change_password(liu, "Another-Strong-59", actor=liu),
        lambda liu, boss: actions.reset_password(liu, actor=boss),
    ],
    ids=["撤销", "停用", "直接改库停用", "改密码", "重设密码"],
)
def test_the_next_request_is_refused(token, liu, person, end):
    assert ask(token).status_code == 200
    end(User.objects.get(pk=liu.pk), person("boss"))
    assert ask(token).status_code == 401


def test_whoever_must_change_the_password_calls_nothing(token, liu):
    User.objects.filter(pk=liu.pk).update(must_change_password=True)
    answer = ask(token)
    assert answer.status_code == 403 and "修改密码" in answer.json()["detail"]


def test_it_ends_with_its_days(liu):
    with time_machine.travel(START, tick=False) as clock:
        token = actions.issue_token(liu, "试", days=30, actor=liu)
        clock.shift(30 * 86400 - 1)
        assert ask(token).status_code == 200
        clock.shift(1)
        assert ask(token).status_code == 401


def test_one_query_and_last_use_once_a_minute(token, django_assert_num_queries):
    with time_machine.travel(START, tick=False) as clock:
        ask(token)
        with django_assert_num_queries(1):
            ask(token)
        clock.shift(61)
        with django_assert_num_queries(2):
            ask(token)


def test_the_page_shows_a_token_once_and_revokes_it(client, liu, log_in):
    log_in(client, "liu")
    page = client.post(reverse("accounts:tokens"), {"name": "厅办公系统", "days": "90"}).content.decode()
    row = ApiToken.objects.get()
    token = page.split("<code>")[1].split("</code>")[0]
    assert ask(token).status_code == 200 and token not in str(ApiToken.objects.values().get())
    assert token not in client.get(reverse("accounts:tokens")).content.decode()
    client.post(reverse("accounts:token_revoke", args=[row.pk]))
    assert ask(token).status_code == 401


def test_someone_elses_token_cannot_be_revoked(client, token, person, log_in):
    person("chen")
    log_in(client, "chen")
    assert client.post(reverse("accounts:token_revoke", args=[ApiToken.objects.get().pk])).status_code == 404
    assert ask(token).status_code == 200


def test_the_page_says_what_is_missing(client, liu, log_in):
    log_in(client, "liu")
    answer = client.post(reverse("accounts:tokens"), {"name": "", "days": "7"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "填写用途" in text and "选择有效期" in text and not ApiToken.objects.exists()
