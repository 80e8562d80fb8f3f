"""写入：把判断好的行逐行交给动作。调用者开事务，一行写不成，全部不写。"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from lianluo.text import fold, pinyin_of

from .. import numbering, similar
from ..actions import bringing_in
from ..models import Deputy, ImportBatch, SuggestionKind
from ..texts import split_requests
from .checking import Check
from .deciding import NEW, UPDATE
from .people import Person
from .reading import Entry, requests_in

EVERY = 20
#: 新增不多于这么多件的，边写边数相近件
COUNTED_ONE_BY_ONE = 50
Progress = Callable[[int], None]


@dataclass
class Written:
    """写了什么：新的件、改过的件（连同改之前的样子）、新建的代表。"""

    created: list[int] = field(default_factory=list)
    updated: list[dict] = field(default_factory=list)
    deputies: list[int] = field(default_factory=list)


class Writer:
    """一个批次的写入。"""

    def __init__(self, check: Check, batch: ImportBatch, *, actor, today: date) -> None:
        self.check, self.batch, self.actor, self.today = check, batch, actor, today
        self.session, self.written = check.session, Written()
        self.source = {"file": batch.file_name, "sheet": check.table.sheet}

    def write(self, progress: Progress) -> Written:
        """逐行写，隔几行报一次进度；编号的计数行在末尾抬高。"""
        wanted = [entry for entry in self.check.good if entry.decision in (NEW, UPDATE)]
        self._create_people(wanted)
        self.leads = Deputy.objects.select_related("account").in_bulk({one.lead.pk for one in wanted if one.lead})
        self.few = sum(entry.decision == NEW for entry in wanted) <= COUNTED_ONE_BY_ONE
        skipped = len(self.check.good) - len(wanted)
        for done, entry in enumerate(wanted, start=1):
            self._write(entry)
            if done % EVERY == 0:
                progress(skipped + done)
        self._raise_counters(wanted)
        return self.written

    def _create_people(self, entries: list[Entry]) -> None:
        """收下的行用到的、名册里没有的代表。"""
        used = {id(one): one for entry in entries for one in (entry.lead, *entry.joint) if one and one.pk is None}
        people = [one for one in self.check.planned if id(one) in used]
        rows = Deputy.objects.bulk_create(self._deputy(person) for person in people)
        for person, row in zip(people, rows, strict=True):
            person.pk = row.pk
            self.written.deputies.append(row.pk)

    def _deputy(self, person: Person) -> Deputy:
        full, initials = pinyin_of(person.name)
        return Deputy(
            congress=self.session.term.congress, delegation_id=person.delegation_id, name=person.name,
            name_folded=fold(person.name), pinyin=full[:120], initials=initials[:30],
            certificate_no=person.certificate, phone=person.phone,
        )

    def _write(self, entry: Entry) -> None:
        source = {**self.source, "line": entry.line}
        if entry.decision == NEW:
            self._bring_in(entry, source)
        else:
            self._amend(entry, source)

    def _bring_in(self, entry: Entry, source: dict) -> None:
        data = {
            "session": self.session, "batch": self.batch, "lead_deputy": self.leads[entry.lead.pk],
            "delegation_id": entry.team.pk, "title": entry.title, "body": entry.body,
            "kind": entry.kind or SuggestionKind.SUGGESTION, "wished_units": entry.wished_units,
            "publish_wish": entry.publish_wish, "contact_phone": entry.phone, "note": entry.note,
            "row_hash": entry.digest, "requests": entry.requests, "cosigners": [one.pk for one in entry.joint],
        }
        suggestion = bringing_in.bring_in(
            data, number=entry.number, series=entry.series, from_bill=entry.from_bill,
            submitted_on=entry.submitted_on or self.today, source=source, actor=self.actor, today=self.today,
        )
        if self.few:
            similar.note_new(suggestion)
        self.written.created.append(suggestion.pk)

    def _amend(self, entry: Entry, source: dict) -> None:
        changed = {change.key for change in entry.changes}
        before = bringing_in.amend(
            entry.known.pk, self._changes(entry, changed), number=entry.number if "number" in changed else None,
            source=source, actor=self.actor, today=self.today,
        )
        self.written.updated.append({**before, "numbered": "number" in changed})

    def _changes(self, entry: Entry, changed: set[str]) -> dict:
        """变了的格 → 要改的列。按内部号认出的，行摘要不动，原来那份表再传仍认得。"""
        plain = ("title", "body", "kind", "wished_units", "publish_wish", "note", "submitted_on", "requests")
        data = {key: getattr(entry, key) for key in plain if key in changed}
        if {"deputy", "certificate"} & changed:
            data["lead_deputy_id"] = entry.lead.pk
        if {"deputy", "certificate", "delegation"} & changed:
            data["delegation_id"] = entry.team.pk
        if "cosigners" in changed:
            data["cosigners"] = [one.pk for one in entry.joint]
        if "phone" in changed:
            data["contact_phone"] = entry.phone
        if "body" in changed and "requests" not in changed and self._follow(entry):
            data["requests"] = requests_in(entry.body)
        if entry.pk is None:
            data["row_hash"] = entry.digest
        return data

    def _follow(self, entry: Entry) -> bool:
        """具体建议原本就是从内容里分出来的，内容改了跟着重分；表里另写了的以写的为准。"""
        now = entry.known.now
        return split_requests(now["requests"]) == requests_in(now["body"]) and entry.says_the_same("requests")

    def _raise_counters(self, entries: list[Entry]) -> None:
        """计数行移到最大的编号。"""
        highest: dict[str, int] = {}
        for entry in entries:
            if entry.number is not None:
                highest[entry.series] = max(entry.number, highest.get(entry.series, 0))
        for series, number in highest.items():
            numbering.raise_to(self.session, series, number)
