"""每天一次的补算：改日历的同时有人正在交办，那一笔由这里补上。"""
from __future__ import annotations

from celery import shared_task

from .clock import today
from .recompute import recompute_open


@shared_task
def recompute_due_dates() -> int:
    """重算还在走的到期日，返回移动的个数；没有变化时什么也不写。"""
    return len(recompute_open(actor=None, today=today()))
