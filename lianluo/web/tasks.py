"""夜里清一次用过的提交令牌。"""
from celery import shared_task

from . import submit


@shared_task(name="web.forget_tokens")
def forget_tokens() -> int:
    """删去七天前的令牌，返回枚数。"""
    return submit.forget_tokens()
