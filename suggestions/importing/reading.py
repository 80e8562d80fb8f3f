"""逐行读成值：类型、长度、写法在这里查，问题指到格；人和件认不认得由后面两步查。

存的就是表里写的：标题、内容一个字不改，只有编号、日期、电话、形式按规矩折算。
"""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from lianluo.documents.tables import Row, Table, read_table
from lianluo.text import fold

from ..models import Series
from ..texts import clean_text, split_requests
from . import columns

if TYPE_CHECKING:
    from ..models import Delegation
    from .deciding import Change
    from .matching import Known
    from .people import Person

TITLE_LIMIT, NAME_LIMIT, BODY_LIMIT = 200, 60, 32_767
LIMITS = {"certificate": 30, "wished_units": 200, "note": 300}
MOST_NUMBER = 99_999
PROPOSABLE = ("deputy", "certificate", "delegation", "cosigners", "wished_units")
_NUMBER = re.compile(r"(闭|议转)?(?:第)?0*([0-9]{1,6})(?:号)?")
_BETWEEN_NAMES = re.compile(r"[、，,;；/\n\t]+")
#: 内容里引出各条建议的那一句
_LEADS_IN = re.compile(
    r"(?:为此|因此|特此|现|具体|主要|综上)[^\n。；]{0,20}建议[^\n。；]{0,10}[：:]\s*\n|^建议[：:]\s*\n", re.M
)

Fixes = Mapping[str, str]


@dataclass(slots=True)
class Entry:
    """一行读出来的值；认件、认人、判断三步依次填上后面几项。"""

    row: Row
    number: int | None = None
    series: str = ""
    from_bill: bool = False
    title: str = ""
    deputy: str = ""
    certificate: str = ""
    delegation: str = ""
    cosigners: list[str] = field(default_factory=list)
    phone: str = ""
    submitted_on: date | None = None
    kind: str = ""
    body: str = ""
    requests: list[str] = field(default_factory=list)
    wished_units: str = ""
    publish_wish: str = ""
    note: str = ""
    pk: int | None = None
    revision: int | None = None
    digest: str = ""
    lead: Person | None = None
    team: Delegation | None = None
    joint: list[Person] = field(default_factory=list)
    known: Known | None = None
    decision: str = ""
    changes: list[Change] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.row.number

    @property
    def ok(self) -> bool:
        return self.row.ok

    def says_the_same(self, *keys: str) -> bool:
        """库里有这一件，这几格与现在导出的一字不差，或者空着沿用原来的；没有这一列也算，整行没动过的不必比。"""
        return self.known is not None and (not self.known.now or all(self._same(key) for key in keys))

    def _same(self, key: str) -> bool:
        if key not in self.row.table.columns:
            return True
        now, written = self.known.now[key], self.row.text(key)
        if not written.strip() and key in columns.KEPT_WHEN_BLANK:
            return True
        if key == "submitted_on":
            return self.submitted_on == now
        return written == now


def read_entries(file, *, name: str, fixes: Fixes | None = None) -> tuple[Table, list[Entry]]:
    """门卫放行、读表、逐行读值。``fixes`` 是采用了的改法：「列键:行号」→ 新的文字。"""
    table = read_table(file, columns.wanted(), name=name)
    return table, [_entry(row, fixes or {}) for row in table.rows]


def _entry(row: Row, fixes: Fixes) -> Entry:
    _adopt(row, fixes)
    entry = Entry(row)
    _read_number(entry)
    entry.title = row.text("title", required=True, max_length=TITLE_LIMIT)
    entry.body = row.text("body", required=True, max_length=BODY_LIMIT)
    entry.deputy = row.text("deputy", required=True, max_length=NAME_LIMIT)
    entry.delegation = row.text("delegation", required=True)
    for key, limit in LIMITS.items():
        setattr(entry, key, row.text(key, max_length=limit))
    entry.certificate = entry.certificate.strip()
    entry.cosigners = split_names(row.text("cosigners"))
    entry.phone, entry.submitted_on = row.phone("phone"), row.date("submitted_on")
    entry.kind = _choice(row, _kind_key(row.table), columns.KINDS, "建议、批评 或 意见")
    entry.publish_wish = _choice(row, "publish_wish", columns.WISHES, "是、否 或 仅公开标题")
    entry.requests = _requests(row, entry.body)
    entry.pk, entry.revision = _inner(row, "_id"), _inner(row, "_rev")
    entry.digest = digest_of(entry)
    return entry


def _adopt(row: Row, fixes: Fixes) -> None:
    """采用了的改法先换上。只有认人、认单位的格会给改法，格本身都是好的。"""
    for key in PROPOSABLE if fixes else ():
        fixed = fixes.get(f"{key}:{row.number}")
        if fixed is not None:
            row[key].value, row[key].kind = fixed, "text"


def _read_number(entry: Entry) -> None:
    """编号：0486、闭0007、议转0012、第0123号；数字格也认。序列由冠字定。"""
    written = fold(entry.row.text("number")).replace(" ", "")
    if not written:
        return
    match = _NUMBER.fullmatch(written)
    if not match or not 1 <= int(match[2]) <= MOST_NUMBER:
        entry.row.problem("number", f"编号“{written[:20]}”认不出，写成 0486、闭0007 或 议转0012")
        return
    entry.number, entry.from_bill = int(match[2]), match[1] == "议转"
    entry.series = Series.BETWEEN if match[1] == "闭" else Series.SESSION


def _kind_key(table: Table) -> str:
    """没有“形式”列时，“类别”列写的就是形式。"""
    return columns.SORT if "kind" not in table.columns and columns.SORT in table.columns else "kind"


def _choice(row: Row, key: str, choices: Mapping[str, str], allowed: str) -> str:
    written = fold(row.text(key)).replace(" ", "")
    if not written or written in choices:
        return choices.get(written, "")
    row.problem(key, f"{columns.LABELS.get(key, '类别')}“{written[:20]}”不在可填的里面，填写 {allowed}")
    return ""


def split_names(text: str) -> list[str]:
    """联名代表一格拆成各人；名字里的空格留着（扎西 多吉）。"""
    return list(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


def _requests(row: Row, body: str) -> list[str]:
    """具体建议：写了用写的；没写的从内容里“为此建议：”以下分条，分不出就空着。"""
    written = row.text("requests")
    return split_requests(written) if written.strip() else requests_in(body)


def requests_in(body: str) -> list[str]:
    """内容里最后一处“为此建议：”以下的各条。"""
    text = clean_text(body)
    found = list(_LEADS_IN.finditer(text))
    return split_requests(text[found[-1].end():]) if found else []


def _inner(row: Row, key: str) -> int | None:
    """导出时带出的内部号。"""
    written = row.text(key).strip()
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or len(written) > 15:
        row.problem(key, f"{key} 列改动过，把这一格恢复成导出时的样子，或者重新导出")
        return None
    return int(written)


def digest_of(entry: Entry) -> str:
    """一行内容的摘要：编号、序号、内部号不算，空列不算；日期与电话折算后再算。"""
    def plain(key: str):
        value = getattr(entry, key)
        return value.isoformat() if isinstance(value, date) else value

    written = [[key, plain(key)] for key in columns.CONTENT if key != "requests"]
    written.append(["requests", entry.row.text("requests")])
    kept = [pair for pair in written if pair[1]]
    whole = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

