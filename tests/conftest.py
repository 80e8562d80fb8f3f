"""全部测试共用：不出网、数据目录各用各的。"""
import copy
import ipaddress
import os
import socket

import pytest
from django.db import connection, transaction
from django.utils.module_loading import import_string

_connect = socket.socket.connect


class OutgoingConnection(RuntimeError):
    """测试想连出本机。"""


def _is_local(address) -> bool:
    if not isinstance(address, tuple):  # Unix 套接字
        return True
    host = address[0]
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(self, address):
    if not _is_local(address):
        raise OutgoingConnection(f"测试不许连出本机：{address}")
    return _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_audit_guards():
    """事务性测试结束要清库，而留痕表在 SQLite 上不许 DELETE：只在清库那一刻拆下触发器。"""
    from django.db.backends.sqlite3.base import DatabaseOperations

    from lianluo.audit import guards

    flush = DatabaseOperations.execute_sql_flush

    def flush_unguarded(self, sql_list):
        with self.connection.cursor() as cursor:
            for statement in guards.DROP["sqlite"]:
                cursor.execute(statement)
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            for statement in guards.SQLITE:
                cursor.execute(statement)

    DatabaseOperations.execute_sql_flush = flush_unguarded
    yield
    DatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """ASVS 1.3.6：除本机的数据库与 Redis 外，一概不连。"""
    socket.socket.connect = _guarded
    yield
    socket.socket.connect = _connect


@pytest.fixture
def var_dir(settings, tmp_path):
    """这一个测试自己的数据目录。"""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SMS_FILE_PATH = tmp_path / "sms"
    return tmp_path


class Stage:
    """每个进程一座台：同一时候搭着世界（tests/world.py）、布景（tests/scene.py）或什么也没有。

    搭好的留在一个不提交的事务里，每个测试在自己的保存点里用，用完撤回；要换一种才整个拆掉。
    真提交、真清库的测试（transaction=True、live_server）排在最后，那时台上什么也没有。
    """

    def __init__(self) -> None:
        self.blocker, self.wanted, self.standing, self.kept = None, "", "", None

    def show(self) -> None:
        """台上换成要的那一种；库还没有备好时等 ``standing`` 来叫。"""
        if self.blocker is None or self.wanted == self.standing:
            return
        with self.blocker.unblock():
            if self.standing:
                transaction.set_rollback(True)
                self.block.__exit__(None, None, None)
            self.standing, self.kept = self.wanted, None
            if self.wanted:
                self.block = transaction.atomic()
                self.block.__enter__()
                self.kept = import_string(STANDING[self.wanted])()
                connection.check_constraints()


STAGE = Stage()
DATABASE = {"db", "transactional_db", "live_server"}
STANDING = {"scene": "tests.scene.Scene", "world": "tests.world.World", "": ""}


def _wanted(item) -> str:
    """这个测试要哪一种台；引了布景的文件整个在布景里跑。"""
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if commits or {"live_server", "transactional_db"} & set(item.fixturenames):
        return ""
    in_scene = hasattr(item.module, "scene") and "world" not in item.fixturenames
    return "scene" if in_scene else "world" if "world" in item.fixturenames else ""


def pytest_collection_modifyitems(items):
    """同一种台上的排在一起，其余的次序不动；不碰库的测试只跑一遍。"""
    for item in items:
        if not item.get_closest_marker("django_db") and not DATABASE & set(item.fixturenames):
            item.add_marker("once")
    items.sort(key=lambda item: list(STANDING).index(_wanted(item)))


@pytest.fixture(scope="session")
def standing(django_db_setup, django_db_blocker):
    STAGE.blocker = django_db_blocker
    STAGE.show()
    yield STAGE
    STAGE.wanted = ""
    STAGE.show()


@pytest.fixture
def world(standing, db):
    """全部角色，见 tests/world.py；改自己的一份，不碍着别人。"""
    from tests.world import World

    return copy.deepcopy(STAGE.kept) if STAGE.standing == "world" else World()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """没有条件跑的测试跳过并说明，``make test`` 的小结会报出名字；换台。"""
    if item.get_closest_marker("race") and connection.vendor == "sqlite":
        pytest.skip("并发测试只在 PostgreSQL 上跑")
    if item.get_closest_marker("browser") and not os.environ.get("CHROMIUM"):
        pytest.skip("没有 Chromium")
    STAGE.wanted = _wanted(item)
    STAGE.show()


@pytest.fixture(scope="session")
def rounds() -> int:
    """并发每项跑几轮：平时 20，演练 200。"""
    return int(os.environ.get("LIANLUO_ROUNDS", "20"))
