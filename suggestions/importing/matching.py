"""认件：这一行是库里的哪一件。先看内部号，再看编号，最后看一行各格的摘要。"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lianluo.congresses.models import Session

from .. import exporting
from ..models import CoSigner, Suggestion
from ..querysets import FILED
from .reading import Entry

CHUNK = 500
_COLUMNS = (
    "pk", "series", "number", "converted_from_bill", "status", "revision", "row_hash", "title", "lead_deputy_id",
    "delegation_id", "made_by_id", "lead_deputy__account_id", "lead_deputy__name",
)


@dataclass(slots=True)
class Known:
    """库里的一件；``now`` 是它现在导出的各格，只给要比较的件取。"""

    pk: int
    series: str
    number: int | None
    from_bill: bool
    status: str
    revision: int
    row_hash: str
    title: str
    lead_id: int
    delegation_id: int
    made_by_id: int | None
    account_id: int | None
    deputy: str
    now: dict = field(default_factory=dict)

    @property
    def is_deputys_own(self) -> bool:
        """代表本人在网上写的（与 entering.is_deputys_own 同一规则）。"""
        return self.account_id is not None and self.made_by_id == self.account_id


class KnownCases:
    """一次会议已有的件。两万件也只取轻的几列。"""

    def __init__(self, session: Session) -> None:
        found = Suggestion.objects.filter(session=session, status__in=FILED).order_by("pk")
        self.cases = [Known(*row) for row in found.values_list(*_COLUMNS)]
        self.by_pk = {case.pk: case for case in self.cases}
        self.by_number = {(case.series, case.number): case for case in self.cases if case.number is not None}
        self.by_digest = {case.row_hash: case for case in self.cases if case.row_hash}
        self.by_title = {(case.lead_id, case.title): case for case in self.cases}

    def match(self, entries: list[Entry]) -> None:
        """逐行认件；要比较的再取现在的各格。"""
        for entry in entries:
            if entry.ok:
                entry.known = self._find(entry)
        self._refuse_twice(entries)
        self._fetch([entry.known for entry in entries if entry.known and not is_untouched(entry)])

    def _find(self, entry: Entry) -> Known | None:
        if entry.pk is not None:
            found = self.by_pk.get(entry.pk)
            if found is None:
                entry.row.problem("_id", "这一行的 _id 在本次会议里找不到，删去 _id 按新的一件导入，或者重新导出")
            return found
        return self.by_number.get((entry.series, entry.number)) or self.by_digest.get(entry.digest)

    def _refuse_twice(self, entries: list[Entry]) -> None:
        """同一文件里两行是同一件：后一行是问题。"""
        numbers, digests, cases = {}, {}, {}
        for entry in entries:
            if not entry.ok:
                continue
            if entry.number is not None:
                first = numbers.setdefault((entry.series, entry.number), entry.line)
                if first != entry.line:
                    entry.row.problem("number", f"编号与第 {first} 行相同，一个编号只能有一件")
                    continue
            bare = entry.number is None and entry.pk is None
            first = digests.setdefault(entry.digest, entry.line) if bare else entry.line
            if entry.known is not None and first == entry.line:
                first = cases.setdefault(entry.known.pk, entry.line)
            if first != entry.line:
                entry.row.problem("title", f"与第 {first} 行是同一件，删去一行")

    def _fetch(self, cases: list[Known]) -> None:
        for ids in chunks([case.pk for case in cases]):
            rows = exporting.rows(Suggestion.objects.filter(pk__in=ids), private=True)
            for row in rows:
                self.by_pk[int(row["_id"])].now = row


def chunks(ids: list[int]) -> Iterator[list[int]]:
    """分批问库，SQLite 的变量个数有限。"""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def is_untouched(entry: Entry) -> bool:
    """与上次导入的这一行完全相同，编号也没有添改。"""
    return entry.known.row_hash == entry.digest and entry.number in (None, entry.known.number)


def joined_ids(pk: int) -> list[int]:
    """这一件现在的联名代表，谢绝的不算。"""
    signed = CoSigner.objects.filter(suggestion=pk, refused_at__isnull=True).order_by("position")
    return list(signed.values_list("deputy", flat=True))


def numbers_of(cases: Iterable[Known], series: str) -> set[int]:
    """一个序列里用掉的编号。"""
    return {case.number for case in cases if case.series == series and case.number is not None}
