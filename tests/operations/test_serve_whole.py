"""make run 的整套：起得来、答得上话、停的时候一个进程不留。"""
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from .test_processes import alive, gone

HAS_CHILDREN_LISTS = os.path.exists(f"/proc/self/task/{os.getpid()}/children")
only_linux = pytest.mark.skipif(not HAS_CHILDREN_LISTS, reason="靠 /proc 数进程")
READY = re.compile(r"已就绪：(http://127\.0\.0\.1:\d+/)")


@pytest.fixture
def env(tmp_path):
    """自己的数据目录与 SQLite，不用 Redis。"""
    own = {
        "DJANGO_SETTINGS_MODULE": "lianluo.settings", "LIANLUO_VAR": str(tmp_path), "REDIS_URL": "",
        "DATABASE_URL": f"sqlite:///{tmp_path}/lianluo.sqlite3",
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    return {**os.environ, **own}


@pytest.fixture
def with_a_user(env, settings):
    """已有账号的库：不再生成演示数据。"""
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from lianluo.accounts.models import User; User.objects.create_user('a', name='甲')\n"
    )
    subprocess.run([sys.executable, "-c", script], env=env, cwd=settings.BASE_DIR, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(env, folder) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "serve", "--port", str(free_port())]
    return subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def address(process) -> str:
    """等到报出地址。"""
    for line in process.stdout:
        if found := READY.search(line):
            return found[1]
    pytest.fail("没有起来")


def descendants(pid: int) -> list[int]:
    """全部子孙。"""
    found, queue = [], [pid]
    while queue:
        for task in os.listdir(f"/proc/{queue[0]}/task"):
            with open(f"/proc/{queue[0]}/task/{task}/children") as children:
                queue += [int(child) for child in children.read().split()]
        found.append(queue.pop(0))
    return found[1:]


@only_linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_whole_runs_and_leaves_no_process(env, with_a_user, settings, number):
    process = serve(env, settings.BASE_DIR)
    try:
        url = address(process)
        assert urllib.request.urlopen(f"{url}healthz", timeout=5).status == 200
        family = descendants(process.pid)
        assert len(family) >= 4  # 网页服务的主进程与两个工作进程，定时任务
        process.send_signal(number)
        assert process.wait(10) == (0 if number == signal.SIGINT else -signal.SIGKILL)
        assert all(gone(pid) for pid in family)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@only_linux
def test_when_one_process_dies_the_rest_stop(env, with_a_user, settings):
    process = serve(env, settings.BASE_DIR)
    try:
        address(process)
        family = descendants(process.pid)
        os.kill(family[0], signal.SIGKILL)
        assert process.wait(10) == 1
        assert all(gone(pid) for pid in family)
        assert not alive(process.pid)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
