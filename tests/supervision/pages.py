"""页面测试的手脚：登录了的浏览器、提交令牌、数查询。"""
from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BACKEND = "lianluo.accounts.backends.AccountBackend"
TOKEN = "token-0123456789abcdef"


def browser(account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def page(account, url: str, status: int = 200):
    """打开一页，返回应答。"""
    answer = browser(account).get(url)
    assert answer.status_code == status, (answer.status_code, url)
    return answer


def text_of(answer) -> str:
    return answer.content.decode()


def queries(account, url: str) -> int:
    """打开一页查库几次（热了以后）。"""
    client = browser(account)
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def post(account, url: str, token: str = TOKEN, **data):
    return browser(account).post(url, {"form_token": token, **data})
