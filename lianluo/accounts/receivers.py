"""登录成功即入名册。无论经哪个门登录，会话都有起始时刻，限度才管得住。"""
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from . import sessions


@receiver(user_logged_in, dispatch_uid="accounts.start_session")
def start_session(sender, request, user, **kwargs) -> None:
    sessions.start(request, user, timezone.now())
