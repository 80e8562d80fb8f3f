"""认人：领衔代表按证号，没有证号按姓名和代表团；联名代表按姓名。认不出的给最接近的。

规则（declared）：
* 代表团必须在册，不新建。代表不在册时，勾了“新建代表”的新建，否则是问题。
* 领衔先认完，联名再认：联名先在领衔的代表团里找，再在全体里找，重名的要写明证号或代表团。
* 新建的联名代表归领衔代表的代表团，并提醒核对。
* 同一文件里两个姓名只差间隔号或全半角、电话又不同的，当作两个人，并提醒核对。
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lianluo.documents.tables import Table
from lianluo.text import fold, nearest

from . import units
from .people import Person, Roster
from .reading import Entry

_ASIDE = re.compile(r"^(.+?)\s*[（(]([^（）()]+)[）)]$")
_SHOWN = 20


@dataclass(frozen=True)
class Proposal:
    """一处改法：哪一行哪一列，改成什么；``old`` 与 ``new`` 给人看。"""

    key: str
    line: int
    value: str
    old: str
    new: str


class Resolver:
    """一份文件的认人。``proposals`` 是可以一键采用的改法。"""

    def __init__(self, table: Table, roster: Roster, *, create: bool, today: date) -> None:
        self.table, self.roster, self.create, self.today = table, roster, create, today
        self.proposals: list[Proposal] = []
        self.planned: list[Person] = []

    def resolve(self, entries: list[Entry]) -> None:
        """先领衔，后联名，再看希望承办单位。"""
        for entry in entries:
            self._lead(entry)
        for entry in entries:
            self._joint(entry)
        self._wished(entries)

    def _kept(self, entry: Entry) -> bool:
        """库里的件，领衔这几格没有改：原来是谁还是谁，不再认一遍。"""
        return entry.says_the_same("deputy", "certificate", "delegation")

    # ── 领衔 ──
    def _lead(self, entry: Entry) -> None:
        entry.team = self.roster.team(entry.delegation) if entry.delegation else None
        if self._kept(entry):
            return
        if entry.delegation and entry.team is None:
            self._refuse(entry, "delegation", "代表团", entry.delegation, self.roster.nearest_team(entry.delegation))
        if not entry.deputy or entry.team is None:
            return
        entry.lead = self._by_certificate(entry) if entry.certificate else self._by_name(entry)
        day = entry.submitted_on or self.today
        if entry.lead and not entry.lead.serves_on(day):
            entry.row.problem("deputy", f"{entry.lead.name}在 {day} 不是本级人大代表，核对代表或提交日期")

    def _by_certificate(self, entry: Entry) -> Person | None:
        """证号在册：姓名、代表团也要相符。不在册：同团同名而没有证号的就是他。"""
        found = self.roster.certified(entry.certificate)
        if found is None:
            return self._certificate_unknown(entry)
        if fold(found.name) != fold(entry.deputy):
            message = f"代表证号 {entry.certificate} 是{found.name}，不是“{_cut(entry.deputy)}”"
            self._say(entry, "deputy", message, found.name)
        elif found.delegation_id != entry.team.pk:
            name = self.roster.team_names[found.delegation_id]
            self._say(entry, "delegation", f"{found.name}（{entry.certificate}）在{name}，不在{entry.team.name}", name)
        else:
            return found
        return None

    def _certificate_unknown(self, entry: Entry) -> Person | None:
        same = self.roster.named(entry.deputy, entry.team.pk)
        bare = [one for one in same if not one.certificate]
        if len(bare) == 1:
            return bare[0]
        if len(same) == 1 and not self.create:
            right = same[0].certificate
            message = f"代表证号“{_cut(entry.certificate)}”不在名册，{entry.team.name}的{same[0].name}是 {right}"
            self._say(entry, "certificate", message, right)
            return None
        return self._create_or_refuse(entry)

    def _by_name(self, entry: Entry) -> Person | None:
        same = self.roster.named(entry.deputy, entry.team.pk)
        exact = [one for one in same if one.name == entry.deputy] or same
        if len(exact) > 1:
            numbers = "、".join(one.certificate or "无证号" for one in exact[:5])
            message = f"{entry.team.name}有 {len(exact)} 位{exact[0].name}（{numbers}），填写代表证号"
            entry.row.problem("deputy", message)
            return None
        if not exact:
            return self._create_or_refuse(entry)
        return self._told_apart(entry, exact[0])

    def _told_apart(self, entry: Entry, found: Person) -> Person:
        """本文件里先前新建的人，写法不同、电话也不同，就是另一个人。"""
        if found.pk is not None or found.name == entry.deputy:
            return found
        both = f"“{entry.deputy}”与第 {found.line} 行的“{found.name}”只是写法不同"
        if not entry.phone or not found.phone or entry.phone == found.phone:
            entry.row.warn("deputy", f"{both}，当作同一人")
            return found
        entry.row.warn("deputy", f"{both}，电话也不同，当作两人，核对")
        return self._plan(entry)

    def _create_or_refuse(self, entry: Entry) -> Person | None:
        if self.create:
            return self._plan(entry)
        elsewhere = self.roster.named(entry.deputy)
        if elsewhere:
            where = self.roster.where(elsewhere)
            only = where if len(elsewhere) == 1 else None
            message = f"{entry.team.name}没有“{_cut(entry.deputy)}”，名册里这个姓名在{where}"
            self._say(entry, "delegation", message, only)
        else:
            self._refuse(entry, "deputy", "代表", entry.deputy, self.roster.guess(entry.deputy, entry.team.pk))
        return None

    def _plan(self, entry: Entry) -> Person:
        """记作要新建；勾了“新建代表”而姓名与在册的很像，提醒一句。"""
        close = self.roster.guess(entry.deputy, entry.team.pk)
        if close and not entry.certificate:
            entry.row.warn("deputy", f"将新建代表“{entry.deputy}”，名册里有相近的“{close}”，核对是不是同一人")
        person = Person(None, entry.deputy, entry.team.pk, entry.certificate, entry.phone, line=entry.line)
        self.planned.append(person)
        return self.roster.add(person)

    # ── 联名 ──
    def _joint(self, entry: Entry) -> None:
        if not entry.cosigners or entry.team is None or entry.says_the_same("cosigners"):
            return
        for written in self._separated(entry):
            person = self._cosigner(entry, written)
            if person is None:
                continue
            if person is entry.lead:
                entry.row.warn("cosigners", f"领衔代表{person.name}不再列入联名代表，已略去")
            elif person not in entry.joint:
                entry.joint.append(person)
            self._check_serving(entry, person)

    def _check_serving(self, entry: Entry, person: Person) -> None:
        day = entry.submitted_on or self.today
        if not person.serves_on(day):
            entry.row.problem("cosigners", f"{person.name}在 {day} 不是本级人大代表，从联名代表中去掉")

    def _separated(self, entry: Entry) -> list[str]:
        """用空格分开的几个人名，个个在册才拆。"""
        names = []
        for written in entry.cosigners:
            parts = written.split()
            known = len(parts) > 1 and not self.roster.named(written) and all(map(self.roster.named, parts))
            names += parts if known else [written]
        return names

    def _cosigner(self, entry: Entry, written: str) -> Person | None:
        found, name = self._candidates(written)
        if len(found) == 1:
            return found[0]
        if found:
            own = [one for one in found if one.delegation_id == entry.team.pk]
            if len(own) == 1:
                return own[0]
            where = self.roster.where(found)
            message = f"联名代表“{_cut(written)}”有 {len(found)} 位（{where}），写成 {name}（代表团）"
            entry.row.problem("cosigners", message)
            return None
        return self._unknown_cosigner(entry, written, name)

    def _candidates(self, written: str) -> tuple[list[Person], str]:
        """姓名、姓名（证号）、姓名（代表团）三种写法。"""
        found = self.roster.named(written)
        match = _ASIDE.match(written)
        if found or not match:
            return found, written
        name, aside = match[1], match[2].strip()
        certified = self.roster.certified(aside)
        if certified:
            return ([certified] if fold(certified.name) == fold(name) else []), name
        team = self.roster.team(aside)
        return (self.roster.named(name, team.pk) if team else []), name

    def _unknown_cosigner(self, entry: Entry, written: str, name: str) -> Person | None:
        if self.create and name == written:
            person = Person(None, written, entry.team.pk, line=entry.line)
            self.planned.append(person)
            entry.row.warn("cosigners", f"联名代表“{_cut(written)}”不在名册，新建在{entry.team.name}，核对代表团")
            return self.roster.add(person)
        close = self.roster.guess(name)
        whole = entry.row["cosigners"].text().replace(written, close) if close else ""
        tail = f"，最接近：{close}" if close else ""
        entry.row.problem("cosigners", f"联名代表“{_cut(written)}”不在名册{tail}")
        if close:
            self._propose(entry, "cosigners", whole, written, close)
        return None

    # ── 希望承办单位 ──
    def _wished(self, entries: list[Entry]) -> None:
        """认不出的按文字留存并提醒；没有人登记单位名单就不问。"""
        known = units.names(self.roster.congress.pk)
        if known is None:
            return
        folded = {fold(name) for name in known}
        guesses: dict[str, str | None] = {}
        for entry in entries:
            for name in (part.strip() for part in re.split(r"[、，,;；/\n]+", entry.wished_units)):
                if not name or fold(name) in folded or entry.says_the_same("wished_units"):
                    continue
                if name not in guesses:
                    guesses[name] = nearest(name, known)
                self._wished_unknown(entry, name, guesses[name])

    def _wished_unknown(self, entry: Entry, name: str, close: str | None) -> None:
        tail = f"，最接近：{close}" if close else ""
        entry.row.warn("wished_units", f"希望承办单位“{_cut(name)}”不在承办单位名单里{tail}，先按文字留存")
        if close:
            self._propose(entry, "wished_units", entry.wished_units.replace(name, close), name, close)

    # ── 说话 ──
    def _refuse(self, entry: Entry, key: str, what: str, written: str, close: str | None) -> None:
        tail = f"，最接近：{close}" if close else ""
        self._say(entry, key, f"{what}“{_cut(written)}”不存在{tail}", close)

    def _say(self, entry: Entry, key: str, message: str, value: str | None = None) -> None:
        entry.row.problem(key, message)
        if value:
            self._propose(entry, key, value, entry.row[key].text(), value)

    def _propose(self, entry: Entry, key: str, value: str, old: str, new: str) -> None:
        self.proposals.append(Proposal(key, entry.line, value, old, new))


def _cut(text: str) -> str:
    """消息里引用的原文，一行，不太长。"""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
