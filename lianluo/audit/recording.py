"""写一条留痕。调用者已锁住件（lock_case），同一条链因此不会并发。"""
from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import CharField

from lianluo.statements import Blank, Statement

from . import context, hashing, identity
from .models import AuditEvent

SYSTEM_CHAIN = "system"
NAME_LENGTH, POST_LENGTH = 200, 120


#: 链尾；每个动作都要问几次
TAIL = Statement(
    lambda: AuditEvent.objects.filter(chain=Blank("chain", CharField())).order_by("-seq").values_list("seq", "hash")[:1]
)


def chain_of(target) -> str:
    """对象属于哪一条链：件及其下的一切归件，其余归 system。"""
    return getattr(target, "audit_chain", SYSTEM_CHAIN)


def _plain(data: dict) -> dict:
    """只留 JSON 认得的值；小数写成文字，免得存取一遍写法变了、摘要对不上。"""
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder, default=str), parse_float=str)


def _lock_system_chain() -> None:
    """system 链没有件可锁，借计数行排队。"""
    from lianluo.documents.counters import take

    take("audit:system")


def write(event: str, *, actor, target, source: str, target_state: str, reason: str, data: dict) -> AuditEvent:
    """追加一条：取链尾、算摘要、入库。"""
    chain = chain_of(target)
    if chain == SYSTEM_CHAIN:
        _lock_system_chain()
    tail = next(iter(TAIL.rows(chain=chain)), (0, hashing.GENESIS))
    seq, prev_hash = tail[0] + 1, tail[1]
    here = context.current()
    row = AuditEvent(
        chain=chain, seq=seq, at=context.moment(), event=event,
        actor=actor, actor_name=actor.name if actor else "系统", actor_post=identity.of(actor)[:POST_LENGTH],
        target_type=target._meta.label_lower, target_id=target.pk, target_name=str(target)[:NAME_LENGTH],
        source=source, target_state=target_state, reason=reason, data=_plain(data),
        ip=here.ip, request_id=here.request_id, algorithm=hashing.preferred(), prev_hash=prev_hash,
    )
    row.hash = hashing.digest(hashing.canonical(row), row.algorithm)
    row.save(force_insert=True)
    here.asked.clear()
    return row
