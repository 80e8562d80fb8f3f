"""角色：办公室的角色由授权行给出，单位与代表的角色由上面各层登记的来源给出。

三员（系统、安全、审计管理员）互斥且不兼业务角色（等保访问控制 d）。
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import models

from lianluo.statements import Blank, Statement
from lianluo.workdays import clock


class Role(models.TextChoices):
    """角色代码，永不改名。"""

    NPC_OFFICE = "npc_office", "联工委"
    GOV_OFFICE = "gov_office", "省政府办公厅"
    DEPUTY = "deputy", "人大代表"
    DELEGATION_STAFF = "delegation_staff", "代表团工作人员"
    SECRETARIAT = "secretariat", "大会秘书处议案组"
    NPC_COMMITTEE = "npc_committee", "专门委员会"
    CHAIR_MEETING = "chair_meeting", "主任会议"
    UNIT_HEAD = "unit_head", "单位主要负责人"
    UNIT_LEADER = "unit_leader", "单位分管领导"
    UNIT_OFFICE = "unit_office", "单位联络员"
    DEPT_HEAD = "dept_head", "处室负责人"
    HANDLER = "handler", "具体承办人"
    LEAD_OFFICIAL = "lead_official", "领办领导"
    ASSESSOR = "assessor", "考评组"
    EDITOR = "editor", "简报责任编辑"
    APPROVER = "approver", "简报签发人"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSADMIN.value, Role.SECADMIN.value, Role.AUDITOR.value})

#: 授权行这一来源的键；账号与日期在各来源的查询里写成 ACCOUNT、TODAY
GRANT = "grant"
ACCOUNT, TODAY = Blank("account", models.BigIntegerField()), Blank("today", models.DateField())


@dataclass(frozen=True)
class Source:
    """一种角色来源：此账号此刻有效的行，哪一列是代码，由代码得出角色（没有角色的为空）。"""

    key: str
    rows: models.QuerySet
    code: str | models.Expression
    role_of: Callable[[str], str | None]

    def labelled(self) -> models.QuerySet:
        """（来源，代码）两列。"""
        return self.rows.order_by().values_list(models.Value(self.key), self.code)


_sources: dict[str, Source] = {}


def provide(
    key: str, rows: models.QuerySet, *, code: str | models.Expression, role_of: Callable[[str], str | None] = str
) -> None:
    """登记一种来源；全部来源一条语句问完。各层在 AppConfig.ready 里调用。"""
    _sources[key] = Source(key, rows, code, role_of)


@lru_cache(maxsize=8)
def _statement(sources: tuple[Source, ...]) -> Statement:
    first, *others = (source.labelled() for source in sources)
    return Statement(lambda: first.union(*others, all=True) if others else first)


def holdings(user) -> dict[str, frozenset[str]]:
    """此人名下有什么：来源 → 代码（授权的角色、任职的职责、代表身份）；没有的来源不列。"""
    found: dict[str, set[str]] = defaultdict(set)
    if user.pk:
        for key, code in _statement(tuple(_sources.values())).rows(account=user.pk, today=clock.today()):
            found[key].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def provided(user) -> frozenset[str]:
    """上面各层给出的角色（单位任职、代表身份）。"""
    held = ((_sources[key], code) for key, codes in user.holdings.items() if key != GRANT for code in codes)
    return frozenset(str(role) for source, code in held if (role := source.role_of(code)))


def of(user) -> frozenset[str]:
    """此刻生效的角色。匿名与停用账号没有角色；管理员只剩管理员角色，兼了两员则一个也不给。"""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    codes = provided(user) | user.holdings.get(GRANT, frozenset())
    administrators = codes & ADMINISTRATORS
    if len(administrators) > 1:
        return frozenset()
    return administrators or codes


def conflict(role: str, held: Iterable[str]) -> str:
    """再授此角色是否违反三员互斥；违反返回一句话，否则空串。"""
    others = set(held) - {role}
    clash = others if role in ADMINISTRATORS else others & ADMINISTRATORS
    if not clash:
        return ""
    names = "、".join(sorted(Role(code).label for code in clash))
    return f"已是{names}，不能再授{Role(role).label}：三员互斥，也不兼业务角色"
