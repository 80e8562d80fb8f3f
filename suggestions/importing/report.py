"""接口与命令的同一份 JSON（decisions「import_suggestions」），一个键不多、一个键不少。"""
from __future__ import annotations

from dataclasses import dataclass, field

from lianluo.documents.problems import FileRefused, Problem

from ..models import ImportBatch
from . import deciding
from .checking import Check
from .savable import savable


@dataclass
class Report:
    """``ok`` 为真是收下了（预演是“会收下”）；没有收下的，新增、更新、不变都是 0。"""

    ok: bool
    rows_ok: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    batch_id: int | None = None

    def as_dict(self) -> dict:
        return savable({
            "ok": self.ok, "rows_ok": self.rows_ok, "created": self.created, "updated": self.updated,
            "unchanged": self.unchanged, "errors": [one.as_dict() for one in self.errors],
            "warnings": [one.as_dict() for one in self.warnings],
        })


def of_check(check: Check, *, good_rows_only: bool) -> Report:
    """预检过的文件。"""
    ok = check.takeable(good_rows_only=good_rows_only)
    counts = check.counts() if ok else {}
    return Report(
        ok, len(check.good), counts.get(deciding.NEW, 0), counts.get(deciding.UPDATE, 0),
        counts.get(deciding.SAME, 0), check.table.problems, check.table.warnings,
    )


def of_batch(batch: ImportBatch) -> Report:
    """一个写完的批次当时的结果。"""
    kept, counts = batch.report, batch.report["result"]
    return Report(
        True, batch.rows_done, counts[deciding.NEW], counts[deciding.UPDATE], counts[deciding.SAME],
        [Problem(**one) for one in kept["errors"]], [Problem(**one) for one in kept["warnings"]], batch.pk,
    )


def of_refusal(refused: FileRefused) -> Report:
    """整份不收的文件。"""
    return Report(False, errors=refused.problems)


def of_sentence(sentence: str) -> Report:
    """与表里的格无关的一句话，例如超过大小。"""
    return Report(False, errors=[Problem(None, None, None, sentence)])
