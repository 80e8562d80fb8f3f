"""每个请求看一次会话：限度、停用、登录代次、须改密码；登录后的页面不许留存。"""
from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from . import sessions
from .decorators import is_background, login_again

API_PREFIX = "/api/"


class SessionLimitMiddleware:
    """会话限度（ASVS 7.3、7.4）。比较登录代次不另查库：代次在会话凭据里，随账号一次查出。"""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        came_in = SESSION_KEY in request.session
        response = self._stop(request) or self.get_response(request)
        return _unstored(request, _not_a_login_page(request, response), came_in)

    def _stop(self, request) -> HttpResponse | None:
        had_account = SESSION_KEY in request.session
        if not had_account:
            return None
        now = timezone.now()
        if not request.user.is_authenticated or not self._passed(request):
            return _finish(request, "登录已失效，重新登录后继续")
        reason = sessions.why_ended(request.session, now)
        return _finish(request, reason) if reason else self._go_on(request, now)

    def _passed(self, request) -> bool:
        """开了双因素时，只认走完两步的会话；别的门进来的不算。"""
        return not settings.SECOND_FACTOR or bool(request.session.get(sessions.PASSED))

    def _go_on(self, request, now: datetime) -> HttpResponse | None:
        sessions.touch(request, now)
        must = request.user.must_change_password or password_too_old(request.user, now)
        if not must or request.path in _open_paths():
            return None
        if request.path.startswith(API_PREFIX):
            return JsonResponse({"detail": "先登录网页修改密码，再调用接口"}, status=403)
        return redirect("accounts:password_change")


def password_too_old(account, now: datetime) -> bool:
    """密码用满规定天数须换（等保身份鉴别 a；天数为 0 时不限，见 ASVS 6.2.10）。"""
    days = settings.PASSWORD_MAX_AGE_DAYS
    if not days or not account.has_usable_password():
        return False
    return account.password_changed_at is None or (now - account.password_changed_at).days >= days


def _open_paths() -> set[str]:
    return {reverse("accounts:password_change"), reverse("accounts:logout")}


def _finish(request, reason: str) -> None:
    """结束会话，请求按未登录继续；页面自会要求登录。"""
    sessions.forget(request.session.session_key)
    request.session.flush()
    request.user = request._cached_user = AnonymousUser()
    messages.info(request, reason)


def _not_a_login_page(request, response: HttpResponse) -> HttpResponse:
    """局部请求遇到要登录，回 401 和一小段提示，不把登录页塞进页面里，已填的内容留在原处。"""
    login = reverse(settings.LOGIN_URL)
    if response.status_code == 302 and response["Location"].startswith(login) and is_background(request):
        return login_again(request)
    return response


def _unstored(request, response: HttpResponse, came_in: bool) -> HttpResponse:
    """登录后的页面不留在浏览器与代理里（ASVS 14.3.2）；带着会话来、这一次才退出的也算。"""
    user = getattr(request, "user", None)
    if came_in or (user is not None and user.is_authenticated):
        patch_cache_control(response, private=True, no_store=True)
    return response
