"""交办、签收、退回、延期的消息：一个事件一个函数，写给下一步要办的人。"""
from __future__ import annotations

from django.db.models import Min, prefetch_related_objects
from django.urls import reverse

from lianluo.audit import listen
from lianluo.notices.posting import post

from . import audiences, notices_evaluating, notices_handling  # noqa: F401  处理、评价两段的消息一并登记
from .actions.returning import is_disputed
from .listeners import day_of
from .models import Assignment, ReturnRequest, Unit
from .models.meeting import ANSWERING_ROLES


def _about(assignment: Assignment, event) -> dict:
    """一条关于承办关系的消息共有的参数；同一承办关系可反复发生的事，以留痕序号区分。"""
    case = assignment.suggestion
    return {
        "about": f"assignment:{assignment.pk}", "rung": str(event.seq), "case_id": case.pk, "congress": case.congress,
        "actor": event.actor,
    }


@listen("suggestion.assigned")
def tell_deputies(event, case) -> None:
    """交办情况告知代表，并入此件的各件代表也告知（河南第十六条、青岛第十七条）；期限说的是答复他的，不是会办的。"""
    answering = Assignment.objects.filter(pk__in=event.data["assignments"], role__in=ANSWERING_ROLES)
    due_on = answering.aggregate(due=Min("due_on"))["due"]
    prefetch_related_objects([case], "merged_children__lead_deputy__account")
    for one in (case, *case.merged_children.all()):
        people = audiences.deputies(one)
        if people:
            post(
                "suggestion.assigned", about=f"suggestion:{one.pk}", rung=str(event.seq), recipients=people,
                actor=event.actor, case_id=one.pk, congress=case.congress, url=f"/my/{one.pk}/",
                context={"case": one, "units": event.data["units"], "due_on": due_on},
            )


@listen("assignment.made")
def tell_unit(event, assignment: Assignment) -> None:
    """单件交办、改派：告诉单位来签收。整场交办会的另发一条汇总。"""
    if event.data.get("meeting"):
        return
    people = audiences.liaisons([assignment.unit_id], day_of(event)).get(assignment.unit_id, [])
    post(
        "assignment.made", recipients=people, url=reverse("handlers:inbox") + "?tab=pending",
        context={"case": assignment.suggestion, "assignment": assignment}, **_about(assignment, event),
    )


@listen("meeting.announced")
def tell_units_proposed(event, meeting) -> None:
    """拟交办送各单位看，会前可提异议。"""
    _tell_units("meeting.announced", event, meeting, reverse("handlers:proposals"))


@listen("meeting.held")
def tell_units_handed(event, meeting) -> None:
    """整场交办：每个单位一条，不逐件打扰。"""
    _tell_units("meeting.held", event, meeting, reverse("handlers:inbox") + "?tab=pending")


def _tell_units(kind: str, event, meeting, url: str) -> None:
    units = Unit.objects.in_bulk(event.data["units"])
    people = audiences.liaisons(units, day_of(event))
    for pk, unit in units.items():
        post(
            kind, about=f"meeting:{meeting.pk}", rung=f"{pk}:{event.pk}", recipients=people.get(pk, []),
            actor=event.actor, congress=unit.congress, url=url, context={"meeting": meeting, "unit": unit},
        )


@listen("suggestion.unassigned")
def tell_units_undone(event, case) -> None:
    """撤销交办：单位不必再签收。"""
    for assignment in Assignment.objects.filter(pk__in=event.data["assignments"]).select_related("unit"):
        people = audiences.liaisons([assignment.unit_id], day_of(event)).get(assignment.unit_id, [])
        post(
            "suggestion.unassigned", recipients=people, url=reverse("handlers:inbox"),
            context={"case": case, "assignment": assignment}, **_about(assignment, event),
        )


@listen("proposal.objected")
def tell_office_objected(event, proposal) -> None:
    """单位对拟交办有异议：告诉办公室裁定。"""
    case = proposal.suggestion
    post(
        "proposal.objected", about=f"proposal:{proposal.pk}", recipients=audiences.office(day_of(event)),
        actor=event.actor, case_id=case.pk, congress=case.congress,
        url=reverse("handlers:objection", args=[proposal.pk]), context={"case": case, "proposal": proposal},
    )


