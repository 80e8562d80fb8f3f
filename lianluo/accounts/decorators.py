"""视图的门：没登录去登录，没有角色给 403 并留痕。"""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from . import events


def signed_in(view: Callable) -> Callable:
    """须登录，不问角色。"""
    return _gate(view, ())


def roles_required(*codes: str) -> Callable[[Callable], Callable]:
    """须有其中任何一个角色。"""
    if not codes:
        raise ValueError("至少写一个角色；不问角色用 signed_in")
    return lambda view: _gate(view, tuple(str(code) for code in codes))


def _gate(view: Callable, codes: tuple[str, ...]) -> Callable:
    @wraps(view)
    def gated(request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_login(request)
        if codes and not request.user.has_role(*codes):
            refuse(request, codes)
        return view(request, *args, **kwargs)

    gated.roles = codes
    return gated


def to_login(request: HttpRequest) -> HttpResponse:
    """去登录，登录后回到原处。提交表单时断了登录的，回到填表的那一页。"""
    return login_again(request) if is_background(request) else redirect_to_login(_way_back(request))


def refuse(request: HttpRequest, codes: tuple[str, ...] = ()) -> None:
    """越权访问：留痕后给 403（ASVS 16.3.2）。"""
    with transaction.atomic():
        events.note(
            "account.refused", actor=request.user, target=request.user,
            path=request.path[:200], method=request.method, roles=list(codes),
        )
    raise PermissionDenied("这一页不归当前账号办理")


def is_background(request: HttpRequest) -> bool:
    """htmx 与脚本发出的局部请求。"""
    headers = request.headers
    return headers.get("HX-Request") == "true" or headers.get("X-Requested-With") in ("XMLHttpRequest", "fetch")


def login_again(request: HttpRequest) -> HttpResponse:
    """局部请求的 401：一小段提示，链接在新页登录，已填的内容不动。"""
    return render(request, "accounts/_login_again.html", {"next_url": _way_back(request)}, status=401)


def _way_back(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD") and not is_background(request):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
