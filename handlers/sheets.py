"""办理单：一件走到哪一步、定下了什么、还缺什么、接下来做什么。一页看完。"""
from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from lianluo.statemachine import Missing

from .case_plans import words_of
from .mechanisms import gates
from .mechanisms.base import GUARDS, Door
from .mechanisms.catalogue import CATALOGUE
from .mechanisms.facts import Case
from .mechanisms.progress import doors_ahead
from .mechanisms.transport import LEVELS, reached, required
from .models import AssignmentStatus as A
from .models import Matter, Nature, PlanKind, Stage
from .ways import recommend

#: 一件从头到尾的各步；会办件到送意见为止
STEPS = ("签收", "分派", "沟通", "起草", "审签", "送达", "评价", "销号")
ASSIST_STEPS = ("签收", "分派", "写会办意见", "主办处理")
#: 过这道门按哪个按钮：（字，地址名，取谁的主键）
BUTTONS = {
    Door.ALLOT: ("分派处室", "allot", "assignment"), Door.DRAFT: ("写答复", "reply_edit", "assignment"),
    Door.SUBMIT: ("接着写答复", "reply_edit", "assignment"), Door.SIGN: ("看审签", "reply", "reply"),
    Door.DELIVER: ("登记送达", "deliver", "reply"),
}
#: 性质 → 要做的方案
PLANS = {
    Nature.OPINION: (PlanKind.SOLUTION,), Nature.SUGGESTION: (),
    Nature.CRITICISM: (PlanKind.INVESTIGATION, PlanKind.RECTIFICATION),
}


@dataclass(frozen=True)
class Gate:
    """一道门：这一步叫什么、还缺什么、齐了按哪个按钮。"""

    door: Door
    missing: list[Missing]
    button: str = ""
    url: str = ""


@dataclass
class Sheet:
    """一张办理单。"""

    case: Case
    steps: list[tuple[str, str]] = field(default_factory=list)
    now: Gate | None = None
    later: list[Gate] = field(default_factory=list)


def compose(case: Case) -> Sheet:
    """照事实排好。"""
    ahead = [_gate(case, door) for door in doors_ahead(case)]
    return Sheet(case, _steps(case), ahead[0] if ahead else None, [one for one in ahead[1:] if one.missing])


def _gate(case: Case, door: Door) -> Gate:
    label, name, whose = BUTTONS.get(door, ("", "", ""))
    target = case.reply if whose == "reply" else case.assignment
    url = reverse(f"handlers:{name}", args=[target.pk]) if name and target is not None else ""
    return Gate(door, gates.missing(case, door), label, url)


def _steps(case: Case) -> list[tuple[str, str]]:
    """各步与它的样子：done 已做、now 正在做、空还没到。"""
    names = STEPS if case.answers else ASSIST_STEPS
    at = _position(case)
    return [(name, "done" if place < at else "now" if place == at else "") for place, name in enumerate(names)]


def _position(case: Case) -> int:
    """走到第几步。"""
    status = case.assignment.status
    if status == A.PENDING:
        return 0
    if status in (A.ACCEPTED, A.RETURN_REQUESTED):
        return 1
    if not case.answers:
        return {A.HANDLING: 2, A.ANSWERED: 3}.get(status, 4)
    if status == A.HANDLING:
        if case.reply is None:
            return 3 if case.contacts_in() else 2
        return {"draft": 3, "signed": 5}.get(case.reply.status, 4)
    return 6 if status == A.ANSWERED else 8


def settled(case: Case) -> list[tuple[str, str]]:
    """定下来的：四层、五定，和用着的机制要定的几样。"""
    one, lead = case.assignment, case.lead_allotment
    liaison = next((post.name for post in case.posts if post.duty == "liaison"), "")
    joining = "、".join(str(row.division) for row in case.allotments if row.role == "assist")
    rows = [
        ("抓总", case.head.name if case.head else ""),
        ("责任领导", one.responsible_leader.name if one.responsible_leader else ""),
        ("牵头处室", f"{lead.division}" + (f"，承办人 {lead.officer.name}" if lead.officer else "") if lead else ""),
        ("参与处室", joining or ("没有" if lead else "")), ("督办", f"办公室 {liaison}" if liaison else ""),
        ("任务要点", one.task_note), ("质量要求", one.quality_goal),
        ("内部时限", str(one.inner_due_on or "")),
    ]
    return rows + _classified(case) + (_by_way(case) if asks(case, "KJ-11") else [])


