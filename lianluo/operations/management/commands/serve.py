"""一条命令把整套系统在本机跑起来（make run）。"""
from __future__ import annotations

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from lianluo.operations import processes, serving


class Command(BaseCommand):
    help = "在 127.0.0.1:PORT 运行整套系统；Ctrl-C 停下全部进程"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=None, help="端口，默认取环境变量 PORT，再默认 8000")
        parser.add_argument("--with-parent", action="store_true", help="父进程结束时一并结束（make run 用）")

    def handle(self, *args, **options) -> None:
        if options["with_parent"]:
            processes.die_with_parent()
        children: list[processes.Child] = []
        failure = ""
        serving.catch_signals()
        try:
            self._serve(options["port"] or _port(), children)
        except serving.Stopped:
            self._say("正在停止…")
        except serving.Halt as halt:
            failure = str(halt)
        finally:
            serving.ignore_signals()
            processes.stop(children)
        if failure:
            self.stderr.write(failure)
            sys.exit(1)
        self._say("已停止")

    def _serve(self, port: int, children: list[processes.Child]) -> None:
        hint = serving.check_environment()
        if hint:
            self._say(hint)
        serving.check_port(port)
        os.environ["PORT"] = str(port)
        serving.prepare(self._say)
        serving.seed(children, self._say)
        serving.start_all(port, children)
        serving.wait_ready(port, children)
        self._announce(port)
        serving.watch(children)

    def _announce(self, port: int) -> None:
        self._say(f"\n已就绪：http://{serving.HOST}:{port}/")
        table = serving.accounts_table(settings.VAR_DIR / "demo_accounts.json")
        if table:
            self._say(f"演示账号（只在本机演示时有）：\n{table}")
        self._say("按 Ctrl-C 停止")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isdigit():
        raise serving.Halt(f"PORT={given} 不是端口号，用 1 到 65535 之间的数")
    return int(given)
