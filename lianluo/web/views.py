"""页面公共部分自己的几页：显示方式、草稿、登录状态、构件一览。"""
from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lianluo.statemachine import DomainError
from lianluo.text.numbers import int_of
from lianluo.workdays import clock

from . import display, drafts, menu, styleguide
from .models import Draft
from .render import render_page
from .submit import submit


@require_GET
def change_display(request: HttpRequest) -> HttpResponse:
    """大字、高对比：记下选择，回到原来的页面。"""
    url = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        url = "/"
    response = HttpResponseRedirect(url)
    return display.remember(response, text=request.GET.get("text", ""), contrast=request.GET.get("contrast", ""))


@require_GET
@never_cache
def session_state(request: HttpRequest) -> JsonResponse:
    """还登录着没有；给一枚新的校验令牌，重新登录后旧页面上的字能接着交。"""
    return JsonResponse({"signed_in": request.user.is_authenticated, "csrf": get_token(request)})


@require_POST
def save_draft(request: HttpRequest) -> JsonResponse:
    """存一版草稿；没登录给 401，由页面就地提示，不跳走。"""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "登录已过期", "login": menu.url_of(settings.LOGIN_URL)}, status=401)
    key, data, meta = _read_draft(request)
    try:
        draft = drafts.save(request.user, key, data, now=clock.now(), **meta)
    except DomainError as error:
        return JsonResponse({"detail": error.sentence, "rev": _latest_rev(request, key)}, status=error.status)
    return JsonResponse({"rev": draft.rev, "saved_at": clock.now().strftime("%H:%M:%S")})


def _read_draft(request: HttpRequest) -> tuple[str, dict, dict]:
    """自动保存发来的表单：键、内容、版次等。"""
    post = request.POST
    key = drafts.key_of(post)
    meta = {
        "rev": int_of(post.get("draft_rev")) or 0,
        "title": post.get("draft_title", ""),
        "url": post.get("draft_url", ""),
    }
    return key, drafts.posted(post), meta


def _latest_rev(request: HttpRequest, key: str) -> int:
    draft = drafts.load(request.user, key)
    return draft.rev if draft else 0


@login_required
@require_GET
def list_drafts(request: HttpRequest) -> HttpResponse:
    """我的草稿：哪张表、什么时候存的、回去接着写。"""
    return render_page(request, "web/drafts.html", None, {"drafts": drafts.mine(request.user)})


@login_required
@require_POST
def drop_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """丢掉一份草稿，只能丢自己的。"""
    Draft.objects.filter(pk=pk, account=request.user).delete()
    return HttpResponseRedirect(menu.url_of("web:drafts"))


@require_GET
def keys_page(request: HttpRequest) -> HttpResponse:
    """快捷键说明；按 ? 时取片段叠在页面上。"""
    return render_page(request, "web/keys.html", "components/keys.html", {})


@require_GET
def style_page(request: HttpRequest) -> HttpResponse:
    """构件一览：每种构件的样子，给写模板的人和截图用。"""
    if not styleguide.may_see(request):
        raise Http404
    shell = request.GET.get("shell", "staff")
    return render_page(request, styleguide.page_for(shell), None, styleguide.context(request))


@require_POST
def try_form(request: HttpRequest) -> HttpResponse:
    """构件一览里的示例表单：只校验，不写库。"""
    if not styleguide.may_see(request):
        raise Http404
    form = styleguide.SampleForm(request.POST, request.FILES)
    outcome = submit(request, form, styleguide.accept_sample)
    if outcome.ok:
        return outcome.redirect(menu.url_of("web:styles"))
    context = styleguide.context(request, form)
    return render_page(request, styleguide.page_for("staff"), None, context, status=outcome.status)
