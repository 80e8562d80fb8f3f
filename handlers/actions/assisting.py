"""会办意见：会办单位只向主办单位提意见，不答复代表；自有时限，可要求重提。"""
from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField
from django.urls import reverse

from lianluo.audit import record
from lianluo.audit.models import AuditEvent
from lianluo.statemachine import DomainError, Incomplete, Missing, NotAllowed, move
from lianluo.statements import Blank, Statement
from lianluo.workdays import clock
from lianluo.workdays.models import RuleCode
from suggestions.locking import lock_case

from .. import deadlines, lifecycle
from ..models import (
    Adoption,
    Assignment,
    AssignmentRole,
    AssignmentStatus,
    AssistOpinion,
    OpinionStatus,
    Reply,
)

DONE = (AssignmentStatus.ANSWERED, AssignmentStatus.CONCLUDED, AssignmentStatus.REASSIGNED)
WRITABLE = (OpinionStatus.DRAFT, OpinionStatus.RESUBMIT)


@transaction.atomic
def save_opinion(
    assignment: Assignment, *, text: str, document_number: str = "", signed_by: str = "", hand_in: bool = False,
    actor, today: date,
) -> AssistOpinion:
    """存会办意见的草稿。没有送出之前，主办单位看不到。``hand_in``：写好了，请能送出的人送。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion").get(pk=assignment.pk)
    opinion = AssistOpinion.objects.filter(assignment=assignment).first()
    if opinion is not None and opinion.status not in WRITABLE:
        raise NotAllowed(f"会办意见{opinion.get_status_display()}，不能再改；需要改的，由主办单位要求重提")
    _require_helper_at_work(assignment)
    opinion = opinion or AssistOpinion(assignment=assignment, written_by=actor)
    opinion.text, opinion.document_number = text.strip(), document_number.strip()
    opinion.signed_by = signed_by.strip()
    opinion.save()
    record("opinion.saved", actor=actor, target=opinion, characters=len(opinion.text))
    if hand_in:
        record("opinion.handed_in", actor=actor, target=opinion)
    return opinion


def _require_helper_at_work(assignment: Assignment) -> None:
    if assignment.role != AssignmentRole.ASSIST:
        raise NotAllowed("只有会办单位提会办意见，独办、主办、分办单位直接答复代表")
    if assignment.status != AssignmentStatus.HANDLING:
        raise NotAllowed(f"承办关系现在是“{assignment.get_status_display()}”，签收并分派处室后再写会办意见")


@transaction.atomic
def send_opinion(opinion: AssistOpinion, *, actor, today: date) -> AssistOpinion:
    """送主办单位：有实质内容、有文号、有签发人；会办意见的时限到此办到。"""
    lock_case(opinion.assignment.suggestion_id)
    opinion = AssistOpinion.objects.select_related("assignment__suggestion").get(pk=opinion.pk)
    assignment = opinion.assignment
    _require_helper_at_work(assignment)
    lacking = lacks(opinion)
    if lacking:
        raise Incomplete("送出会办意见", lacking)

    again = opinion.status == OpinionStatus.RESUBMIT
    day = {"resent_on": today} if again else {"sent_on": today}
    move(opinion, lifecycle.SEND_OPINION, actor=actor, fields=day, number=opinion.document_number, again=again,
         text=opinion.text)
    first = {} if assignment.answered_on else {"answered_on": today}
    move(assignment, lifecycle.ANSWER, actor=actor, fields=first)
    deadlines.meet_governing(assignment, today)
    return opinion


def lacks(opinion: AssistOpinion) -> list[Missing]:
    """送出前还缺什么。"""
    page = reverse("handlers:opinion", args=[opinion.assignment_id])
    needs = (("text", "填写会办意见"), ("document_number", "填写文号"), ("signed_by", "填写签发人"))
    return [Missing(sentence, f"{page}#id_{name}") for name, sentence in needs if not getattr(opinion, name).strip()]


@transaction.atomic
def ask_opinion_again(opinion: AssistOpinion, *, reason: str, actor, today: date) -> AssistOpinion:
    """没有实质内容的，主办单位可要求重提，五个工作日内重送（重庆第二十条）。"""
    lock_case(opinion.assignment.suggestion_id)
    opinion = AssistOpinion.objects.select_related("assignment__suggestion").get(pk=opinion.pk)
    assignment = opinion.assignment
    if not reason.strip():
        raise DomainError("写明要求重提的理由", field="reason")
    _require_lead_drafting(assignment)
    deadlines.open_due(assignment, RuleCode.COHANDLE_AGAIN, today, round=assignment.round)
    move(opinion, lifecycle.ASK_OPINION_AGAIN, actor=actor, reason=reason.strip(),
         fields={"resubmit_reason": reason.strip()})
    move(assignment, lifecycle.RESUBMIT_OPINION, actor=actor, reason=reason.strip())
    return opinion


@transaction.atomic
def adopt_opinion(opinion: AssistOpinion, *, adoption: str, note: str = "", actor, today: date) -> AssistOpinion:
    """主办单位处理会办意见：全部采纳、部分采纳、未采纳；后两种说明理由。送审前可以改。"""
    lock_case(opinion.assignment.suggestion_id)
    opinion = AssistOpinion.objects.select_related("assignment__suggestion").get(pk=opinion.pk)
    note = note.strip()
    if adoption not in Adoption.values:
        raise DomainError("选定采纳情况", field="adoption")
    if adoption != Adoption.FULL and not note:
        raise DomainError(f"{Adoption(adoption).label}的，写明理由", field="note")
    if (opinion.status, opinion.adoption, opinion.adoption_note) == (OpinionStatus.ADOPTED, adoption, note):
        return opinion
    if not _came_late(opinion):
        _require_lead_drafting(opinion.assignment)
    if opinion.status == OpinionStatus.ADOPTED:
        return _change_adoption(opinion, adoption, note, actor)
    move(opinion, lifecycle.ADOPT_OPINION, actor=actor, fields={"adoption": adoption, "adoption_note": note},
         adoption=adoption, note=note)
    return opinion


def _change_adoption(opinion: AssistOpinion, adoption: str, note: str, actor) -> AssistOpinion:
    old = opinion.adoption
    opinion.adoption, opinion.adoption_note = adoption, note
    opinion.save(update_fields=["adoption", "adoption_note", "changed_at"])
    record("opinion.adoption_changed", actor=actor, target=opinion, old=old, new=adoption, note=note)
    return opinion


LEAD = Statement(lambda: Assignment.objects.live().filter(
    suggestion=Blank("suggestion", BigIntegerField()), role=AssignmentRole.LEAD
).select_related("unit", "suggestion")[:1])


def lead_of(assignment: Assignment) -> Assignment | None:
    """会办意见送给谁：同一件上的主办。"""
    return LEAD.first(suggestion=assignment.suggestion_id)


def _came_late(opinion: AssistOpinion) -> bool:
    """主办已先答复、会办意见后到：仍要处理，作后续办理的参考。"""
    lead = lead_of(opinion.assignment)
    return opinion.status == OpinionStatus.SENT and lead is not None and lead.status in DONE


def _require_lead_drafting(assignment: Assignment) -> None:
    """主办的答复送审以后，会办意见就定了。"""
    lead = lead_of(assignment)
    if lead is None or lead.status != AssignmentStatus.HANDLING:
        raise NotAllowed("主办单位办理中才能处理会办意见")
    reply = Reply.objects.current().filter(assignment=lead, round=lead.round).first()
    if reply is not None and reply.status != "draft":
        raise NotAllowed(f"答复现在是“{reply.get_status_display()}”，退回修改后才能再处理会办意见")


@transaction.atomic
def urge_opinion(assignment: Assignment, *, actor, today: date) -> AuditEvent:
    """主办催会办：一天至多一次。"""
    lock_case(assignment.suggestion_id)
    assignment = Assignment.objects.select_related("suggestion").get(pk=assignment.pk)
    if assignment.role != AssignmentRole.ASSIST:
        raise NotAllowed("只催会办单位")
    if assignment.status in DONE:
        raise NotAllowed(f"{assignment.unit_name}{assignment.get_status_display()}，不必再催")
    last = last_urged(assignment)
    if last is not None and last >= today:
        raise NotAllowed(f"今天已催过{assignment.unit_name}，明天以后再催")
    return record("opinion.urged", actor=actor, target=assignment, on=today, due_on=assignment.due_on)


def last_urged(assignment: Assignment) -> date | None:
    """最近一次催办的日期。"""
    events = AuditEvent.objects.filter(
        event="opinion.urged", target_type="handlers.assignment", target_id=assignment.pk
    )
    event = events.order_by("-id").first()
    if event is None:
        return None
    return date.fromisoformat(event.data["on"]) if event.data.get("on") else event.at.astimezone(clock.BEIJING).date()
