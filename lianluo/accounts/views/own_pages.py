"""本人的页：修改密码、我的登录、接口令牌。"""
from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions, sessions, signing
from ..decorators import signed_in
from ..forms import PasswordForm, TokenForm, posted
from ..models import ApiToken
from ..roles import Role

FORGOT = timedelta(minutes=10)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """修改密码。须改密码的人只到得了这一页。"""
    must = request.user.must_change_password
    form = PasswordForm(posted(request), request=request, ask_old=_ask_old(request))
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password"]
        actions.keep_session(
            request, request.user, lambda: actions.change_password(request.user, new, actor=request.user)
        )
        messages.success(request, "密码已修改，其他设备上的登录和接口令牌已失效")
        return redirect(signing.landing(request, request.user) if must else reverse("accounts:profile"))
    return _page(request, "accounts/password.html", form=form, must=must)


def _ask_old(request: HttpRequest) -> bool:
    """刚用验证码登录、或还没有密码的，不问原密码（忘记密码的出路）。"""
    if not request.user.has_usable_password():
        return False
    by_code = request.session.get(sessions.METHOD) == signing.CODE
    started = datetime.fromtimestamp(request.session.get(sessions.STARTED, 0), tz=timezone.get_current_timezone())
    return not (by_code and timezone.now() - started < FORGOT)


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """我的账号：登记的信息，现有的登录在哪里、什么时候、哪个浏览器（ASVS 7.5.2）。"""
    rows = list(sessions.of_account(request.user, timezone.now()))
    current = sessions.key_hash(request.session.session_key)
    before = request.session.get(signing.PREVIOUS)
    previous = datetime.fromisoformat(before) if before else None
    return _page(request, "accounts/profile.html", rows=rows, current=current, previous=previous)


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """结束其他登录。"""
    count = actions.end_other_sessions(request, actor=request.user)
    messages.success(request, f"已结束其他登录 {count} 个")
    return redirect("accounts:profile")


@require_POST
@signed_in
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """结束一个登录。"""
    row = get_object_or_404(request.user.sessions, pk=pk)
    if row.key_hash == sessions.key_hash(request.session.session_key):
        signing.sign_out(request)
        return redirect("accounts:login")
    actions.end_session(row, actor=request.user)
    messages.success(request, "已结束这个登录")
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def token_list(request: HttpRequest) -> HttpResponse:
    """接口令牌：建立时显示一次，随时可撤销。"""
    form = TokenForm(posted(request))
    token = ""
    if request.method == "POST" and form.is_valid():
        token = actions.issue_token(
            request.user, form.cleaned_data["name"], days=form.cleaned_data["days"], actor=request.user
        )
        form = TokenForm()
    rows = request.user.api_tokens.filter(revoked_at=None)
    return _page(request, "accounts/tokens.html", form=form, token=token, rows=rows, now=timezone.now())


@require_POST
@signed_in
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销令牌。"""
    row = get_object_or_404(ApiToken, pk=pk, account=request.user)
    actions.revoke_token(row, actor=request.user)
    messages.success(request, f"已撤销令牌“{row.name}”")
    return redirect("accounts:tokens")


def _page(request: HttpRequest, template: str, **context) -> HttpResponse:
    """代表用代表的页面框架，其他人用工作人员的。"""
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    shell = "base_deputy.html" if request.user.roles == {Role.DEPUTY.value} else "base.html"
    return render(request, template, {"shell": shell, **context}, status=status)
