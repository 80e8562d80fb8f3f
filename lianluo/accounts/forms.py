"""登录、取码、改密码、令牌的表单。一律不加 required 属性，由服务器判断。"""
from __future__ import annotations

from django import forms
from django.contrib.auth import authenticate, password_validation

CODE_ATTRS = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input-short"}


def said(what: str, limit: int) -> dict[str, str]:
    """空着、太长各说要做什么。"""
    return {"required": f"填写{what}", "max_length": f"{what}缩短到 {limit} 字以内"}


def posted(request):
    """交上来的内容；不是提交时为 None。全空的提交也要校验。"""
    return request.POST if request.method == "POST" else None


class PlainForm(forms.Form):
    use_required_attribute = False


class LoginForm(PlainForm):
    username = forms.CharField(
        label="登录名", max_length=120, error_messages=said("登录名", 120),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="密码", max_length=128, strip=False, error_messages=said("密码", 128),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeRequestForm(PlainForm):
    contact = forms.CharField(
        label="手机号或邮箱", max_length=120, help_text="登记过的手机号或邮箱；号码多人共用的填登录名。",
        error_messages=said("手机号、邮箱或登录名", 120), widget=forms.TextInput({"autocomplete": "username"}),
    )


class CodeForm(PlainForm):
    code = forms.CharField(
        label="验证码", max_length=40, help_text="6 位数字，10 分钟内有效。", widget=forms.TextInput(CODE_ATTRS),
        error_messages=dict.fromkeys(("required", "max_length"), "填写 6 位数字的验证码"),
    )


class SecondPasswordForm(PlainForm):
    password = LoginForm.base_fields["password"]


class PasswordForm(PlainForm):
    """改密码。刚用验证码登录的（忘记密码）不问原密码。"""

    old_password = forms.CharField(
        label="原密码", max_length=128, strip=False, error_messages=said("原密码", 128),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label="新密码", max_length=128, strip=False, error_messages=said("新密码", 128),
        help_text="至少 8 位，15 位以上更好；不用单位、姓名、登录名和年份。",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label="再填一次新密码", max_length=128, strip=False,
        error_messages={**said("新密码", 128), "required": "再填一次新密码"},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, request, ask_old: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if not ask_old:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        """核对原密码也受登录次数限制。"""
        old = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.request.user.username, password=old) is None:
            raise forms.ValidationError("原密码不对，核对后重填")
        return old

    def clean_new_password(self) -> str:
        new = self.cleaned_data["new_password"]
        password_validation.validate_password(new, self.request.user)
        if self.request.user.check_password(new):
            raise forms.ValidationError("新密码与现在的相同，换一个")
        return new

    def clean(self) -> dict:
        data = super().clean()
        new, again = data.get("new_password"), data.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", "两次填写的新密码不一致，重新填写")
        return data


class TokenForm(PlainForm):
    name = forms.CharField(
        label="用途", max_length=60, help_text="写明哪个系统用，例如“厅办公系统同步”。",
        error_messages=said("用途", 60),
    )
    days = forms.TypedChoiceField(
        label="有效期", coerce=int, choices=[(30, "30 天"), (90, "90 天"), (365, "一年")], initial=90,
        error_messages={"required": "选择有效期", "invalid_choice": "选择有效期"},
    )
