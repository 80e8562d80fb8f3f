"""密码登录的后端。锁定由 django-axes 先行判断，这里只核对密码。"""
from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db import models

from lianluo.statements import Blank, Statement

from .folding import fold_username
from .models import User

PATH = "lianluo.accounts.backends.AccountBackend"


BY_ID = Statement(lambda: User.objects.filter(pk=Blank("id", models.BigIntegerField())))


class AccountBackend(ModelBackend):
    """按折叠后的登录名找账号；找不到也照样算一次摘要，耗时相同。"""

    def get_user(self, user_id):
        """每个请求都要问一次。"""
        user = BY_ID.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def authenticate(self, request, username=None, password=None, **extra):
        if username is None or password is None:
            return None
        user = User.objects.filter(username_key=fold_username(username)).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


def axes_username(request, credentials=None) -> str:
    """锁定按折叠后的登录名计数：换大小写、换全角不能多试。"""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return fold_username(given)[:120]
