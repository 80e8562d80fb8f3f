"""撤销导入：写完 24 小时内、一件也没有交办时，新增的删去，改过的恢复原样，新建的代表没人用的也删去。"""
from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from lianluo.audit import record
from lianluo.documents import counters
from lianluo.notices.models import Notice
from lianluo.statemachine import DomainError, NotAllowed

from ..importing.matching import chunks
from ..locking import lock_case
from ..models import CoSigner, Deputy, ImportBatch, Suggestion
from . import bringing_in

UNDO_HOURS = 24
_NAMED = 5


def undo_until(batch: ImportBatch) -> datetime | None:
    """最晚到什么时候可以撤销；还没写完、已经撤销的没有。"""
    if batch.finished_at is None or batch.undone_at:
        return None
    return batch.finished_at + timedelta(hours=UNDO_HOURS)


@transaction.atomic
def undo_import(batch: ImportBatch, *, actor, today: date, now: datetime | None = None) -> ImportBatch:
    """整批撤销；有一件动过就不撤，说明是哪几件。编号的计数行不退，号码仍可由改好的表再用。"""
    counters.take(f"import:{batch.session_id}")
    batch = ImportBatch.objects.select_related("session").get(pk=batch.pk)
    _require_in_time(batch, now or timezone.now())
    for pk in sorted(entry["pk"] for entry in batch.report["undo"]["updated"]):  # 先锁后查，查过的不会再变
        lock_case(pk)
    created = list(
        Suggestion.objects.select_for_update(of=("self",)).filter(batch=batch).select_related("session").order_by("pk")
    )
    _require_untouched(batch, created)
    for entry in batch.report["undo"]["updated"]:
        bringing_in.put_back(entry, actor=actor)
    _remove(created, actor=actor)
    _remove_people(batch.report["undo"]["deputies"])
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    record("import.undone", actor=actor, target=batch, file=batch.file_name, removed=len(created))
    return batch


def _require_in_time(batch: ImportBatch, now: datetime) -> None:
    if batch.undone_at:
        raise NotAllowed("这次导入已经撤销过")
    if batch.finished_at is None:
        raise NotAllowed("这份表还没有导入，不必撤销")
    if now > undo_until(batch):
        raise NotAllowed(f"导入已过 {UNDO_HOURS} 小时，不能整批撤销，逐件撤回")


def why_not(batch: ImportBatch, now: datetime) -> str:
    """现在不能撤销的原因；能撤销是空的。"""
    try:
        _require_in_time(batch, now)
        _require_untouched(batch, list(Suggestion.objects.filter(batch=batch).select_related("session")))
    except DomainError as error:
        return error.sentence
    return ""


def _require_untouched(batch: ImportBatch, created: list[Suggestion]) -> None:
    """已交办、退回、并案、改过的，不能撤。"""
    moved = [one for one in created if one.status not in bringing_in.REMOVABLE or one.revision != 1]
    if moved:
        raise NotAllowed(f"这批里有 {len(moved)} 件已经办过下一步或改过（{_names(moved)}），不能整批撤销")
    mains = Suggestion.objects.filter(merged_into__batch=batch).exclude(batch=batch)
    if mains.exists():
        raise NotAllowed("别的件已并入这批里的件，先解除并案")
    updated = batch.report["undo"]["updated"]
    if any(entry["numbered"] for entry in updated):
        raise NotAllowed("这次导入给原有的件登记了编号，编号登记后不可改，不能整批撤销")
    _require_unchanged(updated)


def _require_unchanged(updated: list[dict]) -> None:
    revisions = {entry["pk"]: entry["revision"] for entry in updated}
    changed = []
    for ids in chunks(list(revisions)):
        rows = Suggestion.objects.filter(pk__in=ids).select_related("session")
        changed += [one for one in rows if one.revision != revisions[one.pk] or one.status not in bringing_in.OPEN]
    if changed:
        raise NotAllowed(f"这次更新的件里有 {len(changed)} 件之后又改过（{_names(changed)}），不能整批撤销")


def _names(cases: list[Suggestion]) -> str:
    shown = "、".join(one.shown_number or f"《{one.title[:12]}》" for one in cases[:_NAMED])
    return shown + ("等" if len(cases) > _NAMED else "")


def _remove(created: list[Suggestion], *, actor) -> None:
    """先逐件留痕，再成批删；发出的通知指向的件没有了，一并删。"""
    for suggestion in created:
        bringing_in.note_removal(suggestion, actor=actor)
    try:
        for ids in chunks([one.pk for one in created]):
            Notice.objects.filter(case_id__in=ids).delete()
            Suggestion.objects.filter(pk__in=ids).delete()
    except ProtectedError:
        raise NotAllowed("这批里有件已经有了办理记录，不能整批撤销") from None


def _remove_people(ids: list[int]) -> None:
    """这次新建、现在没有件用到、也没有账号的代表。"""
    for some in chunks(ids):
        busy = set(CoSigner.objects.filter(deputy__in=some).values_list("deputy", flat=True))
        busy |= set(Suggestion.objects.filter(lead_deputy__in=some).values_list("lead_deputy", flat=True))
        Deputy.objects.filter(pk__in=set(some) - busy, account=None).delete()
