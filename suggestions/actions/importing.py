"""导入的动作：上传预检、采用改法、写入、撤销，以及接口与命令用的一步到位。"""
from __future__ import annotations

import contextlib
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from lianluo.audit import record
from lianluo.congresses.models import Session
from lianluo.documents import counters
from lianluo.documents.archives import IMPORT
from lianluo.documents.filenames import clean_name, split_extension
from lianluo.documents.guard import read_bounded
from lianluo.documents.problems import FileRefused
from lianluo.documents.tables import Table
from lianluo.statemachine import DomainError, Stale

from .. import similar
from ..importing import deciding, progress
from ..importing import report as reports
from ..importing.checking import Check, check_entries, check_file
from ..importing.preview import summary_of
from ..importing.reading import Entry, read_entries
from ..importing.report import Report
from ..importing.savable import savable
from ..importing.writing import COUNTED_ONE_BY_ONE, Progress, Writer, Written
from ..models import ImportBatch, Suggestion
from .undoing_import import undo_import

__all__ = [
    "adopt_proposals", "apply_import", "claim_import", "discard_import", "import_file", "is_interrupted",
    "recheck_import", "recount_similar", "start_import", "undo_import",
]

#: 写入时撞上别人刚登记的编号（唯一约束拦住，整个事务退回）
COLLIDED = "写入时有编号或代表证号刚被别处用掉，一行也没有写入，再来一次"
#: 传了没有写入的，这么多天后清掉
KEPT_DAYS = 7
#: 一次会议不多于这么多件，大批导入后整次重数相近件（两两比较，一千四百件约四秒）
RECOUNTED_UP_TO = 3_000


def import_file(
    upload, *, name: str, session: Session, good_rows_only: bool = False, create_deputies: bool = False,
    dry_run: bool = False, actor, today: date,
) -> Report:
    """一步到位：预检并写入，一次事务；``dry_run`` 只预检。不收的说明白，什么也不留下；没有新内容的不留批次。"""
    try:
        content = read_bounded(upload, IMPORT)
        table, entries = read_entries(content, name=name)
    except FileRefused as refused:
        return reports.of_refusal(refused)
    try:
        return _take(
            content, name, table, entries, session=session, good_rows_only=good_rows_only,
            create_deputies=create_deputies, dry_run=dry_run, actor=actor, today=today,
        )
    except IntegrityError:
        return reports.of_sentence(COLLIDED)


def _take(
    content: bytes, name: str, table: Table, entries: list[Entry], *, session: Session, good_rows_only: bool,
    create_deputies: bool, dry_run: bool, actor, today: date,
) -> Report:
    """一次事务：排队、判断、写入；没有写成的，存下的文件也不留。"""
    with transaction.atomic(), _no_stray_files() as kept:
        if not dry_run:
            _queue_up(session)
        check = check_entries(table, entries, session=session, create_deputies=create_deputies, today=today)
        report = reports.of_check(check, good_rows_only=good_rows_only)
        if report.created + report.updated and not dry_run:
            batch = _new_batch(content, name, session, actor=actor)
            kept.append(batch)
            batch.good_rows_only, batch.create_deputies = good_rows_only, create_deputies
            _write(batch, check, actor=actor, today=today, note=_silent)
            report.batch_id = batch.pk
    if report.batch_id:
        recount_similar(report.batch_id)
    return report


def _silent(done: int) -> None:
    """一步到位的不报进度。"""


@contextlib.contextmanager
def _no_stray_files() -> Iterator[list[ImportBatch]]:
    """事务没有成功，存下的文件也不留。"""
    kept: list[ImportBatch] = []
    try:
        yield kept
    except BaseException:
        for batch in kept:
            batch.content.storage.delete(batch.content.name)
        raise


def _queue_up(session: Session) -> None:
    """同一次会议的导入排队：后到的看得见先到的写了什么。"""
    counters.take(f"import:{session.pk}")


def _new_batch(content: bytes, name: str, session: Session, *, actor) -> ImportBatch:
    shown = clean_name(name)
    batch = ImportBatch(
        session=session, file_name=shown, sha256=hashlib.sha256(content).hexdigest(), made_by=actor,
    )
    stored = f"{uuid.uuid4().hex}{split_extension(shown)[1].lower()}"
    batch.content.save(stored, ContentFile(content), save=False)
    batch.save()
    return batch


