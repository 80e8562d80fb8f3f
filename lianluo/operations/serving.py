"""``make run`` 的全过程：备好数据库与静态文件，起各进程，就绪后报地址，停的时候一个不留。"""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from . import processes
from .processes import Child

HOST = "127.0.0.1"
READY_SECONDS = 120
SEED_SUGGESTIONS = 200
PROGRESS_EVERY = 5


class Halt(Exception):
    """起不来或中途停了：一句给人看的话。"""


class Stopped(BaseException):
    """收到停止信号。"""


def check_environment() -> str:
    """不在虚拟环境里只提醒（Python 的版本由 make setup 查）。"""
    return "" if sys.prefix != sys.base_prefix else "没有用虚拟环境运行，建议先 make setup 再 make run"


def check_port(port: int) -> None:
    """端口空着才往下走。"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OverflowError:
            raise Halt(f"PORT={port} 不是端口号，用 1 到 65535 之间的数") from None
        except OSError:
            raise Halt(f"端口 {port} 已被占用，换一个：PORT={port + 1} make run") from None


def catch_signals() -> None:
    """Ctrl-C、kill、关终端都走同一条收拾的路。"""

    def stop(*_) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def ignore_signals() -> None:
    """收拾的时候不再被打断；收拾有时限。"""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def prepare(say: Callable[[str], None]) -> None:
    """建表或升级，收集静态文件。"""
    say("正在准备数据库…")
    call_command("migrate", interactive=False, verbosity=0)
    say("正在收集静态文件…")
    call_command("collectstatic", interactive=False, verbosity=0)


def child_env() -> dict[str, str]:
    """子进程的环境：演示形态，输出不缓存，以 root 试用时不必听 Celery 的英文劝告。"""
    quiet = "ignore:You're running the worker"
    return {**os.environ, "LIANLUO_DEMO": "1", "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet}


def manage(*words: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]


def has_users() -> bool:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.exists()


def seed(children: list[Child], say: Callable[[str], None]) -> None:
    """空库才生成演示数据；生成不成也照常启动，并说清楚。"""
    if has_users():
        return
    say(f"数据库是空的，正在生成 {SEED_SUGGESTIONS} 件演示建议…")
    command = manage("seed_demo", "--suggestions", str(SEED_SUGGESTIONS))
    child = processes.start("演示数据", command, env=child_env(), stdout=subprocess.DEVNULL)
    children.append(child)
    started = time.monotonic()
    while True:
        try:
            code = child.process.wait(PROGRESS_EVERY)
            break
        except subprocess.TimeoutExpired:
            say(f"正在生成演示数据，已用 {time.monotonic() - started:.0f} 秒…")
    children.remove(child)
    took = f"{time.monotonic() - started:.0f} 秒"
    say(f"演示数据已生成，用了 {took}" if code == 0 else "演示数据没有生成，系统是空的；原因见上方")


def start_all(port: int, children: list[Child]) -> None:
    """网页服务；没有 Redis 时照表运行，有则 Celery 的工作进程与 beat。"""
    base, env = settings.BASE_DIR, child_env()

    def start(title: str, command: list[str]) -> None:
        children.append(processes.start(title, command, env=env, cwd=base))

    gunicorn = [sys.executable, "-m", "gunicorn", "lianluo.wsgi:application"]
    start("网页服务", [*gunicorn, "--config", str(base / "deploy" / "gunicorn.conf.py"), "--bind", f"{HOST}:{port}"])
    if not settings.REDIS_URL:
        start("定时任务", manage("tick", "--loop"))
        return
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "lianluo"]
    start("后台任务", [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip"])
    schedule = str(settings.VAR_DIR / "celerybeat-schedule")
    start("定时派发", [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile="])


def check_children(children: list[Child]) -> None:
    """任何一个进程没了，整个就停：半个系统比没有更误人。"""
    for child in children:
        if child.ended:
            raise Halt(f"{child.title}已停止（退出码 {child.process.returncode}），其余进程一并停下；原因见上方")


def wait_ready(port: int, children: list[Child]) -> None:
    """等到 /healthz 答 200。"""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        check_children(children)
        try:
            with opener.open(f"http://{HOST}:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise Halt(f"{READY_SECONDS} 秒内没有就绪，原因见上方")


def watch(children: list[Child]) -> None:
    """一直看着，直到有进程停下或收到停止信号。"""
    while True:
        check_children(children)
        time.sleep(0.5)


def accounts_table(path: Path) -> str:
    """演示账号表；没有这个文件为空串。文件与登录页上的演示账号是同一份。"""
    if not path.exists():
        return ""
    rows = json.loads(path.read_text(encoding="utf-8"))
    cells = [["身份", "账号", "密码"]]
    cells += [[str(row.get(key, "")) for key in ("label", "username", "password")] for row in rows]
    widths = [max(_width(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell + " " * (widths[i] - _width(cell)) for i, cell in enumerate(line)) for line in cells]
    return "\n".join("  " + line.rstrip() for line in lines)


def _width(text: str) -> int:
    """终端上的宽度：汉字占两格。"""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
