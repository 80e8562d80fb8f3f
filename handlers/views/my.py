"""代表自己的页：我的建议、一件的经过、答复全文、“未联系过我”。手机上一列到底，没有脚本也走得通。"""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.paging import paginate
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock
from suggestions.access import access_suggestion, attachments_for
from suggestions.models import Deputy, Purpose, Suggestion
from suggestions.panels import may_withdraw

from .. import deputy_desk, journey, letters, reading, serving, whereabouts
from ..actions import denying
from ..counterparts import counterparts_of
from ..forms.evaluating import DenyForm
from ..models import ActivityDeputy, Reply

deputy_only = roles_required(Role.DEPUTY)
PAGE = 20


@require_GET
@deputy_only
def home(request: HttpRequest) -> HttpResponse:
    """我的建议：等他办的在前，其余的在后，每件一句话说到了哪里。"""
    deputy = request.user.deputy
    page = paginate(request, deputy_desk.own_cases(deputy), PAGE)
    cards = deputy_desk.cards(list(page), deputy, clock.today())
    return render_page(request, "handlers/my/home.html", None, {
        "page": page, "urgent": [card for card in cards if card.waiting or card.sent_back],
        "others": [card for card in cards if not (card.waiting or card.sent_back)],
        "invitations": deputy_desk.invitations(deputy), "in_hand": deputy_desk.in_hand(deputy),
        "paired": counterparts_of(deputy, clock.today()), "to_answer": serving.to_answer(deputy, clock.today()),
    })


@require_GET
@deputy_only
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """一件的经过，像查包裹；还没有提交的转到写的那一页。"""
    deputy = request.user.deputy
    found = _own_case(request, pk, deputy)
    is_lead = found.lead_deputy_id == deputy.pk
    if found.status in deputy_desk.IN_HAND:
        return redirect("suggestions:my_edit", pk=pk) if is_lead else redirect("suggestions:cosign_list")
    facts, today = journey.facts_of(found, deputy), clock.today()
    due = found.main.dues.open().order_by("due_on").first()
    return render_page(request, "handlers/my/case.html", None, {
        "case": found, "is_lead": is_lead,
        "sentence": whereabouts.sentence(found, facts.live, facts.mine, today),
        "waiting": [one for one in facts.mine if whereabouts.can_rate(one)],
        "future": journey.future(facts, due.due_on if due else None), "past": journey.past(facts),
        "contacts": deputy_desk.contacts(found), "activities": facts.contacts,
        "promises": deputy_desk.promises(facts.mine), "today": today, "requests": list(found.requests.all()),
        "cosigners": list(found.cosigners.filter(refused_at__isnull=True).select_related("deputy")),
        "files": list(attachments_for(request.user, found).filter(purpose__in=(Purpose.MATERIAL, Purpose.ORIGINAL))),
        "may_withdraw": may_withdraw(request.user, found),
    })


def _own_case(request: HttpRequest, pk: int, deputy: Deputy) -> Suggestion:
    """本人领衔或联名的一件；别人的、不存在的一样是 404。"""
    found = access_suggestion(request.user, pk)
    joined = found.cosigners.filter(deputy=deputy, refused_at__isnull=True)
    if found.lead_deputy_id != deputy.pk and not joined.exists():
        raise Http404("没有这件建议")
    return found


@require_GET
@deputy_only
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """答复全文：写给他本人的那一封；打开即记下已阅读。"""
    deputy = request.user.deputy
    rows = list(journey.own_deliveries(deputy).filter(reply=pk).select_related(
        "reply__assignment__suggestion__session__term", "suggestion__session__term", "reply__result_class"
    ))
    if not rows:
        raise Http404("没有送给您的这份答复")
    reading.mark_read(rows, clock.now())
    found = Reply.objects.select_related("assignment__suggestion__session__term", "result_class").get(pk=pk)
    return render_page(request, "handlers/my/reply.html", None, {
        "reply": found, "case": rows[0].suggestion, "deliveries": rows,
        "letter": letters.compose(found, deputy, rows[0].suggestion),
        "waiting": [one for one in rows if whereabouts.can_rate(one)],
    })


# ── 未联系过我 ──
def _own_contact(request: HttpRequest, pk: int) -> ActivityDeputy:
    rows = ActivityDeputy.objects.select_related("activity__unit").prefetch_related("activity__members")
    return get_object_or_404(rows, pk=pk, deputy=request.user.deputy)


def _case_of(row: ActivityDeputy, deputy: Deputy) -> str:
    """回到哪一件：这次联系涉及的、他自己的那一件。"""
    mains = list(row.activity.cases.values_list("assignment__suggestion", flat=True))
    own = deputy_desk.own_cases(deputy)
    found = own.filter(pk__in=mains).first() or own.filter(merged_into__in=mains).first()
    return reverse("deputy:case", args=[found.pk]) if found else reverse("deputy:home")


@require_http_methods(["GET", "POST"])
@deputy_only
def deny(request: HttpRequest, pk: int) -> HttpResponse:
    """标明没有这次联系：先核对，再告诉办事机构。"""
    row = _own_contact(request, pk)
    form, status = DenyForm(request.POST or None), 200
    back = _case_of(row, request.user.deputy)
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _deny(request, row, data, back))
        if outcome.ok:
            messages.success(request, "已告诉人大办事机构，会向单位核实")
            return outcome.redirect()
        status = outcome.status
    return render_page(
        request, "handlers/my/deny.html", None, {"row": row, "form": form, "back": back}, status=status
    )


def _deny(request: HttpRequest, row: ActivityDeputy, data: dict, back: str) -> str:
    denying.deny_activity(row, note=data["note"], actor=request.user, today=clock.today())
    return back


@require_POST
@deputy_only
def take_back_denial(request: HttpRequest, pk: int) -> HttpResponse:
    """标错了，改回来。"""
    row = _own_contact(request, pk)
    denying.take_back_denial(row, actor=request.user, today=clock.today())
    messages.success(request, "已改回来，这次联系照常算")
    return redirect(_case_of(row, request.user.deputy))
