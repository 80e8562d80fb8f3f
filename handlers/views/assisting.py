"""会办意见：会办单位写和送，主办单位看、催、要求重提、处理。"""
from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lianluo.accounts.decorators import signed_in
from lianluo.statemachine import DomainError
from lianluo.web import drafts
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.actions.attaching import add_attachment
from suggestions.models import Attachment, Purpose

from ..access import READS_ALL, access_assignment, may_in_unit
from ..actions import assisting
from ..forms.approving import SubmitForm
from ..forms.assisting import AdoptForm, AskAgainForm, OpinionForm
from ..letter_facts import assistants
from ..models import Assignment, AssignmentRole, AssistOpinion, OpinionStatus


@signed_in
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """会办单位的一页：草拟时可写，送出后看得到主办单位怎样处理。"""
    assignment = _helper(request.user, pk, "opine")
    found = AssistOpinion.objects.filter(assignment=assignment).first()
    posted = request.POST if request.method == "POST" else None
    form = OpinionForm(posted, request.FILES or None, initial=_initial(request, assignment, found))
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _save(request, assignment, data))
        if outcome.ok:
            return outcome.redirect(_after_save(request, assignment))
        status = outcome.status
    return _opinion_page(request, assignment, found, form, status)


def _helper(user, pk: int, for_: str) -> Assignment:
    """取会办关系；不是会办的没有这一页。"""
    assignment = access_assignment(user, pk, for_=for_)
    if assignment.role != AssignmentRole.ASSIST:
        raise Http404("只有会办单位提会办意见")
    return assignment


def _initial(request: HttpRequest, assignment: Assignment, found: AssistOpinion | None) -> dict:
    names = ("text", "document_number", "signed_by")
    known = {name: getattr(found, name) for name in names} if found else {}
    return {**known, **drafts.initial(request.user, _draft_key(assignment))}


def _draft_key(assignment: Assignment) -> str:
    return f"opinion:{assignment.pk}"


def _save(request: HttpRequest, assignment: Assignment, data: dict) -> AssistOpinion:
    values = {name: value for name, value in data.items() if name != "files"}
    hand_in = request.POST.get("do") == "hand_in"
    saved = assisting.save_opinion(assignment, hand_in=hand_in, actor=request.user, today=clock.today(), **values)
    for upload in data["files"]:
        add_attachment(
            assignment.suggestion, upload, purpose=Purpose.OPINION, about=f"opinion:{saved.pk}", actor=request.user
        )
    return saved


def _after_save(request: HttpRequest, assignment: Assignment) -> str:
    if request.POST.get("do") == "send" and may_in_unit(request.user, assignment.unit_id, "send_opinion"):
        return reverse("handlers:opinion_send", args=[assignment.pk])
    handed_in = request.POST.get("do") == "hand_in"
    said = "已保存，联络员会收到通知，核对后送主办单位" if handed_in else "会办意见草稿已保存，还没有送主办单位"
    messages.success(request, said)
    return reverse("handlers:opinion", args=[assignment.pk])


def _opinion_page(request: HttpRequest, assignment, found, form, status: int) -> HttpResponse:
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "opinion": found,
        "lead": assisting.lead_of(assignment), "files": files_of(found),
        "may_send": may_in_unit(request.user, assignment.unit_id, "send_opinion"),
        "may_allot": may_in_unit(request.user, assignment.unit_id, "allot"),
        "writable": found is None or found.status in assisting.WRITABLE,
        "draft_key": _draft_key(assignment), "draft": drafts.load(request.user, _draft_key(assignment)),
    }
    return render_page(request, "handlers/opinion.html", None, context, status=status)


def files_of(found: AssistOpinion | None):
    """会办意见的附件。"""
    if found is None:
        return Attachment.objects.none()
    return Attachment.objects.filter(suggestion=found.assignment.suggestion_id, about=f"opinion:{found.pk}")


