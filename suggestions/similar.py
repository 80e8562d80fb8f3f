"""可能相近的件：先由数据库按有分量的词收窄，再逐件精确比较。只提示，不替人认定。

收窄用 LIKE，SQLite 与 PostgreSQL 一样。正文只在同一次会议里收窄，免得读遍历年正文。
只看传进来的范围（``within``）：看不见的件不出现，也不计数。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lianluo.congresses.models import Session
from lianluo.text import similarity, topics

from . import columns
from .models import SimilarityVerdict, Suggestion

#: 标题比较的候选至多几件，正文再比其中几件
MOST_BY_TITLE, MOST_BY_BODY = 400, 60
WORDS_AT_MOST, PHRASES_AT_MOST = 24, 6
BODY_FROM = 80
#: 共有的原句至少几字才标，至多标几段
PHRASE_LEAST, PHRASES_SHOWN = 8, 12
#: 撤回的、不作为建议的、还没交上来的不提示
SETTLED = ("draft", "cosigning", "withdrawn", "declined")


@dataclass
class SimilarItem:
    """一件可能相近的：相近程度、共有的原句。"""

    suggestion: Suggestion
    score: float
    phrases: list[str] = field(default_factory=list)
    unit: str = ""

    @property
    def percent(self) -> str:
        return f"{round(self.score * 100)}%"

    @property
    def marked_body(self) -> SafeString:
        """正文，共有的原句标出。"""
        return mark_phrases(self.suggestion.body, self.phrases)


def shared(one: str, other: str) -> list[str]:
    """两段正文共有的原句，长的在前。

    按八字组求交再连成片，长文也只要一两毫秒；``similarity.shared_phrases`` 逐字对齐，三千字要一百多毫秒。
    """
    grams = {other[index : index + PHRASE_LEAST] for index in range(len(other) - PHRASE_LEAST + 1)}
    found = {phrase for line in one.split("\n") for phrase in _runs(line, grams)}
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))[:PHRASES_SHOWN]


def _runs(line: str, grams: set[str]) -> list[str]:
    """一行里每个八字组都在对方文中的最长几段。"""
    found, start, width = [], None, PHRASE_LEAST
    for index in range(len(line) - width + 2):
        if line[index : index + width] in grams and index <= len(line) - width:
            start = index if start is None else start
        elif start is not None:
            found.append(line[start : index + width - 1].strip(" 　"))
            start = None
    return [phrase for phrase in found if len(phrase) >= width]


def mark_phrases(text: str, phrases: Iterable[str]) -> SafeString:
    """逐段转义，再把共有的原句标出。"""
    paragraphs = []
    for line in filter(None, (line.strip(" \t\r　") for line in text.split("\n"))):
        shown = escape(line)
        for phrase in phrases:
            shown = shown.replace(escape(phrase), f"<mark>{escape(phrase)}</mark>")
        paragraphs.append(f"<p>{shown}</p>")
    return mark_safe("".join(paragraphs))


def similar_to_text(
    title: str, body: str, *, session: Session, within: QuerySet, exclude: Iterable[int] = (), most: int = 3
) -> list[SimilarItem]:
    """与这段还没入库的文字相近的件，最近的在前。"""
    if len(title.strip()) < 4 and len(body.strip()) < BODY_FROM:
        return []
    pool = within.exclude(status__in=SETTLED).exclude(pk__in=list(exclude))
    found = _by_title(title, pool) | _by_body(body, pool.filter(session=session))
    best = sorted(found.items(), key=lambda pair: (-pair[1], -pair[0]))[:most]
    return _items(best, title, body)


def similar_to(suggestion: Suggestion, *, within: QuerySet, most: int = 3) -> list[SimilarItem]:
    """与这一件相近的：已判为不相近的、已并在一起的不再提示。"""
    aside = {suggestion.pk, *not_similar(suggestion.pk)}
    aside |= set(Suggestion.objects.filter(merged_into=suggestion).values_list("pk", flat=True))
    if suggestion.merged_into_id:
        aside.add(suggestion.merged_into_id)
    return similar_to_text(
        suggestion.title, suggestion.body, session=suggestion.session, within=within, exclude=aside, most=most
    )


def not_similar(pk: int) -> set[int]:
    """人已判为与它不相近的件。"""
    pairs = SimilarityVerdict.objects.filter(Q(first=pk) | Q(second=pk)).values_list("first_id", "second_id")
    return {other for pair in pairs for other in pair if other != pk}


# ── 收窄与比较 ──
def title_words(title: str) -> list[str]:
    """标题里有分量的词：认得的事连同各种说法，再加去掉套话地名后的相邻两字。"""
    known = {topics.CANONICAL[word] for word in topics.CANONICAL if word in title}
    weighty = {topic for topic in known if topics.WEIGHTS[topic] > 1} or known
    spellings = [word for topic in sorted(weighty) for word in _SPELLINGS[topic]]
    grams = sorted(gram for gram in similarity.ngrams(similarity.essence(title), 2) if len(gram) > 1)
    return list(dict.fromkeys([*spellings, *grams]))[:WORDS_AT_MOST]


def _spellings() -> dict[str, list[str]]:
    found = defaultdict(list)
    for word, topic in topics.CANONICAL.items():
        found[topic].append(word)
    return found


_SPELLINGS = _spellings()


def _by_title(title: str, pool: QuerySet) -> dict[int, float]:
    """标题相近的：{件: 程度}。"""
    words = title_words(title)
    if not words:
        return {}
    wanted = Q()
    for word in words:
        wanted |= Q(title__contains=word)
    rows = pool.filter(wanted).order_by("-pk").values_list("pk", "title")[:MOST_BY_TITLE]
    scored = {pk: similarity.title_similarity(title, other) for pk, other in rows}
    return {pk: score for pk, score in scored.items() if score >= similarity.TITLE_THRESHOLD}


def _by_body(body: str, pool: QuerySet) -> dict[int, float]:
    """正文相近的：取几处去掉套话后的原句收窄，再算四字组。"""
    phrases = body_phrases(body)
    if not phrases:
        return {}
    wanted = Q()
    for phrase in phrases:
        wanted |= Q(body__contains=phrase)
    rows = pool.filter(wanted).order_by("-pk").values_list("pk", "body")[:MOST_BY_BODY]
    scored = {pk: similarity.body_similarity(body, other) for pk, other in rows}
    return {pk: score for pk, score in scored.items() if score >= similarity.BODY_THRESHOLD}


def body_phrases(body: str) -> list[str]:
    """正文里均匀取几段六字以上、不含套话与地名的原句。"""
    if len(body.strip()) < BODY_FROM:
        return []
    parts = sorted({part[:8] for part in similarity.essence(body).split("|") if len(part) >= 5 and part[:8] in body})
    step = max(1, len(parts) // PHRASES_AT_MOST)
    return parts[::step][:PHRASES_AT_MOST]


def _items(best: list[tuple[int, float]], title: str, body: str) -> list[SimilarItem]:
    """取出这几件，标出共有的原句，附上主办单位（办理一侧登记了才有）。"""
    ids = [pk for pk, _ in best]
    cases = Suggestion.objects.select_related("session", "lead_deputy", "group").in_bulk(ids)
    units = columns.fetch_all(["lead_unit"], ids).get("lead_unit", {})
    return [
        SimilarItem(cases[pk], score, shared(body, cases[pk].body), units.get(pk, ""))
        for pk, score in best if pk in cases
    ]


# ── 计数：队列里的“相近数” ──
def note_new(suggestion: Suggestion) -> int:
    """新提交的一件：数同一次会议里标题相近的，对方的数也加一。"""
    found = list(_by_title(suggestion.title, _countable(suggestion.session).exclude(pk=suggestion.pk)))
    Suggestion.objects.filter(pk__in=found).update(similar_count=F("similar_count") + 1)
    Suggestion.objects.filter(pk=suggestion.pk).update(similar_count=len(found))
    suggestion.similar_count = len(found)
    return len(found)


def refresh_counts(session: Session) -> int:
    """整次会议重数一遍（导入之后），每对只比一次，一千五百件约四秒；返回改了几件。"""
    rows = list(_countable(session).values_list("pk", "title", "similar_count"))
    counts = [0] * len(rows)
    for index, (_, title, _) in enumerate(rows):
        words = title_words(title)
        for other in range(index):
            name = rows[other][1]
            if any(word in name for word in words) and similarity.is_similar_title(title, name):
                counts[index] += 1
                counts[other] += 1
    moved = [(pk, count) for (pk, _, before), count in zip(rows, counts, strict=True) if count != before]
    for pk, count in moved:
        Suggestion.objects.filter(pk=pk).update(similar_count=count)
    return len(moved)


def _countable(session: Session) -> QuerySet:
    return Suggestion.objects.filter(session=session).exclude(status__in=SETTLED)
