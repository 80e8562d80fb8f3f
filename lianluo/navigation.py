"""菜单是数据：段、项、地址名、看得到的角色、徽标键。外壳只照着画。"""
from __future__ import annotations

from dataclasses import dataclass

from lianluo.web.menu import Group, Item, item

OFFICE = ("npc_office",)
INTAKE = ("npc_office", "secretariat", "delegation_staff")
OFFICES = ("npc_office", "gov_office")
UNIT = ("unit_head", "unit_leader", "unit_office", "dept_head", "handler")
WATCHERS = ("npc_committee", "chair_meeting", "lead_official")


@dataclass(frozen=True)
class Navigation:
    """全部菜单，加上顶栏要用的几个地址名。"""

    groups: tuple[Group, ...]
    shortcuts: dict[str, str]
    public: tuple[Item, ...]
    public_foot: tuple[Item, ...]


NAVIGATION = Navigation(
    groups=(
        Group(
            "",
            (
                item("工作台", "home", badge="todo", go="w"),
                item("全部建议", "suggestions:list", (*INTAKE, *OFFICES, *UNIT, *WATCHERS), go="s"),
            ),
        ),
        Group(
            "提出",
            (
                item("收件登记", "suggestions:intake", INTAKE, go="d"),
                item("审查", "suggestions:review", ("npc_office", "secretariat"), badge="review"),
            ),
        ),
        Group(
            "办理",
            (
                item("交办", "handlers:board", OFFICES, badge="assign", go="j"),
                item("办理", "handlers:inbox", (*OFFICES, *UNIT), badge="inbox", go="b"),
                item("沟通", "handlers:activities", (*OFFICES, *UNIT)),
                item("答复", "handlers:replies", (*OFFICES, *UNIT, "lead_official"), badge="replies"),
                item("评价与再办理", "handlers:evaluations", (*OFFICES, "unit_office", "unit_head")),
                item("服务代表", "handlers:services", UNIT, badge="messages"),
                item("制度库", "handlers:regulations", (*OFFICES, *UNIT, *WATCHERS)),
                item("现场办理方案", "handlers:field_plans", (*OFFICES, *UNIT)),
                item("成果", "handlers:outcomes", (*OFFICES, *UNIT)),
                item("机制库", "handlers:mechanisms", (*OFFICES, *UNIT, *WATCHERS)),
            ),
        ),
        Group(
            "督办",
            (
                item("单位自查", "supervision:self_check", ("unit_head", "unit_leader", "unit_office")),
                item("见面率", "supervision:meeting_rates", (*OFFICES, *UNIT, *WATCHERS)),
                item("处室考核", "supervision:schemes", UNIT),
                item("督查督办", "supervision:checks", ("unit_head", "unit_leader", "unit_office")),
                item("分类办理", "supervision:classified", (*OFFICES, *UNIT)),
                item("追责", "supervision:accountability", (*OFFICE, "unit_head", "unit_leader")),
                item("督办台账", "supervision:ledger", (*OFFICES, *UNIT, *WATCHERS), badge="ledger", go="t"),
            ),
        ),
        Group(
            "公布",
            (
                item("公开", "handlers:publishing", (*OFFICE, "unit_office"), badge="publishing"),
            ),
        ),
        Group(
            "设置",
            (
                item("工作日历", "workdays:index", (*OFFICES, *UNIT, "sysadmin")),
                item("基础资料", "admin:index", (*OFFICE, "sysadmin")),
                item("留痕", "audit:index", ("auditor",)),
            ),
        ),
    ),
    shortcuts={
        "search": "suggestions:search",
        "todo": "home",
        "notices": "notices:list",
        "profile": "accounts:profile",
        "password": "accounts:password_change",
        "drafts": "web:drafts",
        "keys": "web:keys",
        "display": "web:display",
        "login": "accounts:login",
        "logout": "accounts:logout",
        "my": "deputy:home",
        "public": "public:home",
        "public_search": "public:search",
    },
    public=(
        item("首页", "public:home"),
        item("查找答复", "public:search"),
        item("这是什么", "public:about"),
    ),
    public_foot=(item("这是什么", "public:about"),),
)
