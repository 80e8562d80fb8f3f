"""Celery 与定时表。

定时表只有一份：有 Redis 时由 Celery beat 按表派发，没有时由 ``manage.py tick --loop`` 照表直接调用。
beat 只说「现在去看一眼」，该做什么由数据库里的行决定，所以漏一拍、多一拍都无害；不用 countdown 与 eta。
"""
from __future__ import annotations

import os
from dataclasses import dataclass

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianluo.settings")


@dataclass(frozen=True)
class Row:
    """定时表的一行：名称、任务函数、分、时（crontab 写法，北京时间）、做什么。"""

    name: str
    task: str
    minute: str
    hour: str
    title: str

    @property
    def schedule(self) -> crontab:
        return crontab(minute=self.minute, hour=self.hour)


BEAT = (
    Row("close_feedback", "handlers.tasks.close_feedback", "50", "6", "反馈期满办结"),
    Row("write_reminders", "supervision.tasks.write_reminders", "0", "7", "提醒任务"),
    Row("watch_plans", "supervision.tasks.watch_plans", "15", "7", "问效提醒与督办"),
    Row("remind_serving", "handlers.tasks.remind_serving", "5", "7", "服务代表提醒"),
    Row("open_checks", "supervision.tasks.open_checks", "10", "7", "专项督查"),
    Row("send_digests", "lianluo.notices.tasks.send_digests", "30", "7", "汇总邮件"),
    Row("dispatch_urgent", "lianluo.notices.tasks.dispatch_urgent", "*", "*", "紧急通知"),
    Row("sweep", "lianluo.notices.tasks.sweep", "*/10", "*", "通知补发"),
    Row("anchor_heads", "lianluo.audit.tasks.anchor_heads", "55", "23", "留痕锚定"),
    Row("forget_tokens", "lianluo.web.tasks.forget_tokens", "20", "3", "提交令牌清理"),
    Row("sweep_accounts", "lianluo.accounts.tasks.sweep_accounts", "30", "3", "过期会话与验证码清理"),
)


def beat_schedule() -> dict[str, dict]:
    """定时表写成 Celery 的样子；每行都经 ``run_row`` 认领，两个 beat 同时在也只做一次。"""
    rows = {
        row.name: {
            "task": "lianluo.operations.tasks.run_row", "args": [row.name], "schedule": row.schedule,
            "options": {"expires": 600},
        }
        for row in BEAT
    }
    look = {"task": "lianluo.operations.tasks.catch_up", "schedule": crontab(minute="*/5"), "options": {"expires": 240}}
    return {**rows, "catch_up": look}


app = Celery("lianluo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@beat_init.connect
def _look_at_once(**kwargs) -> None:
    """beat 一起来就看一眼停机期间错过了什么，不等下一个五分钟。"""
    app.send_task("lianluo.operations.tasks.catch_up", expires=240)


@worker_process_init.connect
def _leave_with_parent(**kwargs) -> None:
    """工作进程随主进程一起结束，不留孤儿。"""
    from lianluo.operations.processes import die_with_parent

    die_with_parent()
