"""台账的一条：状态、缺项、进展、历次销号，和在这一条上办的事。"""
from __future__ import annotations

from django.contrib import messages
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from lianluo.accounts.decorators import signed_in
from lianluo.statemachine import DomainError
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.actions.attaching import add_attachment
from suggestions.models import Purpose

from .. import access
from ..access import access_entry
from ..actions import difficulties, signing_off
from ..actions import progress as progressing
from ..conditions import Grounds, conditions
from ..deadline_links import explained_at
from ..forms import ApplyForm, DecisionForm, ProgressForm, ReopenForm
from ..ledger_rows import is_done, to_row
from ..models import SETTLED_WITHIN, LedgerEntry, LedgerKind, LedgerStatus

#: 核准页的两个按钮：各做什么，做完怎么说
DECISIONS = {
    "yes": (signing_off.grant_sign_off, "已核准销号，单位会收到通知"),
    "no": (signing_off.refuse_sign_off, "已退回单位，条目继续在账"),
}


@require_GET
@signed_in
def show(request, pk: int):
    """一条台账。"""
    entry = access_entry(request.user, pk)
    context = {
        "entry": entry, "row": to_row(entry, clock.today()), "missing": [] if is_done(entry) else conditions(entry),
        "signing_offs": entry.signing_offs.select_related("applied_by", "decided_by", "reopened_by")
        .prefetch_related("evidence"),
        "progress": entry.progress.select_related("added_by", "evidence"), "due_url": explained_at(entry),
        **_allowed(request.user, entry),
    }
    return render_page(request, "supervision/ledger/entry.html", None, context)


def _allowed(user, entry: LedgerEntry) -> dict:
    """此人现在能在这一条上办什么。"""
    owed, main = not is_done(entry), entry.kind == LedgerKind.MAIN or entry.kind in SETTLED_WITHIN
    decides = access.may(user, entry, "decide")
    return {
        "applies": owed and not main and entry.status == LedgerStatus.OPEN and access.may(user, entry, "apply"),
        "decides": owed and entry.status == LedgerStatus.READY and decides,
        "reports": owed and not main and access.may(user, entry, "progress"),
        **_within(user, entry, owed),
        "reopens": not entry.closed_on and not main and entry.status == LedgerStatus.SIGNED_OFF
        and access.may(user, entry, "reopen"),
        "next_ready": _next_ready(user, entry) if decides and entry.status != LedgerStatus.READY else None,
    }


def _within(user, entry: LedgerEntry, owed: bool) -> dict:
    """困难：此人能不能记协调、写明解决结果。"""
    is_difficulty = entry.kind == LedgerKind.DIFFICULTY
    return {
        "within": entry.kind in SETTLED_WITHIN,
        "coordinates": owed and is_difficulty and access.may(user, entry, "progress"),
        "settles": owed and is_difficulty and difficulties.may_settle(user, entry),
    }


def _next_ready(user, entry: LedgerEntry) -> int | None:
    """还有别的等核准：下一条是哪条。"""
    rows = LedgerEntry.objects.visible_to(user).awaiting_decision().exclude(pk=entry.pk)
    return rows.order_by("due_on", "id").values_list("pk", flat=True).first()


@require_http_methods(["GET", "POST"])
@signed_in
def apply(request, pk: int):
    """单位申请销号：条件不足时列缺项。"""
    entry = access_entry(request.user, pk, for_="apply")
    form = ApplyForm(request.POST or None, request.FILES or None)

    def act(data):
        return signing_off.apply_sign_off(
            entry, statement=data["statement"], evidence=_stored(entry, data["evidence"], request.user),
            actor=request.user, today=clock.today(),
        )

    return _form_page(
        request, entry, form, act, "申请销号", done="已申请销号，等人大办事机构核准", missing=conditions(entry)
    )


def _stored(entry: LedgerEntry, uploads, actor) -> list:
    return [
        add_attachment(entry.suggestion, upload, purpose=Purpose.EVIDENCE, about=f"ledger:{entry.pk}", actor=actor)
        for upload in uploads
    ]


@require_http_methods(["GET", "POST"])
@signed_in
def decide(request, pk: int):
    """办公室核准或不予销号；申请人不能自批。"""
    entry = access_entry(request.user, pk, for_="decide")
    form, pressed = DecisionForm(request.POST or None), request.POST.get("grant", "")

    def act(data):
        if pressed not in DECISIONS:
            raise DomainError("按核准销号或不予销号其中一个按钮")
        return DECISIONS[pressed][0](entry, note=data["note"], actor=request.user, today=clock.today())

    waiting = entry.signing_offs.filter(granted__isnull=True).select_related("applied_by").prefetch_related("evidence")
    application = waiting.first()
    return _form_page(
        request, entry, form, act, "核准销号", template="decide", missing=conditions(entry), application=application,
        own=application is not None and application.applied_by_id == request.user.pk, last_part=_closes_case(entry),
        done=DECISIONS[pressed][1] if pressed in DECISIONS else "",
    )


def _closes_case(entry: LedgerEntry) -> bool:
    """核准这一条之后，件的条目就齐了，件随即办结。"""
    if entry.kind != LedgerKind.HANDLING:
        return False
    main = LedgerEntry.objects.get(suggestion=entry.suggestion_id, kind=LedgerKind.MAIN)
    return all(part.pk == entry.pk for part in Grounds([main]).parts.get(main.suggestion_id, []))


@require_http_methods(["GET", "POST"])
@signed_in
def reopen(request, pk: int):
    """恢复挂账：理由必填，原销号留在历史里。"""
    entry = access_entry(request.user, pk, for_="reopen")

    def act(data):
        return signing_off.reopen_entry(entry, reason=data["reason"], actor=request.user, today=clock.today())

    form = ReopenForm(request.POST or None)
    return _form_page(request, entry, form, act, "恢复挂账", done="已恢复挂账，单位会收到通知")


@require_http_methods(["GET", "POST"])
@signed_in
def progress(request, pk: int):
    """报进展：数字与文件至少有一样。"""
    entry = access_entry(request.user, pk, for_="progress")
    form = ProgressForm(request.POST or None, request.FILES or None, initial={"happened_on": clock.today()})

    def act(data):
        upload = data["evidence"]
        return progressing.add_progress(
            entry, text=data["text"], figure=data["figure"], happened_on=data["happened_on"],
            evidence=_stored(entry, [upload], request.user)[0] if upload else None, actor=request.user,
            today=clock.today(),
        )

    return _form_page(request, entry, form, act, "报进展", done="进展已记下")


def _form_page(request, entry: LedgerEntry, form, act, heading: str, *, done: str, template: str = "form", **more):
    """四张表同一个样子：提交成了回到条目，没成连同打过的字再给一次。"""
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, act)
        if outcome.ok:
            messages.success(request, done)
            return outcome.redirect(reverse("supervision:ledger_entry", args=[entry.pk]))
        status = outcome.status
    context = {"entry": entry, "row": to_row(entry, clock.today()), "form": form, "heading": heading, **more}
    return render_page(request, f"supervision/ledger/{template}.html", None, context, status=status)
