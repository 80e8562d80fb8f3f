"""一屏一问：从交上来的回答看出下一屏问什么。不存草稿，回答都在隐藏字段里，提交以前谁也看不到。"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from lianluo.workdays.models import RuleCode

from .models import Assignment, Dissatisfaction, Evaluation, Satisfaction

#: 三问，按次序；名称 → 问法（单位名放进去）
ASKED = {
    "attitude": "{unit}办理这件建议的态度，您满意吗",
    "outcome": "办理的结果，您满意吗",
    "overall": "总的来说，您满意吗",
}
EXPLAINED = {
    "attitude": "有没有主动与您联系，认真听取意见",
    "outcome": "问题有没有解决，答复有没有说清楚",
    "overall": "不满意的，单位要再次办理、重新答复",
}
EXPLAINED_TO_COSIGNER = {**EXPLAINED, "overall": "您是联名代表，您的评价另列"}
NAMES = {"attitude": "办理态度", "outcome": "办理结果", "overall": "总体评价"}
CHECK, OPINION = "check", "opinion"


@dataclass(frozen=True)
class Answers:
    """到目前为止的回答；没有答的为空。"""

    attitude: str = ""
    outcome: str = ""
    overall: str = ""
    reasons: tuple[str, ...] = ()
    opinion: str = ""

    @classmethod
    def of(cls, post: QueryDict) -> Answers:
        """读交上来的；不认识的值不要。"""
        chosen = {name: post.get(name, "") for name in ASKED}
        return cls(
            **{name: value for name, value in chosen.items() if value in Satisfaction.values},
            reasons=tuple(one for one in post.getlist("reasons") if one in Dissatisfaction.values),
            opinion=post.get("opinion", "").strip(),
        )

    @property
    def unhappy(self) -> bool:
        return self.overall == Satisfaction.DISSATISFIED

    def next(self) -> str:
        """下一屏：还没有答的那一问；不满意的问哪里不满意；都答了就核对。"""
        for name in ASKED:
            if not getattr(self, name):
                return name
        return OPINION if self.unhappy and not self.explained else CHECK

    @property
    def explained(self) -> bool:
        """不满意的说清楚了没有。"""
        return bool(self.opinion or set(self.reasons) - {Dissatisfaction.OTHER})

    def carried(self, besides: str) -> Iterator[tuple[str, str]]:
        """要带着走的回答：正在问的那一项除外。"""
        for name in ASKED:
            if name != besides and getattr(self, name):
                yield name, getattr(self, name)
        if besides != OPINION:
            if self.unhappy or not self.overall:
                yield from (("reasons", one) for one in self.reasons)
            if self.opinion:
                yield "opinion", self.opinion

    def shown(self) -> list[tuple[str, str, str]]:
        """核对页的各行：（项目，名称，写成字的回答）。"""
        labels = dict(Satisfaction.choices)
        rows = [(name, NAMES[name], labels[getattr(self, name)]) for name in ASKED]
        return [*rows, (OPINION, "具体意见", "；".join(self.said()))]

    def said(self) -> list[str]:
        labels = dict(Dissatisfaction.choices)
        picked = [labels[one] for one in self.reasons] if self.unhappy else []
        return [*picked, *([self.opinion] if self.opinion else [])]


def previous(step: str) -> str:
    """上一屏是哪一问；第一问没有上一屏。"""
    order = [*ASKED, OPINION, CHECK]
    place = order.index(step)
    return "" if place == 0 else "overall" if step == CHECK else order[place - 1]


def step_of(post: QueryDict, answers: Answers) -> str:
    """这一次该显示哪一屏：点了“修改”“上一题”的回到那一问，其余往下走。"""
    wanted = post.get("do", "").partition("-")
    if wanted[0] == "edit" and wanted[2] in (*ASKED, OPINION):
        return wanted[2]
    return answers.next()


@dataclass(frozen=True)
class Following:
    """提交以后会怎样：一句话，和谁在哪天以前做什么。"""

    title: str
    lines: tuple[str, ...]


def following(evaluation: Evaluation, assignment: Assignment, *, you: str = "您") -> Following:
    """回执页上的“接下来”；工作人员代录的，“您”换成“代表”。"""
    unit = assignment.unit_name
    if not evaluation.is_lead:
        return Following(f"{you}的评价另列", (
            f"{you}是联名代表，评价单独记录，人大办事机构和承办单位都看得到；是否再次办理以领衔代表的总体评价为准。",
        ))
    if evaluation.overall != Satisfaction.DISSATISFIED:
        return Following("接下来", (
            f"{unit}整理办理资料，人大办事机构核对后这件办结；答复里的承诺继续跟踪到兑现。",
        ))
    due = assignment.dues.filter(rule_code=RuleCode.REHANDLE, round=evaluation.round + 1).first()
    if due is None:
        return Following("转协调评估", (f"人大办事机构组织单位和专家评估，处理意见会告诉{you}。",))
    day = f"{due.due_on.year}年{due.due_on.month}月{due.due_on.day}日"
    return Following("已启动再次办理", (
        f"{unit}须在{day}前重新答复，由主要负责人过问。", f"单位会先与{you}联系，听取意见。",
    ))
