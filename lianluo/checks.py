"""系统检查：``manage.py check`` 与 ``check --deploy`` 说得出哪里没配好、怎么改。"""
from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError

LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
SHORTEST_KEY = 50
#: 国务院办公厅通常在十一月公布次年放假安排，从这个月起提醒。
NEXT_YEAR_FROM_MONTH = 11


@register(Tags.security)
def secret_key(app_configs, **kwargs):
    """密钥要长，不能是示例。"""
    key = settings.SECRET_KEY
    if len(key) >= SHORTEST_KEY and not key.startswith("django-insecure"):
        return []
    return [Error("SECRET_KEY 太短或是示例值", hint="用至少 50 个随机字符，或不设、由程序自动生成", id="lianluo.E001")]


@register(Tags.security)
def allowed_hosts(app_configs, **kwargs):
    """对外服务（HTTPS）时必须写明域名。"""
    hosts = set(settings.ALLOWED_HOSTS)
    if not settings.HTTPS or (hosts - LOCAL_HOSTS and "*" not in hosts):
        return []
    return [Error("ALLOWED_HOSTS 没有写明对外的域名", hint="例如 ALLOWED_HOSTS=jianyi.hnrd.gov.cn", id="lianluo.E002")]


def missing_years(today: date) -> list[int]:
    """没有录入放假安排的年份：今年，以及十一月起的明年。"""
    from lianluo.workdays import calendar

    years = [today.year] + ([today.year + 1] if today.month >= NEXT_YEAR_FROM_MONTH else [])
    covered = calendar.current().covered
    return [year for year in years if year not in covered]


@register(Tags.database)
def holidays(app_configs, databases=None, **kwargs):
    """放假安排没有录入的年份，算出的期限都是暂定。"""
    from lianluo.workdays import clock

    if not databases:
        return []
    try:
        years = missing_years(clock.today())
    except DatabaseError:  # 还没有迁移
        return []
    hint = "在后台「年度放假安排」录入国务院办公厅的通知，录入后期限自动重算"
    return [Warning(f"{year}年放假安排没有录入", hint=hint, id="lianluo.W003") for year in years]


@register(deploy=True)
def broker(app_configs, **kwargs):
    """部署时要有能连上的 Redis，否则定时任务只能靠 tick。"""
    from lianluo.operations import health

    if not settings.REDIS_URL:
        return [Warning("没有配置 REDIS_URL", hint="定时任务须由 manage.py tick --loop 运行", id="lianluo.W004")]
    try:
        health.queue()
    except Exception:
        return [Error("连不上 Redis", hint="检查 REDIS_URL 与 Redis 服务", id="lianluo.E004")]
    return []


@register(Tags.security, deploy=True)
def second_factor(app_configs, **kwargs):
    """等保三级身份鉴别：部署形态要开两步登录与 HTTPS，要关演示。"""
    wanted = [
        (settings.HTTPS, "LIANLUO_HTTPS=1"), (settings.SECOND_FACTOR, "LIANLUO_SECOND_FACTOR=1"),
        (not settings.DEMO, "LIANLUO_DEMO=0"), (not settings.DEBUG, "DEBUG=0"),
    ]
    return [
        Error(f"部署时要设 {setting}", hint="见 deploy/README.md", id="lianluo.E005")
        for good, setting in wanted
        if not good
    ]
