"""整页还是片段：由 HX-Request 头决定，两者同一个上下文。"""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """htmx 局部请求要片段；整页替换（boosted）和历史恢复要整页。"""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest, page: str, fragment: str | None = None, context: dict | None = None, status: int = 200
) -> HttpResponse:
    """渲染整页或片段；登录后的页面不许浏览器与代理留存（ASVS 14.3.2）。"""
    template = fragment if fragment and wants_fragment(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    return response


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """跳转；htmx 请求用 HX-Redirect，免得把整页塞进一小块里。"""
    if getattr(request, "htmx", None):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)
