"""登录的各页：密码、验证码、第二步、锁定、退出。账号存在与否，文字、状态与耗时都一样（ASVS 6.3.8）。"""
from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lianluo.statemachine import DomainError

from .. import codes, delivery, limits, signing
from ..demo import demo_accounts
from ..finding import find_for_code
from ..forms import CodeForm, CodeRequestForm, LoginForm, SecondPasswordForm, posted

NOT_PASSED = "登录名或密码不对，核对后重填；忘记密码的用验证码登录"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """密码登录。"""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(signing.landing(request, request.user))
    form = LoginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = _try_password(request, form)
        if done:
            return done
    return _page(request, "accounts/login.html", form, demo=demo_accounts())


def _try_password(request: HttpRequest, form: LoginForm) -> HttpResponse | None:
    """核对密码；不通过返回 None，连续不通过时由锁定中间件换成锁定页。"""
    if limits.too_many_failures(request, timezone.now()):
        return locked_out(request)
    typed = form.cleaned_data["username"]
    account = authenticate(request, username=typed, password=form.cleaned_data["password"])
    if account is not None:
        return _first_step_passed(request, account, signing.PASSWORD)
    _note_failure(request, typed)
    form.add_error(None, NOT_PASSED)
    return None


def _note_failure(request: HttpRequest, typed: str) -> None:
    reached = getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT
    signing.refused(typed=typed, locked=reached)


def _first_step_passed(request: HttpRequest, account, method: str) -> HttpResponse:
    """一步够的就登录，须两步的先记下第一步。"""
    if not signing.needs_second(account):
        target = signing.landing(request, account)
        signing.sign_in(request, account, method)
        return redirect(target)
    signing.hold(request, account, method)
    if method == signing.PASSWORD:
        _send_second(request, account)
    return redirect("accounts:second_step")


def _send_second(request: HttpRequest, account) -> None:
    try:
        codes.send(account, request, purpose=codes.SECOND)
    except codes.TooOften as error:
        messages.info(request, error.sentence)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_code(request: HttpRequest) -> HttpResponse:
    """填手机号或邮箱取验证码。"""
    form = CodeRequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with limits.even_pace():
                account, channel = find_for_code(form.cleaned_data["contact"])
                codes.send(account, request, channel=channel)
        except DomainError as error:
            form.add_error(None, error.sentence)
            return _page(request, "accounts/code_request.html", form, status=error.status)
        return redirect(_with_next(request, "accounts:code_check"))
    return _page(request, "accounts/code_request.html", form)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def check_code(request: HttpRequest) -> HttpResponse:
    """填验证码登录。"""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = codes.check(request, form.cleaned_data["code"])
        except DomainError as error:
            signing.refused(method=signing.CODE)
            form.add_error(error.field, error.sentence)
        else:
            return _first_step_passed(request, account, signing.CODE)
    return _page(request, "accounts/code_check.html", form)


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """第二步：先密码的补验证码，先验证码的补密码。"""
    pending, account = signing.held(request)
    if pending is None:
        messages.info(request, "登录已超过 10 分钟，重新登录")
        return redirect("accounts:login")
    form = (CodeForm if pending.first == signing.PASSWORD else SecondPasswordForm)(posted(request))
    if request.method == "POST" and form.is_valid() and _second_passed(request, form, pending, account):
        target = signing.landing(request, account, pending.next_url)
        signing.sign_in(request, account, f"{pending.first}+")
        return redirect(target)
    sent_to = delivery.shown_address(account) if pending.first == signing.PASSWORD else ""
    return _page(request, "accounts/second_step.html", form, sent_to=sent_to, first=pending.first)


def _second_passed(request: HttpRequest, form, pending: signing.Pending, account) -> bool:
    if pending.first == signing.CODE:
        if authenticate(request, username=account.username, password=form.cleaned_data["password"]) is not None:
            return True
        form.add_error("password", "密码不对，核对后重填；忘记密码的联系管理员重设")
    else:
        try:
            if codes.check(request, form.cleaned_data["code"], purpose=codes.SECOND).pk == account.pk:
                return True
        except DomainError as error:
            form.add_error(error.field, error.sentence)
    signing.refused(method=codes.SECOND, account=account)
    return False


@never_cache
@require_POST
def resend_second(request: HttpRequest) -> HttpResponse:
    """第二步重取验证码。"""
    pending, account = signing.held(request)
    if pending is None:
        return redirect("accounts:login")
    if pending.first == signing.PASSWORD:
        _send_second(request, account)
    return redirect("accounts:second_step")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """退出登录。"""
    signing.sign_out(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
def locked_out(request: HttpRequest, original_response=None, credentials=None) -> HttpResponse:
    """锁定页：对不对、有没有这个账号，都是同一页。"""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)


def _page(request: HttpRequest, template: str, form, status: int = 200, **context) -> HttpResponse:
    if form.is_bound and form.errors and status == 200:
        status = 422
    return render(request, template, {"form": form, "next": signing.safe_next(request), **context}, status=status)


def _with_next(request: HttpRequest, name: str) -> str:
    target = signing.safe_next(request)
    return f"{reverse(name)}?{urlencode({'next': target})}" if target else reverse(name)
