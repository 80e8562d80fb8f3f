from celery import shared_task

from lianluo.workdays import clock

from . import anchoring


@shared_task
def anchor_heads() -> int:
    """每日锚定链尾；停机错过的次日补前一天的。"""
    return anchoring.anchor(anchoring.closing_day(clock.now())).events
