"""附件：下载、上传、移除。看得见件、又看得到这类附件的人才下载得到；一律作附件送出。"""
from __future__ import annotations

from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianluo.accounts.decorators import signed_in
from lianluo.documents.downloads import download_response
from lianluo.web.render import render_page
from lianluo.web.submit import submit

from .. import access
from ..actions import attaching
from ..forms.review import AttachmentForm
from ..models import Attachment, Purpose, Suggestion
from .pressing import posted, press

#: 这一层自己收的两种；其余用途由各自的页面收
SLOTS = {Purpose.MATERIAL: "附件材料", Purpose.ORIGINAL: "原件扫描"}


def find(user, pk: int) -> Attachment:
    """一份附件：件看不见、或这类附件不给看，都是 404。"""
    attachment = Attachment.objects.select_related("suggestion__session").filter(pk=pk).first()
    if attachment is None:
        raise Http404("没有这份附件，或者不在可见范围内")
    suggestion = access.access_suggestion(user, attachment.suggestion_id)
    if not access.attachments_for(user, suggestion).filter(pk=pk).exists():
        raise Http404("没有这份附件，或者不在可见范围内")
    return attachment


@require_GET
@signed_in
def download(request: HttpRequest, pk: int) -> HttpResponse:
    attachment = find(request.user, pk)
    if not attachment.content.storage.exists(attachment.content.name):
        raise Http404("这份附件的文件已不在，联系系统管理员")
    served = SimpleNamespace(file=attachment.content, content_type=attachment.content_type)
    return download_response(served, attachment.shown_name)


def _changeable(request: HttpRequest, pk: int) -> Suggestion:
    return access.access_attaching(request.user, pk)


@require_http_methods(["GET", "POST"])
@signed_in
def attach(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """上传一份：每个位置一种用途，不合适时说清换成什么。"""
    if purpose not in SLOTS:
        raise Http404("没有这个上传位置")
    suggestion = _changeable(request, pk)
    form = AttachmentForm(posted(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        outcome = submit(request, form, lambda data: _add(request, suggestion, data["file"], purpose))
        if outcome.ok:
            return outcome.redirect(reverse("suggestions:attach", args=[pk, purpose]))
        status = outcome.status
    return render_page(request, "suggestions/attach.html", None, {
        "case": suggestion, "form": form, "purpose": purpose, "purpose_name": SLOTS[purpose],
        "attachments": list(access.attachments_for(request.user, suggestion).filter(purpose=purpose)),
        "removable": suggestion.status in attaching.BEFORE_REGISTRATION, "back": _back(request, suggestion),
        "slot_shell": "base_deputy.html" if access.deputy_of(request.user) else "base.html",
    }, status=status)


def _add(request: HttpRequest, suggestion: Suggestion, upload, purpose: str) -> None:
    attaching.add_attachment(suggestion, upload, purpose=purpose, actor=request.user)


def _back(request: HttpRequest, suggestion: Suggestion) -> str:
    """回到上传之前的那一页。"""
    if access.deputy_of(request.user):
        return reverse("suggestions:my_edit", args=[suggestion.pk])
    return reverse("suggestions:entered", args=[suggestion.pk])


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """移除一份自己放上去的附件。"""
    attachment = find(request.user, pk)
    _changeable(request, attachment.suggestion_id)
    if attachment.purpose not in SLOTS:
        raise PermissionDenied("这份附件在它所属的页面里移除")
    back = reverse("suggestions:attach", args=[attachment.suggestion_id, attachment.purpose])
    return press(
        request, lambda: attaching.remove_attachment(attachment, actor=request.user), back, done="附件已移除"
    )
