"""台账的一行怎么显示：灯、状态、进展，页面、件页、导出同一处。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lianluo.workdays.lights import Light, light

from .models import SETTLED_WITHIN, LedgerEntry
from .querysets import UNANSWERED, UNREPLIED

#: 承诺多少天没有报进展就标“未更新”
STALE_DAYS = 30


def is_running(entry: LedgerEntry) -> bool:
    """期限还在走：承办没有答复、件没有全部答复、承诺没有申请销号。"""
    if is_done(entry) or entry.status == "ready":
        return False
    if entry.kind == "handling":
        return entry.assignment.status in UNANSWERED
    return entry.kind in ("promise", *SETTLED_WITHIN) or entry.suggestion.status in UNREPLIED


def lamp_of(entry: LedgerEntry, today: date) -> Light:
    """条目的灯：在走的看到期日；答复了的、了结的不再亮。"""
    if entry.closed_on:
        return Light("grey", "不再督办")
    if entry.status == "signed_off":
        return Light("grey", status_words(entry))
    if is_running(entry):
        return light(entry.due_on, today)
    if entry.status == "ready":
        return Light("grey", "待核准")
    assisted = entry.kind == "handling" and entry.assignment.role == "assist"
    return Light("grey", "已送意见" if assisted else "已答复")


def status_words(entry: LedgerEntry) -> str:
    """状态的文字；不再督办的说原因，单位内部的说了结。"""
    if entry.status == "signed_off" and entry.kind in SETTLED_WITHIN and not entry.closed_on:
        return "已了结"
    return entry.closed_reason if entry.closed_on else entry.get_status_display()


def is_done(entry: LedgerEntry) -> bool:
    """已了结：销号了，或不再督办。"""
    return entry.status == "signed_off" or entry.closed_on is not None


@dataclass(frozen=True)
class Row:
    """一行。"""

    pk: int
    light: Light
    due_on: date | None
    number: str
    url: str
    title: str
    kind: str
    what: str
    unit: str
    status: str
    status_words: str
    progress: str
    progress_on: date | None
    is_stale: bool
    entry: LedgerEntry


#: 一行用得着的列；件的全文等大段文字不取
COLUMNS = (
    "kind", "status", "what", "opened_on", "due_on", "closed_on", "closed_reason", "unit__short",
    "assignment__status", "assignment__role", "suggestion__status", "suggestion__number", "suggestion__series",
    "suggestion__converted_from_bill", "suggestion__title", "suggestion__session__code",
)


def to_row(entry: LedgerEntry, today: date) -> Row:
    """条目（已带件、承办关系、单位）到一行。"""
    progress_on = getattr(entry, "progress_on", None)
    since = progress_on or entry.opened_on
    return Row(
        entry.pk, lamp_of(entry, today), entry.due_on if is_running(entry) else None, entry.suggestion.shown_number,
        entry.suggestion.get_absolute_url(), entry.suggestion.title, entry.get_kind_display(), entry.what,
        entry.unit.short if entry.unit else "", "withdrawn" if entry.closed_on else entry.status, status_words(entry),
        progress_in_words(entry), progress_on,
        entry.kind == "promise" and not is_done(entry) and since < today - timedelta(days=STALE_DAYS), entry,
    )


def progress_in_words(entry: LedgerEntry) -> str:
    """最近一条进展；没有取或没有报过为空。"""
    words = [getattr(entry, "progress_text", None), getattr(entry, "progress_figure", None)]
    return " ".join(word for word in words if word)


#: 常用筛选：地址、名称、条件
TABS = (
    ("?state=owed", "在账", {"state": "owed"}), ("?light=red", "■ 逾期", {"light": "red"}),
    ("?light=soon", "◆ 5 个工作日内到期", {"light": "soon"}),
    ("?state=ready", "待核准销号", {"state": "ready"}),
    ("?state=owed&kind=promise", "承诺", {"state": "owed", "kind": "promise"}),
    ("?state=signed_off", "已销号", {"state": "signed_off"}),
)
FILTERS = ("q", "kind", "unit", "system", "state", "light", "session")


def tabs(params, counts: dict[str, int]) -> list[dict]:
    """常用筛选与各自的条数；当前的一个标出。"""
    now = {key: params[key] for key in FILTERS if params.get(key)} or {"state": "owed"}
    return [
        {"url": url, "label": label, "number": counts[url], "current": now == wanted} for url, label, wanted in TABS
    ]
