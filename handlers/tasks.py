"""办理层的定时任务：取号、调一个动作、报个数；反复执行无害。"""
from celery import shared_task

from lianluo.workdays import clock

from . import evaluation_lists, serving_reminders
from .actions.evaluating import close_unreturned


@shared_task
def close_feedback() -> int:
    """反馈期满、催够次数仍未反馈的承办关系办结（不自动催，催由办公室催）；返回办结了几份。"""
    today = clock.today()
    return sum(close_unreturned(reply, actor=None, today=today) for reply in evaluation_lists.overdue_replies(today))


@shared_task
def remind_serving() -> int:
    """服务代表的提醒：没有回执的邀请、过了期限没有回应的留言；返回新写了几条。"""
    return serving_reminders.write(clock.today())
