"""照定时表运行：没有 Redis 时它就是 Celery。"""
from __future__ import annotations

import logging
import signal
import sys
import threading

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from lianluo.celery import BEAT
from lianluo.operations import beat
from lianluo.workdays import clock

logger = logging.getLogger(__name__)
EVERY_SECONDS = 5


class Command(BaseCommand):
    help = "运行定时表中到点的任务；--loop 一直运行，--once 名称 立即运行一项"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--loop", action="store_true", help="每隔几秒看一次表，直到收到停止信号")
        parser.add_argument("--once", metavar="NAME", help="不看钟点，立即运行这一项")
        parser.add_argument("--list", action="store_true", help="列出定时表")

    def handle(self, *args, **options) -> None:
        if options["list"]:
            return self._list()
        if options["once"]:
            return self._once(options["once"])
        if options["loop"]:
            return self._loop()
        return self._look()

    def _list(self) -> None:
        for row in BEAT:
            self.stdout.write(f"{row.name}\t{row.hour} 时 {row.minute} 分\t{row.title}\t{row.task}")

    def _once(self, name: str) -> None:
        row = beat.row_named(name)
        if row is None:
            names = "、".join(row.name for row in BEAT)
            self.stderr.write(f"定时表里没有“{name}”，可选：{names}")
            sys.exit(2)
        result = beat.run_now(row, clock.now())
        self._say(result)
        if result.error:
            sys.exit(1)

    def _look(self) -> None:
        for result in beat.run_due(clock.now()):
            self._say(result)

    def _loop(self) -> None:
        """一直看表；数据库一时不通只等下一次，收到停止信号做完手上这一项就走。"""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            close_old_connections()
            try:
                self._look_until(stopping)
            except Error:
                logger.exception("数据库暂时不可用，%s 秒后再看", EVERY_SECONDS)
            stopping.wait(EVERY_SECONDS)

    def _look_until(self, stopping: threading.Event) -> None:
        for row in BEAT:
            if stopping.is_set():
                return
            result = beat.run_row(row, clock.now())
            if result and (result.count or result.error):
                self._say(result)

    def _say(self, result: beat.Result) -> None:
        self.stdout.write(f"{clock.now():%H:%M:%S} {result.row.title}：{result.error or f'{result.count} 条'}")
        self.stdout.flush()
