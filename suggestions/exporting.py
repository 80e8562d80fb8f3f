"""导出：列次序与导入模板相同，另带隐藏的 _id、_rev，改过再导入时认得出是哪一件。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lianluo.documents.workbooks import SheetColumn

from . import columns as registry
from .listing import shown_number
from .models import CoSigner, PublishWish, Request, SuggestionKind, SuggestionStatus

CHUNK = 500
_WISHES, _KINDS, _STATUSES = dict(PublishWish.choices), dict(SuggestionKind.choices), dict(SuggestionStatus.choices)
NOTES = (
    "这份表可以改过再导入：左边各列与导入模板相同，隐藏的 _id、_rev 用来认出是哪一件，不要改动。",
    "分类、状态、最近时限等右边各列只供查看，再导入时不读。",
)
FIELDS = (
    "pk", "revision", "series", "number", "converted_from_bill", "title", "lead_deputy__name",
    "lead_deputy__certificate_no", "lead_deputy__phone", "delegation__name", "contact_phone", "submitted_on", "kind",
    "body", "wished_units", "publish_wish", "note", "category__name", "status", "due_on",
)


def columns() -> list[SheetColumn]:
    """可再导入的列在前，只供查看的在后。"""
    own = [
        SheetColumn("number", "编号", 8), SheetColumn("title", "标题", 40), SheetColumn("deputy", "领衔代表", 12),
        SheetColumn("certificate", "代表证号", 14), SheetColumn("delegation", "代表团", 14),
        SheetColumn("cosigners", "联名代表", 24), SheetColumn("phone", "联系电话", 16),
        SheetColumn("submitted_on", "提交日期", 12, kind="date"), SheetColumn("kind", "形式", 8),
        SheetColumn("body", "内容", 60), SheetColumn("requests", "具体建议", 40),
        SheetColumn("wished_units", "希望承办单位", 24), SheetColumn("publish_wish", "同意公开", 14),
        SheetColumn("note", "备注", 20), SheetColumn("_id", "_id", 8, hidden=True),
        SheetColumn("_rev", "_rev", 6, hidden=True), SheetColumn("category", "分类", 20),
        SheetColumn("status", "状态", 12), SheetColumn("due_on", "最近时限", 12, kind="date"),
    ]
    return own + [SheetColumn(extra.key, extra.label, 24) for extra in registry.extras()]


def rows(queryset, *, private: bool) -> Iterator[dict]:
    """一行一件。电话、证号只给 ``private`` 的人；分批取联名与具体建议，不论多少件内存都平稳。"""
    batch: list[dict] = []
    for row in queryset.values(*FIELDS).iterator(chunk_size=CHUNK):
        batch.append(row)
        if len(batch) == CHUNK:
            yield from _finished(batch, private)
            batch = []
    yield from _finished(batch, private)


def _finished(batch: list[dict], private: bool) -> Iterator[dict]:
    ids = [row["pk"] for row in batch]
    joined, asked = _joined(ids), _asked(ids)
    extras = registry.fetch_all([extra.key for extra in registry.extras()], ids)
    for row in batch:
        yield {
            "number": shown_number(row), "title": row["title"],
            "deputy": row["lead_deputy__name"],
            "certificate": row["lead_deputy__certificate_no"] if private else "",
            "delegation": row["delegation__name"],
            "cosigners": "、".join(joined[row["pk"]]),
            "phone": (row["contact_phone"] or row["lead_deputy__phone"]) if private else "",
            "submitted_on": row["submitted_on"], "kind": _KINDS[row["kind"]], "body": row["body"],
            "requests": "\n".join(f"{position}. {text}" for position, text in asked[row["pk"]]),
            "wished_units": row["wished_units"], "publish_wish": _WISHES.get(row["publish_wish"], ""),
            "note": row["note"], "_id": str(row["pk"]), "_rev": str(row["revision"]),
            "category": row["category__name"] or "", "status": _STATUSES[row["status"]], "due_on": row["due_on"],
            **{key: values.get(row["pk"], "") for key, values in extras.items()},
        }


def _joined(ids: list[int]) -> dict[int, list[str]]:
    """各件的联名代表，谢绝的不算。"""
    found = defaultdict(list)
    signed = CoSigner.objects.filter(suggestion__in=ids, refused_at__isnull=True).order_by("suggestion", "position")
    for pk, name in signed.values_list("suggestion", "deputy__name"):
        found[pk].append(name)
    return found


def _asked(ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """各件的具体建议。"""
    found = defaultdict(list)
    asked = Request.objects.filter(suggestion__in=ids).order_by("suggestion", "position")
    for pk, position, text in asked.values_list("suggestion", "position", "text"):
        found[pk].append((position, text))
    return found
