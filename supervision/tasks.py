from celery import shared_task

from lianluo.workdays import clock

from . import reminding


@shared_task
def write_reminders() -> int:
    """看一眼今天该提醒谁；幂等。"""
    return reminding.write(clock.today())
