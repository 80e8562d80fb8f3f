"""让写入在页面之外跑：有消息队列交给它，没有就在本进程另起一条线程，页面照样看得到进度。"""
from __future__ import annotations

import threading

from django.conf import settings
from django.db import connection, transaction


def run_soon(batch_id: int) -> None:
    """本事务提交之后开始写入。"""
    transaction.on_commit(lambda: _dispatch(batch_id))


def _dispatch(batch_id: int) -> None:
    from ..tasks import write_import

    if settings.REDIS_URL:
        write_import.delay(batch_id)
    else:
        start_thread(lambda: write_import(batch_id))


def start_thread(work) -> threading.Thread:
    """不等它写完就回页面；写到一半进程停了，事务回滚，页面会说“中断”。"""
    thread = threading.Thread(target=_closing(work), name="import", daemon=True)
    thread.start()
    return thread


def _closing(work):
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
