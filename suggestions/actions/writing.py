"""起草、录入、更正共用的写法：列、具体建议、联名名单、文本摘要。只由本目录的动作调用。"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lianluo.accounts import links
from lianluo.audit import record
from lianluo.statemachine import DomainError, Stale

from ..models import CoSigner, Deputy, RaisedBy, RaisedDuring, Request, Series, Suggestion
from ..texts import clean_line, clean_requests, clean_text, text_hash

#: data 里可以给的列；给了才改。另有 requests（list[str]）与 cosigners（list[Deputy]）
COLUMNS = (
    "session", "lead_deputy", "delegation", "title", "body", "kind", "raised_during", "raised_by",
    "converted_from_bill", "category", "regions", "involves_place", "wished_units", "publish_wish",
    "publish_wish_reason", "wants_meeting", "for_reference", "formed_by", "repeated_years", "hides_identity",
    "contact_name", "contact_phone", "contact_wish", "note", "batch", "row_hash",
)
_LINES = ("title", "wished_units", "publish_wish_reason", "formed_by", "contact_name", "contact_wish", "note")
PAPER = "纸质"
ONLINE = "本人登录"
BY_LINK = "个人链接"
LINK_PURPOSE = "cosign"


def apply_columns(suggestion: Suggestion, data: Mapping[str, Any]) -> list[str]:
    """把给了的列写到对象上（不存库），返回变了的列名。"""
    before = {name: getattr(suggestion, _attname(name)) for name in COLUMNS}
    for name in COLUMNS:
        if name in data:
            setattr(suggestion, name, _cleaned(name, data[name]))
    if "lead_deputy" in data and "delegation" not in data:
        suggestion.delegation_id = suggestion.lead_deputy.delegation_id
    suggestion.congress_id = suggestion.session.term.congress_id
    suggestion.series = Series.SESSION if suggestion.raised_during == RaisedDuring.IN_SESSION else Series.BETWEEN
    return [name for name in COLUMNS if getattr(suggestion, _attname(name)) != before[name]]


def _attname(name: str) -> str:
    return Suggestion._meta.get_field(name).attname


def _cleaned(name: str, value: Any) -> Any:
    if name in _LINES:
        return clean_line(value)
    return clean_text(value) if name == "body" else value


def check_revision(suggestion: Suggestion, revision: int | None) -> None:
    """打开之后别处又存过，就不覆盖（给人看见再定）。"""
    if revision is not None and revision != suggestion.revision:
        raise Stale(f"打开之后，这件已在别处改过（现为第 {suggestion.revision} 版），对照新的内容再保存")


def set_requests(suggestion: Suggestion, texts: Iterable[str]) -> list[str]:
    """具体建议整组换成新的；没变就不动库。"""
    wanted = clean_requests(texts)
    if wanted != request_texts(suggestion):
        suggestion.requests.all().delete()
        Request.objects.bulk_create(
            Request(suggestion=suggestion, position=position, text=text)
            for position, text in enumerate(wanted, start=1)
        )
    return wanted


def request_texts(suggestion: Suggestion) -> list[str]:
    return list(suggestion.requests.order_by("position").values_list("text", flat=True))


def set_cosigners(suggestion: Suggestion, deputies: Iterable[Deputy], *, actor) -> None:
    """联名名单换成这一份：少了的移出，多了的加在后面，次序按给的。"""
    wanted = list(dict.fromkeys(deputies))
    if suggestion.lead_deputy_id in {deputy.pk for deputy in wanted}:
        raise DomainError("领衔代表不再列入联名代表，从联名代表中去掉", field="cosigners")
    present = {row.deputy_id: row for row in suggestion.cosigners.select_related("deputy")}
    kept = {deputy.pk for deputy in wanted}
    for row in [row for pk, row in present.items() if pk not in kept]:
        drop_cosigner(row, actor=actor)
    for position, deputy in enumerate(wanted, start=1):
        if deputy.pk not in present:
            CoSigner.objects.create(suggestion=suggestion, deputy=deputy, position=position)
        elif present[deputy.pk].position != position:
            CoSigner.objects.filter(pk=present[deputy.pk].pk).update(position=position)


def drop_cosigner(row: CoSigner, *, actor) -> None:
    """移出一名联名代表，作废其未用的链接。"""
    links.void(LINK_PURPOSE, link_subject(row))
    record("cosigner.removed", actor=actor, target=row, deputy=row.deputy.name)
    row.delete()


def link_subject(row: CoSigner) -> str:
    """个人链接的对象：哪件的哪位联名代表。"""
    return f"cosigner:{row.pk}"


def void_confirmations(suggestion: Suggestion, *, actor) -> int:
    """文本变了，凡确认的不是现在这份的一律失效，须重新确认；返回失效人数。"""
    stale = suggestion.cosigners.exclude(confirmed_hash="").exclude(confirmed_hash=suggestion.text_hash)
    rows = list(stale.select_related("deputy"))
    for row in rows:
        links.void(LINK_PURPOSE, link_subject(row))
        record("cosigner.voided", actor=actor, target=row, deputy=row.deputy.name)
    stale.update(confirmed_at=None, confirmed_hash="", confirmed_how="", invited_at=None)
    waiting = suggestion.cosigners.filter(confirmed_hash="", invited_at__isnull=False)
    for row in waiting:
        links.void(LINK_PURPOSE, link_subject(row))
    waiting.update(invited_at=None)
    return len(rows)


def refresh_text(suggestion: Suggestion, requests: list[str]) -> bool:
    """重算文本摘要；变了返回真。"""
    digest = text_hash(suggestion.title, suggestion.body, requests)
    changed = digest != suggestion.text_hash
    suggestion.text_hash = digest
    return changed


def settle_raised_by(suggestion: Suggestion) -> None:
    """提出方式随联名名单：以代表团名义的除外。"""
    if suggestion.raised_by == RaisedBy.DELEGATION:
        return
    joint = suggestion.pk is not None and suggestion.cosigners.filter(refused_at__isnull=True).exists()
    suggestion.raised_by = RaisedBy.JOINT if joint else RaisedBy.PERSONAL


def sign_on_paper(suggestion: Suggestion, *, now) -> None:
    """纸质件：联名代表已在纸上签名，按录入的文本记为确认。"""
    suggestion.cosigners.filter(refused_at__isnull=True).update(
        confirmed_at=now, confirmed_hash=suggestion.text_hash, confirmed_how=PAPER
    )
