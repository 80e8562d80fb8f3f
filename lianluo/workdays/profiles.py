"""四套时限规则与参数的默认值：数据，不是程序。由迁移装入库中，日后在后台改。

各地只写当地规定中写明的数字；没有写明的取 ``HN-DEFAULT`` 的值，并标“本项目选定”。
湖南一套中，除国家法律与行政法规的数字外，也都是参照邻近规定选定的，同样标明。
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

DEFAULT = "HN-DEFAULT"
LAW = "代表法（2025年修正）第五十一条：自交办之日起三个月内答复，涉及面广、处理难度大的六个月内答复"


class Rule(NamedTuple):
    """一条期限：数量、单位（wd/day/month）、起算、依据、是否本项目选定。"""

    amount: int
    measure: str
    base: str
    basis: str
    own_choice: bool = False


@dataclass(frozen=True)
class Profile:
    """一套规则：名称、地区、当地写明的期限、与默认不同的参数。"""

    name: str
    region: str
    rules: dict[str, Rule]


@dataclass(frozen=True)
class Setting:
    """一个参数：名称、默认值、说明；``choices`` 为可选值，否则按默认值的类型填写。"""

    label: str
    default: Any
    hint: str
    choices: tuple[tuple[str, str], ...] = ()
    most: int | None = None


HUNAN = {
    "register_days": Rule(7, "wd", "submitted", "参照浙江第十条、上海第十一条，取7个工作日", True),
    "assign_days_off_session": Rule(7, "wd", "submitted", "参照上海第十一条：收到后7个工作日交办", True),
    "return_days": Rule(10, "wd", "assigned", "参照河南（2017）第十四条、重庆第十六条：书面说明理由", True),
    "reassign_days": Rule(10, "wd", "return_asked", "参照河南（2017）第十四条、重庆第十六条：重新确定", True),
    "first_contact_days": Rule(20, "wd", "accepted", "参照重庆第十八条：20个工作日内首次沟通", True),
    "cohandle_opinion": Rule(1, "month", "assigned", "参照上海第十七条、福建第二十条：一个月内提出会办意见", True),
    "cohandle_resubmit": Rule(5, "wd", "asked_again", "参照重庆第二十条：没有实质内容的，5个工作日内重新提出", True),
    "reply_normal": Rule(3, "month", "assigned", LAW),
    "reply_max": Rule(6, "month", "assigned", LAW),
    "feedback_days": Rule(20, "wd", "delivered", "参照重庆第二十七条：20个工作日内反馈意见", True),
    "rehandle_days": Rule(1, "month", "evaluated", "参照浙江第二十四条、河南第二十二条：一个月内再次答复", True),
    "publish_days": Rule(20, "wd", "delivered", "政府信息公开条例（2019）第二十六条：20个工作日内公开"),
}

SHANGHAI = {
    "assign_days_off_session": Rule(7, "wd", "submitted", "上海市（2015）第十一条：收到后7个工作日内交办"),
    "return_days": Rule(7, "wd", "received", "上海市（2015）第十四条：收到后7个工作日内提出，不得滞留或者自行转办"),
    "cohandle_opinion": Rule(1, "month", "received", "上海市（2015）第十七条：收到后一个月内提出会办意见"),
    "reply_normal": Rule(3, "month", "assigned", "上海市（2015）第十九条；" + LAW),
    "reply_max": Rule(6, "month", "assigned", "上海市（2015）第十九条：延长不超过三个月；" + LAW),
    "rehandle_days": Rule(1, "month", "evaluated", "上海市（2015）第二十一条：一个月内再次答复"),
}

CHONGQING = {
    "assign_days_off_session": Rule(10, "wd", "submitted", "重庆市（2018）第十三条：收到后10个工作日内交办"),
    "return_days": Rule(10, "wd", "assigned", "重庆市（2018）第十六条：交办后10个工作日内书面报告并说明理由"),
    "reassign_days": Rule(10, "wd", "return_asked", "重庆市（2018）第十六条：10个工作日内重新确定承办单位"),
    "first_contact_days": Rule(20, "wd", "accepted", "重庆市（2018）第十八条：收到后20个工作日内首次沟通"),
    "cohandle_opinion": Rule(30, "wd", "assigned", "重庆市（2018）第二十条：交办后30个工作日内提出会办意见"),
    "cohandle_resubmit": Rule(5, "wd", "asked_again", "重庆市（2018）第二十条：没有实质内容的，5个工作日内重新提出"),
    "reply_normal": Rule(3, "month", "assigned", LAW),
    "reply_max": Rule(6, "month", "assigned", LAW),
    "feedback_days": Rule(20, "wd", "delivered", "重庆市（2018）第二十七条：20个工作日内反馈意见"),
    "rehandle_days": Rule(2, "month", "evaluated", "重庆市（2018）第二十七条：自收到重办要求起两个月"),
}

ZHEJIANG = {
    "register_days": Rule(7, "day", "submitted", "浙江省（2016）第十条：受理后七日内通知代表"),
    "return_days": Rule(10, "day", "received", "浙江省（2016）第十四条：收到后十日内提出，不得滞留、延误或者自行转办"),
    "cohandle_opinion": Rule(2, "month", "received", "浙江省（2016）第十八条：收到后两个月内提出会办意见"),
    "reply_normal": Rule(3, "month", "assigned", "浙江省（2016）第二十一条；" + LAW),
    "reply_max": Rule(6, "month", "assigned", "浙江省（2016）第二十一条：经交办机关同意，至迟六个月；" + LAW),
    "rehandle_days": Rule(1, "month", "evaluated", "浙江省（2016）第二十四条：一个月内再次答复"),
}

PROFILES = {
    DEFAULT: Profile("湖南（默认）", "湖南省", HUNAN),
    "SH-2015": Profile("上海 2015", "上海市", SHANGHAI),
    "CQ-2018": Profile("重庆 2018", "重庆市", CHONGQING),
    "ZJ-2016": Profile("浙江 2016", "浙江省", ZHEJIANG),
}

KEEP, RESTART = "keep", "restart"
SETTINGS = {
    "roll_to_workday": Setting("期限顺延", True, "按日、按月的最后一日逢休假日，顺延到工作日（民法典第二百零三条）"),
    "deadline_after_reassign": Setting(
        "改派后的期限", KEEP, "改派给新的单位后，原期限是否继续算",
        ((KEEP, "保持原期限"), (RESTART, "自改派之日重新起算")),
    ),
    "meeting_within_months": Setting("交办会", 1, "闭会后几个月内召开交办会，只作提示（上海第十五条）", most=12),
    "extension_max_months": Setting("一次延期最多月数", 3, "延长不超过三个月（上海第十九条），累计不过六个月", most=3),
    "feedback_urges": Setting("催请反馈次数", 2, "催请几次仍不反馈的，不计入满意率（重庆第二十九条）", most=10),
    "max_rehandle_before_escalation": Setting("再办理轮数", 2, "第几轮仍不满意的，转入协调评估（河南、重庆）", most=10),
    "promise_review": Setting(
        "承诺核查", "quarter", "承诺事项多久核查一次", (("month", "每月"), ("quarter", "每季度"), ("year", "每年"))
    ),
    "promise_report_quarter": Setting("向代表报告承诺", 4, "第几季度向代表报告承诺落实情况（重庆第二十四条）", most=4),
    "year_report_due": Setting("年度报告", "08-31", "承办单位报送年度办理情况的日期，月-日（河南第二十八条）"),
    "archive_years": Setting("存档年数", 20, "办理档案保存不少于多少年", most=200),
}


def rules_of(code: str) -> dict[str, Rule]:
    """一套规则的全部期限：当地写明的在前，其余取默认值并标“本项目选定”。"""
    own = PROFILES[code].rules
    return {name: own.get(name) or rule._replace(own_choice=True) for name, rule in HUNAN.items()}
