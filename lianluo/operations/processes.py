"""子进程：各成一个进程组，随父进程一起结束，停的时候连孙进程一起停。"""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
#: 先好好说，过了这么多秒再强行结束。
GRACE_SECONDS = 7.0


def die_with_parent(expected_parent: int | None = None) -> None:
    """父进程一死，内核就给本进程发 SIGTERM（只有 Linux 有；别的系统靠进程组）。"""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return
    if expected_parent and os.getppid() != expected_parent:
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Child:
    """一个子进程和它的中文名。"""

    title: str
    process: subprocess.Popen

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None


def start(title: str, command: Sequence[str], *, env: dict[str, str] | None = None, **options) -> Child:
    """起一个子进程，自成进程组；终端上的 Ctrl-C 只到父进程，由父进程依次收拾。"""
    parent = os.getpid()
    process = subprocess.Popen(
        list(command), env=env, start_new_session=True, preexec_fn=lambda: die_with_parent(parent), **options
    )
    return Child(title, process)


def _signal(child: Child, number: int) -> None:
    try:
        os.killpg(child.process.pid, number)
    except ProcessLookupError:
        return


def _group_alive(child: Child) -> bool:
    try:
        os.killpg(child.process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def stop(children: Sequence[Child], grace: float = GRACE_SECONDS) -> None:
    """停下全部子进程和它们的子孙：先 TERM，等一等，再 KILL，直到进程组空了。"""
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and _running(children):
        time.sleep(0.05)
    for child in children:
        _signal(child, signal.SIGKILL)
        child.process.wait()


def _running(children: Sequence[Child]) -> list[Child]:
    """进程组里还有活的；顺手收掉已结束的子进程。"""
    for child in children:
        child.process.poll()
    return [child for child in children if _group_alive(child)]
