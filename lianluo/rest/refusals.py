"""接口怎样拒绝：同一种样子 ``{"detail", "field", "missing", "errors"}``，一句中文，不带代码。"""
from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from lianluo.accounts import events
from lianluo.statemachine import DomainError, Forbidden

from .parsers import TooLarge

NOT_FOUND = "没有这条记录，或者不在可见范围内"
NOT_YOURS = "这项工作不归此账号办理"
SENTENCES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "先登录，或者带上接口令牌",
    exceptions.NotFound: NOT_FOUND,
    exceptions.NotAcceptable: "接口只给 JSON",
    exceptions.UnsupportedMediaType: "内容用 JSON 或表单（multipart/form-data）",
}


def answer(error: Exception, context: dict) -> Response | None:
    """领域错误、校验、权限、限流，都变成同一种样子；不认识的交回框架（500）。"""
    if isinstance(error, DomainError):
        _note_refusal(error, context)
        return Response(_body(error.sentence, field=error.field, missing=error.missing), status=error.status)
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    response = default_handler(error, context)
    if response is None:
        return None
    _note_refusal(error, context)
    if isinstance(error, exceptions.ValidationError):
        response.data = _invalid(error.detail)
    else:
        response.data = _body(_sentence(error, context))
    return response


def _body(detail: str, *, field: str | None = None, missing=(), errors: dict | None = None) -> dict:
    rows = [{"sentence": item.sentence, "code": item.code} for item in missing]
    return {"detail": detail, "field": field, "missing": rows, "errors": errors or {}}


def _invalid(detail) -> dict:
    """没有填对的各项；只有一处就直说，几处就说几处。"""
    errors = detail if isinstance(detail, dict) else {"non_field_errors": detail}
    said = list(_leaves(errors))
    headline = said[0] if len(said) == 1 else f"有 {len(said)} 处需要修改"
    return _body(headline, field=next(iter(errors), None), errors=errors)


def _leaves(part):
    """嵌套的错误里的每一句话。"""
    if isinstance(part, dict):
        part = list(part.values())
    if not isinstance(part, (list, tuple)):
        yield str(part)
        return
    for one in part:
        yield from _leaves(one)


def _sentence(error: Exception, context: dict) -> str:
    if isinstance(error, exceptions.Throttled):
        return f"一分钟内的请求太多，等 {max(1, round(error.wait or 60))} 秒再试"
    if isinstance(error, exceptions.MethodNotAllowed):
        return f"这个地址不接受 {context['request'].method}"
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        return _forbidden(error)
    said = next((text for kind, text in SENTENCES.items() if isinstance(error, kind)), "")
    return said or str(getattr(error, "detail", "") or NOT_FOUND)


def _forbidden(error: Exception) -> str:
    said = str(getattr(error, "detail", "") or error)
    if said.startswith("CSRF Failed"):
        return "登录状态已换新，刷新后再试"
    default = str(exceptions.PermissionDenied.default_detail)
    return NOT_YOURS if said in ("", default) else said


def _note_refusal(error: Exception, context: dict) -> None:
    """越权的调用留痕（ASVS 16.3.2）。"""
    refused = isinstance(error, (PermissionDenied, exceptions.PermissionDenied, Forbidden))
    request = context.get("request")
    user = getattr(request, "user", None)
    if not refused or user is None or not user.is_authenticated:
        return
    with transaction.atomic():
        events.note(
            "account.refused", actor=user, target=user, path=request.path[:200], method=request.method, roles=[]
        )
