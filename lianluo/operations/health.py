"""健康：逐项查，逐项限时，一项不通不拖住别项。结果只有状态，没有地址与口令。"""
from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from . import beat

logger = logging.getLogger(__name__)
SECONDS = 2
LEAST_FREE_BYTES = 200 * 1024 * 1024
_applied: set[str] = set()


def database() -> bool:
    """数据库两秒内答得上话。"""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL statement_timeout = {SECONDS * 1000}")
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations() -> bool:
    """迁移都已执行。执行过就不会退回，成立一次后不再查。"""
    name = str(connection.settings_dict["NAME"])
    if name not in _applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _applied.add(name)
    return True


def queue() -> bool:
    """Redis 两秒内应答；没有配置 Redis 时由 tick 照表运行，算通过。"""
    if not settings.REDIS_URL:
        return True
    import redis

    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    with client:
        return bool(client.ping())


def disk() -> bool:
    """上传与日志所在的盘还有余地。"""
    return shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (Error, OSError):
        logger.warning("健康检查未通过：%s", check.__name__, exc_info=True)
        return False
    except Exception:
        logger.exception("健康检查出错：%s", check.__name__)
        return False


def alive() -> dict[str, bool]:
    """能不能接请求：数据库与迁移。"""
    results = {"database": _passes(database)}
    results["migrations"] = results["database"] and _passes(migrations)
    return results


def ready() -> dict[str, bool]:
    """能不能办全部的事：再加队列与磁盘。"""
    return {**alive(), "queue": _passes(queue), "disk": _passes(disk)}


def warnings(now: datetime) -> list[str]:
    """不影响接请求、但要人来看的：停了的任务、出错的任务、没有录入的放假安排。"""
    from lianluo.checks import missing_years

    sentences = [beat.stalled_sentence(now), *beat.errors()]
    sentences += [f"{year}年放假安排没有录入" for year in missing_years(now.date())]
    return [sentence for sentence in sentences if sentence]
