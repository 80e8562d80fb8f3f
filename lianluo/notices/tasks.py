"""定时任务：只说「现在去看一眼」，做什么由表里的行决定；返回处理的条数，重复执行无害。"""
from celery import shared_task

from lianluo.workdays import clock

from . import digest, dispatch


@shared_task
def send_digests() -> int:
    """每个工作日 07:30 的汇总邮件。"""
    return digest.send_daily(clock.now())


@shared_task
def dispatch_urgent() -> int:
    """紧急事项的邮件与短信。"""
    return dispatch.send_urgent(clock.now())


@shared_task
def sweep() -> int:
    """清扫没有发成的。"""
    return dispatch.sweep(clock.now())
