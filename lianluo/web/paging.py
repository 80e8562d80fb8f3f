"""分页：不无限滚动，不为一页数全表，翻得深时先取主键。"""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest

from lianluo.text.numbers import int_of

SIZES = (20, 50, 100)
ALL_LIMIT = 1000  # “全部”最多一次给这么多行
DEEP_OFFSET = 500  # 从这里起先取主键再取行
UNCOUNTED = -1  # 不数总数，只看后面还有没有


@dataclass(frozen=True)
class Page:
    """一页：行、页码、总数（None 表示没数）。"""

    items: Sequence
    number: int
    size: int
    total: int | None
    has_next: bool

    def __iter__(self) -> Iterator:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def object_list(self) -> Sequence:
        return self.items

    @property
    def pages(self) -> int | None:
        """共几页；没数总数时 None。"""
        return None if self.total is None else max(1, math.ceil(self.total / self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last_row(self) -> int:
        return (self.number - 1) * self.size + len(self.items)

    @property
    def is_needed(self) -> bool:
        """只有一页时不显示分页。"""
        return self.has_next or self.number > 1

    @property
    def title_suffix(self) -> str:
        """标题里的页码：（第 2 页，共 14 页）；第一页不写。"""
        if self.number == 1:
            return ""
        return f"（第 {self.number} 页，共 {self.pages} 页）" if self.pages else f"（第 {self.number} 页）"

    @property
    def numbers(self) -> list[int | None]:
        """要列出的页码：首尾各一、当前前后各二，None 处画省略号。"""
        if not self.pages:
            return []
        near = {1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)}
        shown: list[int | None] = []
        for number in sorted(near):
            if shown and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown

    @property
    def sizes(self) -> list[tuple[str, str]]:
        """每页多少的选择：(参数值, 文字)。“全部”只在一千行以内给。"""
        choices = [(str(size), str(size)) for size in SIZES]
        if self.total is not None and self.total <= ALL_LIMIT:
            choices.append(("all", "全部"))
        return choices

    @property
    def size_code(self) -> str:
        return "all" if self.size == ALL_LIMIT else str(self.size)


class InTurn:
    """几段排好的行接起来切：前一段够了就不问后一段。"""

    def __init__(self, *parts: QuerySet) -> None:
        self.parts = parts

    def rows(self, start: int, wanted: int) -> list:
        found: list = []
        for part in self.parts:
            here = _rows(part, start, wanted - len(found))
            found += here
            if len(found) == wanted:
                break
            start = 0 if here or not start else max(0, start - part.order_by().count())
        return found


def paginate(request: HttpRequest, queryset: QuerySet | InTurn, size: int = 50, count: int | None = None) -> Page:
    """取请求要的一页。

    ``count``：None 就数一次；给了数就用它（来自汇总，分段的必给）；UNCOUNTED 不数，只多取一行看有没有下一页。
    """
    size = _size(request, size)
    number = _number(request)
    total = queryset.order_by().count() if count is None else count
    if total == UNCOUNTED:
        total = None
    else:
        number = min(number, max(1, math.ceil(total / size)))
    take = queryset.rows if isinstance(queryset, InTurn) else partial(_rows, queryset)
    rows = take((number - 1) * size, size + 1)
    return Page(rows[:size], number, size, total, len(rows) > size)


def _rows(queryset: QuerySet, start: int, wanted: int) -> list:
    """一页的行；翻得深时先在索引上取主键，免得把跳过的行连表读一遍。"""
    if start < DEEP_OFFSET:
        return list(queryset[start : start + wanted])
    keys = list(queryset.values_list("pk", flat=True)[start : start + wanted])
    return list(queryset.filter(pk__in=keys)) if keys else []


def _number(request: HttpRequest) -> int:
    return min(max(int_of(request.GET.get("page")) or 1, 1), 10_000_000)


def _size(request: HttpRequest, default: int) -> int:
    text = request.GET.get("size", "")
    if text == "all":
        return ALL_LIMIT
    return int(text) if text in {str(size) for size in SIZES} else default
