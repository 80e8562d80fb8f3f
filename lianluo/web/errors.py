"""错误页：一句话说清怎么回事、下一步做什么，总有回去的路。"""
from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from lianluo.statemachine import DomainError

from . import menu
from .wording import headline

API_PREFIX = "/api/"
BROKEN = "系统出了故障，已记录，稍后再试"
#: 登录状态换新后可以原样再交的字段数上限，超过就只给回去的路。
RESEND_FIELDS = 400


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": "没有这个地址"}, status=404)
    return render(request, "errors/404.html", {"back": way_back(request)}, status=404)


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    sentence = str(exception or "") or "这一页不归当前账号使用"
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": sentence}, status=403)
    return render(request, "errors/403.html", {"sentence": sentence, "back": way_back(request)}, status=403)


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": "请求的内容无法读取"}, status=400)
    back = "/" if isinstance(exception, DisallowedHost) else way_back(request)  # 主机名不认，地址也就拼不出来
    return render(request, "errors/400.html", {"back": back}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500：数据库可能也坏了，所以不查库、不用上下文。"""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": BROKEN}, status=500)
    from django.conf import settings

    names = ("SITE_NAME", "ORGAN_NAME", "ORGAN_PHONE")
    try:
        html = render_to_string("errors/500.html", {name: getattr(settings, name) for name in names})
    except Exception:  # 模板画不出来（静态文件没有收集）也要有一句话；出的错已由 Django 记下
        html = f"<!doctype html><meta charset=utf-8><title>系统出了故障</title><p>{BROKEN}"
    return HttpResponse(html, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """页面停留太久、登录状态换新：字不丢，可以原样再交一次。"""
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": "登录状态已换新，刷新后再试"}, status=403)
    context = {"fields": _resendable(request), "back": way_back(request), "has_files": bool(request.FILES)}
    return render(request, "errors/csrf.html", context, status=403)


def _resendable(request: HttpRequest) -> list[tuple[str, str]]:
    """可以原样再交的字段。只限本站页面发来的（看 Origin），口令不带。"""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return []
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name and name != "code"
    ]
    return pairs if len(pairs) <= RESEND_FIELDS else []


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """领域错误没有被表单接住：页面、片段或接口，说同一句话。"""
    if request.path.startswith(API_PREFIX):
        return JsonResponse(as_json(error), status=error.status)
    context = {
        "sentence": headline(error), "missing": error.missing, "back": way_back(request), "status": error.status,
    }
    if getattr(request, "htmx", None) and not request.htmx.boosted:
        response = render(request, "components/refusal.html", context, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML show:top"
        return response
    page = "errors/403.html" if error.status == 403 else "errors/409.html"
    return render(request, page, context, status=error.status)


def as_json(error: DomainError) -> dict:
    """接口里的样子。"""
    missing = [{"sentence": item.sentence, "url": item.url, "code": item.code} for item in error.missing]
    return {"detail": error.sentence, "field": error.field, "missing": missing}


def way_back(request: HttpRequest) -> str:
    """回去的路：本站的来路，否则首页。"""
    came_from = request.headers.get("Referer", "")
    inside = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    if inside and came_from != request.build_absolute_uri():
        return came_from
    user = getattr(request, "user", None)
    home = "home" if user is not None and user.is_authenticated else "public:home"
    return menu.url_of(home) or "/"
