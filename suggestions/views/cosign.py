"""联名代表确认：登录后的名单与确认页，和不必登录的个人链接，看到的是同一份文本。"""
from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lianluo.accounts import links
from lianluo.accounts.decorators import roles_required
from lianluo.accounts.roles import Role
from lianluo.web.render import render_page
from lianluo.web.submit import submit
from lianluo.workdays import clock

from .. import access
from ..actions import writing
from ..actions.cosigning import confirm_cosign, refuse_cosign
from ..forms.own import CosignForm
from ..models import CoSigner, SuggestionStatus
from ..querysets import FILED
from .pressing import posted

_ANSWERS = {"yes": "同意联名", "no": "不参加联名"}


@require_GET
@roles_required(Role.DEPUTY)
def cosign_list(request: HttpRequest) -> HttpResponse:
    """请我联名的：先列等我答复的。"""
    rows = (
        CoSigner.objects.filter(deputy=access.deputy_of(request.user), suggestion__status=SuggestionStatus.COSIGNING)
        .select_related("suggestion__lead_deputy").order_by("-invited_at", "-pk")
    )
    listed = list(rows)
    return render_page(request, "suggestions/cosign_list.html", None, {
        "waiting": [row for row in listed if not row.confirmed_hash and not row.refused_at],
        "answered": [row for row in listed if row.confirmed_hash or row.refused_at],
    })


@require_http_methods(["GET", "POST"])
@roles_required(Role.DEPUTY)
def cosign(request: HttpRequest, pk: int) -> HttpResponse:
    """看全文，确认或谢绝。"""
    row = get_object_or_404(_rows(), pk=pk, deputy=access.deputy_of(request.user))
    return _answer(request, row, how=writing.ONLINE, done=reverse("suggestions:cosign_list"))


@never_cache
@require_http_methods(["GET", "POST"])
def cosign_link(request: HttpRequest, token: str) -> HttpResponse:
    """个人链接：不登录也能确认；只给这位代表、只为这一件，答复即用掉。"""
    try:
        link = links.resolve(writing.LINK_PURPOSE, token)
    except links.LinkError as error:
        return render_page(request, "suggestions/cosign_dead.html", None, {"sentence": error.sentence}, error.status)
    row = _row_of(link)
    return _answer(request, row, how=writing.BY_LINK, link=link, done="")


def _rows():
    return CoSigner.objects.select_related("suggestion__lead_deputy", "suggestion__session", "deputy__account")


def _row_of(link) -> CoSigner:
    """链接对应的那一行；名单里已经没有他，就是 404。"""
    kind, _, pk = link.subject.partition(":")
    row = _rows().filter(pk=int(pk), deputy_id=link.deputy_id).first() if kind == "cosigner" else None
    if row is None:
        raise Http404("已被移出联名，不需要再确认")
    return row


def _answer(request: HttpRequest, row: CoSigner, *, how: str, done: str, link=None) -> HttpResponse:
    case = row.suggestion
    if not _may_read(row):
        sentence = f"《{case.title}》正在修改，改好后再由您确认" if row.invited_at or link else ""
        if not sentence:
            raise Http404("没有这份联名邀请")
        return render_page(request, "suggestions/cosign_dead.html", None, {"sentence": sentence}, 409)
    form = CosignForm(posted(request), initial={"text_hash": case.text_hash})
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _record(row, data, how=how, link=link))
        if outcome.ok and done:
            messages.success(request, f"已告诉{case.lead_deputy.name}代表：您{_ANSWERS[form.cleaned_data['answer']]}")
            return outcome.redirect(done)
        if outcome.ok:
            row.refresh_from_db()
            return render_page(request, "suggestions/cosign_done.html", None, {"row": row, "case": case})
        status = outcome.status
        form = _with_current_text(form, row) if status == 409 else form
    return render_page(request, "suggestions/cosign.html", None, {
        "row": row, "case": case, "form": form, "requests": list(case.requests.all()),
        "others": list(case.cosigners.exclude(pk=row.pk).filter(refused_at__isnull=True).select_related("deputy")),
        "attachments": list(case.attachments.filter(purpose="material")), "by_link": link is not None,
        "asked": case.status == SuggestionStatus.COSIGNING,
        "confirmed": bool(row.confirmed_hash) and row.confirmed_hash == case.text_hash,
    }, status=status)


def _may_read(row: CoSigner) -> bool:
    """送出确认的、已确认并提交的才给看；草稿只有领衔代表看得到。"""
    status = row.suggestion.status
    if status == SuggestionStatus.COSIGNING:
        return row.invited_at is not None or bool(row.confirmed_hash)
    return bool(row.confirmed_hash) and status in FILED


def _with_current_text(form: CosignForm, row: CoSigner) -> CosignForm:
    """文本改过：页面换成新的文本和新的摘要，由本人看过再定。"""
    row.suggestion.refresh_from_db()
    form.data = form.data.copy()
    form.data["text_hash"] = row.suggestion.text_hash
    form.data.pop("answer", None)
    return form


def _record(row: CoSigner, data: dict, *, how: str, link) -> None:
    """确认或谢绝；个人链接在同一事务里用掉。"""
    actor, today = row.deputy.account, clock.today()
    if link is not None:
        links.use(link)
    if data["answer"] == "yes":
        confirm_cosign(row, text_hash=data["text_hash"], how=how, actor=actor, today=today)
    else:
        refuse_cosign(row, reason=data["reason"], actor=actor, today=today)