def recount_similar(batch_id: int) -> None:
    """新增得多的，写完之后整次会议重数相近件（少的写入时已逐件数过）；件太多时要数很久，留给各件自己的页面现查。"""
    session = ImportBatch.objects.select_related("session").get(pk=batch_id).session
    many = Suggestion.objects.filter(batch=batch_id).count() > COUNTED_ONE_BY_ONE
    if many and Suggestion.objects.filter(session=session).count() <= RECOUNTED_UP_TO:
        similar.refresh_counts(session)


# ── 网页：先预检，看过再写 ──
def start_import(upload, *, session: Session, create_deputies: bool = False, actor, today: date) -> ImportBatch:
    """上传并预检，存成一个批次；整份不收的抛 FileRefused，什么也不留下。"""
    content = read_bounded(upload, IMPORT)
    name = getattr(upload, "name", "") or ""
    check = check_file(content, name=name, session=session, create_deputies=create_deputies, today=today)
    _forget_old()
    with transaction.atomic(), _no_stray_files() as kept:
        batch = _new_batch(content, name, session, actor=actor)
        kept.append(batch)
        batch.create_deputies = create_deputies
        _keep(batch, check)
    return batch


def _keep(batch: ImportBatch, check: Check) -> None:
    """预检结果存到批次上，采用过的改法留着。"""
    batch.report = {**summary_of(check), "fixes": batch.report.get("fixes", {})}
    batch.rows_total, batch.rows_done = len(check.entries), 0
    batch.save()


def recheck_import(batch: ImportBatch, *, create_deputies: bool | None = None, actor, today: date) -> ImportBatch:
    """再预检一遍：改了选项、采用了改法、名册里添了人之后。"""
    with transaction.atomic():
        batch = _waiting(batch)
        if create_deputies is not None:
            batch.create_deputies = create_deputies
        _keep(batch, _check_again(batch, today))
    return batch


def _check_again(batch: ImportBatch, today: date) -> Check:
    return check_file(
        content_of(batch), name=f"表{split_extension(batch.content.name)[1]}", session=batch.session,
        create_deputies=batch.create_deputies, fixes=batch.report.get("fixes"), today=today,
    )


def content_of(batch: ImportBatch) -> bytes:
    """传来的原文件。"""
    with batch.content.open("rb") as file:
        return file.read()


def _waiting(batch: ImportBatch) -> ImportBatch:
    """锁住还没有写入的批次。"""
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("session__term__congress")
    batch = rows.get(pk=batch.pk)
    if batch.started_at:
        raise Stale(f"这份表已于 {timezone.localtime(batch.started_at):%m月%d日 %H:%M} 开始导入，到导入结果里看")
    return batch


def adopt_proposals(batch: ImportBatch, *, places: Iterable[str] | None = None, actor, today: date) -> int:
    """采用改法：``places`` 是「列键:行号」，不给就全部采用；返回采用了几处。原文件不动。"""
    with transaction.atomic():
        batch = _waiting(batch)
        wanted = None if places is None else set(places)
        fixes, adopted = dict(batch.report.get("fixes", {})), 0
        for one in batch.report.get("proposals", []):
            if wanted is None or one["at"] in wanted:
                before = fixes.get(one["at"], "")
                fixes[one["at"]] = before.replace(one["old"], one["new"]) if one["old"] in before else one["value"]
                adopted += 1
        batch.report["fixes"] = fixes
        _keep(batch, _check_again(batch, today))
    return adopted


def claim_import(batch: ImportBatch, *, good_rows_only: bool, actor) -> ImportBatch:
    """定下怎样导入，占住这个批次；写入由任务接着做。写到一半进程不在了的，可以再占一次。"""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.started_at and not is_interrupted(locked):
            raise Stale("这份表已经开始导入，到导入结果里看")
        counts = locked.report["counts"]
        if not locked.report["clean"] and not good_rows_only:
            raise DomainError("还有问题没有改好，改好再导入，或者选择只导入正确的行", field="mode")
        if not counts[deciding.NEW] + counts[deciding.UPDATE]:
            raise DomainError("这份表没有要新增或更新的行，不必导入", field="mode")
        locked.good_rows_only, locked.started_at, locked.failure = good_rows_only, timezone.now(), ""
        locked.report["started_by"] = actor.pk if actor else None
        locked.save()
    progress.forget(locked.pk)
    progress.note(locked.pk, 0)
    return locked


