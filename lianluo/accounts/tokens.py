"""接口令牌认证：``Authorization: Token ll_…``。停用、撤销、过期、须改密码的都不放行。"""
from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from .actions import token_digest
from .middleware import password_too_old
from .models import ApiToken

KEYWORD = b"token"
REFUSED = "令牌无效或已撤销"
TOUCH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """一次查询：令牌连同账号。"""

    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(REFUSED)
        return self._account(parts[1].decode("latin-1"))

    def authenticate_header(self, request) -> str:
        return "Token"

    def _account(self, token: str):
        now = timezone.now()
        row = ApiToken.objects.select_related("account").filter(digest=token_digest(token)).first()
        if row is None or not row.works_at(now) or not row.account.is_active:
            raise AuthenticationFailed(REFUSED)
        if row.account.must_change_password or password_too_old(row.account, now):
            raise PermissionDenied("先登录网页修改密码，再调用接口")
        if row.last_used_at is None or now - row.last_used_at >= TOUCH:
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
        return row.account, row
