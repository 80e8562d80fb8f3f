"""答复像不像本单位近年的另一份：去掉套话和地名后比，雷同的并排看（MZ-21，打破“一锅煮”）。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from lianluo.text.similarity import body_similarity, shared_phrases
from lianluo.workdays import clock

from .models import Reply, ReplyItem

#: 相同到这个程度就提示
THRESHOLD = 0.6
#: 只比近两年签发的，最多这么多份
YEARS, AT_MOST = 2, 300


@dataclass(frozen=True)
class Alike:
    """像的一份：哪一份、相同多少（0–1）。"""

    reply: Reply
    ratio: float

    @property
    def percent(self) -> str:
        return f"{round(self.ratio * 100)}%"


def alike(reply: Reply, *, most: int = 3) -> list[Alike]:
    """本单位近两年签发的答复里雷同的，最像的在前。"""
    mine = text_of(reply)
    if not mine.strip():
        return []
    texts = _texts(reply, reply.signed_on or clock.today())
    ratios = {pk: ratio for pk, text in texts.items() if (ratio := body_similarity(mine, text)) >= THRESHOLD}
    best = sorted(ratios, key=lambda pk: (-ratios[pk], pk))[:most]
    found = Reply.objects.select_related("assignment__suggestion__session").in_bulk(best)
    return [Alike(found[pk], ratios[pk]) for pk in best]


def text_of(reply: Reply) -> str:
    """逐条的回应与说明，固定的开头结尾不比。"""
    return "\n".join([*(row.text for row in reply.items.all()), reply.explanation])


def side_by_side(one: Reply, other: Reply) -> tuple[str, str, list[str]]:
    """两份并排：各自的文字，和两边都有的原句（不少于八个字）。"""
    mine, theirs = text_of(one), text_of(other)
    return mine, theirs, shared_phrases(mine, theirs)


def _texts(reply: Reply, today: date) -> dict[int, str]:
    rows = ReplyItem.objects.filter(
        reply__assignment__unit=reply.assignment.unit_id, reply__status__in=("signed", "delivered"),
        reply__signed_on__gte=today - timedelta(days=365 * YEARS),
    ).exclude(reply__assignment=reply.assignment_id).order_by("-reply__signed_on", "reply_id", "id")
    texts: dict[int, list[str]] = defaultdict(list)
    for pk, text in rows.values_list("reply_id", "text"):
        if pk in texts or len(texts) < AT_MOST:
            texts[pk].append(text)
    return {pk: "\n".join(parts) for pk, parts in texts.items()}


def marked(text: str, phrases: list[str]) -> list[tuple[str, bool]]:
    """一段文字切成几截：（文字，是不是两边都有的）。长句在前，已标的不再切。"""
    parts: list[tuple[str, bool]] = [(text, False)]
    for phrase in phrases:
        parts = [piece for part, same in parts for piece in (_cut(part, phrase) if not same else [(part, True)])]
    return [(part, same) for part, same in parts if part]


def _cut(text: str, phrase: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for place, rest in enumerate(text.split(phrase)):
        if place:
            pieces.append((phrase, True))
        pieces.append((rest, False))
    return pieces
