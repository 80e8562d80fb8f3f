"""校验：重算每一条摘要，对照历次锚定与库外的文件，找出第一处断裂。

改一条、删一条、插一条、换次序，链自己就接不上；整段重写与截尾，链尾对不上锚定；连锚定一起改的，对不上库外的文件。
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from . import anchoring, hashing
from .models import AuditEvent, AuditHead

ANCHOR = "anchor"


@dataclass(frozen=True)
class Break:
    """断裂处：哪条链、第几条、为何。锚定本身的问题，链名为 anchor、序号为零。"""

    chain: str
    seq: int
    why: str

    @property
    def suggestion(self) -> int | None:
        kind, _, number = self.chain.partition(":")
        return int(number) if kind == "suggestion" else None


def verify() -> tuple[int, Break | None]:
    """全部校验一遍。返回（事件数，第一处断裂或 None）。"""
    breaks = (found for find in (broken_chains, broken_anchors, differing_files) for found in find())
    return AuditEvent.objects.count(), next(breaks, None)


def broken_chains() -> Iterator[Break]:
    """逐链重算；每条链只报第一处。"""
    owed, chain, previous, bad = anchoring.anchored(), None, None, False
    for event in AuditEvent.objects.order_by("chain", "seq", "id").iterator(chunk_size=2000):
        if event.chain != chain:
            yield from _cut(owed.pop(chain, []), previous, bad)
            chain, previous, bad = event.chain, None, False
        if not bad and (found := _check(event, previous, owed.get(chain, []))):
            bad = True
            yield found
        previous = event
    yield from _cut(owed.pop(chain, []), previous, bad)
    for name, lines in sorted(owed.items()):
        yield Break(name, 1, f"{lines[-1][2]} 锚定时有 {lines[-1][0]} 条，现在一条也没有")


def _check(event: AuditEvent, previous: AuditEvent | None, anchored: list) -> Break | None:
    """这一条：序号连着、接得上前一条、内容没动、与锚定相符。"""
    seq, prev_hash = (previous.seq + 1, previous.hash) if previous else (1, hashing.GENESIS)
    if event.seq != seq:
        return Break(event.chain, min(seq, event.seq), "序号不连续，有删除或插入")
    if event.prev_hash != prev_hash:
        return Break(event.chain, event.seq, "与前一条接不上")
    if hashing.digest(hashing.canonical(event), event.algorithm) != event.hash:
        return Break(event.chain, event.seq, "内容被改动")
    return _rewritten(event, anchored)


def _rewritten(event: AuditEvent, anchored: list[tuple[int, str, date]]) -> Break | None:
    """摘要自洽而与锚定不符：上次锚定之后的一段被整段重写。"""
    known = 0
    for seq, value, day in anchored:
        if seq == event.seq and value != event.hash:
            return Break(event.chain, known + 1, f"第 {known + 1} 至 {seq} 条与 {day} 的锚定不符，被整段重写")
        known = seq
    return None


def _cut(anchored: list[tuple[int, str, date]], last: AuditEvent | None, bad: bool) -> Iterator[Break]:
    """锚定过的比现在的长：链尾被截去。"""
    if anchored and last and not bad and last.seq < anchored[-1][0]:
        seq, _, day = anchored[-1]
        yield Break(last.chain, last.seq + 1, f"{day} 锚定时有 {seq} 条，现在只有 {last.seq} 条")


def broken_anchors() -> Iterator[Break]:
    """历次锚定一环扣一环。"""
    prev_root = hashing.GENESIS
    for head in AuditHead.objects.order_by("day").iterator():
        if head.prev_root != prev_root:
            yield Break(ANCHOR, 0, f"{head.day} 的锚定接不上前一次，有锚定被删去或改动")
        if anchoring.root_of(head.prev_root, head.heads, head.algorithm) != head.root:
            yield Break(ANCHOR, 0, f"{head.day} 的锚定内容被改动")
        prev_root = head.root


def differing_files() -> Iterator[Break]:
    """库外的文件与库里的锚定逐日相比。文件不在手边的不算断裂（已移交保管）。"""
    stored = {str(head.day): head for head in AuditHead.objects.iterator()}
    for day, text in anchoring.outside().items():
        head = stored.get(day)
        if head is None:
            yield Break(ANCHOR, 0, f"库外有 {day} 的锚定，库里没有")
        elif anchoring.text_of(head) != text:
            yield Break(ANCHOR, 0, f"{day} 的锚定，库里与库外的文件不一致")


def compared() -> tuple[int, int]:
    """锚定了几天，其中几天有库外的文件可比。"""
    days = {str(day) for day in AuditHead.objects.values_list("day", flat=True)}
    return len(days), len(days & anchoring.outside().keys())
