"""件的列表：列怎么画、页签与条件怎么列、一页怎样只用几条语句取全。

行用 values 取，单元格在 Python 里拼好再交给模板：五十行、十来列，逐格走模板要多花两三倍时间。
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q
from django.utils.safestring import SafeString, mark_safe

from lianluo.web import tones
from lianluo.web.drawing import escaped
from lianluo.workdays import lights

from . import columns as registry
from .models import RaisedDuring, Series, SuggestionKind, SuggestionStatus, numbered
from .options import Options

#: 数到这里为止，再多写“5000+”
MOST_COUNTED = 5000
FIELDS = (
    "pk", "session_id", "series", "number", "converted_from_bill", "title", "status", "kind", "raised_during",
    "lead_deputy__name", "delegation_id", "category_id", "submitted_on", "due_on", "similar_count",
)
OVER = ("concluded", "withdrawn", "declined", "merged")
Row = dict
Cell = Callable[[Row], str]


@dataclass(frozen=True)
class Column:
    """一列：键、列名、怎么画、可排序的键、缺省显示与否、样式。"""

    key: str
    label: str
    cell: Cell
    sort: str = ""
    shown: bool = True
    css: str = ""


def shown_number(row: Row) -> str:
    """与 Suggestion.shown_number 同一写法。"""
    return numbered(row["series"], row["number"], row["converted_from_bill"])


def url_of(row: Row) -> str:
    """与 Suggestion.get_absolute_url 同一写法。"""
    if row["number"] is None:
        return f"/s/i/{row['pk']}/"
    mark = "b" if row["series"] == Series.BETWEEN else ""
    return f"/s/{row['session__code']}/{mark}{row['number']:04d}/"


_STATUS = {
    code: mark_safe(f'<span class="tag tag-{tones.tone_of(code)}">{label}</span>')
    for code, label in SuggestionStatus.choices
}
_KINDS, _PERIODS = dict(SuggestionKind.choices), dict(RaisedDuring.choices)


def _title(row: Row) -> SafeString:
    return mark_safe(f'<a class="row-link" href="{url_of(row)}">{escaped(row["title"])}</a>')


def _day(key: str) -> Cell:
    return lambda row: row[key].isoformat() if row[key] else "--"


def light_cell(today: date) -> Cell:
    """红黄绿灯；办完的用灰，眼下没有期限在走的空着。"""
    drawn: dict[tuple, SafeString] = {}

    def cell(row: Row) -> str:
        done = row["status"] in OVER
        if row["due_on"] is None and not done:
            return "--"
        key = (row["due_on"], done)
        if key not in drawn:
            lamp = lights.light(row["due_on"], today, done)
            words = dict(SuggestionStatus.choices)[row["status"]] if done else lamp.words
            drawn[key] = mark_safe(
                f'<span class="light light-{lamp.code}"><span class="light-shape" aria-hidden="true">{lamp.shape}'
                f"</span>{words}</span>"
            )
        return drawn[key]

    return cell


def own_columns(today: date) -> list[Column]:
    """提出这一层自己的列。"""
    return [
        Column("light", "期限", light_cell(today), "due"),
        Column("number", "编号", lambda row: shown_number(row) or "--", "number", css="nowrap"),
        Column("title", "标题", _title, "title", css="col-title"),
        Column("deputy", "领衔代表", lambda row: row["lead_deputy__name"], "deputy", css="nowrap"),
        Column("delegation", "代表团", lambda row: row["delegation__name"], css="nowrap"),
        Column("category", "分类", lambda row: row["category__name"] or "--"),
        Column("kind", "形式", lambda row: _KINDS[row["kind"]], shown=False),
        Column("raised_during", "提出时间", lambda row: _PERIODS[row["raised_during"]], shown=False, css="nowrap"),
        Column("submitted", "提交日期", _day("submitted_on"), "submitted", shown=False, css="nowrap"),
        Column("similar", "相近", lambda row: str(row["similar_count"] or "--"), shown=False, css="num"),
        Column("status", "状态", lambda row: _STATUS[row["status"]]),
    ]


def for_paper(columns: list[Column]) -> list[Column]:
    """打印用：标题不带链接。"""
    return [replace(column, cell=lambda row: row["title"]) if column.key == "title" else column for column in columns]


def all_columns(today: date) -> list[Column]:
    """连同上面各层登记的附加列（放在状态之前）。"""
    own = own_columns(today)
    more = [
        Column(extra.key, extra.label, lambda row, key=extra.key: row.get(key, "") or "--", shown=extra.shown)
        for extra in registry.extras()
    ]
    return [*own[:-1], *more, own[-1]]


def chosen(columns: list[Column], wanted: Iterable[str]) -> list[Column]:
    """要显示的列；标题总在。没选就是缺省那几列。"""
    keys = set(wanted)
    if not keys:
        return [column for column in columns if column.shown]
    return [column for column in columns if column.key in keys or column.key == "title"]


def rows_html(rows: list[Row], columns: list[Column]) -> SafeString:
    """表身。单元格一律转义，画好的（标题、灯、状态）除外。"""
    starts = [f'<td class="{column.css}">' if column.css else "<td>" for column in columns]
    cells = [(start, column.cell) for start, column in zip(starts, columns, strict=True)]
    return mark_safe("".join(
        "<tr>" + "".join(f"{start}{escaped(cell(row))}</td>" for start, cell in cells) + "</tr>"
        for row in rows
    ))


def add_names(rows: list[Row], options: Options) -> None:
    """会议代码、代表团、分类的名称：从已取来的名单里查。"""
    codes = options.session_codes
    for row in rows:
        row["session__code"] = codes[row["session_id"]]
        row["delegation__name"] = options.delegation_names.get(row["delegation_id"], "")
        row["category__name"] = options.category_names.get(row["category_id"], "")


def add_extras(rows: list[Row], columns: list[Column]) -> None:
    """附加列：一列一条语句，取这一页的件。"""
    ids = [row["pk"] for row in rows]
    for key, values in registry.fetch_all([column.key for column in columns], ids).items():
        for row in rows:
            row[key] = values.get(row["pk"], "")


# ── 页签 ──
@dataclass(frozen=True)
class Tab:
    """一个存好的筛选：名称、参数、哪些状态。"""

    label: str
    params: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...] = ()


def _tab(label: str, *statuses: str) -> Tab:
    return Tab(label, tuple(("status", status) for status in statuses), statuses)


TABS = (
    Tab("全部", ()),
    _tab("待审查", "submitted"),
    _tab("待交办", "registered"),
    _tab("办理中", "assigned", "handling", "rehandling", "escalated"),
    _tab("已答复", "replied"),
    _tab("办结", "concluded"),
    _tab("退回或不作为建议", "returned", "declined"),
    Tab("逾期", (("overdue", "true"),)),
)


def status_counts(queryset, today: date) -> dict[str, int]:
    """一条语句数出各状态与逾期的件数；限一次会议之内。"""
    late = Count("pk", filter=Q(due_on__lt=today) & ~Q(status__in=OVER))
    counted = queryset.order_by().values_list("status").annotate(total=Count("pk"), late=late)
    totals = {status: total for status, total, _ in counted}
    return {**totals, "overdue": sum(late for _, _, late in counted)}


def count_of(tab: Tab, counts: dict[str, int]) -> int:
    if tab.params == (("overdue", "true"),):
        return counts.get("overdue", 0)
    if not tab.statuses:
        return sum(total for status, total in counts.items() if status != "overdue")
    return sum(counts.get(status, 0) for status in tab.statuses)


def capped_count(queryset) -> int:
    """至多数到五千零一件，免得为一页数全表。"""
    return queryset.order_by().values("pk")[: MOST_COUNTED + 1].count()
