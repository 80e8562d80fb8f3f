"""进来的地址先看一眼；没有自己接住的领域错误，在这里变成一句话。"""
from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lianluo.statemachine import DomainError

from . import errors


class DomainErrorMiddleware:
    """地址或查询里有 NUL 的一律 400（PostgreSQL 查不了）。

    视图抛出的 DomainError 给 409、403 或 422，页面、接口各有样子。
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            return errors.bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return errors.refused(request, exception)
        return None
