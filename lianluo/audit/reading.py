"""一条留痕怎样读给人看：对象是什么、状态从哪到哪、哪几项从什么改成什么，项名与代码都换成中文。"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps

from .models import AuditEvent

LONGEST = 160
EMPTY = "--"
#: 留痕内容里各键的名称；与对象的列同名的，用列的名称
NAMES = {
    "answers": "回应了几条", "from_on": "任职日期", "matter": "事由", "took_over_from": "接谁",
    "about": "所属记录", "accepted_on": "签收日期", "account": "账号", "activity": "沟通记录", "adoption": "采纳情况",
    "after_assignment": "交办之后", "again": "再次", "allotments": "原分派", "application": "申请",
    "asked_until": "申请延至", "assessment": "评估意见", "assignments": "承办关系", "assist_divisions": "参与处室",
    "at": "时间", "attachments": "附件", "attempt": "第几次送审", "attitude": "办理态度", "backfilled": "补录",
    "before": "改前", "body": "内容", "broken": "断裂", "by_proxy": "代录", "cases": "件", "chain": "链",
    "change": "起因", "changed": "改动", "characters": "字数", "congress": "人大", "consent_how": "怎样同意",
    "consented": "同意的人", "contacted": "已有沟通", "copied_to": "抄送", "cosigners": "联名代表", "count": "个数",
    "counts": "结果", "day": "日期", "days": "天数", "delivered_on": "送达日期", "deputies": "代表", "deputy": "代表",
    "digest": "摘要", "disposition": "去向", "due_on": "到期", "ended": "并掉", "evaluation": "办理意见表",
    "events": "条数", "evidence": "佐证", "experts": "专家", "face_to_face": "见面", "fields": "改动",
    "figure": "数字", "file": "文件", "followed": "按代表意愿", "granted_until": "批准延至", "ground": "理由类别",
    "group": "相近件组", "happened_on": "日期", "hash": "文本摘要", "head_signed": "主要负责人审签",
    "held_on": "日期", "how": "方式", "inner_due_on": "内部时限", "into": "并入", "into_number": "主件编号",
    "is_workday": "上班", "kept_deadline": "保持原期限", "kind": "种类", "lead": "领衔", "lead_division": "牵头处室",
    "leader": "责任领导", "left": "未转", "means": "方式", "meeting": "交办会", "method": "方式", "mode": "办理方式",
    "moved": "转出", "name": "名称", "new": "改后", "new_main": "新主件", "new_unit": "新单位", "note": "说明",
    "number": "编号", "officer": "承办人", "old": "改前", "old_due_on": "原期限", "old_main": "原主件",
    "old_unit": "原单位", "on": "日期", "on_behalf_of": "代谁申请", "one_matter": "一事一议", "other": "另一件",
    "other_name": "另一件", "outcome": "办理结果", "overall": "总体评价", "part": "办理内容", "path": "地址",
    "position": "次序", "post": "任职", "proposals": "拟交办", "proposed_unit": "建议单位",
    "published_as": "公开方式", "purpose": "用途", "receipt": "回执号", "removed": "撤去", "replaces": "接替",
    "request": "申请", "requests": "具体建议", "revision": "版次", "role": "角色", "roles": "所需角色",
    "round": "轮次", "seq": "序号", "sha256": "文件摘要", "sheet": "工作表", "shown_name": "文件名",
    "size": "字节数", "source": "来源", "line": "行",
    "stage": "阶段", "statement": "销号说明", "step": "环节", "steps": "环节", "successor": "承接",
    "successor_name": "承接单位", "summary": "公开摘要", "text": "内容", "times": "次数", "title": "标题",
    "to": "转请", "told_how": "怎样告知", "told_on": "告知日期", "typed": "所填登录名", "undeliverable": "无法送达",
    "undone": "撤销交办", "units": "单位", "until": "准许至", "username": "登录名", "valid_from": "起",
    "valid_to": "止", "version": "版次", "why": "原因", "wish": "代表意愿", "wished": "希望单位", "year": "年份",
    "added": "添上的", "bodies": "交给哪些单位", "plan": "方案",
    "also": "同用此方案的件", "answer_before": "原回执", "codes": "机制", "measures": "措施",
    "members": "参加的人", "office": "预置", "periods": "期数", "problem": "问题", "problems": "整改问题",
    "quote": "简报原话", "tag": "主题活动",
}
#: 同一个键在这一组里另有所指的
GROUPED = {
    "counts": {"new": "新增", "update": "更新", "same": "没有变", "conflict": "有冲突", "bad": "有误"},
}
#: 键与列不同名、代码却是那一列的
SAME_CODES = {"steps": "step", "wish": "publish_wish"}
#: 没有列的代码；记录的代号（activity:12）取冒号前的一半
CODES = {
    "disposition": {"returned": "退回代表", "letter": "作来信处理", "forwarded": "转其他机关"},
    "about": {
        "activity": "沟通记录", "plan": "方案", "delivery": "送达", "extension": "延期申请", "ledger": "台账条目",
        "opinion": "会办意见", "reply": "答复", "return": "退回申请",
    },
}
#: 列的是项名的几个键
FIELD_LISTS = ("changed", "fields")
#: 代表和单位写的话：三员看不到建议的内容（等保访问控制 d），只说写了多少字；改没改过看摘要
WORDS = frozenset({"body", "content", "deputy_view", "requests", "text"})
#: 理由是代表自己的话；评价受干预的反映只给人大办事机构看（重庆条例第三十八条）
SAID_BY_DEPUTIES = frozenset({
    "activity.denied", "assignment.round_started", "evaluation.pressure_reported", "evaluation.submitted",
    "suggestion.escalated",
})


@dataclass(frozen=True)
class Line:
    """一行：项名、改前、改后；没有改前的只有内容。"""

    label: str
    after: str
    before: str = ""

    def __str__(self) -> str:
        return f"{self.label}：{self.before} → {self.after}" if self.before else f"{self.label}：{self.after}"


@dataclass(frozen=True)
class Reading:
    """读好的一条。"""

    event: AuditEvent
    kind: str
    lines: tuple[Line, ...]

    @property
    def reason(self) -> str:
        return counted(self.event.reason) if self.event.event in SAID_BY_DEPUTIES else self.event.reason

    @property
    def text(self) -> str:
        return "；".join(str(line) for line in self.lines)


def read(event: AuditEvent) -> Reading:
    """对象的种类、状态变化、各项内容。"""
    model = model_of(event.target_type)
    lines = (*_states(event, model), *_contents(event.data, model))
    return Reading(event, kind_of(event.target_type), lines)


@lru_cache(maxsize=256)
def model_of(target_type: str):
    """对象的模型；已经不在的为 None。"""
    try:
        return apps.get_model(target_type)
    except (LookupError, ValueError):
        return None


def kind_of(target_type: str) -> str:
    model = model_of(target_type)
    return str(model._meta.verbose_name) if model else target_type


def _states(event: AuditEvent, model) -> list[Line]:
    if not event.target_state:
        return []
    return [Line("状态", shown(event.target_state, "status", model), shown(event.source, "status", model))]


def _contents(data: dict, model) -> list[Line]:
    """改前改后成对的先配好，其余一项一行。"""
    lines, left = [], dict(data)
    for change in left.pop("changes", []):
        lines.append(Line(change["field"], shorten(change["after"]), shorten(change["before"])))
    old, new = left.pop("old", None), left.pop("new", None)
    lines += _pairs(old, new, model)
    for key in [key for key in left if key.endswith("_before") and key.removesuffix("_before") in left]:
        name = key.removesuffix("_before")
        lines.append(Line(name_of(name, model), shown(left.pop(name), name, model), shown(left.pop(key), name, model)))
    if {"old_unit", "new_unit"} <= set(left):
        lines.append(Line("单位", shown(left.pop("new_unit"), "", model), shown(left.pop("old_unit"), "", model)))
    return lines + [Line(name_of(key, model), shown(value, key, model)) for key, value in left.items()]


def _pairs(old, new, model) -> list[Line]:
    if isinstance(old, dict) and isinstance(new, dict):
        return [Line(name_of(key, model), shown(new.get(key), key, model), shown(old.get(key), key, model))
                for key in {**old, **new}]
    if old is None and new is None:
        return []
    return [Line("改动", shown(new, "", model), shown(old, "", model))]


def name_of(key: str, model) -> str:
    """键的名称：先看对象的列，再看名称表。"""
    field = _field(model, key)
    return str(field.verbose_name) if field is not None else NAMES.get(key, key)


def _field(model, key: str):
    if model is None or not key:
        return None
    return next((one for one in model._meta.concrete_fields if one.name == key), None)


def shown(value, key: str, model) -> str:
    """值写成人看得懂的字。"""
    if value is None or value == "" or value == [] or value == {}:
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in WORDS and not isinstance(value, dict):
        return counted("".join(map(str, value)) if isinstance(value, list) else str(value))
    if isinstance(value, dict):
        named = GROUPED.get(key, {})
        return shorten("；".join(
            f"{named.get(name) or name_of(name, model)}：{shown(one, name, model)}" for name, one in value.items()
        ))
    if isinstance(value, list):
        if key in FIELD_LISTS:
            return "、".join(name_of(str(one), model) for one in value)
        return shorten("、".join(shown(one, key, model) for one in value))
    return shorten(_label(str(value), key, model))


def _label(value: str, key: str, model) -> str:
    """代码换成名称：先看对象的列，再看各模型同名的列。"""
    field = _field(model, key)
    own = dict(field.flatchoices) if field is not None and field.choices else {}
    code, colon, number = value.partition(":")
    if key in CODES and code in CODES[key]:
        return f"{CODES[key][code]}{colon and ' '}{number}"
    return str(own.get(value) or _choices().get(SAME_CODES.get(key, key), {}).get(value) or value)


@lru_cache(maxsize=1)
def _choices() -> dict[str, dict[str, str]]:
    """列名 → 代码 → 名称，取自全部模型。"""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.choices:
                found[field.name].update({str(code): str(label) for code, label in field.flatchoices})
    return found


def counted(text: str) -> str:
    """不给看的话：写了多少字。"""
    return f"（{len(text):,} 字）" if text else ""


def shorten(text) -> str:
    """太长的只显示开头，并说明全文多少字。"""
    text = str(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……（共 {len(text):,} 字）"
