"""大字与高对比：记在 Cookie 里，由服务器写成 <html> 的类名，不写内联样式。"""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse

TEXT_COOKIE, CONTRAST_COOKIE = "lianluo-text", "lianluo-contrast"
TEXT_SIZES = ("1", "2", "3")  # 标准、大、特大
YEAR = 365 * 24 * 3600


def text_size(request: HttpRequest) -> str:
    """现在的字号：1 标准，2 大，3 特大。"""
    value = request.COOKIES.get(TEXT_COOKIE, "1")
    return value if value in TEXT_SIZES else "1"


def high_contrast(request: HttpRequest) -> bool:
    return request.COOKIES.get(CONTRAST_COOKIE) == "high"


def html_class(request: HttpRequest) -> str:
    """<html> 的类名，如 ``text-2 contrast-high``。"""
    contrast = " contrast-high" if high_contrast(request) else ""
    return f"text-{text_size(request)}{contrast}"


def remember(response: HttpResponse, *, text: str, contrast: str) -> HttpResponse:
    """记下选择，一年有效；不认识的值不记。"""
    if text in TEXT_SIZES:
        response.set_cookie(TEXT_COOKIE, text, max_age=YEAR, samesite="Lax", httponly=True)
    if contrast in ("high", "normal"):
        response.set_cookie(CONTRAST_COOKIE, contrast, max_age=YEAR, samesite="Lax", httponly=True)
    return response
