from celery import shared_task

from lianluo.workdays import clock

from . import plan_reminders, reminding
from .actions import checking, measuring


@shared_task
def write_reminders() -> int:
    """看一眼今天该提醒谁；幂等。"""
    return reminding.write(clock.today())


@shared_task
def open_checks() -> int:
    """看一眼哪些单位这个月的专项督查还没有开；幂等。"""
    return checking.open_all(clock.today())


@shared_task
def watch_plans() -> int:
    """看一眼哪些解决方案到期没有报进展：提醒，连续两期没有报的上台账；幂等。"""
    today = clock.today()
    return plan_reminders.remind(today) + measuring.open_measures(today)
