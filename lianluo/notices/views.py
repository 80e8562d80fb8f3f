"""通知中心、通知设置、发送记录。"""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lianluo.accounts.decorators import roles_required, signed_in
from lianluo.web.paging import paginate
from lianluo.web.render import redirect_to, render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from . import inbox, sending
from .forms import PreferenceForm
from .models import Digest, Notice, NoticeDelivery, NoticePreference

TABS = {"unread": "未读", "all": "全部", "done": "已处理"}
SENDINGS = {"digests": Digest, "singles": NoticeDelivery}
#: 看发送记录的：办事机构，和管运行的系统管理员。
WATCHERS = ("npc_office", "sysadmin")


def _tab(request: HttpRequest) -> str:
    tab = request.GET.get("tab", "unread")
    return tab if tab in TABS else "unread"


@require_safe
@signed_in
def list_notices(request: HttpRequest) -> HttpResponse:
    """通知中心：未读、全部、已处理；本页内同一事项的归在一起，按最新的一条排。"""
    tab, counts = _tab(request), inbox.tab_counts(request.user)
    rows = Notice.objects.for_recipient(request.user)
    rows = {"unread": rows.unread, "all": rows.all, "done": rows.done}[tab]()
    page = paginate(request, rows, count=counts[tab])
    tabs = [(code, label, counts[code]) for code, label in TABS.items()]
    context = {
        "tab": tab, "tabs": tabs, "page": page, "groups": _by_matter(page.items), "counts": counts,
        "sees_sendings": request.user.has_role(*WATCHERS),
    }
    return render_page(request, "notices_pages/list.html", "notices_pages/_notice_list.html", context)


def _by_matter(notices) -> list[list[Notice]]:
    groups: dict[str, list[Notice]] = {}
    for notice in notices:
        groups.setdefault(notice.about, []).append(notice)
    return list(groups.values())


def _back(request: HttpRequest) -> HttpResponse:
    """回到刚才那个页签。"""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect_to(request, target if safe else reverse("notices:list"))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """全部标为已读。"""
    inbox.mark_read(request.user, now=clock.now())
    return _back(request)


def _own(request: HttpRequest, pk: int) -> Notice:
    """本人的通知；别人的与不存在的没有分别。"""
    return get_object_or_404(Notice.objects.for_recipient(request.user), pk=pk)


@require_POST
@signed_in
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """标为已读。"""
    inbox.mark_read(request.user, notice_id=_own(request, pk).pk, now=clock.now())
    return _back(request)


@require_POST
@signed_in
def done_one(request: HttpRequest, pk: int) -> HttpResponse:
    """标为已处理。"""
    inbox.mark_done(request.user, _own(request, pk).pk, now=clock.now())
    return _back(request)


@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """通知设置：邮件汇总与短信各自可停，站内通知一直有。"""
    choice = NoticePreference.objects.filter(account=request.user).first() or NoticePreference(account=request.user)
    form = PreferenceForm(request.POST or None, instance=choice)
    if request.method == "POST":
        outcome = submit(request, form, lambda _: form.save())
        if outcome.ok:
            messages.success(request, "通知设置已保存")
            return outcome.redirect(reverse("notices:preferences"))
        return render_page(request, "notices_pages/preferences.html", None, {"form": form}, status=outcome.status)
    return render_page(request, "notices_pages/preferences.html", None, {"form": form})


@require_safe
@roles_required(*WATCHERS)
def list_sendings(request: HttpRequest) -> HttpResponse:
    """发送记录：汇总邮件与单独发送；未成的排在前一个页签，可以重试。系统管理员看不到内容。"""
    kind = request.GET.get("kind", "digests")
    if kind not in SENDINGS:
        raise Http404
    only_failures = request.GET.get("state") == "failures"
    rows = _sendings(kind)
    page = paginate(request, rows.failures() if only_failures else rows)
    context = {
        "kind": kind, "page": page, "only_failures": only_failures, "may_read": request.user.has_role("npc_office"),
        "failures": {code: _sendings(code).failures().count() for code in SENDINGS},
        "max_tries": sending.MAX_TRIES - 1,
    }
    return render_page(request, "notices_pages/sendings.html", "notices_pages/_sending_table.html", context)


def _sendings(kind: str):
    """汇总里的各条随汇总，不再单列。"""
    if kind == "digests":
        return Digest.objects.select_related("recipient")
    return NoticeDelivery.objects.filter(digest=None).select_related("notice__recipient")


@require_POST
@roles_required(*WATCHERS)
def retry_sending(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """重试一次没有发成的。"""
    if kind not in SENDINGS:
        raise Http404
    row = get_object_or_404(SENDINGS[kind], pk=pk)
    if sending.retry(row, clock.now()):
        messages.success(request, "已排队重发，工作日 8 时至 20 时内十分钟内发出")
    else:
        messages.info(request, "这一条不用重发：已发出，或正在发送")
    return redirect(f"{reverse('notices:sendings')}?kind={kind}")
