"""固定角色：一个省人大、一次会议、两名办公室人员、三个单位、四名代表，外加一个不该看到任何东西的人。

数据经动作产生；每个测试只说自己关心的那一点。时间由参数给出，从不打补丁。
"""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from handlers.models import Division, Duty, Post, Rank, ResultClass, Unit, UnitKind
from handlers.reference import load_result_classes
from lianluo.accounts.models import RoleGrant, User
from lianluo.accounts.roles import Role
from lianluo.congresses.models import Congress, Session, Term, Tier
from lianluo.workdays.models import RuleProfile
from suggestions.models import Category, Delegation, Deputy
from suggestions.reference import load_categories

OPENED = date(2026, 1, 22)
CLOSED = date(2026, 1, 28)
DAY = date(2026, 3, 2)
PASSWORD = "ceshi-2026-mima"


def make_user(username: str, name: str, *roles: str, congress=None, **fields) -> User:
    """建一个账号并授权。"""
    user = User.objects.create_user(username=username, name=name, password=PASSWORD, **fields)
    for role in roles:
        RoleGrant.objects.create(account=user, role=role, congress=congress, valid_from=date(2020, 1, 1))
    return user


def make_unit(congress, code: str, name: str, short: str, kind: str = UnitKind.GOVERNMENT, prefix: str = "") -> Unit:
    return Unit.objects.create(
        congress=congress, code=code, name=name, short=short, kind=kind, document_prefix=prefix, phone="0731-82210000"
    )


@dataclass
class UnitCast:
    """一个承办单位的人。"""

    unit: Unit
    division: Division
    head: User
    leader: User
    liaison: User
    director: User
    officer: User
    posts: dict[str, Post] = field(default_factory=dict)


def cast_unit(unit: Unit, prefix: str) -> UnitCast:
    """主要负责人、分管领导、联络员、处长、承办人各一。"""
    division = Division.objects.create(unit=unit, name="综合处")
    people, posts = {}, {}
    plan = [
        ("head", "厅长", Duty.HEAD, Rank.BUREAU, None), ("leader", "副厅长", Duty.DEPUTY_HEAD, Rank.BUREAU, None),
        ("liaison", "办公室主任科员", Duty.LIAISON, Rank.SECTION, None),
        ("director", "处长", Duty.DIVISION_HEAD, Rank.DIVISION, division),
        ("officer", "科员", Duty.OFFICER, Rank.STAFF, division),
    ]
    for key, title, duty, rank, room in plan:
        user = make_user(f"{prefix}-{key}", f"{unit.short}{title}")
        people[key] = user
        posts[key] = Post.objects.create(
            unit=unit, division=room, account=user, name=user.name, title=title, duty=duty, rank=rank,
            phone="0731-82210001", valid_from=date(2020, 1, 1),
        )
    return UnitCast(unit=unit, division=division, posts=posts, **people)


class World:
    """全部角色。属性名就是角色名：world.clerk、world.water.liaison、world.lead_deputy……"""

    def __init__(self) -> None:
        load_categories(Category)
        load_result_classes(ResultClass)
        self._congress()
        self._office()
        self._deputies()
        self._units()

    def _congress(self) -> None:
        self.congress = Congress.objects.create(name="湖南省人民代表大会", short="湖南省人大", tier=Tier.PROVINCE)
        self.term = Term.objects.create(congress=self.congress, number=14, starts_on=date(2023, 1, 1))
        self.profile = RuleProfile.objects.get(code="HN-DEFAULT")
        self.session = Session.objects.create(
            term=self.term, number=4, name="湖南省第十四届人民代表大会第四次会议", opened_on=OPENED, closed_on=CLOSED,
            profile=self.profile, is_current=True,
        )

    def _office(self) -> None:
        def user(username, name, role):
            return make_user(username, name, role, congress=self.congress)

        self.clerk = user("clerk", "陈办", Role.NPC_OFFICE)
        self.second_clerk = user("clerk2", "周核", Role.NPC_OFFICE)
        self.gov = user("gov", "政府办", Role.GOV_OFFICE)
        self.secretariat = user("mishuchu", "议案组", Role.SECRETARIAT)
        self.committee = user("zhuanwei", "专委会", Role.NPC_COMMITTEE)
        self.sysadmin = user("sysadmin", "系统管理员", Role.SYSADMIN)
        self.auditor = user("auditor", "审计管理员", Role.AUDITOR)
        self.stranger = make_user("stranger", "路人")

    def _deputies(self) -> None:
        self.changsha = Delegation.objects.create(
            congress=self.congress, name="长沙代表团", prefecture="长沙市", position=1
        )
        self.zhuzhou = Delegation.objects.create(
            congress=self.congress, name="株洲代表团", prefecture="株洲市", position=2
        )
        self.delegation_staff = make_user("tuan", "代表团联络员", Role.DELEGATION_STAFF, congress=self.congress)
        self.changsha.staff.add(self.delegation_staff)
        self.lead_deputy = self.deputy("黄岳若", "HN140001", self.changsha)
        self.cosigner = self.deputy("贺景", "HN140002", self.changsha)
        self.other_deputy = self.deputy("刘岚", "HN140003", self.zhuzhou)
        self.rare_deputy = self.deputy("王䶮", "HN140004", self.zhuzhou)

    def deputy(self, name: str, certificate: str, delegation: Delegation) -> Deputy:
        """建一名代表和账号。"""
        account = make_user(certificate.lower(), name, phone=f"138{certificate[-8:].zfill(8)}"[:11])
        return Deputy.objects.create(
            congress=self.congress, delegation=delegation, name=name, certificate_no=certificate, account=account,
            phone=f"138000{certificate[-5:]}", address="湖南省长沙市代表路8号", served_from=date(2023, 1, 1),
        )

    def _units(self) -> None:
        make = make_unit
        self.water = cast_unit(make(self.congress, "HN-SLT", "湖南省水利厅", "省水利厅", prefix="湘水建"), "slt")
        self.transport = cast_unit(
            make(self.congress, "HN-JTT", "湖南省交通运输厅", "省交通运输厅", prefix="湘交建"), "jtt"
        )
        self.publicity = cast_unit(
            make(self.congress, "HN-XCB", "中共湖南省委宣传部", "省委宣传部", UnitKind.PARTY, "湘宣建"), "xcb"
        )
