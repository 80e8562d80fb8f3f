"""``python -m tests.run``：定下用哪些数据库，把测试跑完，最后一段话说清跑了什么、没跑什么。

SQLite 一遍，跑全部（并发竞争除外，那只在 PostgreSQL 上有意义）；``TEST_DATABASE_URL`` 与 ``TEST_REDIS_URL``
（不设则试本机缺省地址）答得上话时再跑一遍，只跑碰库的：标了 ``once`` 的整站走查（权限矩阵、响应头、页面用语……）
与哪种库无关，坏字符、并发与各层动作两遍都跑。
有 Chromium 时带浏览器测试（只在第一遍）。任何一遍不过，退出码非零。
"""
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/15"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_TESTS = 5


@dataclass
class Round:
    """一遍测试。"""

    title: str
    marks: str
    env: dict[str, str] = field(default_factory=dict)


def postgres_answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url.replace("postgres://", "postgresql://", 1), connect_timeout=3).close()
    except psycopg2.Error:
        return False
    return True


def redis_answers(url: str) -> bool:
    import redis

    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def chromium() -> str:
    """浏览器的路径；CHROMIUM 可以指定。"""
    given = os.environ.get("CHROMIUM", "")
    return given or next((path for name in BROWSERS if (path := shutil.which(name))), "")


def shown(url: str) -> str:
    """给人看的地址：不带口令。"""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or ''}{parts.path}"


def services() -> tuple[dict[str, str], list[str]]:
    """答得上话的外部服务，与没跑成的各一句话。"""
    env, missing = {}, []
    database = os.environ.get("TEST_DATABASE_URL") or POSTGRES
    queue = os.environ.get("TEST_REDIS_URL") or REDIS
    if postgres_answers(database):
        env["TEST_DATABASE_URL"] = database
    else:
        missing.append(f"PostgreSQL 连不上（{shown(database)}），这一遍与并发测试没有跑；可用 TEST_DATABASE_URL 指定")
    if redis_answers(queue):
        env["TEST_REDIS_URL"] = queue
    else:
        missing.append(f"Redis 连不上（{shown(queue)}），用到它的测试没有跑；可用 TEST_REDIS_URL 指定")
    return env, missing


def plan(drills: bool) -> tuple[list[Round], list[str]]:
    """要跑哪几遍，与跑不了的。"""
    env, missing = services()
    browser = chromium()
    if not browser:
        missing.append("没有找到 Chromium，浏览器测试没有跑；Debian 上：apt-get install chromium fonts-noto-cjk")
    outside = "PostgreSQL" if "TEST_DATABASE_URL" in env else "SQLite"
    outside += " + Redis" if "TEST_REDIS_URL" in env else ""
    if drills:
        return [Round(f"演练（{outside}）", "drill or race", env)], missing
    first = Round("SQLite", "not drill and not race" + ("" if browser else " and not browser"))
    if browser:
        first.env["CHROMIUM"] = browser
    return [first] + ([Round(outside, "not drill and not browser and not once", env)] if env else []), missing


def run(step: Round, report: Path, arguments: list[str]) -> int:
    """跑一遍，pytest 的输出原样给人看。"""
    print(f"\n════ {step.title} ════", flush=True)
    env = {key: value for key, value in os.environ.items() if key not in {"TEST_DATABASE_URL", "TEST_REDIS_URL"}}
    workers = "0" if "drill" in step.marks.split(" or ") else "2"
    # 先跑完的从另一家的队尾拿：同一种台上的测试（tests/conftest.py）大多留在一个进程里
    options = ["-n", workers, "--dist=worksteal", "-m", step.marks, f"--junitxml={report}"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    return subprocess.call(command, cwd=ROOT, env={**env, **step.env})


def counts(report: Path) -> tuple[int, int, int]:
    """从 junit 报告数：通过、未过、跳过。"""
    if not report.exists():
        return 0, 1, 0
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    total, failed, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites for key in keys)
        for keys in (("tests",), ("failures", "errors"), ("skipped",))
    )
    return total - failed - skipped, failed, skipped


def summary(step: Round, numbers: tuple[int, int, int], code: int, seconds: float) -> str:
    passed, failed, skipped = numbers
    words = f"{step.title}：{passed} 项通过"
    words += f"，{failed} 项未过" if failed else ""
    words += f"，{skipped} 项跳过" if skipped else ""
    words += "" if code in {0, NO_TESTS} or failed else f"，pytest 退出码 {code}"
    return f"{words}（{seconds:.0f} 秒）"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.run", description="跑全部测试")
    parser.add_argument("--drills", action="store_true", help="只跑演练与并发")
    parser.add_argument("--rounds", type=int, default=None, help="并发每项的轮数，缺省 20")
    options, arguments = parser.parse_known_args()
    if options.rounds:
        os.environ["LIANLUO_ROUNDS"] = str(options.rounds)
    steps, missing = plan(options.drills)
    lines, worst, totals = [], 0, (0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="lianluo-report-") as folder:
        for number, step in enumerate(steps):
            report, started = Path(folder) / f"{number}.xml", time.monotonic()
            code = run(step, report, arguments)
            numbers = counts(report)
            totals = tuple(map(sum, zip(totals, numbers, strict=True)))
            lines.append(summary(step, numbers, code, time.monotonic() - started))
            worst = worst or (0 if code == NO_TESTS else code)
    print("\n════ 小结 ════")
    print("\n".join([*lines, *missing]))
    print("{} passed, {} failed, {} skipped".format(*totals), flush=True)
    return worst or (0 if totals[0] else NO_TESTS)


if __name__ == "__main__":
    sys.exit(main())
