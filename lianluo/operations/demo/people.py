"""演示里的人：省人大、代表团、代表、承办单位、处室、任职、账号。密码只算一次，全体共用演示密码。"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from handlers.models import Division, Duty, Post, Rank, Unit, UnitKind
from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.congresses.models import Congress, Session, Term, Tier
from lianluo.text import fold, pinyin_of
from lianluo.workdays.models import RuleProfile
from suggestions.models import Delegation, Deputy

DATA = Path(__file__).resolve().parent.parent / "data"
PASSWORD = "yanshi-2026"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "建国文华明志强立新永红春秀海洋思远家和晓东玉兰云峰景行德胜忠诚"
ROOMS = {
    UnitKind.GOVERNMENT: ("办公室", "规划财务处", "业务一处", "业务二处", "政策法规处"),
    UnitKind.PREFECTURE: ("市政府督查室", "综合科", "经济科"),
    UnitKind.PARTY: ("办公室", "综合处", "业务处"),
    UnitKind.COURT: ("办公室", "业务庭"),
    UnitKind.CENTRAL: ("办公室", "综合处", "业务处"),
}
PREFIXES = {
    "HN-FGW": "湘发改建",
    "HN-JYT": "湘教建",
    "HN-KJT": "湘科建",
    "HN-CZT": "湘财建",
    "HN-JTT": "湘交建",
    "HN-SLT": "湘水建",
    "HN-MZT": "湘民建",
    "HN-NYT": "湘农建",
    "HN-XCB": "湘宣建",
}
OFFICE = [
    ("shenban", "石韧", Role.NPC_OFFICE, "联工委", "审查登记、交办、督办、销号"),
    ("hexiao", "吴静波", Role.NPC_OFFICE, "联工委（第二人）", "核准销号：与经办人分开"),
    ("duban", "容畅", Role.NPC_OFFICE, "联工委议案建议处", "督办与统计"),
    ("zhengfuban", "钟政", Role.GOV_OFFICE, "省政府办公厅", "政府系统件的退回与延期"),
    ("yianzu", "易安", Role.SECRETARIAT, "大会秘书处议案组", "会中登记"),
    ("zhuanwei", "卓维", Role.NPC_COMMITTEE, "专门委员会", "看全部在册件"),
    ("xitong", "习通", Role.SYSADMIN, "系统管理员", "账号、字典、工作日历"),
    ("anquan", "安全", Role.SECADMIN, "安全管理员", "账号与授权的数，看不到是谁的"),
    ("shenji", "沈继", Role.AUDITOR, "审计管理员", "留痕查看与校验"),
]


@dataclass
class UnitPeople:
    """一个单位的人：按职责取任职。"""

    unit: Unit
    divisions: list[Division]
    posts: dict[str, list[Post]] = field(default_factory=dict)

    def account(self, duty: str, division: Division | None = None) -> User:
        return self.post(duty, division).account

    def post(self, duty: str, division: Division | None = None) -> Post:
        found = [post for post in self.posts[duty] if division is None or post.division_id == division.pk]
        return (found or self.posts[duty])[0]


@dataclass
class Province:
    """演示的全部角色。"""

    congress: Congress
    session: Session
    office: dict[str, User]
    units: dict[str, UnitPeople]
    deputies: list[Deputy]
    rng: Random

    def of_unit(self, unit_id: int) -> UnitPeople:
        return self._by_id[unit_id]

    def index(self) -> None:
        self._by_id = {people.unit.pk: people for people in self.units.values()}


def rows_of(name: str) -> list[dict[str, str]]:
    with open(DATA / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def build(opened_on: date, closed_on: date, rng: Random) -> Province:
    """建全部基础资料。"""
    congress = Congress.objects.create(name="湖南省人民代表大会", short="湖南省人大", tier=Tier.PROVINCE)
    term = Term.objects.create(congress=congress, number=14, starts_on=date(opened_on.year - 3, 1, 1))
    session = Session.objects.create(
        term=term,
        number=4,
        name="湖南省第十四届人民代表大会第四次会议",
        opened_on=opened_on,
        closed_on=closed_on,
        profile=RuleProfile.objects.get(code="HN-DEFAULT"),
        is_current=True,
    )
    maker = AccountMaker()
    office = {name: maker.grant(name, shown, role, congress) for name, shown, role, _, _ in OFFICE}
    deputies = _deputies(congress, term.starts_on, maker)
    units = _units(congress, maker, rng, term.starts_on)
    province = Province(congress, session, office, units, deputies, rng)
    province.index()
    return province


class AccountMaker:
    """成批建账号：口令摘要只算一次。"""

    def __init__(self) -> None:
        self.password = make_password(PASSWORD)

    def user(self, username: str, name: str, **more) -> User:
        user = User(username=username, name=name, password=self.password, password_changed_at=timezone.now(), **more)
        user._fold()
        return user

    def grant(self, username: str, name: str, role: str, congress: Congress) -> User:
        staff = role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.NPC_OFFICE)
        user = self.user(username, name, is_staff=staff, email=f"{username}@example.invalid")
        user.save()
        RoleGrant.objects.create(account=user, role=role, congress=congress, valid_from=date(2020, 1, 1))
        return user


def _deputies(congress: Congress, since: date, maker: AccountMaker) -> list[Deputy]:
    rows = rows_of("deputies.csv")
    teams = {}
    for row in rows:
        name = row["代表团"]
        if name not in teams:
            place = name.removesuffix("代表团")
            prefecture = place if place.endswith("州") else f"{place}市"
            teams[name] = Delegation.objects.create(
                congress=congress, name=name, prefecture=prefecture, position=len(teams) + 1
            )
    accounts = User.objects.bulk_create(
        maker.user(row["代表证号"].lower(), row["姓名"], phone=row["手机"]) for row in rows
    )
    return Deputy.objects.bulk_create(
        _deputy(congress, teams[row["代表团"]], row, account, since)
        for row, account in zip(rows, accounts, strict=True)
    )


def _deputy(congress, team: Delegation, row: dict, account: User, since: date) -> Deputy:
    full, initials = pinyin_of(row["姓名"])
    return Deputy(
        congress=congress,
        delegation=team,
        name=row["姓名"],
        name_folded=fold(row["姓名"]),
        pinyin=full,
        initials=initials,
        certificate_no=row["代表证号"],
        phone=row["手机"],
        account=account,
        served_from=since,
        address=f"湖南省{team.prefecture}代表联络站",
        employer_post="省人大代表",
    )


def _units(congress: Congress, maker: AccountMaker, rng: Random, since: date) -> dict[str, UnitPeople]:
    kinds = {label: value for value, label in UnitKind.choices}
    found = {}
    for row in rows_of("units.csv"):
        unit = Unit.objects.create(
            congress=congress,
            code=row["code"],
            name=row["name"],
            short=row["short"],
            kind=kinds[row["kind"]],
            document_prefix=PREFIXES.get(row["code"], ""),
            phone=f"0731-8221{rng.randrange(1000, 9999)}",
        )
        names = ROOMS[unit.kind]
        divisions = [Division.objects.create(unit=unit, name=name, position=n) for n, name in enumerate(names)]
        found[unit.code] = UnitPeople(unit, divisions)
    _posts(found, maker, rng, since)
    return found


def _posts(units: dict[str, UnitPeople], maker: AccountMaker, rng: Random, since: date) -> None:
    accounts, posts = [], []
    for people in units.values():
        for position, (duty, title, rank, division) in enumerate(_places(people)):
            name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
            username = f"{people.unit.code.lower()}-{SHORT[duty]}{position // 5 + 1 if division else ''}"
            accounts.append(
                maker.user(
                    username, name, phone=f"139{rng.randrange(10**7, 10**8)}", email=f"{username}@example.invalid"
                )
            )
            posts.append(
                Post(
                    unit=people.unit,
                    division=division,
                    account=accounts[-1],
                    name=name,
                    title=title,
                    duty=duty,
                    rank=rank,
                    phone=f"0731-8221{rng.randrange(1000, 9999)}",
                    valid_from=since,
                )
            )
    User.objects.bulk_create(accounts)
    by_unit = {people.unit.pk: people for people in units.values()}
    for post in Post.objects.bulk_create(posts):
        by_unit[post.unit_id].posts.setdefault(post.duty, []).append(post)


SHORT = {
    Duty.HEAD: "zz",
    Duty.DEPUTY_HEAD: "fg",
    Duty.LIAISON: "lly",
    Duty.DIVISION_HEAD: "cz",
    Duty.OFFICER: "cb",
}
TITLES = {
    UnitKind.GOVERNMENT: ("厅长", "副厅长"),
    UnitKind.PREFECTURE: ("市长", "副市长"),
    UnitKind.PARTY: ("部长", "副部长"),
    UnitKind.COURT: ("院长", "副院长"),
    UnitKind.CENTRAL: ("局长", "副局长"),
}


def _places(people: UnitPeople):
    """每个单位的位子：主要负责人、分管领导、联络员，业务处室各一名负责人和承办人。"""
    head, deputy = TITLES[people.unit.kind]
    yield Duty.HEAD, head, Rank.BUREAU, None
    yield Duty.DEPUTY_HEAD, deputy, Rank.BUREAU, None
    yield Duty.LIAISON, "办公室主任科员", Rank.SECTION, None
    for division in people.divisions[1:3]:
        yield Duty.DIVISION_HEAD, "处长", Rank.DIVISION, division
        yield Duty.OFFICER, "科员", Rank.STAFF, division
