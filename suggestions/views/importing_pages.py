"""预检页要画的：页签、问题与改法、要更新的格、这一页的行。只整理，不查库。"""
from __future__ import annotations

import math

from django.http import HttpRequest

from lianluo.documents.archives import IMPORT, MB
from lianluo.documents.problems import Problem
from lianluo.text.numbers import int_of
from lianluo.web.paging import SIZES, Page

from ..forms.importing import ALL, StartForm
from ..importing import deciding
from ..models import ImportBatch

STEPS = ["选文件", "对应列", "预检", "导入"]
OVERSIZE = f"文件超过 {IMPORT.sent // MB} MB，缩小或分成几份后再上传"
PER_PAGE = 50
MOST_LISTED = 100
SHOWN = 22
TONES = {
    deciding.NEW: "blue", deciding.UPDATE: "yellow", deciding.SAME: "grey", deciding.CONFLICT: "orange",
    deciding.BAD: "red",
}


def preview_context(request: HttpRequest, batch: ImportBatch, form: StartForm | None) -> dict:
    """预检页的全部内容。"""
    report = batch.report
    counts = report["counts"]
    good = counts[deciding.NEW] + counts[deciding.UPDATE] + counts[deciding.SAME]
    left = counts[deciding.BAD] + counts[deciding.CONFLICT]
    tab = request.GET.get("tab", "")
    tab = tab if tab in deciding.NAMES else ""
    page = _page(request, [row for row in report["rows"] if not tab or row["decision"] == tab])
    return {
        "batch": batch, "steps": STEPS, "form": form or StartForm(initial={"mode": ALL}, good=good, left=left),
        "cards": _cards(counts, tab), "tab": tab, "clean": report["clean"], "good": good, "left": left,
        "to_write": counts[deciding.NEW] + counts[deciding.UPDATE], "errors_total": report["errors_total"],
        "problems": _problems(report), "more_problems": max(report["errors_total"] - MOST_LISTED, 0),
        "warnings": [str(Problem(**one)) for one in report["warnings"][:MOST_LISTED]],
        "warnings_total": report["warnings_total"], "adoptable": len(report["proposals"]),
        "hints": _hints(report), "changes": _changes(report), "columns": report["columns"],
        "page": page, "rows": _rows(report, page.items),
        "total": len(report["rows"]), "people": report["people"], "fixed": len(report.get("fixes", {})),
    }


def _cards(counts: dict, tab: str) -> list[dict]:
    """数字卡兼作页签。"""
    tones = {deciding.BAD: "red", deciding.CONFLICT: "orange", deciding.UPDATE: "yellow"}
    return [
        {"key": key, "name": deciding.NAMES[key], "count": counts[key], "here": key == tab,
         "tone": tones.get(key, "") if counts[key] else ""}
        for key in (deciding.NEW, deciding.UPDATE, deciding.SAME, deciding.CONFLICT, deciding.BAD)
    ]


def _problems(report: dict) -> list[dict]:
    """问题逐条，写成「建议!D37 …」；有最接近的，给“采用”。"""
    offers = {(one["line"], one["cell"]): one for one in report["proposals"]}
    return [
        {"text": str(Problem(**one)), "line": one["line"], "offer": offers.get((one["line"], one["cell"]))}
        for one in report["errors"][:MOST_LISTED]
    ]


def _hints(report: dict) -> list[dict]:
    """提醒里带改法的（希望承办单位写得相近的）。"""
    wrong = {(one["line"], one["cell"]) for one in report["errors"]}
    return [one for one in report["proposals"] if (one["line"], one["cell"]) not in wrong][:MOST_LISTED]


def _changes(report: dict) -> dict:
    """要更新的格：每处一行。"""
    found = [
        {**change, "line": row["line"], "title": row["title"], "conflict": row["decision"] == deciding.CONFLICT}
        for row in report["rows"] for change in row["changes"]
    ]
    return {"total": len(found), "shown": found[:MOST_LISTED], "more": max(len(found) - MOST_LISTED, 0)}


def _page(request: HttpRequest, rows: list[dict]) -> Page:
    wanted = request.GET.get("size", "")
    size = int(wanted) if wanted in {str(one) for one in SIZES} else PER_PAGE
    last = max(1, math.ceil(len(rows) / size))
    number = min(max(int_of(request.GET.get("page")) or 1, 1), last)
    start = (number - 1) * size
    return Page(rows[start : start + size], number, size, len(rows), number < last)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _rows(report: dict, rows: list[dict]) -> list[dict]:
    """这一页的格：红的有问题，黄的要改。"""
    shown = [index for index, column in enumerate(report["columns"]) if not column["hidden"]]
    found = []
    for row in rows:
        wrong, changed = set(row["wrong"]), {one["at"] for one in row["changes"]}
        cells = [
            {
                "text": _short(row["cells"][at]), "whole": row["cells"][at],
                "css": "is-wrong" if at in wrong else "is-changed" if at in changed else "",
            }
            for at in shown
        ]
        name, tone = deciding.NAMES[row["decision"]], TONES[row["decision"]]
        found.append({"line": row["line"], "name": name, "tone": tone, "cells": cells})
    return found
