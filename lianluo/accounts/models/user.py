"""账号。"""
from __future__ import annotations

from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .. import roles
from ..folding import fold_username, plain_email, plain_phone

TAKEN = "这个登录名已有人使用，换一个"
USERNAME_SHAPE = RegexValidator(r"^[\w.@+-]+$", "登录名只用汉字、字母、数字和 . _ - + @")


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields):
        """建账号；不给密码的账号只能用验证码登录。"""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.password_changed_at = timezone.now()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields):
        return self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str):
        return self.get(username_key=fold_username(username))


class User(AbstractBaseUser, PermissionsMixin):
    """一个人一个账号。登录名按全角半角、大小写折叠后唯一（等保身份鉴别 a）。"""

    username = models.CharField(
        "登录名", max_length=60, unique=True, validators=[USERNAME_SHAPE], error_messages={"unique": TAKEN}
    )
    username_key = models.CharField("登录名（折叠）", max_length=120, unique=True, editable=False)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机号", max_length=20, blank=True, db_index=True)
    email = models.EmailField("邮箱", max_length=120, blank=True, db_index=True)
    is_active = models.BooleanField("可登录", default=True)
    is_staff = models.BooleanField("可进后台", default=False)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField("最近使用", null=True, blank=True, editable=False)
    session_epoch = models.PositiveIntegerField("登录代次", default=0, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self) -> None:
        self._fold()
        if type(self).objects.exclude(pk=self.pk).filter(username_key=self.username_key).exists():
            raise ValidationError({"username": TAKEN})

    def save(self, *args, **kwargs):
        self._fold()
        if kwargs.get("update_fields") and "username" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "username_key"}
        super().save(*args, **kwargs)

    def _fold(self) -> None:
        self.username_key = fold_username(self.username)
        self.phone, self.email = plain_phone(self.phone), plain_email(self.email)

    def _get_session_auth_hash(self, secret=None):
        """会话凭据含登录代次：改密码、停用、全部退出后，旧会话在下一次请求即失效。"""
        return salted_hmac(
            "lianluo.accounts.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def holdings(self) -> dict[str, frozenset[str]]:
        """名下的授权、任职、代表身份：来源 → 代码，一条语句。"""
        return roles.holdings(self)

    @cached_property
    def roles(self) -> frozenset[str]:
        """此刻生效的角色代码。"""
        return roles.of(self)

    def has_role(self, *codes: str) -> bool:
        """有其中任何一个角色。"""
        return not self.roles.isdisjoint(codes)

    def forget_roles(self) -> None:
        """授权变动后丢掉本实例的缓存。"""
        for name in ("roles", "holdings"):
            self.__dict__.pop(name, None)

    @property
    def role_names(self) -> str:
        """角色的中文名，给页面用。"""
        return "、".join(role.label for role in roles.Role if role.value in self.roles)
