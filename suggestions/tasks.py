"""后台任务：按批次号取来，调用一个动作，返回条数；重复执行无害。"""
from __future__ import annotations

import logging

from celery import shared_task
from django.db import IntegrityError

from lianluo.accounts.models import User
from lianluo.statemachine import DomainError
from lianluo.workdays import clock

from .actions import importing
from .importing import progress
from .models import ImportBatch

logger = logging.getLogger(__name__)
BROKEN = "写入时系统出了故障，一行也没有写入，已记录；稍后再按“继续导入”"


@shared_task
def write_import(batch_id: int) -> int:
    """写入一个占住的批次，返回写了几行；写不成的把原因记在批次上。"""
    batch = ImportBatch.objects.filter(pk=batch_id, started_at__isnull=False, finished_at=None, failure="").first()
    if batch is None:
        return 0
    actor = User.objects.filter(pk=batch.report.get("started_by")).first()
    try:
        batch = importing.apply_import(batch, actor=actor, today=clock.today())
    except DomainError as error:
        return _fail(batch_id, error.sentence)
    except IntegrityError:
        return _fail(batch_id, importing.COLLIDED)
    except Exception:
        logger.exception("导入批次 %s 没有写成", batch_id)
        return _fail(batch_id, BROKEN)
    importing.recount_similar(batch.pk)
    progress.forget(batch_id)
    return batch.rows_done


def _fail(batch_id: int, sentence: str) -> int:
    """事务已回滚；记下原因，人改好再来。"""
    ImportBatch.objects.filter(pk=batch_id).update(failure=sentence)
    return 0
