"""浏览器测试：真的服务、真的 Chromium；没有 Chromium 时按名字跳过。"""
import pytest

from tests.world import World

from .driver import Person, chromium


@pytest.fixture
def browser(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with chromium() as machine:
        yield machine


@pytest.fixture
def cast(live_server, var_dir, transactional_db) -> World:
    """事务性的库里建角色，浏览器的请求看得到。"""
    return World()


@pytest.fixture
def person(browser, live_server):
    """``person(account, size=PHONE, script=False)``。"""
    made = []

    def make(account=None, **kwargs) -> Person:
        made.append(Person(browser, live_server.url, account, **kwargs))
        return made[-1]

    yield make
    for one in made:
        assert one.problems == []