def _classified(case: Case) -> list[tuple[str, str]]:
    sheet, rows = case.sheet, []
    if not case.answers:
        return rows
    if asks(case, "MZ-02"):
        rows.append(("性质分类", sheet.get_nature_display()))
    if asks(case, "MZ-03") and sheet.nature == Nature.OPINION:
        rows.append(("政策依据", sheet.policy_basis))
    if asks(case, "MZ-04") and sheet.nature == Nature.SUGGESTION:
        rows.append(("政策创制", " ".join(filter(None, (sheet.get_policy_making_display(), sheet.policy_note)))))
    if asks(case, "JT-02", "MZ-14"):
        rows.append(("拟定类别", str(case.intended or "")))
    if asks(case, "JT-04"):
        rows.append(("重点建议", "是" if sheet.is_key else "否"))
    if asks(case, "MZ-20"):
        rows.append(("结对责任人", sheet.partner.name if sheet.partner else ""))
    return rows


def _by_way(case: Case) -> list[tuple[str, str]]:
    if not case.answers:
        return []
    best = recommend(case)
    chosen = case.sheet.get_way_display()
    advice = f"推荐{best.way.label}：{best.reason}（{best.code}）"
    reason = f"；改用的理由：{case.sheet.way_reason}" if case.sheet.way_reason else ""
    return [("办理方式", f"{chosen}；{advice}{reason}" if chosen else advice)]


def asks(case: Case, *codes: str) -> bool:
    """这一件用着其中一条。"""
    return any(code in case.active for code in codes)


def contact_plan(case: Case) -> dict:
    """沟通三块（JT-01）：谁来、什么时候、怎么沟通。"""
    contacts = case.contacts_in()
    who = [(LEVELS[level], reached(level, contacts)) for level in required(case)] if asks(case, "JT-02") else []
    when = [(label, [row for row in contacts if row.stage == code], code) for code, label in Stage.choices]
    return {"who": who, "when": when, "intents": [row for row in case.before if row.intent]}


def plan_links(case: Case, *, may_edit: bool = False) -> list[tuple[str, str, str]]:
    """要做的方案：（名称，现在到哪一步，地址）；评估、会诊只列给能记的人。"""
    if not case.answers or not asks(case, "MZ-22"):
        return []
    kinds = PLANS.get(case.sheet.nature, ())
    found = []
    for kind in kinds:
        plan = case.plans.get(kind)
        found.append((PlanKind(kind).label, words_of(plan) if plan else "还没有", case.url("plan", kind)))
    if may_edit and case.sheet.nature == Nature.SUGGESTION:
        last = next((row.get_conclusion_display() for row in reversed(case.of_matter(Matter.FEASIBILITY))), "还没有")
        found.append((Matter.FEASIBILITY.label, last, case.url("feasibility")))
    if may_edit and case.sheet.nature:
        times = len(case.of_matter(Matter.EXPERTS))
        found.append((Matter.EXPERTS.label, f"{times} 次" if times else "没有", case.url("consult")))
    if case.sheet.partner_id:
        found.append(("对接卡", "打印", case.url("partner_card")))
    return found


def mechanisms_of(case: Case) -> list[dict]:
    """守着这一件的机制，和各自的例外。"""
    waived = {row.code: row for row in reversed(case.waivers)}
    codes = [code for code in CATALOGUE if code in GUARDS and (code in case.active or code in waived)]
    return [{"one": CATALOGUE[code], "waiver": waived.get(code)} for code in codes]


