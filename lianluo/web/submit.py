"""收下一张表：令牌与动作在同一事务里，领域错误变成表单上的话。"""
from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lianluo.statemachine import DomainError

from . import drafts
from .models import FormToken
from .render import redirect_to
from .wording import headline

TOKEN_FIELD = "form_token"
TOKEN_DAYS = 7
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_token() -> str:
    """144 位随机令牌。"""
    return secrets.token_urlsafe(18)


@dataclass
class Outcome:
    """提交的结局。``repeated`` 表示这枚令牌已经办过，``url`` 是第一次的结果页。"""

    ok: bool
    status: int = 200
    result: Any = None
    repeated: bool = False
    url: str = ""
    request: HttpRequest | None = None

    def redirect(self, url: str = "") -> HttpResponse:
        """转到结果页；重复提交回到第一次的结果页。"""
        target = (self.url or url) if self.repeated else (url or self.url)
        return redirect_to(self.request, target or "/")


def submit(request: HttpRequest, form, action: Callable[[dict], Any], *, beside: Sequence = ()) -> Outcome:
    """校验 → 一次事务里占令牌、办动作、记结果页。``beside`` 是须同时有效的别的表单或表单集。"""
    valid = [part.is_valid() for part in (form, *beside)]
    if not all(valid):
        return Outcome(False, 422, request=request)
    try:
        return _act(request, form, action)
    except DomainError as error:
        _show(form, error)
        return Outcome(False, error.status, request=request)


def _act(request: HttpRequest, form, action: Callable[[dict], Any]) -> Outcome:
    token = _posted_token(request)
    account = request.user if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            row = FormToken.objects.create(token=token, account=account)
            result = action(form.cleaned_data)
            row.result_url = _url_of(result)[:300]
            row.save(update_fields=["result_url"])
            _drop_draft(request, account)
    except IntegrityError:
        first = FormToken.objects.filter(token=token).first()
        if first is None:  # 不是令牌重复，是动作自己违反了约束
            raise
        return _repeated(request, first, account)
    return Outcome(True, result=result, url=row.result_url, request=request)


def _repeated(request: HttpRequest, first: FormToken, account) -> Outcome:
    if first.account_id != (account.pk if account else None):
        raise DomainError("这张表已由另一个账号提交，重新打开页面后再提交") from None
    return Outcome(True, repeated=True, url=first.result_url, request=request)


def _posted_token(request: HttpRequest) -> str:
    token = request.POST.get(TOKEN_FIELD, "")
    return token if _TOKEN.fullmatch(token) else new_token()


def _url_of(result: Any) -> str:
    if isinstance(result, str):
        return result if result.startswith("/") else ""
    getter = getattr(result, "get_absolute_url", None)
    return getter() if getter else ""


def _drop_draft(request: HttpRequest, account) -> None:
    key = drafts.key_of(request.POST)
    if key and account:
        drafts.drop(account, key)


def _show(form, error: DomainError) -> None:
    """领域错误写到所指的表单项；没有这一项就写在顶上，缺项一并带链接列出。"""
    form.missing = error.missing
    form.add_error(_field_of(form, error), headline(error))


def _field_of(form, error: DomainError) -> str | None:
    """错误写在哪一项旁：点了名的那一项；说的是文件，而表上只有一处传文件的，就写在那一处。"""
    if error.field in form.fields:
        return error.field
    uploads = [name for name, field in form.fields.items() if isinstance(field, forms.FileField)]
    return uploads[0] if error.field == "file" and len(uploads) == 1 else None


def forget_tokens() -> int:
    """删去七天前用过的令牌，返回枚数。"""
    before = timezone.now() - timedelta(days=TOKEN_DAYS)
    return FormToken.objects.filter(used_at__lt=before).delete()[0]
