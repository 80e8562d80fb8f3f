"""一件的公开页：元数据、建议（按代表意愿）、答复、落实进展、相关的答复；只取公开了的。"""
from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString, mark_safe

from suggestions.models import Series, Suggestion

from . import promise_news, public_text
from .letter_facts import recipients
from .letters import Letter
from .models import Evaluation, Publication, Reply, ReplyPromise, Satisfaction
from .public_search import listed, row_of

RELATED = 5
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass
class PublicCase:
    """建议里能公开的部分。"""

    case: Suggestion
    title: str
    deputy: str = ""
    body: str = ""
    requests: list[str] = field(default_factory=list)


@dataclass
class PublicReply:
    """一份公开的答复。"""

    reply: Reply
    letter: Letter
    about: PublicCase
    meta: list[tuple[str, str]]
    rating: str
    promises: list[promise_news.Followed]


def replies_of(code: str, number: str) -> list[Reply]:
    """这一件公开过的答复（含已撤下的），新公开的在前；一条语句。"""
    digits = number.removeprefix("b")
    if not digits.isdecimal() or len(digits) > 6:
        return []
    agreed = Evaluation.objects.filter(reply=OuterRef("pk"), is_lead=True, agrees_to_publish=True).order_by("id")
    return list(
        Reply.objects.delivered().filter(
            published_at__isnull=False, assignment__suggestion__session__code=code,
            assignment__suggestion__series=series_of(number), assignment__suggestion__number=int(digits),
        ).select_related(
            "assignment__suggestion__session__term", "assignment__suggestion__lead_deputy",
            "assignment__suggestion__category__parent", "assignment__unit", "result_class",
        ).annotate(rated=Subquery(agreed.values("overall")[:1])).order_by("-published_at", "-id")
    )


def series_of(number: str) -> str:
    return Series.BETWEEN if number.startswith("b") else Series.SESSION


def main_of(code: str, number: str) -> Suggestion | None:
    """并入别件的，公开页在主件那里。"""
    digits = number.removeprefix("b")
    if not digits.isdecimal() or len(digits) > 6:
        return None
    child = Suggestion.objects.filter(
        session__code=code, series=series_of(number), number=int(digits), status="merged"
    ).select_related("merged_into__session").first()
    return child.merged_into if child else None


def shown(reply: Reply) -> PublicReply:
    """一份答复的公开页内容。"""
    case = reply.assignment.suggestion
    people = recipients(case)
    full = reply.published_as == Publication.FULL
    return PublicReply(
        reply=reply, letter=public_text.letter_of(reply, people), about=_about(case, people), meta=_meta(reply),
        rating=dict(Satisfaction.choices).get(reply.rated, ""),
        promises=promise_news.follow(ReplyPromise.objects.filter(reply=reply)) if full else [],
    )


def _about(case: Suggestion, people) -> PublicCase:
    about = PublicCase(case, public_text.title_of(case), case.lead_deputy.name if public_text.shows_names(case) else "")
    if public_text.shows_text(case):
        private = public_text.private_values(case, people)
        names = [one.deputy.name for one in people] if not public_text.shows_names(case) else []
        about.body = public_text.redacted(case.body, [*private, *names])
        about.requests = [public_text.redacted(row.text, [*private, *names]) for row in case.requests.all()]
    return about


def index_number(reply: Reply) -> str:
    """索引号：届次、编号、单位编码、轮次。"""
    case = reply.assignment.suggestion
    return f"{case.session.code}/{case.shown_number}/{reply.assignment.unit.code}/{reply.round}"


def _meta(reply: Reply) -> list[tuple[str, str]]:
    """元数据表（仿省级部门信息公开页）。"""
    case = reply.assignment.suggestion
    topic = case.category
    on, at = reply.signed_on, reply.published_at
    return [
        ("索引号", index_number(reply)), ("发布机构", reply.assignment.unit_name), ("文号", reply.document_number),
        ("发文日期", f"{on.year}年{on.month}月{on.day}日" if on else "--"),
        ("主题分类", str(topic.parent or topic) if topic else "--"),
        ("公开属性", reply.get_published_as_display()),
        ("办理结果", reply.result_class.name if reply.result_class_id else "--"),
        ("公开时间", f"{at.year}年{at.month}月{at.day}日"),
    ]


def related(reply: Reply) -> list:
    """同组、同类的别的答复。"""
    case = reply.assignment.suggestion
    same = Q(pk__in=[])
    if case.group_id:
        same |= Q(assignment__suggestion__group=case.group_id)
    if case.category_id:
        same |= Q(assignment__suggestion__category=case.category_id)
    found: QuerySet[Reply] = Reply.objects.published().filter(same).exclude(assignment__suggestion=case)
    return [row_of(one) for one in listed(found)[:RELATED]]


def json_ld(page: PublicReply, url: str) -> SafeString:
    """给搜索引擎的结构化数据（schema.org）；没有个人信息。"""
    data = {
        "@context": "https://schema.org", "@type": "Article", "inLanguage": "zh-CN", "url": url,
        "headline": page.letter.title, "about": page.about.title, "identifier": index_number(page.reply),
        "datePublished": page.reply.published_at.isoformat(),
        "publisher": {"@type": "GovernmentOrganization", "name": page.reply.assignment.unit_name},
    }
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPED))
