"""账号测试的人和动作：只经网页与动作，不碰内部。"""
import json
import re

import pytest
from django.urls import reverse

from lianluo.accounts import actions, delivery, limits
from lianluo.accounts.models import User
from lianluo.workdays import clock

PASSWORD = "Zhuzhou-River-38"


@pytest.fixture(autouse=True)
def probe_pages(settings, var_dir, db, monkeypatch):
    settings.ROOT_URLCONF = "tests.accounts.probe_urls"
    monkeypatch.setattr(delivery, "HEAD_START", 0.0)
    monkeypatch.setattr(limits, "EVEN_SECONDS", 0.0)


@pytest.fixture
def person():
    """建一个人：``person("liu", Role.NPC_OFFICE, phone="…")``；已过首次改密码。"""

    def make(username: str, *roles: str, password: str | None = PASSWORD, **fields) -> User:
        account = User.objects.create_user(username, password, **{"name": f"{username}同志", **fields})
        for role in roles:
            actions.grant_role(account, role, actor=None, valid_from=clock.today())
        return account

    return make


@pytest.fixture
def liu(person):
    return person("liu", name="刘科长", phone="13800001402", email="liu@example.cn")


@pytest.fixture
def log_in():
    """经登录页登录，返回响应。"""

    def post(client, username: str, password: str = PASSWORD, **extra):
        return client.post(reverse("accounts:login"), {"username": username, "password": password, **extra})

    return post


@pytest.fixture
def texts(settings):
    """已送出的短信：[(号码, 文字)]。"""

    def read() -> list[tuple[str, str]]:
        delivery.drain()
        folder = settings.SMS_FILE_PATH
        lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
        return [(row["phone"], row["text"]) for row in map(json.loads, lines)]

    return read


@pytest.fixture
def last_code(texts):
    """最近一条短信里的验证码。"""
    return lambda: re.search(r"\d{6}", texts()[-1][1]).group()


@pytest.fixture
def ask_code(client):
    """在取码页填联系方式。"""

    def ask(contact: str, browser=None):
        return (browser or client).post(reverse("accounts:code"), {"contact": contact})

    return ask


@pytest.fixture
def give_code(client):
    """在填码页填验证码。"""

    def give(code: str, browser=None, **extra):
        return (browser or client).post(reverse("accounts:code_check"), {"code": code, **extra})

    return give


def is_signed_in(client) -> bool:
    """这个浏览器现在是否登录着（问一张要登录的页）。"""
    return client.get("/probe/own/").status_code == 200