def is_interrupted(batch: ImportBatch) -> bool:
    """开始了、没写完、也没有动静：一行也没有写入（一次事务）。"""
    if batch.started_at is None or batch.finished_at:
        return False
    return bool(batch.failure) or progress.is_silent(batch.pk)


def apply_import(
    batch: ImportBatch, *, actor, today: date, note: Callable[[int], None] | None = None
) -> ImportBatch:
    """写入一个占住的批次：在事务里再判断一遍，与预检时不同的不写。重复执行不重复写。"""
    content = content_of(batch)
    table, entries = read_entries(
        content, name=f"表{split_extension(batch.content.name)[1]}", fixes=batch.report.get("fixes")
    )
    with transaction.atomic():
        batch = ImportBatch.objects.select_related("session__term__congress", "session__profile").get(pk=batch.pk)
        _queue_up(batch.session)
        if ImportBatch.objects.filter(pk=batch.pk, finished_at__isnull=False).exists():
            return batch
        check = check_entries(
            table, entries, session=batch.session, create_deputies=batch.create_deputies, today=today
        )
        _refuse_unseen(check, batch)
        if not check.takeable(good_rows_only=batch.good_rows_only):
            raise DomainError(f"预检之后情况有变：{check.table.problems[0]}。一行也没有写入，重新预检再导入")
        _write(batch, check, actor=actor, today=today, note=note or (lambda done: _note(batch.pk, done)))
    return batch


def _note(batch_id: int, done: int) -> None:
    """报进度；有人按了停止，整个事务退回。"""
    if progress.is_asked_to_stop(batch_id):
        raise DomainError("已按要求停止，一行也没有写入")
    progress.note(batch_id, done)


def _refuse_unseen(check: Check, batch: ImportBatch) -> None:
    """更新只写预检时给人看过的：件在别处又改过，就成了冲突。"""
    seen = batch.report.get("seen", {})
    for entry in check.entries:
        if entry.decision == deciding.UPDATE and seen.get(str(entry.line)) != entry.known.revision:
            entry.row.problem(entry.changes[0].key, "预检之后，这件已在别处改过，重新预检再导入")
            entry.decision = deciding.CONFLICT


def _write(batch: ImportBatch, check: Check, *, actor, today: date, note: Progress) -> Written:
    batch.session = check.session
    written = Writer(check, batch, actor=actor, today=today).write(note)
    counts = check.counts()
    now = timezone.now()
    batch.started_at, batch.finished_at = batch.started_at or now, now
    batch.rows_total, batch.rows_done = len(check.entries), len(check.good)
    undo = json.loads(json.dumps({"updated": written.updated, "deputies": written.deputies}, cls=DjangoJSONEncoder))
    batch.report = {
        **(batch.report or summary_of(check)), "result": counts, "people": len(written.deputies), "undo": undo,
        "notes": savable([one.message for one in check.table.warnings if one.line is None and one.cell is None]),
    }
    batch.save()
    record(
        "import.applied", actor=actor, target=batch, file=batch.file_name, sha256=batch.sha256, counts=counts,
        deputies=len(written.deputies),
    )
    return written


def _forget_old() -> None:
    """传了一周没有写入的批次，连文件一起清掉。"""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    for batch in ImportBatch.objects.filter(started_at=None, made_at__lt=before)[:20]:
        _drop(batch)


def discard_import(batch: ImportBatch, *, actor) -> None:
    """不导入了：丢掉预检过的表。"""
    with transaction.atomic():
        _drop(_waiting(batch))


def _drop(batch: ImportBatch) -> None:
    content = batch.content
    batch.delete()
    transaction.on_commit(lambda: content.storage.delete(content.name))
