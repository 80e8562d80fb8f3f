"""``make bench``：装入压测库，起同样的服务器，各页与什么也不做的 Django 视图在同一次运行里比每秒请求数。

机器快慢会漂移，所以每页紧挨着空白视图量，只看两者之比；各页轮换几轮取中位数，先热身。
需要 PostgreSQL（地址在 BENCH_SERVER）。
"""
from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCH_SERVER", "postgres://postgres@127.0.0.1:5432")
NAME = "lianluo_bench"
HELLO_PORT, SITE_PORT = 8391, 8392
ROUNDS, SECONDS, HELLO_SECONDS, WARM_SECONDS = 5, 3.0, 1.0, 1.5
#: 与 deploy/gunicorn.conf.py 同样的进程安排
WORKERS = ["--workers", "4", "--worker-class", "gthread", "--threads", "1", "--keep-alive", "30"]
MOST_QUERIES, MOST_MEGABYTES = 15, 150
HELLO, LIST = "hello", "列表"


@dataclass(frozen=True)
class Page:
    """要量的一页：名称、地址、每秒请求数不低于 ``of`` 的几分之几（0 为只报数）。"""

    name: str
    path: str
    floor: float = 0
    of: str = HELLO


PAGES = (
    Page(LIST, "/office/suggestions/", 1 / 40),
    Page("筛选列表", "/office/suggestions/?status=handling&page=3", 1 / 45),
    Page("查找少见的词", "/office/suggestions/?words=梯工", 1 / 50),
    Page("查找常见的词", "/office/suggestions/?words=化县", 0.3, LIST),
    Page("件页", "/s/14-4/{number:04d}/", 1 / 25),
    Page("工作台", "/home/", 0.5, LIST),
    Page("交办台", "/office/board/"),
    Page("台账", "/ledger/"),
)


def main() -> int:
    os.environ["DATABASE_URL"] = f"{SERVER}/{NAME}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianluo.settings"
    os.environ.setdefault("LIANLUO_VAR", tempfile.mkdtemp(prefix="lianluo-bench-"))
    _fresh_database()
    cookie, number = _load()
    from bench import exports

    failed = _count_queries(number) + exports.measure()
    _hang_up()
    servers = [_serve("bench.hello:application", HELLO_PORT), _serve("lianluo.wsgi:application", SITE_PORT)]
    try:
        failed += _measure(cookie, number) + _memory(servers[1].pid)
    finally:
        for server in servers:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
    return 1 if failed else 0


def _fresh_database() -> None:
    import psycopg2

    link = psycopg2.connect(f"{SERVER}/postgres", connect_timeout=5)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{NAME}"')
    link.close()


def _load() -> tuple[str, int]:
    """迁移、装数、收集静态文件、登录；返回会话 cookie 与一个在办件的编号。"""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.load import load

    started = time.perf_counter()
    rows = load()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"装入 {rows['suggestions']} 件、{rows['assignments']} 承办关系，{time.perf_counter() - started:.0f} 秒")
    from suggestions.models import Suggestion

    number = Suggestion.objects.filter(status="handling").values_list("number", flat=True)[100]
    return f"{settings.SESSION_COOKIE_NAME}={_sign_in()}", number


def _sign_in() -> str:
    from django.test import Client

    from lianluo.operations.demo.people import PASSWORD

    client = Client(SERVER_NAME="127.0.0.1")
    client.post("/login/", {"username": "shenban", "password": PASSWORD})
    return client.session.session_key


def _count_queries(number: int) -> int:
    """每页的查询数不超过十五，看过一次之后。"""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lianluo.accounts.models import User

    client, failed = Client(SERVER_NAME="127.0.0.1"), 0
    client.force_login(User.objects.get(username="shenban"), "lianluo.accounts.backends.AccountBackend")
    for page in PAGES:
        client.get(page.path.format(number=number))
        with CaptureQueriesContext(connection) as captured:
            status = client.get(page.path.format(number=number)).status_code
        over = len(captured) > MOST_QUERIES or status != 200
        failed += over
        print(f"{page.name}：{len(captured)} 次查询，状态 {status}{'  ✗ 超出 15' if over else ''}")
    return failed


def _hang_up() -> None:
    """量的时候只留网页服务自己的连接。"""
    from django.db import connection

    connection.close()


def _serve(application: str, port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen([*command, *WORKERS], cwd=HERE, start_new_session=True)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"服务没有在端口 {port} 起来")


@dataclass
class Pace:
    """一页各轮的每秒请求数、与紧挨着量的空白视图之比、出错的次数。"""

    rates: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    bad: int = 0

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def share(self) -> float:
        return statistics.median(self.shares)


def _measure(cookie: str, number: int) -> int:
    from urllib.parse import quote

    from bench.client import run

    paces = {page.name: Pace() for page in PAGES}
    for turn in range(ROUNDS + 1):
        for page in PAGES:
            path, pace = quote(page.path.format(number=number), safe="/?=&"), paces[page.name]
            hello = run(HELLO_PORT, "/", seconds=HELLO_SECONDS)
            result = run(SITE_PORT, path, seconds=SECONDS if turn else WARM_SECONDS, cookie=cookie)
            pace.bad += result.bad + hello.bad
            if turn:
                pace.rates.append(result.rate)
                pace.shares.append(result.rate / hello.rate)
    return sum(_report(page, paces) for page in PAGES)


def _report(page: Page, paces: dict[str, Pace]) -> int:
    """一页一行；出过错、没有达到的记一。"""
    pace = paces[page.name]
    whole = paces[page.of].share if page.of != HELLO else 1
    missed = bool(pace.bad) or pace.share < page.floor * whole
    target = ""
    if page.floor and page.of == HELLO:
        target = f"，要求 1/{1 / page.floor:.0f}"
    elif page.floor:
        target = f"，为{page.of}的 {pace.share / whole:.2f}，要求 {page.floor}"
    share = f"为 {HELLO} 的 1/{1 / pace.share:.1f}" if pace.share else "没有应答"
    print(f"{page.name}：每秒 {pace.rate:.0f} 次，{share}{target}{'  ✗' if missed else ''}，出错 {pace.bad}")
    return int(missed)


def _memory(pid: int) -> int:
    """压过以后，各工作进程占的内存。"""
    listed = subprocess.run(["ps", "-o", "rss=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    sizes = [int(line) / 1024 for line in listed.stdout.split()]
    over = not sizes or max(sizes) > MOST_MEGABYTES
    listing = "、".join(f"{size:.0f} MB" for size in sizes)
    print(f"工作进程内存：{listing}，要求 {MOST_MEGABYTES} MB 以内{'  ✗' if over else ''}")
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
