"""审查队列：左边排队，中间原文，右边相近与决定；没有默认，定了就到下一件。"""
from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.audit.models import AuditEvent
from lianluo.text.numbers import int_of
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access, numbering, similar
from ..actions import grouping, registering
from ..forms.review import DECLINE, MERGE, REGISTER, RETURN, ReviewForm
from ..models import Suggestion, SuggestionStatus, numbered
from .pressing import press

REVIEWERS = access.CAPABILITIES["review"]
QUEUE = 50
DECIDED = ("suggestion.registered", "suggestion.returned", "suggestion.declined")
#: 可以撤销刚才的决定：登记了的编号不收回
UNDOABLE = {SuggestionStatus.RETURNED: "退回补充", SuggestionStatus.DECLINED: "不作为建议"}


@require_GET
@roles_required(*REVIEWERS)
def review(request: HttpRequest) -> HttpResponse:
    """队列；先看最早提交的。"""
    queue = _queue(request)
    first = queue[0]["pk"] if queue else None
    return _page(request, queue, _load(request, first) if first else None)


@require_http_methods(["GET", "POST"])
@roles_required(*REVIEWERS)
def review_one(request: HttpRequest, pk: int) -> HttpResponse:
    """看一件；POST 作决定，成了就到下一件。"""
    queue = _queue(request)
    case = _load(request, pk)
    if request.method == "GET":
        return _page(request, queue, case)
    form = ReviewForm(request.POST, suggestion=case)
    after = _next_url(queue, pk)
    outcome = submit(request, form, lambda data: _decide(request, case, data, after))
    if outcome.ok:
        return outcome.redirect(after)
    return _page(request, _queue(request), _load(request, pk), form, status=outcome.status)


@require_POST
@roles_required(*REVIEWERS)
def review_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销刚才的退回或不作为建议，回到待审查。"""
    case = access.access_suggestion(request.user, pk, for_="review")
    return press(request, lambda: _undo(request, case), reverse("suggestions:review"), done="已撤销，回到待审查")


def _undo(request: HttpRequest, case: Suggestion) -> str:
    if not _decided_by(request, case):
        raise Http404("只能撤销自己刚才的决定")
    act = registering.recall_return if case.status == SuggestionStatus.RETURNED else registering.reopen_declined
    act(case, reason="撤销刚才的审查决定", actor=request.user, today=clock.today())
    return reverse("suggestions:review_one", args=[case.pk])


def _decided_by(request: HttpRequest, case: Suggestion) -> bool:
    """最近一次决定是不是此人今天作的。"""
    last = AuditEvent.objects.about(case).filter(event__in=DECIDED).order_by("-id").first()
    if last is None or last.actor_id != request.user.pk:
        return False
    return last.at.astimezone(clock.BEIJING).date() == clock.today()


# ── 取数 ──
def _queue(request: HttpRequest) -> list[dict]:
    """待审查的，先到先审；只取队列要画的几列。"""
    waiting = Suggestion.objects.visible_to(request.user).awaiting_review().order_by("submitted_on", "pk")
    return list(waiting.values(
        "pk", "title", "kind", "lead_deputy__name", "similar_count", "made_by__name", "submitted_on", "due_on",
        own=Q(made_by=F("lead_deputy__account")),
    )[:QUEUE])


def _load(request: HttpRequest, pk: int) -> Suggestion:
    return access.access_suggestion(request.user, pk, for_="review")


def _next_url(queue: list[dict], pk: int) -> str:
    """队列里的下一件；这是最后一件就回队列。"""
    rest = [row["pk"] for row in queue if row["pk"] != pk]
    later = [row["pk"] for index, row in enumerate(queue) if row["pk"] != pk and index > _place(queue, pk)]
    following = (later or rest or [None])[0]
    url = reverse("suggestions:review_one", args=[following]) if following else reverse("suggestions:review")
    return f"{url}?{urlencode({'last': pk})}"


def _place(queue: list[dict], pk: int) -> int:
    return next((index for index, row in enumerate(queue) if row["pk"] == pk), -1)


def _decide(request: HttpRequest, case: Suggestion, data: dict, after: str) -> str:
    """按选的办；登记、退回、并案、不作为建议各是一个动作。"""
    common = {"actor": request.user, "today": clock.today()}
    note, decision = data["note"], data["decision"]
    if decision == REGISTER:
        registering.register_suggestion(case, category=data["category"], **common)
    elif decision == RETURN:
        registering.return_to_deputy(case, note=note, **common)
    elif decision == MERGE:
        grouping.register_and_merge(case, into=data["into"], reason=note, category=data["category"], **common)
    elif decision == DECLINE:
        registering.decline_suggestion(
            case, ground=data["ground"], note=note, disposition=data["disposition"],
            told_how=data.get("told_how", ""), **common,
        )
    return after


def _page(
    request: HttpRequest, queue: list[dict], case: Suggestion | None, form: ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    open_case = case if case is not None and case.status == SuggestionStatus.SUBMITTED else None
    return render_page(request, "suggestions/review.html", None, {
        "queue": queue, "case": case, "open": open_case is not None,
        "form": form or (ReviewForm(suggestion=case) if open_case else None),
        "decided_today": _decided_today(request), "last": _last(request), "waiting": _waiting(request, queue),
        **(_detail(request, case) if case else {}),
    }, status=status)


def _detail(request: HttpRequest, case: Suggestion) -> dict:
    """原文、附件、相近件、退回过几次、登记后会是几号。"""
    times = registering.times_returned(case)
    visible = Suggestion.objects.visible_to(request.user)
    return {
        "requests": list(case.requests.all()), "cosigners": list(case.cosigners.select_related("deputy")),
        "attachments": list(access.attachments_for(request.user, case)),
        "similar_items": similar.similar_to(case, within=visible), "times_returned": times,
        "returned_often": times >= registering.RETURNS_TO_WARN,
        "next_number": numbered(
            case.series, numbering.upcoming_number(case.session, case.series), case.converted_from_bill
        ),
    }


def _waiting(request: HttpRequest, queue: list[dict]) -> str:
    """待审查几件；满五十件才另数，至多数到一千。"""
    if len(queue) < QUEUE:
        return str(len(queue))
    count = Suggestion.objects.visible_to(request.user).awaiting_review().order_by().values("pk")[:1001].count()
    return "1000+" if count > 1000 else str(count)


def _decided_today(request: HttpRequest) -> int:
    """此人今天审了几件；撤销了的又在待审查里，不算。"""
    events = AuditEvent.objects.done_by(request.user, *DECIDED, since=clock.today())
    decided = Suggestion.objects.filter(pk__in=events.values("target_id"))
    return decided.exclude(status=SuggestionStatus.SUBMITTED).count()


def _last(request: HttpRequest) -> dict | None:
    """刚才审的那一件，和能不能撤销。"""
    pk = int_of(request.GET.get("last"))
    if pk is None:
        return None
    case = Suggestion.objects.visible_to(request.user).select_related("session").filter(pk=pk).first()
    if case is None or case.status == SuggestionStatus.SUBMITTED:
        return None
    return {"case": case, "undo": case.status in UNDOABLE and _decided_by(request, case)}
