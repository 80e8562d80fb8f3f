"""每日锚定：记下长了的链的链尾，与前一日的根汇成今日的根；入表，并写到库外的文件。

链只靠自己发现不了整段重写与截尾，须与另存的链尾相比；库里的锚定被一并改掉时，还有库外的文件作证。
"""
from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from . import hashing
from .models import AuditEvent, AuditHead

#: 这个钟点以后锚定的算当天，以前的是在补昨天
CLOSES_AT = time(23, 30)

Heads = dict[str, tuple[int, str]]


def closing_day(now: datetime) -> date:
    """此刻锚定算哪一天：夜里的算当天；停机错过、次日补的算前一天，不占当天的位置。"""
    local = timezone.localtime(now)
    return local.date() if local.time() >= CLOSES_AT else local.date() - timedelta(days=1)


def current_heads() -> Heads:
    """每条链现在的（序号，摘要）：没有下一条的就是链尾。"""
    following = AuditEvent.objects.filter(chain=OuterRef("chain"), seq=OuterRef("seq") + 1)
    rows = AuditEvent.objects.filter(~Exists(following)).order_by("chain", F("seq").asc())
    return {chain: (seq, value) for chain, seq, value in rows.values_list("chain", "seq", "hash").iterator()}


def anchored() -> dict[str, list[tuple[int, str, date]]]:
    """历次锚定过的链尾：链 → 依次的（序号，摘要，日期）。"""
    found = defaultdict(list)
    for head in AuditHead.objects.order_by("day").iterator():
        for chain, seq, value in head.lines:
            found[chain].append((seq, value, head.day))
    return dict(found)


def anchor(day: date) -> AuditHead:
    """锚定某日；同一天重复执行得到同一行，库外的文件少了就补写。比最近一次还早的日子不补。"""
    head = AuditHead.objects.filter(day__gte=day).order_by("day").first() or _anchor_new(day)
    if head.day == day:
        _write_outside(head)
    return head


@transaction.atomic
def _anchor_new(day: date) -> AuditHead:
    now, known = current_heads(), anchored()
    heads = "".join(
        f"{chain} {seq} {value}\n" for chain, (seq, value) in sorted(now.items())
        if chain not in known or known[chain][-1][:2] != (seq, value)
    )
    last = AuditHead.objects.order_by("-day").first()
    prev_root, algorithm = last.root if last else hashing.GENESIS, hashing.preferred()
    values = {
        "events": sum(seq for seq, _ in now.values()), "chains": len(now), "algorithm": algorithm, "heads": heads,
        "prev_root": prev_root, "root": root_of(prev_root, heads, algorithm),
    }
    return AuditHead.objects.get_or_create(day=day, defaults=values)[0]


def root_of(prev_root: str, heads: str, algorithm: str) -> str:
    """根摘要：前一日的根接上今日的链尾。"""
    return hashing.digest(f"{prev_root}\n{heads}".encode(), algorithm)


def folder() -> Path:
    """库外的存放处。"""
    return Path(settings.VAR_DIR) / "anchors"


def text_of(head: AuditHead) -> str:
    """库外文件的内容：第一行是日期、算法、根、前一日的根、事件数、链数，其余是链尾。"""
    first = f"{head.day} {head.algorithm} {head.root} {head.prev_root} {head.events} {head.chains}"
    return f"{first}\n{head.heads}"


def _write_outside(head: AuditHead) -> None:
    """先写好再换名，写到一半断电不会留下半个文件；已有的不动，好与库里比对。"""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{head.day}.txt"
    if not path.exists():
        half = path.with_suffix(f".{uuid.uuid4().hex}.tmp")
        half.write_text(text_of(head), encoding="utf-8")
        half.replace(path)


def outside() -> dict[str, str]:
    """库外各文件：日期 → 内容。"""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder().glob("????-??-??.txt"))}
