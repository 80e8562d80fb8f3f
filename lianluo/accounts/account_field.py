"""后台里把资料连到账号：写登录名，不列全体账号；不能连到自己，也不能连到三员（等保访问控制 d）。"""
from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from .folding import fold_username
from .models import User
from .roles import ADMINISTRATORS, Role


class AccountField(forms.ModelChoiceField):
    """一个账号：写登录名；全角半角、大小写不论。"""

    widget = forms.TextInput

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("queryset", User.objects.filter(is_active=True))
        kwargs.setdefault("help_text", "写登录名；没有账号的空着")
        super().__init__(required=False, label="账号", to_field_name="username_key", **kwargs)
        self.error_messages["invalid_choice"] = "没有这个登录名，或者已停用"

    def prepare_value(self, value) -> str:
        if isinstance(value, int):
            value = User.objects.filter(pk=value).first()
        return value.username if isinstance(value, User) else value or ""

    def to_python(self, value):
        return super().to_python(fold_username(value.strip()) if isinstance(value, str) else value)

    def has_changed(self, initial, data) -> bool:
        return fold_username(str(self.prepare_value(initial))) != fold_username(str(data or ""))


class LinksAccount:
    """有账号一栏的后台表单。``editor`` 是正在编辑的人，由后台给。"""

    editor: User | None = None

    def clean_account(self) -> User | None:
        account = self.cleaned_data["account"]
        if account is None or "account" not in self.changed_data:
            return account
        if self.editor is not None and account.pk == self.editor.pk:
            raise ValidationError("不能连到自己的账号，由另一个人办")
        held = sorted(account.roles & ADMINISTRATORS)
        if held:
            raise ValidationError(f"{account.name}是{Role(held[0]).label}，三员不兼业务角色")
        return account


class KnowsEditor:
    """把正在编辑的人告诉表单。"""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.editor = request.user  # 每次请求各造一个表单类，不会串
        return form
