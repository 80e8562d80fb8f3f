"""交办会：一览、建立、一场的情况、核对与集中交办、交办清单。"""
from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.congresses.models import current_session
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import meetings
from ..actions import meeting as acting
from ..forms.assigning import PlainForm
from ..forms.meeting import MeetingForm
from ..models import AssignmentMeeting, MeetingStatus, Unit
from .board import OFFICES, submit_or_raise


def _meeting(pk: int) -> AssignmentMeeting:
    return get_object_or_404(AssignmentMeeting.objects.select_related("session__profile", "session__term"), pk=pk)


def _url(meeting: AssignmentMeeting) -> str:
    return reverse("handlers:meeting", args=[meeting.pk])


@require_GET
@roles_required(*OFFICES)
def index(request):
    """全部交办会，新的在上。"""
    rows = AssignmentMeeting.objects.select_related("session").annotate(
        waiting=Count("proposals__suggestion", filter=Q(proposals__suggestion__status="registered"), distinct=True)
    )
    page = paginate(request, rows)
    handed = meetings.handed_counts([row.pk for row in page])
    context = {"page": page, "rows": [(row, handed.get(row.pk, (0, 0))) for row in page]}
    return render_page(request, "handlers/meeting/index.html", None, context)


@require_http_methods(["GET", "POST"])
@roles_required(Role.NPC_OFFICE)
def create(request):
    """建立交办会：已拟定而没有归会的件一并列入。"""
    session = current_session()
    if session is None:
        raise Http404("还没有建立会议")
    initial = {"name": f"{session.name}代表建议交办会", "held_on": clock.today()}
    form = MeetingForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _url(acting.prepare_meeting(
            session=session, **data, actor=request.user, today=clock.today()
        )))
        if outcome.ok:
            return outcome.redirect()
        status = outcome.status
    context = {"form": form, "session": session, "waiting": acting.waiting_proposals(session).count()}
    return render_page(request, "handlers/meeting/form.html", None, context, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(Role.NPC_OFFICE)
def edit(request, pk: int):
    """改会议的名称、日期、地点、主持。"""
    meeting = _meeting(pk)
    initial = {name: getattr(meeting, name) for name in ("name", "held_on", "place", "chair")}
    form, status = MeetingForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: acting.change_meeting(
            meeting, **data, actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            return outcome.redirect(_url(meeting))
        status = outcome.status
    return render_page(
        request, "handlers/meeting/form.html", None, {"form": form, "meeting": meeting}, status=status
    )


@require_GET
@roles_required(*OFFICES)
def show(request, pk: int):
    """一场交办会：筹备中看拟定与异议，已交办看各单位件数。"""
    meeting = _meeting(pk)
    held = meeting.status == MeetingStatus.HELD
    context = {
        "meeting": meeting, "held": held, "tally": meetings.tally(meeting), "totals": meetings.totals(meeting),
        "may_assign": request.user.has_role(Role.NPC_OFFICE), "today": clock.today(),
    }
    if not held:
        rows = acting.without_taker(meeting)
        context |= {
            "obstacles": acting.obstacles(meeting, clock.today()), "objections": meetings.objections(meeting),
            "untaken": rows.select_related("session")[:20], "untaken_count": rows.count(),
        }
    return render_page(request, "handlers/meeting/detail.html", None, context)


@require_POST
@roles_required(Role.NPC_OFFICE)
def announce(request, pk: int):
    """拟交办送各单位征求意见。"""
    meeting = _meeting(pk)
    outcome = submit_or_raise(request, lambda data: acting.announce_proposals(
        meeting, actor=request.user, today=clock.today()
    ))
    if not outcome.repeated:
        messages.success(request, f"已送 {outcome.result} 个单位，会前可以提出异议")
    return redirect(_url(meeting))


@require_http_methods(["GET", "POST"])
@roles_required(Role.NPC_OFFICE)
def hand_over(request, pk: int):
    """核对各单位件数，然后一次交办全部拟定的件。中断后重开这一页，看得到办成没有。"""
    meeting = _meeting(pk)
    if meeting.status == MeetingStatus.HELD:
        return redirect(_url(meeting))
    form, status = PlainForm(request.POST or None), 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: acting.hand_over(
            meeting, actor=request.user, today=clock.today()
        ))
        if outcome.ok:
            return outcome.redirect(f"{_url(meeting)}?done=1")
        status = outcome.status
    context = {
        "meeting": meeting, "form": form, "tally": meetings.tally(meeting), "totals": meetings.totals(meeting),
        "obstacles": acting.obstacles(meeting, clock.today()), "today": clock.today(),
        "reply_due": meetings.reply_due(meeting, clock.today()),
    }
    return render_page(request, "handlers/meeting/hand_over.html", None, context, status=status)


@require_GET
@roles_required(*OFFICES)
def print_lists(request, pk: int, unit_pk: int | None = None):
    """交办清单：每个单位一份，带签收栏；筹备中印的是拟交办。"""
    meeting = _meeting(pk)
    unit = get_object_or_404(Unit, pk=unit_pk) if unit_pk else None
    lists = meetings.lists(meeting, unit)
    if unit and not lists:
        raise Http404("这场交办会没有交给这个单位的件")
    context = {"meeting": meeting, "lists": lists, "held": meeting.status == MeetingStatus.HELD}
    return render_page(request, "handlers/meeting/print.html", None, context)
