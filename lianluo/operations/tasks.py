"""Celery 这一侧的入口：照表运行一行，或把错过的补上。"""
from celery import shared_task

from lianluo.workdays import clock

from . import beat


@shared_task
def run_row(name: str) -> int:
    """运行定时表的一行；没有轮到（别的进程已做）为 0。"""
    row = beat.row_named(name)
    result = beat.run_row(row, clock.now()) if row else None
    return result.count if result else 0


@shared_task
def catch_up() -> int:
    """停机期间错过的、中途死掉的、出错隔够了的，各补一次。返回补做的行数。"""
    return len(beat.run_due(clock.now()))
