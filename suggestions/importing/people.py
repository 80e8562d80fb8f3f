"""名册：把代表团和代表一次读进来，按证号、姓名、代表团认人；名册里没有的先记作“要新建”。"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lianluo.congresses.models import Congress
from lianluo.text import fold, nearest, pinyin_of

from ..models import Delegation, Deputy

_COLUMNS = (
    "pk", "name", "delegation_id", "certificate_no", "phone", "served_from", "served_to", "account_id",
)


@dataclass(eq=False, slots=True)
class Person:
    """名册里的一名代表；``pk`` 空的是这次要新建的，``line`` 是先写到他的那一行。"""

    pk: int | None
    name: str
    delegation_id: int
    certificate: str = ""
    phone: str = ""
    served_from: date | None = None
    served_to: date | None = None
    account_id: int | None = None
    line: int = 0

    def serves_on(self, day: date) -> bool:
        """这一天在任（与 drafting.serving 同一规则）。"""
        begun = self.served_from is None or self.served_from <= day
        return begun and (self.served_to is None or day <= self.served_to)


class Roster:
    """一级人大的名册。"""

    def __init__(self, congress: Congress) -> None:
        self.congress = congress
        self.delegations = list(Delegation.objects.filter(congress=congress))
        self._teams = {fold(team.name): team for team in self.delegations}
        self.team_names = {team.pk: team.name for team in self.delegations}
        self._certified: dict[str, Person] = {}
        self._named: dict[str, list[Person]] = defaultdict(list)
        self._alike: dict[str, dict[str, None]] = defaultdict(dict)
        self._guesses: dict[tuple, str | None] = {}
        for row in Deputy.objects.filter(congress=congress).order_by("pk").values_list(*_COLUMNS):
            self.add(Person(*row))

    def add(self, person: Person) -> Person:
        """要新建的也加进来，后面的行才认得；但不拿来当“最接近”的候选。"""
        self._named[fold(person.name)].append(person)
        for key in _kin(person.name) if person.pk else ():
            self._alike[key][person.name] = None
        if person.certificate:
            self._certified[fold(person.certificate)] = person
        return person

    def team(self, name: str) -> Delegation | None:
        return self._teams.get(fold(name))

    def nearest_team(self, name: str) -> str | None:
        """最接近的代表团；只写了地名的，按地名开头认。"""
        names = [team.name for team in self.delegations]
        stem = fold(name).removesuffix("代表团").removesuffix("团").removesuffix("市")
        opening = [one for one in names if stem and one.startswith(stem)]
        return opening[0] if len(opening) == 1 else nearest(name, names)

    def certified(self, certificate: str) -> Person | None:
        return self._certified.get(fold(certificate))

    def named(self, name: str, team_id: int | None = None) -> list[Person]:
        """这个姓名的人；写法（间隔号、全半角、空格）不同视作同名。"""
        found = self._named.get(fold(name), [])
        return [one for one in found if team_id is None or one.delegation_id == team_id]

    def guess(self, name: str, team_id: int | None = None) -> str | None:
        """名册里最接近的姓名；先找本团的，本团没有再找全部。同一问只算一次。"""
        key = (fold(name), team_id)
        if key not in self._guesses:
            close = dict.fromkeys(other for kin in _kin(name) for other in self._alike.get(kin, ()))
            own = [other for other in close if team_id and self.named(other, team_id)]
            self._guesses[key] = nearest(name, own) or (None if team_id else nearest(name, close))
        return self._guesses[key]

    def where(self, people: Iterable[Person]) -> str:
        """这些人各在哪个代表团。"""
        return "、".join(dict.fromkeys(self.team_names[one.delegation_id] for one in people))


def _kin(name: str) -> Iterable[str]:
    """可能写混的名字归在一起：有一个字相同，或拼音首字母相同。"""
    folded = fold(name)
    return {*folded, pinyin_of(folded)[1]} - {""}