@signed_in
def opinion_send(request: HttpRequest, pk: int) -> HttpResponse:
    """核对后送出；缺什么在按钮之前列明。"""
    assignment = _helper(request.user, pk, "send_opinion")
    found = AssistOpinion.objects.select_related("assignment").filter(assignment=assignment).first()
    if found is None:
        return redirect("handlers:opinion", pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = SubmitForm(posted)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: assisting.send_opinion(
            found, actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            if not outcome.repeated:
                messages.success(request, "会办意见已送出")
            return outcome.redirect(reverse("handlers:opinion", args=[pk]))
        status = outcome.status
    context = {
        "form": form, "assignment": assignment, "case": assignment.suggestion, "opinion": found,
        "lead": assisting.lead_of(assignment), "files": files_of(found), "missing": assisting.lacks(found),
    }
    return render_page(request, "handlers/opinion_send.html", None, context, status=status)


def _lead(user, pk: int) -> tuple[Assignment, bool]:
    """主办关系，以及此人能不能处理会办意见；办公室可以看。"""
    assignment = access_assignment(user, pk)
    if assignment.role != AssignmentRole.LEAD:
        raise Http404("只有主办单位处理会办意见")
    handles = may_in_unit(user, assignment.unit_id, "draft")
    if not handles and not user.has_role(*READS_ALL):
        raise PermissionDenied("会办意见只给主办单位看")
    return assignment, handles


@signed_in
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """主办单位看各会办单位的意见。"""
    assignment, handles = _lead(request.user, pk)
    return _opinions_page(request, assignment, handles)


def _opinions_page(request: HttpRequest, assignment, handles: bool, bound=None, status: int = 200) -> HttpResponse:
    context = {
        "assignment": assignment, "case": assignment.suggestion, "handles": handles, "form": bound,
        "today": clock.today(),
        "rows": [opinion_row(helper, bound) for helper in assistants(assignment).select_related("unit", "opinion")],
    }
    return render_page(request, "handlers/opinions.html", None, context, status=status)


def opinion_row(helper: Assignment, bound=None) -> dict:
    """一家会办单位：意见没有送出就不给看。"""
    found = getattr(helper, "opinion", None)
    shown = found if found is not None and found.status in (OpinionStatus.SENT, OpinionStatus.ADOPTED) else None
    adopt = ask = None
    if shown is not None:
        prefix = f"opinion-{shown.pk}"
        initial = {"adoption": shown.adoption, "note": shown.adoption_note}
        adopt = bound if _is(bound, AdoptForm, prefix) else AdoptForm(prefix=prefix, initial=initial)
        ask = bound if _is(bound, AskAgainForm, prefix) else AskAgainForm(prefix=prefix)
    return {
        "helper": helper, "opinion": shown, "asked_again": found is not None and found.status == OpinionStatus.RESUBMIT,
        "reason": found.resubmit_reason if found else "", "files": files_of(shown), "adopt": adopt, "ask": ask,
        "urged_on": assisting.last_urged(helper), "waiting": shown is None,
    }


def _is(bound, kind: type, prefix: str) -> bool:
    return isinstance(bound, kind) and bound.prefix == prefix


def _sent(request: HttpRequest, pk: int) -> tuple[AssistOpinion, Assignment]:
    """要处理的会办意见和主办关系。"""
    found = AssistOpinion.objects.select_related("assignment__suggestion").filter(pk=pk).first()
    lead = assisting.lead_of(found.assignment) if found else None
    if lead is None:
        raise Http404("没有这份会办意见")
    assignment, handles = _lead(request.user, lead.pk)
    if not handles:
        raise PermissionDenied("会办意见由主办单位处理")
    return found, assignment


@signed_in
@require_POST
def opinion_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """采纳情况。"""
    found, lead = _sent(request, pk)
    form = AdoptForm(request.POST, prefix=f"opinion-{pk}")
    outcome = submit(request, form, lambda data: assisting.adopt_opinion(
        found, actor=request.user, today=clock.today(), **data
    ))
    if outcome.ok:
        if not outcome.repeated:
            said = f"{outcome.result.get_adoption_display()}{found.assignment.unit_name}的会办意见，已记下"
            messages.success(request, said)
        return outcome.redirect(reverse("handlers:opinions", args=[lead.pk]))
    return _opinions_page(request, lead, True, form, outcome.status)


@signed_in
@require_POST
def opinion_again(request: HttpRequest, pk: int) -> HttpResponse:
    """要求重提。"""
    found, lead = _sent(request, pk)
    form = AskAgainForm(request.POST, prefix=f"opinion-{pk}")
    outcome = submit(request, form, lambda data: assisting.ask_opinion_again(
        found, actor=request.user, today=clock.today(), **data
    ))
    if outcome.ok:
        messages.success(request, f"已要求{found.assignment.unit_name}重提，5 个工作日内重新送来")
        return outcome.redirect(reverse("handlers:opinions", args=[lead.pk]))
    return _opinions_page(request, lead, True, form, outcome.status)


@signed_in
@require_POST
def opinion_urge(request: HttpRequest, pk: int) -> HttpResponse:
    """催一家会办单位。"""
    helper = Assignment.objects.filter(pk=pk, role=AssignmentRole.ASSIST).first()
    lead = assisting.lead_of(helper) if helper else None
    if lead is None:
        raise Http404("没有这个会办关系")
    assignment, handles = _lead(request.user, lead.pk)
    if not handles:
        raise PermissionDenied("会办意见由主办单位催")
    try:
        assisting.urge_opinion(helper, actor=request.user, today=clock.today())
        messages.success(request, f"已催{helper.unit_name}，对方联络员和承办人会收到通知")
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect("handlers:opinions", pk=assignment.pk)
