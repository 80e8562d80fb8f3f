"""厅长写信：C 类件由主要负责人写信与代表沟通（交通厅 JT-03）。"""
from __future__ import annotations

from datetime import date

from django.db import transaction

from lianluo.documents import counters
from lianluo.documents.numerals import date_in_letter
from lianluo.statemachine import DomainError

from ..mechanisms.facts import Case
from ..models import Activity, ActivityKind, Assignment
from .contacting import log_activity, stage_now


def template_for(assignment: Assignment) -> str:
    """信的底稿：称呼、事由、空着的正文。"""
    case = assignment.suggestion
    return (
        f"{case.lead_deputy.name}代表：\n"
        f"    您提出的《{case.title}》收悉，感谢您对我们工作的关心。\n"
        "    （说明研究办理的情况，目前还不能解决的原因，下一步的打算。）\n"
        "    有什么意见，请随时与我联系。"
    )


@transaction.atomic
def write_leader_letter(
    assignment: Assignment, *, text: str, sent_on: date, means: str, actor, today: date
) -> Activity:
    """登记厅长信：正文、送出日期与方式；编号取自计数行，签名是现任主要负责人。"""
    head = Case(assignment, today).head
    if head is None:
        raise DomainError("本单位没有在任的主要负责人，请人大办事机构在任职里补上")
    if "（说明研究办理的情况" in text:
        raise DomainError("把信里括号中的提示换成要说的话", field="text")
    unit, case = assignment.unit, assignment.suggestion
    signed = f"{text.strip()}\n{unit.name}{head.title} {head.name}\n{date_in_letter(sent_on)}"
    taken = counters.take(f"leader_letter:{unit.pk}:{sent_on.year}")
    return log_activity(
        unit=unit, assignments=[assignment], kind=ActivityKind.LEADER_LETTER, stage=stage_now(assignment),
        happened_on=sent_on, members=[head], deputies=[case.lead_deputy], content=signed,
        place=means, number=f"{unit.short}厅长信〔{sent_on.year}〕{taken}号", actor=actor, today=today,
    )


def letters_of(assignment: Assignment) -> list[Activity]:
    """这一件上的厅长信。"""
    rows = Activity.objects.of_assignment(assignment.pk).filter(kind=ActivityKind.LEADER_LETTER)
    return list(rows.order_by("-happened_on", "-id"))


