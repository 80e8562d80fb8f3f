"""定时任务：每夜清扫过期的会话与验证码（等保剩余信息保护）。重复执行无害。"""
from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def sweep_accounts() -> int:
    """返回删去的行数。"""
    return actions.sweep(timezone.now())