@listen("proposal.upheld", "proposal.changed")
def tell_unit_objection_decided(event, proposal) -> None:
    """异议已裁定：告诉提出的单位。"""
    case = proposal.suggestion
    people = audiences.liaisons([proposal.unit_id], day_of(event)).get(proposal.unit_id, [])
    post(
        "proposal.decided", about=f"proposal:{proposal.pk}", recipients=people, actor=event.actor, case_id=case.pk,
        congress=case.congress, url=reverse("handlers:proposals"),
        context={
            "case": case, "proposal": proposal, "new_unit": event.data.get("new_unit", ""), "reason": event.reason,
        },
    )


@listen("assignment.return_requested")
def tell_deciders_return(event, assignment: Assignment) -> None:
    """单位申请退回：告诉裁决的一方。"""
    request = ReturnRequest.objects.select_related("proposed_unit", "assignment__unit").get(pk=event.data["request"])
    people = audiences.deciders(assignment.unit, day_of(event), disputed=is_disputed(request))
    post(
        "assignment.return_requested", recipients=people, url=reverse("handlers:return_decision", args=[request.pk]),
        context={"case": assignment.suggestion, "assignment": assignment, "request": request},
        **_about(assignment, event),
    )


@listen("assignment.return_refused", "assignment.reassigned")
def tell_unit_return_decided(event, assignment: Assignment) -> None:
    """退回已裁决：告诉申请的单位。撤销交办另有消息。"""
    if event.data.get("undone"):
        return
    kind = "assignment.return_refused" if event.event == "assignment.return_refused" else "assignment.reassigned"
    post(
        kind, recipients=audiences.unit_people(assignment, day_of(event)), url=reverse("handlers:inbox"),
        context={"case": assignment.suggestion, "assignment": assignment, "reason": event.reason,
                 "new_unit": event.data.get("new_unit", "")},
        **_about(assignment, event),
    )
    if kind == "assignment.reassigned" and assignment.answers_deputy:
        _tell_deputies_changed(event, assignment)


def _tell_deputies_changed(event, assignment: Assignment) -> None:
    case = assignment.suggestion
    post(
        "suggestion.unit_changed", recipients=audiences.deputies(case), url=f"/my/{case.pk}/",
        context={"case": case, "old_unit": assignment.unit_name, "new_unit": event.data["new_unit"]},
        **_about(assignment, event),
    )


@listen("assignment.late_return_permitted")
def tell_unit_permitted(event, assignment: Assignment) -> None:
    """特批逾期退回：告诉单位到哪天为止。"""
    people = audiences.liaisons([assignment.unit_id], day_of(event)).get(assignment.unit_id, [])
    post(
        "assignment.late_return_permitted", recipients=people,
        url=reverse("handlers:return_request", args=[assignment.pk]),
        context={"case": assignment.suggestion, "assignment": assignment, "until": event.data["until"]},
        **_about(assignment, event),
    )


@listen("assignment.stopped")
def tell_unit_stopped(event, assignment: Assignment) -> None:
    """代表撤回，办理终止：告诉单位。"""
    post(
        "assignment.stopped", recipients=audiences.unit_people(assignment, day_of(event)),
        url=assignment.suggestion.get_absolute_url(),
        context={"case": assignment.suggestion, "assignment": assignment, "reason": event.reason},
        **_about(assignment, event),
    )


@listen("extension.requested")
def tell_deciders_extension(event, extension) -> None:
    """单位申请延期：告诉批复的一方。"""
    assignment = extension.assignment
    post(
        "extension.requested", recipients=audiences.deciders(assignment.unit, day_of(event)),
        url=reverse("handlers:extension_decision", args=[extension.pk]),
        context={"case": assignment.suggestion, "assignment": assignment, "extension": extension},
        **_about(assignment, event),
    )


@listen("extension.granted", "extension.refused")
def tell_extension_decided(event, extension) -> None:
    """延期已批复：告诉单位；批准的同时告知代表（上海第十九条）。"""
    assignment, today = extension.assignment, day_of(event)
    context = {"case": assignment.suggestion, "assignment": assignment, "extension": extension}
    about = _about(assignment, event)
    post(event.event, recipients=audiences.unit_people(assignment, today), context=context,
         url=assignment.suggestion.get_absolute_url(), **about)
    if extension.granted:
        post("extension.told", recipients=audiences.deputies(assignment.suggestion), context=context,
             url=f"/my/{assignment.suggestion_id}/", **about)

