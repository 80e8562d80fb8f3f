"""后台的账号表单与授权内嵌表。"""
from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from .models import RoleGrant, User
from .roles import conflict

FIXED = ("role", "congress", "valid_from")


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("username", "name", "phone", "email", "is_staff", "is_active")
        help_texts = {
            "username": "全角半角、大小写不同也算同一个登录名。",
            "phone": "收验证码用，至少登记手机号或邮箱中的一样。",
            "is_staff": "能打开这个后台；能看什么仍由角色决定。",
            "is_active": "取消勾选即停用，他的登录和令牌立即失效。",
        }


class GrantForm(forms.ModelForm):
    """已有的授权只能填止日（撤销），不能改成别的角色。"""

    class Meta:
        model = RoleGrant
        fields = (*FIXED, "valid_to")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in FIXED:
                self.fields[name].disabled = True


class GrantFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """同一次保存里的几行之间也要三员互斥。"""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        held = {row["role"] for row in rows if row.get("role") and not row.get("valid_to")}
        for role in sorted(held):
            sentence = conflict(role, held)
            if sentence:
                raise ValidationError(sentence)
