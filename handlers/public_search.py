"""公开答复的查找：编号、词、届次、主题、单位，条件都在地址里；不能公开的标题也不能拿来查。"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.http import QueryDict
from django.urls import reverse

from lianluo.documents.numerals import chinese_number
from lianluo.text.numbers import int_of
from suggestions.models import Category, PublishWish, Request, Series, Suggestion
from suggestions.searching import number_of

from . import public_text
from .models import Publication, Reply, ReplyItem, ResultClass, Unit

CASE = "assignment__suggestion__"
EXCERPT = 110
#: 从正文取这么多再裁：换掉引的原话以后还够一段
READ = 4 * EXCERPT
FACETS = {"session": "届次", "topic": "主题", "unit": "单位", "result": "办理结果"}
MOST_WORDS = 6


@dataclass(frozen=True)
class Found:
    """结果的一行。"""

    number: str
    title: str
    unit: str
    published_at: datetime
    delivered_on: object
    result: str
    text: str
    url: str


@dataclass(frozen=True)
class Option:
    """一个条件里的一项：参数值、名称、有几份、选中了没有。"""

    value: str
    label: str
    count: int
    chosen: bool


class Query:
    """一次查找：由地址里的参数而来，认不出的条件不算。"""

    def __init__(self, params: QueryDict) -> None:
        self.words = params.get("q", "").strip()[:60].split()[:MOST_WORDS]
        self.chosen = {name: params.get(name, "").strip()[:20] for name in FACETS}

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def is_empty(self) -> bool:
        return not self.words and not any(self.chosen.values())

    def replies(self, besides: str = "") -> QuerySet[Reply]:
        """合条件的；``besides`` 是数某一类的各项时自己不算的那个条件。"""
        found = Reply.objects.published()
        for word in self.words:
            found = found.filter(_word(word))
        for name, value in self.chosen.items():
            if value and name != besides:
                found = found.filter(_condition(name, value))
        return found

    def options(self, name: str) -> list[Option]:
        """一类条件的各项和份数；有份数的才列。"""
        counted = _counted(name, self.replies(besides=name))
        return [Option(value, label, count, value == self.chosen[name]) for value, label, count in counted]


def _condition(name: str, value: str) -> Q:
    if name == "session":
        return Q(**{f"{CASE}session__code": value})
    if name == "result":
        return Q(result_class__code=value)
    key = int_of(value)
    if key is None:
        return Q(pk__in=[])
    if name == "unit":
        return Q(assignment__unit=key)
    return Q(**{f"{CASE}category": key}) | Q(**{f"{CASE}category__parent": key})


def _word(word: str) -> Q:
    """一个词：标题（同意公开的）、单位、文号、摘要、公开的正文，或者是编号（含并入的件）。

    建议原文不公开的，答复里引的原话同样查不到；不出现姓名的，答复的文字都不拿来查，免得拿姓名一试便知是谁提的。
    """
    titled = Q(**{f"{CASE}title__contains": word}) & ~Q(**{f"{CASE}publish_wish": PublishWish.NONE})
    said = ReplyItem.objects.filter(reply=OuterRef("pk"), text__contains=word)
    asked = Request.objects.filter(suggestion=OuterRef("assignment__suggestion"), text__contains=word)
    named = ~Q(**{f"{CASE}publish_wish": PublishWish.NONE}) & Q(**{f"{CASE}hides_identity": False})
    quotable = named & (Q(**{f"{CASE}publish_wish": PublishWish.FULL}) | ~Exists(asked))
    told = Q(published_as=Publication.SUMMARY, summary__contains=word) | (
        Q(published_as=Publication.FULL) & Exists(said)
    )
    found = titled | Q(assignment__unit_name__contains=word) | Q(document_number__contains=word) | (told & quotable)
    number = number_of(word)
    if number is None:
        return found
    cases = Suggestion.objects.filter(number)
    return found | Q(**{f"{CASE}in": cases.values("pk")}) | Q(**{f"{CASE}in": cases.values("merged_into")})


def _counted(name: str, replies: QuerySet[Reply]) -> list[tuple[str, str, int]]:
    """各项的值、名称、份数。"""
    key = {"session": f"{CASE}session__code", "unit": "assignment__unit", "result": "result_class__code",
           "topic": f"{CASE}category"}[name]
    counts = dict(replies.order_by().values_list(key).annotate(total=Count("pk")))
    counts.pop(None, None)
    return _NAMED[name](counts)


def _sessions(counts: dict) -> list[tuple[str, str, int]]:
    """新的在前；14-4 写成十四届四次会议。"""
    ordered = sorted(counts, key=lambda code: [int(part) for part in code.split("-")], reverse=True)
    return [(code, _session_name(code), counts[code]) for code in ordered]


def _session_name(code: str) -> str:
    term, _, number = code.partition("-")
    if not (term.isdecimal() and number.isdecimal()):
        return code
    return f"{chinese_number(int(term))}届{chinese_number(int(number))}次会议"


def _units(counts: dict) -> list[tuple[str, str, int]]:
    names = dict(Unit.objects.filter(pk__in=counts).values_list("pk", "short"))
    return sorted(((str(pk), names[pk], total) for pk, total in counts.items()), key=lambda row: (-row[2], row[1]))


def _topics(counts: dict) -> list[tuple[str, str, int]]:
    """二级并到一级。"""
    rows = list(Category.objects.filter(pk__in=counts).select_related("parent"))
    totals: dict[Category, int] = {}
    for row in rows:
        top = row.parent or row
        totals[top] = totals.get(top, 0) + counts[row.pk]
    return [(str(top.pk), top.name, totals[top]) for top in sorted(totals, key=lambda one: (one.position, one.pk))]


def _results(counts: dict) -> list[tuple[str, str, int]]:
    names = dict(ResultClass.objects.filter(code__in=counts).order_by("-position").values_list("code", "name"))
    return [(code, names.get(code, code), counts[code]) for code in sorted(counts)]


_NAMED = {"session": _sessions, "unit": _units, "topic": _topics, "result": _results}


def name_of(name: str, value: str) -> str:
    """一个条件的值写成字；份数为零、不在列出的各项里时用。认不出就是原来的字。"""
    if name in ("unit", "topic") and int_of(value) is None:
        return value
    if name == "session":
        return _session_name(value)
    key = int(value) if name in ("unit", "topic") else value
    found = _NAMED[name]({key: 0}) if name != "unit" or Unit.objects.filter(pk=key).exists() else []
    return found[0][1] if found else value


def listed(replies: QuerySet[Reply]) -> QuerySet[Reply]:
    """列表要的列一次取齐；建议全文不取。新公开的在前。"""
    first = ReplyItem.objects.filter(reply=OuterRef("pk")).exclude(text="").order_by("request__position", "id")
    same = Reply.objects.published().filter(assignment__suggestion=OuterRef("assignment__suggestion"))
    at = OuterRef("published_at")
    later = Q(published_at__gt=at) | Q(published_at=at, pk__gt=OuterRef("pk"))
    return (
        replies.select_related(f"{CASE}session", "assignment__unit", "result_class")
        .defer(f"{CASE}body", "opening", "closing", "explanation", "assist_note")
        .annotate(beginning=Substr(Subquery(first.values("text")[:1]), 1, READ), followed=Exists(same.filter(later)))
        .order_by("-published_at", "-id")
        .prefetch_related(f"{CASE}requests")
    )


def row_of(reply: Reply) -> Found:
    """一行：标题、文字都按代表意愿；标题不能公开的，说是哪个单位对第几号的答复。"""
    case, unit = reply.assignment.suggestion, reply.assignment.unit_name
    title = case.title if public_text.shows_title(case) else f"{unit}对{public_text.title_of(case)}的答复"
    return Found(
        case.spoken_number, title, unit, reply.published_at, reply.delivered_on,
        reply.result_class.name if reply.result_class_id else "", _excerpt(reply), url_of(reply),
    )


def _excerpt(reply: Reply) -> str:
    """摘要或正文开头；不公开原文的去掉引的原话，不出现姓名的不摘。"""
    case = reply.assignment.suggestion
    if not public_text.shows_title(case):
        return "提出建议的代表没有同意公开标题和原文，点开看答复。"
    if not public_text.shows_names(case):
        return ""
    text = reply.summary if reply.published_as == Publication.SUMMARY else reply.beginning or ""
    if not public_text.shows_text(case):
        text = public_text.without_requests(text, case)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}……"


def number_in_path(case: Suggestion) -> str:
    """地址里的编号：闭会件冠 b。"""
    return case.get_absolute_url().rstrip("/").rpartition("/")[2]


def url_of(reply: Reply) -> str:
    """公开页地址：/pub/14-4/0486/；这一件后来又公开了别的答复的，指明是这一份。"""
    case = reply.assignment.suggestion
    path = reverse("public:reply", args=[case.session.code, number_in_path(case)])
    return f"{path}?reply={reply.pk}" if reply.followed else path


def all_paths() -> list[str]:
    """全部公开页的地址，一件一个，新公开的在前；一条语句。"""
    rows = Reply.objects.published().order_by("-published_at").values_list(
        f"{CASE}session__code", f"{CASE}series", f"{CASE}number"
    )
    start = reverse("public:search")
    paths = (f"{start}{code}/{'b' if series == Series.BETWEEN else ''}{number:04d}/" for code, series, number in rows)
    return list(dict.fromkeys(paths))
