"""预检：一份文件从读表到判断走一遍，不写库。导入时在事务里再走一遍，因此两次之间别人的改动不会被盖掉。"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lianluo.congresses.models import Session
from lianluo.documents.problems import Problem
from lianluo.documents.tables import Table

from ..models import Series, numbered
from . import columns, deciding
from .deciding import NEW, UPDATE, Decider
from .matching import KnownCases, numbers_of
from .people import Person, Roster
from .reading import Entry, Fixes, read_entries
from .resolving import Proposal, Resolver

_MOST_HOLES = 30


@dataclass
class Check:
    """预检的结果。``entries`` 是每行的值与判断；问题与提醒在 ``table`` 上。"""

    session: Session
    table: Table
    entries: list[Entry]
    proposals: list[Proposal] = field(default_factory=list)
    planned: list[Person] = field(default_factory=list)
    cases: KnownCases | None = None

    @property
    def good(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.ok]

    @property
    def is_clean(self) -> bool:
        """没有一处问题（CSV 栏数不齐的行不成行，问题在表上）。"""
        return not self.table.problems

    def counts(self) -> dict[str, int]:
        found = Counter(entry.decision for entry in self.entries)
        lines = {entry.line for entry in self.entries}
        found[deciding.BAD] += len([line for line in self.table.bad_lines if line not in lines])
        return {name: found.get(name, 0) for name in deciding.NAMES}

    def takeable(self, *, good_rows_only: bool) -> bool:
        """这样选，收不收：全部正确，或者只要好的而确有好的。"""
        return self.is_clean or (good_rows_only and bool(self.good))


def check_file(
    file, *, name: str, session: Session, create_deputies: bool = False, fixes: Fixes | None = None, today: date
) -> Check:
    """预检一份文件；整份不收的抛 FileRefused。"""
    table, entries = read_entries(file, name=name, fixes=fixes)
    return check_entries(table, entries, session=session, create_deputies=create_deputies, today=today)


def check_entries(
    table: Table, entries: list[Entry], *, session: Session, create_deputies: bool, today: date
) -> Check:
    """认件、认人、判断、提醒。"""
    cases = KnownCases(session)
    cases.match(entries)
    resolver = Resolver(table, Roster(session.term.congress), create=create_deputies, today=today)
    resolver.resolve([entry for entry in entries if entry.ok])
    Decider(session, cases).decide(entries)
    check = Check(session, table, entries, resolver.proposals, resolver.planned, cases)
    table.warnings += [*_about_columns(table), *_about_days(check, today), *_about_phones(check), *_about_holes(check)]
    return check


def _about_columns(table: Table) -> list[Problem]:
    if "kind" in table.columns and columns.SORT in table.columns:
        cell = table.columns[columns.SORT]
        return [Problem(cell.sheet, cell.address, cell.line, "“类别”列没有导入：内容分类在审查时选定")]
    return []


def _together(entries: Iterable[Entry], key: str, message: str) -> list[Problem]:
    """同一种提醒合成一条，指到头一格，写明共几行。"""
    found = list(entries)
    if not found:
        return []
    cell = found[0].row[key]
    return [Problem(cell.sheet, cell.address, cell.line, message.format(len(found)))]


def _about_days(check: Check, today: date) -> list[Problem]:
    """日期不拦，只提醒：晚于今天、早于本届、大会编号而在闭幕之后。"""
    fresh = [entry for entry in check.good if entry.decision in (NEW, UPDATE) and entry.submitted_on]
    session, begun = check.session, check.session.term.starts_on
    late = [one for one in fresh if one.series == Series.SESSION and one.submitted_on > session.closed_on]
    coming = [one for one in fresh if one.submitted_on > today]
    old = [one for one in fresh if one.submitted_on < begun]
    return [
        *_together(coming, "submitted_on", "{} 行的提交日期晚于今天，核对日期"),
        *_together(old, "submitted_on", "{} 行的提交日期早于本届，核对日期"),
        *_together(late, "submitted_on", "{} 行是大会期间的编号，提交日期却在闭幕之后，按编号记作大会期间"),
    ]


def _about_phones(check: Check) -> list[Problem]:
    """没有电话也收，提醒补上（提交要有联系电话）。"""
    silent = (one for one in check.good if one.decision == NEW and not one.phone and not one.lead.phone)
    return _together(silent, "phone", "{} 行没有联系电话，名册里也没有，导入后补上")


def _about_holes(check: Check) -> list[Problem]:
    """缺号：从 1 到最大编号之间，库里和表里都没有的（decisions：holes are listed as 缺号）。"""
    found = []
    for series in Series.values:
        fresh = {one.number for one in check.good if one.number is not None and one.series == series}
        held = numbers_of(check.cases.cases, series)
        if not fresh - held:
            continue
        gaps = list(_ranges(set(range(1, max(fresh | held) + 1)) - fresh - held, series))
        if gaps:
            tail = f"等 {len(gaps)} 处" if len(gaps) > _MOST_HOLES else ""
            top = numbered(series, max(fresh | held))
            found.append(Problem(None, None, None, f"编号到 {top}，缺号：{'、'.join(gaps[:_MOST_HOLES])}{tail}"))
    return found


def _ranges(numbers: set[int], series: str) -> Iterable[str]:
    """连着的缺号写成一段：0012–0015。"""
    ordered, start = sorted(numbers), None
    for index, number in enumerate(ordered):
        start = number if start is None else start
        if index + 1 < len(ordered) and ordered[index + 1] == number + 1:
            continue
        yield numbered(series, start) if start == number else f"{numbered(series, start)}–{numbered(series, number)}"
        start = None
