"""承诺的落实情况由督办层掌握：它在启动时登记一个函数，这一层只管问。"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from .models import ReplyPromise


@dataclass(frozen=True)
class News:
    """一项承诺的近况：兑现日期，最近一条进展。"""

    kept_on: date | None = None
    progress: str = ""
    figure: str = ""
    reported_on: date | None = None


@dataclass(frozen=True)
class Followed:
    """承诺和它的近况。"""

    promise: ReplyPromise
    news: News

    def is_late(self, today: date) -> bool:
        return self.news.kept_on is None and self.promise.due_on < today


Source = Callable[[list[int]], dict[int, News]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """登记：由承诺的主键取近况。"""
    if source not in _sources:
        _sources.append(source)


def follow(promises: Iterable[ReplyPromise]) -> list[Followed]:
    """各项承诺带上近况；没有的为空。"""
    rows = list(promises)
    known: dict[int, News] = {}
    for source in _sources if rows else []:
        known.update(source([row.pk for row in rows]))
    return [Followed(row, known.get(row.pk, News())) for row in rows]
