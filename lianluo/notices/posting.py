"""发通知：与业务同一事务写下通知行与待发行，一次写完所有收件人，重复执行不重复。"""
from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.template import Context, Template
from django.template.loader import get_template

from lianluo.audit import context as audit_context

from .models import Channel, Notice, NoticeDelivery, NoticePreference

SUBJECT_LENGTH = 200
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """折成一行：换行与控制字符变成一个空格，邮件头因此不能被注入。"""
    return _BREAKS.sub(" ", text).strip()[:length]


def letter(kind: str, context: dict) -> tuple[str, str]:
    """按 ``templates/notices/<种类>.txt`` 成文：第一行标题，其余正文。没有模板即报错。"""
    values = Context({"site_name": settings.SITE_NAME, **context}, autoescape=False)
    subject, body = (part.render(values) for part in _template(kind))
    return one_line(subject), body.strip()


@lru_cache(maxsize=256)
def _template(kind: str) -> tuple[Template, Template]:
    """标题与正文两段，每种只解析一次。"""
    template = get_template(f"notices/{kind.replace('.', '_')}.txt").template
    first, _, rest = template.source.partition("\n")
    return template.engine.from_string(first), template.engine.from_string(rest)


@transaction.atomic
def post(
    kind: str,
    *,
    about: str,
    recipients: Iterable,
    context: dict,
    actor=None,
    rung: str = "",
    case_id: int | None = None,
    congress=None,
    urgent: bool = False,
    url: str = "",
) -> int:
    """给每位收件人写一条通知，返回新写的条数。操作人本人与已停用的账号不收。"""
    people = _people(recipients, actor)
    if not people:
        return 0
    subject, body = letter(kind, {"actor": actor, **context})
    here = audit_context.current()
    batch, created_at = uuid.uuid4(), audit_context.moment()
    rows = [
        Notice(
            congress=congress, case_id=case_id, about=about, kind=kind, rung=rung, recipient=person,
            subject=subject, body=body, url=url, urgent=urgent, batch=batch, created_at=created_at,
        )
        for person in people.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    made = Notice.objects.filter(about=about, kind=kind, rung=rung, batch=batch).values_list("pk", "recipient_id")
    new = [(pk, people[recipient_id]) for pk, recipient_id in made]
    if not here.rehearsal:
        _plan(new, urgent=urgent)
    return len(new)


def _people(recipients: Iterable, actor) -> dict:
    """去重，去掉操作人与停用账号。"""
    actor_id = actor.pk if actor else None
    return {person.pk: person for person in recipients if person and person.is_active and person.pk != actor_id}


def _plan(new: list[tuple[int, object]], *, urgent: bool) -> None:
    """写下站外发送：邮件人人有（留了邮箱的），短信只给紧急事项；本人关掉的渠道不写。"""
    refused = _refused([person.pk for _, person in new])
    rows = [
        NoticeDelivery(notice_id=pk, channel=channel)
        for pk, person in new
        for channel in _channels(person, urgent)
        if (person.pk, channel) not in refused
    ]
    NoticeDelivery.objects.bulk_create(rows)


def _channels(person, urgent: bool) -> list[str]:
    channels = [Channel.EMAIL] if person.email else []
    return channels + [Channel.SMS] if urgent and person.phone else channels


def _refused(ids: list[int]) -> set[tuple[int, str]]:
    """本人关掉的（账号，渠道）。"""
    refused = set()
    for choice in NoticePreference.objects.filter(account_id__in=ids):
        if not choice.by_email:
            refused.add((choice.account_id, Channel.EMAIL))
        if not choice.by_sms:
            refused.add((choice.account_id, Channel.SMS))
    return refused
