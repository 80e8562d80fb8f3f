"""分派、会办意见、答复、公开的消息：一个事件一个函数，写给下一步要办的人。"""
from __future__ import annotations

from datetime import date

from django.urls import reverse

from lianluo.accounts.models import User
from lianluo.audit import listen
from lianluo.notices.posting import post

from . import approvals, audiences
from .actions.assisting import lead_of
from .listeners import day_of
from .models import Assignment, AssistOpinion, Duty, Post, Reply


def _send(kind: str, event, assignment: Assignment, recipients, url: str, **context) -> None:
    """同一承办关系上可反复发生的事，以留痕序号区分。"""
    case = assignment.suggestion
    post(
        kind, about=f"assignment:{assignment.pk}", rung=str(event.seq), recipients=recipients, actor=event.actor,
        case_id=case.pk, congress=case.congress, url=url, context={"case": case, "assignment": assignment, **context},
    )


def _division_heads(assignment: Assignment, today: date) -> list[User]:
    """分到的各处室的负责人。"""
    rooms = assignment.allotments.values("division_id")
    posts = Post.objects.valid(today).with_duty(Duty.DIVISION_HEAD).filter(division__in=rooms, account__isnull=False)
    return [row.account for row in posts.select_related("account")]


@listen("assignment.allotted", "assignment.reallotted")
def tell_allotted(event, assignment: Assignment) -> None:
    """分派：告诉承办人、各处室负责人和责任领导。"""
    today = day_of(event)
    leader = assignment.responsible_leader
    people = [*audiences.unit_people(assignment, today), *_division_heads(assignment, today)]
    if leader is not None and leader.account_id:
        people.append(leader.account)
    _send(
        "assignment.allotted", event, assignment, people, f"{assignment.suggestion.get_absolute_url()}handling/",
        division=event.data["lead_division"], officer=event.data["officer"],
    )


def _lead_people(opinion: AssistOpinion, today: date) -> tuple[Assignment | None, list[User]]:
    lead = lead_of(opinion.assignment)
    return lead, audiences.unit_people(lead, today) if lead else []


@listen("opinion.handed_in")
def tell_liaison_opinion(event, opinion: AssistOpinion) -> None:
    """会办意见写好了：告诉能送出的联络员。"""
    helper = opinion.assignment
    people = audiences.liaisons([helper.unit_id], day_of(event)).get(helper.unit_id, [])
    _send("opinion.handed_in", event, helper, people, reverse("handlers:opinion_send", args=[helper.pk]))


@listen("opinion.sent")
def tell_lead_opinion(event, opinion: AssistOpinion) -> None:
    """会办意见送到：告诉主办单位。"""
    lead, people = _lead_people(opinion, day_of(event))
    if lead is not None:
        _send("opinion.sent", event, lead, people, reverse("handlers:opinions", args=[lead.pk]), opinion=opinion)


@listen("opinion.asked_again")
def tell_helper_again(event, opinion: AssistOpinion) -> None:
    """要求重提：告诉会办单位，附理由。"""
    helper = opinion.assignment
    _send(
        "opinion.asked_again", event, helper, audiences.unit_people(helper, day_of(event)),
        reverse("handlers:opinion", args=[helper.pk]), reason=event.reason, lead=lead_of(helper),
    )


@listen("opinion.urged")
def tell_helper_urged(event, helper: Assignment) -> None:
    """催会办意见。"""
    _send(
        "opinion.urged", event, helper, audiences.unit_people(helper, day_of(event)),
        reverse("handlers:opinion", args=[helper.pk]), lead=lead_of(helper),
    )


@listen("opinion.adopted", "opinion.adoption_changed")
def tell_helper_adopted(event, opinion: AssistOpinion) -> None:
    """主办单位处理了会办意见：告诉会办单位。"""
    helper = opinion.assignment
    _send(
        "opinion.adopted", event, helper, audiences.unit_people(helper, day_of(event)),
        reverse("handlers:opinion", args=[helper.pk]), opinion=opinion, lead=lead_of(helper),
    )


@listen("reply.submitted", "reply.step_agreed", "reply.checked", "reply.approval_delegated")
def tell_next_approver(event, reply: Reply) -> None:
    """轮到谁审签就告诉谁；一环只说一次。"""
    chain = approvals.Chain(reply, day_of(event))
    step, stage = chain.step, chain.stage
    if step is None:
        return
    case = reply.assignment.suggestion
    post(
        "reply.to_approve", about=f"reply:{reply.pk}", rung=f"{step.attempt}.{step.position}.{step.delegate_id or 0}",
        recipients=[row.account for row in stage.posts], actor=event.actor, case_id=case.pk, congress=case.congress,
        url=reverse("handlers:reply_approve", args=[reply.pk]),
        context={"case": case, "reply": reply, "stage": stage, "assignment": reply.assignment},
    )


def _writers(reply: Reply) -> list[User]:
    """撰稿的人。"""
    return list(User.objects.filter(pk__in=approvals.makers(reply)))


@listen("reply.sent_back")
def tell_writers_back(event, reply: Reply) -> None:
    """退回修改：告诉撰稿的人，附意见。"""
    _send(
        "reply.sent_back", event, reply.assignment, _writers(reply),
        reverse("handlers:reply_edit", args=[reply.assignment_id]), reason=event.reason, who=event.actor_name,
    )


@listen("reply.signed")
def tell_liaison_signed(event, reply: Reply) -> None:
    """签发：告诉联络员去送达，也告诉撰稿的人。"""
    people = [*audiences.unit_people(reply.assignment, day_of(event)), *_writers(reply)]
    _send("reply.signed", event, reply.assignment, people, reverse("handlers:deliver", args=[reply.pk]), reply=reply)


@listen("reply.voided")
def tell_voided(event, reply: Reply) -> None:
    """作废：告诉联络员和撰稿的人。"""
    people = [*audiences.unit_people(reply.assignment, day_of(event)), *_writers(reply)]
    _send(
        "reply.voided", event, reply.assignment, people,
        reverse("handlers:reply_edit", args=[reply.assignment_id]), reply=reply, reason=event.reason,
    )


@listen("reply.delivered")
def tell_office_delivered(event, reply: Reply) -> None:
    """送达：告诉办公室审定公开。"""
    _send(
        "reply.delivered", event, reply.assignment, audiences.office(day_of(event)),
        reverse("handlers:publish", args=[reply.pk]), reply=reply,
    )


@listen("reply.published", "reply.withheld", "reply.taken_down")
def tell_unit_publication(event, reply: Reply) -> None:
    """公开审定的结果告诉单位。"""
    _send(
        "reply.publication", event, reply.assignment, audiences.unit_people(reply.assignment, day_of(event)),
        reverse("handlers:reply", args=[reply.pk]), reply=reply, reason=event.reason, what=event.event.split(".")[1],
    )
