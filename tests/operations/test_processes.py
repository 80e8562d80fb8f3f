"""子进程：停的时候连孙进程一起停，父进程被强杀也不留孤儿。"""
import os
import signal
import subprocess
import sys
import time

import pytest

from lianluo.operations import processes

#: 起一个孙进程，两个都不理 TERM，打印孙进程号。
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
OBEDIENT = "import time; print('起', flush=True); time.sleep(60)"


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def start(script: str) -> processes.Child:
    return processes.start("试验", [sys.executable, "-c", script], stdout=subprocess.PIPE)


def test_stopping_takes_the_grandchildren_too():
    child = start(STUBBORN)
    grandchild = int(child.process.stdout.readline())
    started = time.monotonic()
    processes.stop([child], grace=0.3)
    assert time.monotonic() - started < 20
    assert child.ended and gone(grandchild)
    child.process.stdout.close()


def test_obedient_children_do_not_wait_out_the_grace():
    child = start(OBEDIENT)
    child.process.stdout.readline()
    started = time.monotonic()
    processes.stop([child], grace=20)
    assert time.monotonic() - started < 20
    child.process.stdout.close()


def test_stopping_what_has_already_ended_is_no_error():
    child = start("pass")
    child.process.wait()
    processes.stop([child], grace=0.1)
    child.process.stdout.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="只有 Linux 有父亡信号")
def test_children_end_when_the_parent_is_killed(settings):
    script = (
        "import sys, time\n"
        "from lianluo.operations import processes\n"
        f"child = processes.start('试验', [sys.executable, '-c', {OBEDIENT!r}])\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=settings.BASE_DIR)
    pid = next(int(line) for line in parent.stdout if line.strip().isdigit())
    assert alive(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(pid)
