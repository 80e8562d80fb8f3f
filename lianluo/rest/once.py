"""同一件事只办一次：``Idempotency-Key`` 与页面的提交令牌用同一张表。

键与动作同一事务：办成了记下结果的地址，再来一次给出同一个结果；没办成键也不留，可以原样再试。
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from lianluo.statemachine import DomainError, Stale
from lianluo.web.models import FormToken

HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 8, 128


@dataclass(frozen=True)
class Done:
    """办完了：结果，或者第一次结果的地址。"""

    result: Any = None
    first_url: str = ""


def once(request, act: Callable[[], Any], url_of: Callable[[Any], str]) -> Done:
    """办一次；带了键又办过的，不再办，给出第一次结果的地址。"""
    key = request.headers.get(HEADER, "").strip()
    if not key:
        with transaction.atomic():
            return Done(act())
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValidationError({HEADER: [f"{HEADER} 用 {SHORTEST} 至 {LONGEST} 个字符"]})
    token, mark = _token(request, key), _mark(request)
    try:
        with transaction.atomic():
            row = FormToken.objects.create(token=token, account=request.user)
            result = act()
            row.result_url = f"{url_of(result)}#{mark}"
            row.save(update_fields=["result_url"])
    except IntegrityError:
        first = FormToken.objects.filter(token=token).first()
        if first is None:  # 不是键重复，是动作自己违反了约束
            raise
        return _again(first, mark)
    return Done(result)


def _again(first: FormToken, mark: str) -> Done:
    url, _, known = first.result_url.partition("#")
    if not url:
        raise Stale("同一个请求正在办理，稍后再试") from None
    if known != mark:
        raise DomainError(f"这个 {HEADER} 已用于另一份内容，换一个再提交") from None
    return Done(first_url=url)


def _token(request, key: str) -> str:
    """键按人、按地址分开，别人的键撞不上。"""
    text = f"{request.user.pk}\n{request.method} {request.path}\n{key}"
    return "api-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:60]


def _mark(request) -> str:
    """内容的摘要：同一个键换了内容要认得出来。"""
    data = request.data
    plain = sorted((name, [_plain(one) for one in data.getlist(name)]) for name in data) if isinstance(
        data, QueryDict
    ) else data
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value) -> str:
    """文件看名字与大小，其余看字面。"""
    size = getattr(value, "size", None)
    return f"{value.name}:{size}" if size is not None else str(value)
