"""预检结果存成什么样：页面照着它画，不必每翻一页重读文件。长的格只留开头，问题太多只留前一部分。"""
from __future__ import annotations

from openpyxl.utils import get_column_letter

from lianluo.documents.cells import plain

from . import columns, deciding
from .checking import Check
from .reading import Entry
from .savable import savable

MOST_PROBLEMS = 5_000
MOST_PROPOSALS = 1_000
SHOWN = 60


def summary_of(check: Check) -> dict:
    """批次的 ``report``。``seen`` 是要更新的件此刻的版次，写入时版次变了就不写。"""
    table, problems, warnings = check.table, check.table.problems, check.table.warnings
    keys, wrong = _keys(check), {(one.line, one.cell) for one in problems}
    return savable({
        "sheet": table.sheet, "header_line": table.header_line, "columns": columns_of(check),
        "counts": check.counts(), "clean": check.is_clean,
        "errors": [one.as_dict() for one in problems[:MOST_PROBLEMS]], "errors_total": len(problems),
        "warnings": [one.as_dict() for one in warnings[:MOST_PROBLEMS]], "warnings_total": len(warnings),
        "proposals": proposals_of(check),
        "rows": [row_of(entry, keys, wrong) for entry in check.entries],
        "seen": {str(one.line): one.known.revision for one in check.entries if one.decision == deciding.UPDATE},
        "people": len(check.planned),
    })


def _keys(check: Check) -> list[str]:
    """文件里有的列，按文件的次序。"""
    found = sorted(check.table.columns.items(), key=lambda pair: pair[1].column)
    return [key for key, _ in found]


def columns_of(check: Check) -> list[dict]:
    """对应列：文件的哪一列、表头怎么写、对应哪一项（空为不导入）。"""
    found = []
    for key in _keys(check):
        cell = check.table.columns[key]
        found.append({
            "key": key, "letter": get_column_letter(cell.column), "heading": str(cell.value),
            "label": columns.LABELS.get(key, ""), "hidden": key.startswith("_"),
        })
    return found


def row_of(entry: Entry, keys: list[str], wrong: set[tuple]) -> dict:
    """一行：行号、判断、各格开头；红格是有问题的列，改动带原来与现在。CSV 的格没有地址，只说到行。"""
    return {
        "line": entry.line, "decision": entry.decision,
        "cells": [_cut(_shown(entry, key)) for key in keys],
        "wrong": [at for at, key in enumerate(keys) if not entry.ok and _is_wrong(entry, key, wrong)],
        "case": entry.known.pk if entry.known else None, "title": _cut(entry.title),
        "changes": [
            {"label": one.label, "before": _cut(one.before, 200), "after": _cut(one.after, 200),
             "address": one.address, "at": keys.index(one.key)}
            for one in entry.changes
        ],
    }


def _shown(entry: Entry, key: str) -> str:
    """格里写的；日期格写成年月日。"""
    if key == "submitted_on" and entry.submitted_on:
        return entry.submitted_on.isoformat()
    value = entry.row[key].value
    return "" if value is None else plain(value)


def _cut(text: str, most: int = SHOWN) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"


def _is_wrong(entry: Entry, key: str, wrong: set[tuple]) -> bool:
    cell = entry.row[key]
    return cell.address is not None and (entry.line, cell.address) in wrong


def proposals_of(check: Check) -> list[dict]:
    """可以采用的改法，按「列键:行号」认。"""
    rows = {entry.line: entry.row for entry in check.entries}
    return [
        {
            "at": f"{one.key}:{one.line}", "cell": rows[one.line][one.key].address, "line": one.line,
            "value": one.value, "old": one.old, "new": one.new,
        }
        for one in check.proposals[:MOST_PROPOSALS]
    ]
